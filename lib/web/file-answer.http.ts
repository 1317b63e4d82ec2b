/** What a file is known by before its bytes are read or made: they are equal if and only if the tag is. */
export type FileIdentity = {
  /** Without quotation marks. */
  tag: string
  headers: Readonly<Record<string, string>>
}

const ENTITY_TAG = /(?:W\/)?"([^"]*)"/g

/** Whether the browser says that it has this file (RFC 9110: any of its tags, a weak one too, or `*`). */
function isKept(condition: string | null, tag: string): boolean {
  if (condition === null) return false
  return condition.trim() === '*' || [...condition.matchAll(ENTITY_TAG)].some(([, kept]) => kept === tag)
}

/**
 * Answers a request for a file. A browser that has it, and a question that wants no bytes (HEAD), are answered from what is
 * known about it; `send` alone reads or makes the bytes.
 * @param send the answer with the bytes, or a refusal of its own
 */
export async function answerFile(
  request: Request,
  { tag, headers }: FileIdentity,
  send: (headers: Readonly<Record<string, string>>) => Promise<Response>,
): Promise<Response> {
  const known = { ...headers, etag: `"${tag}"` }
  if (isKept(request.headers.get('if-none-match'), tag)) {
    const { 'content-type': _, 'content-disposition': __, ...kept } = known as Record<string, string>
    return new Response(null, { status: 304, headers: kept })
  }
  if (request.method === 'HEAD') return new Response(null, { headers: known })
  return send(known)
}
