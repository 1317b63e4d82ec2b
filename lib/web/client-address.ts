/** The header in which our own server writes the client's address, over any value that a browser sent under this name. */
export const CLIENT_ADDRESS_HEADER = 'x-client-address'

const MOST_HOPS = 20

/** An IPv6 home has a whole /64, and changes inside it at will: the /64 is one address. An IPv4 address stays as it is. */
function networkOf(address: string): string {
  const [withoutZone = ''] = address.trim().split('%', 1)
  const plain = withoutZone.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase()
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  return `${[...front, ...Array<string>(missing).fill('0'), ...back].slice(0, 4).join(':')}::/64`
}

/**
 * The client's address. Each proxy of ours appends the address that called it to X-Forwarded-For; a client can write any value
 * before those, so it is not believed.
 * @param socket the address at the other end of the connection
 * @param forwardedFor the header as it came
 * @param proxies how many proxies of ours stand in front; with 0 the header is not looked at
 */
export function clientAddress(socket: string, forwardedFor: string | undefined, proxies: number): string {
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim())
  const chain = [...hops.filter(Boolean).slice(-MOST_HOPS), socket]
  const known = chain[Math.max(0, chain.length - 1 - proxies)] ?? socket
  return networkOf(proxies === 0 ? socket : known)
}
