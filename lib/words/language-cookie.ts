import type { Language } from './language.ts'

export const LANGUAGE_COOKIE = 'lingua'
const ONE_YEAR_SECONDS = 365 * 86_400

/** Keeps the choice for a year, with or without a sign-in. It says nothing about a person but the language. */
export const languageCookieHeader = (language: Language, secure: boolean): string =>
  `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${ONE_YEAR_SECONDS}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
