import { describe, expect, test } from 'vitest'
import { clientAddress } from '#lib/web/client-address.ts'

describe('the address of a client', () => {
  test.each([
    ['with no proxy of ours the header is not believed', '203.0.113.7', '1.2.3.4', 0, '203.0.113.7'],
    ['behind one proxy, what that proxy saw', '10.0.0.1', '1.2.3.4, 203.0.113.7', 1, '203.0.113.7'],
    ['behind two, what the outer one saw', '10.0.0.1', '6.6.6.6, 203.0.113.7, 10.0.0.9', 2, '203.0.113.7'],
    ['a proxy that wrote nothing: the connection itself', '10.0.0.1', undefined, 1, '10.0.0.1'],
    ['fewer hops than proxies: the first there is', '10.0.0.1', '203.0.113.7', 3, '203.0.113.7'],
    ['an IPv4 address written as IPv6', '::ffff:203.0.113.7', undefined, 0, '203.0.113.7'],
    ['a home of IPv6 is one address', '2001:db8:1:2:aaaa::1', undefined, 0, '2001:db8:1:2::/64'],
    ['also when it is written short', '2001:db8::7', undefined, 0, '2001:db8:0:0::/64'],
    ['written short in the middle', '2001:db8::2:aaaa:bbbb:cccc:dddd', undefined, 0, '2001:db8:0:2::/64'],
    ['written short at the beginning', '::1', undefined, 0, '0:0:0:0::/64'],
    ['written short at the end', '2001:db8:1:2::', undefined, 0, '2001:db8:1:2::/64'],
    ['in capitals', '2001:DB8:1:2:AAAA::1', undefined, 0, '2001:db8:1:2::/64'],
    ['with the name of a network card', 'fe80:0:0:1::7%eth0', undefined, 0, 'fe80:0:0:1::/64'],
    ['an IPv4 address in capitals of IPv6', '::FFFF:203.0.113.7', undefined, 0, '203.0.113.7'],
    ['with spaces around it', '10.0.0.1', '  203.0.113.7  ', 1, '203.0.113.7'],
    ['an empty hop is none', '10.0.0.1', '203.0.113.7, ,', 1, '203.0.113.7'],
  ])('%s', (_, socket, forwarded, proxies, expected) => {
    expect(clientAddress(socket, forwarded, proxies)).toBe(expected)
  })

  test('is found without reading all of a long made-up header', () => {
    expect(clientAddress('10.0.0.1', `${'9.9.9.9,'.repeat(5_000)}203.0.113.7`, 1)).toBe('203.0.113.7')
  })
})
