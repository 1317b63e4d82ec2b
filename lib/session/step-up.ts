/** What opened a session: SPID or CIE themselves, or what unlocked a remembered device. */
export type OpenedWith = 'identity' | 'sequence' | 'passkey'

/** How long a recognition with SPID or CIE counts as fresh: the same five minutes that a sign-in itself has. */
export const FRESH_SECONDS = 5 * 60

/** The query parameter with which a form finds what was typed in it. */
export const RESUME_PARAM = 'ripresa'

/** Whether SPID or CIE recognised the person in the last minutes: a drawn sequence or a passkey never counts. */
export const isFresh = (session: { openedWith: OpenedWith; secondsSinceIdentity: number }): boolean =>
  session.openedWith === 'identity' && session.secondsSinceIdentity <= FRESH_SECONDS

/** The page that asks for SPID or CIE again and leads back to `returnPath`, a path that was already checked. */
export const stepUpPath = (municipalitySlug: string, returnPath: string): string =>
  `/${municipalitySlug}/accesso/conferma?ritorno=${encodeURIComponent(returnPath)}`

/** The path of a form, with the reference to what was typed in it. */
export function resumePath(path: string, reference: string): string {
  const [page = '', query = ''] = path.split('?')
  const params = new URLSearchParams(query)
  params.set(RESUME_PARAM, reference)
  return `${page}?${params}`
}

/**
 * Where a person goes who does not confirm: an interrupted form is on a page that needs no confirmation; any other page
 * asks for it before it is shown, and would ask again.
 */
export function wayBack(returnPath: string | null): string | null {
  const [page = '', query = ''] = (returnPath ?? '').split('?')
  if (page === '') return null
  return new URLSearchParams(query).has(RESUME_PARAM) ? page : page.slice(0, page.lastIndexOf('/'))
}
