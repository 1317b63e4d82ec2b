/** The little of DER that a certificate needs: Node reads certificates, but shows neither key usage nor policies, and makes none. */
export type DerNode = { tag: number; content: Buffer; children: DerNode[] }

const CONSTRUCTED = 0x20
const LONG = 0x80

/**
 * The nodes that follow each other in some bytes.
 * @throws Error where a length reaches past the end
 */
export function readDer(bytes: Buffer): DerNode[] {
  const nodes: DerNode[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at)
    const first = bytes.readUInt8(at + 1)
    const lengthBytes = first & LONG ? first & ~LONG : 0
    const length = lengthBytes ? bytes.readUIntBE(at + 2, lengthBytes) : first
    const start = at + 2 + lengthBytes
    if (start + length > bytes.length) throw new Error('DER: a value reaches past the end')
    const content = bytes.subarray(start, start + length)
    nodes.push({ tag, content, children: tag & CONSTRUCTED ? readDer(content) : [] })
    at = start + length
  }
  return nodes
}

/** An object identifier in its dotted form. */
export function readOid(content: Buffer): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte & LONG) continue
    arcs.push(arc)
    arc = 0
  }
  const [first = 0, ...rest] = arcs
  const root = Math.min(2, Math.floor(first / 40))
  return [root, first - root * 40, ...rest].join('.')
}

/** A value with its tag and length. */
export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  if (content.length < LONG) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const digits = content.length.toString(16)
  const length = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, LONG | length.length]), length, content])
}

export const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | LONG)
    return groups
  })
  return der(0x06, Buffer.from(bytes))
}
