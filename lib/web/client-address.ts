/** Where our own server writes the address of whoever asks, over anything that a browser may have sent under this name. */
export const CLIENT_ADDRESS_HEADER = 'x-client-address'

const MOST_HOPS = 20

/** An IPv6 home has a whole /64, and changes inside it at will: all of it is one address. An IPv4 one stands as it is. */
function networkOf(address: string): string {
  const plain = address
    .trim()
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/%.*$/, '')
    .toLowerCase()
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  return `${[...front, ...Array<string>(missing).fill('0'), ...back].slice(0, 4).join(':')}::/64`
}

/**
 * The address of whoever asks. Each proxy of ours adds at the end of X-Forwarded-For the address that called it; what stands
 * before was written by somebody we do not know, and is not believed.
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
