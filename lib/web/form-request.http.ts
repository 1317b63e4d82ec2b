import 'server-only'
import { env } from '#lib/kernel/env.ts'

const LARGEST_FORM_BYTES = 8_192

/** Redirects to another page of ours (or, with a whole address, elsewhere), with cookies to set. */
export function seeOther(
  path: string,
  cookies: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = new Headers({
    ...more,
    location: new URL(path, env().PUBLIC_ORIGIN).href,
    'cache-control': 'no-store',
  })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

/** Reads a small form of ours; null for any other body. */
export async function readForm(request: Request): Promise<URLSearchParams | null> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) return null
  const body = await readSmall(request)
  return body === null ? null : new URLSearchParams(body)
}

/** Reads a small JSON object of ours; null for any other body. */
export async function readJson(request: Request): Promise<Record<string, unknown> | null> {
  if (!(request.headers.get('content-type') ?? '').startsWith('application/json')) return null
  const body = await readSmall(request)
  try {
    const value: unknown = JSON.parse(body ?? '')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

async function readSmall(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST_FORM_BYTES) return null
  const body = await request.text()
  return body.length > LARGEST_FORM_BYTES ? null : body
}
