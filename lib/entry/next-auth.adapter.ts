import 'server-only'
import NextAuthModule from 'next-auth'
import { env } from '#lib/kernel/env.ts'
import { type SignInEnd, type SignInRequest, signInRun } from './next-auth-options.adapter.ts'

/** A request as next-auth's handler for API routes reads it. */
export type AuthRequest = {
  method: 'GET' | 'POST'
  action: 'csrf' | 'signin' | 'callback'
  provider?: string
  query?: Readonly<Record<string, string>>
  body?: Readonly<Record<string, string>>
  cookies: Readonly<Record<string, string>>
}

/** next-auth's answer, and how the sign-in ended: null when it did not get as far as our hooks. */
export type AuthAnswer = {
  location: string | null
  cookies: string[]
  body: unknown
  end: SignInEnd | null
}

type Handler = (request: unknown, response: unknown, options: unknown) => Promise<void>
// A CommonJS package: bundlers hand over its default export, Node the whole module.
const handler = (
  'default' in NextAuthModule ? (NextAuthModule as { default: unknown }).default : NextAuthModule
) as Handler

/** Collects an answer in the shape of a Node API response. */
function collector() {
  const answer: Omit<AuthAnswer, 'end'> = { location: null, cookies: [], body: undefined }
  const response = {
    status: () => response,
    getHeader: (name: string) => (name === 'Set-Cookie' ? answer.cookies : undefined),
    setHeader(name: string, value: string | string[]) {
      if (name === 'Set-Cookie') answer.cookies = [value].flat()
      if (name === 'Location') answer.location = String(value)
      return response
    },
    json: (body: unknown) => {
      answer.body = body
    },
    send: (body: unknown) => {
      answer.body = body
    },
    end: () => undefined,
  }
  return { answer, response }
}

/**
 * Runs one action of next-auth with plain values. Its App Router form reads cookies from Next's request scope, which
 * could not carry the CSRF pair that our own origin check stands in for; its API-route form takes what it is given.
 */
export async function nextAuth(request: AuthRequest, signIn: SignInRequest): Promise<AuthAnswer> {
  // next-auth reads its own public address from here only; everything else reads lib/kernel/env.ts.
  // biome-ignore lint/plugin: a setting of the library, not of ours
  process.env.NEXTAUTH_URL = env().NEXTAUTH_URL
  const { answer, response } = collector()
  const { options, end } = signInRun(signIn)
  const { action, provider, query = {}, body, cookies, method } = request
  const nextauth = provider ? [action, provider] : [action]
  await handler({ method, headers: {}, query: { ...query, nextauth }, body, cookies }, response, options)
  return { ...answer, end: end() }
}
