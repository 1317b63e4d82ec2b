import 'server-only'
import { sql } from 'kysely'
import { database, type Trx } from '#db/client.ts'
import { env } from '#lib/kernel/env.ts'
import { wordsNamed } from '#lib/words/catalogues.adapter.ts'
import { isLanguage, type Language, type Words } from '#lib/words/language.ts'
import { LANGUAGE_COOKIE, languageCookieHeader } from '#lib/words/language-cookie.ts'
import { hashToken } from './session.queries.ts'

/**
 * Keeps the language chosen on this browser with the person who is signed in.
 * @param token the secret of the session
 * @param chosen null where this browser has no choice yet
 * @returns the person's language: the one just chosen, or the one chosen on another browser; null without a choice
 */
export async function keepLanguage(token: string, chosen: Language | null): Promise<Language | null> {
  const { rows } = await sql<{ language: string | null }>`
    select choose_language(${hashToken(token)}, ${chosen}) as language`.execute(database())
  const kept = rows[0]?.language
  return isLanguage(kept) ? kept : null
}

/** The words of a mail to a person. */
export async function wordsOfPerson(trx: Trx, municipalityId: string, personId: string): Promise<Words> {
  const { rows } = await sql<{ language: string | null }>`
    select language_of_person(${municipalityId}::uuid, ${personId}::uuid) as language`.execute(trx)
  return wordsNamed(rows[0]?.language)
}

/** The language cookie of a sign-in: a browser without a choice takes the person's language; a choice made here is kept. */
export async function languageCookies(
  token: string,
  cookies: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const here = cookies[LANGUAGE_COOKIE]
  const chosen = isLanguage(here) ? here : null
  const kept = await keepLanguage(token, chosen)
  return kept && !chosen ? [languageCookieHeader(kept, env().PUBLIC_ORIGIN.startsWith('https:'))] : []
}
