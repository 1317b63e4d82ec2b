import { env } from '#lib/kernel/env.ts'
import { securityContacts } from '#lib/school/municipality.queries.ts'

/** Where to report a weakness (RFC 9116). */
export async function GET(): Promise<Response> {
  const { contacts, expires } = await securityContacts()
  const lines = [
    ...contacts.map((contact) => `Contact: ${contact}`),
    `Expires: ${expires.toISOString()}`,
    'Preferred-Languages: it, en',
    `Canonical: ${env().PUBLIC_ORIGIN}/.well-known/security.txt`,
  ]
  return new Response(`${lines.join('\n')}\n`, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' },
  })
}
