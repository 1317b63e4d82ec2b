'use server'

import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { closeSession } from '#lib/auth/commands.ts'
import { authCookies } from '#lib/auth/cookies.ts'
import { isComuneSlug } from '#lib/auth/return-path.ts'
import { openSessionCookie } from '#lib/auth/session-token.ts'
import { env } from '#lib/env.ts'
import { fromOurPages } from '#lib/origin.ts'

/** *Esci*: ends the session on the server and in the browser. Whoever has none is simply out. */
export async function signOut(form: FormData): Promise<void> {
  const named = form.get('comune')
  const comune = isComuneSlug(named) ? named : null
  if (fromOurPages(await headers(), env().PUBLIC_ORIGIN)) {
    const jar = await cookies()
    const { name, options } = authCookies.sessionToken
    const token = await openSessionCookie(jar.get(name)?.value, env().NEXTAUTH_SECRET)
    if (token) await closeSession(token, { comune, everywhere: false })
    jar.set(name, '', { ...options, maxAge: 0 })
  }
  redirect(comune ? `/${comune}` : '/')
}
