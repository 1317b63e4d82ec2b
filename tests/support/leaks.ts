import { DEMO_DIETS } from '#db/demo/families.ts'

/** One thing that an end-to-end run left behind, with where it was seen. */
export type Trace =
  | { kind: 'portal'; origin: string; secrets: string[] }
  | { kind: 'log'; where: string; text: string }
  | { kind: 'address'; where: string; text: string }
  | { kind: 'cookie'; where: string; text: string }
  | { kind: 'page'; where: string; text: string }

/** Sixteen signs of a person; the ones of the demonstration and of every invented person look like this. */
const FISCAL_CODE = /\b[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b/g

/** What a child may not eat, in words. The common diet says nothing about any child. */
const DIETS = DEMO_DIETS.filter(({ code }) => code !== 'STD').map(({ name }) => name)

/** Pages that hold what is searched for because it belongs there. */
const BELONGS: Readonly<Record<'fiscalCode' | 'diet', readonly RegExp[]>> = {
  fiscalCode: [
    // One's own sheet, one's own data, one's own forms and the invoices that must name who pays.
    /^\/[^/]+\/(servizi|profilo\/dati|profilo\/deleghe|moduli|pagamenti\/fatture|pagamenti\/spese)(\/|$)/,
    /^\/api\/[^/]+\/(miei-dati|fatture)(\/|$)/,
    // The office's sheets of families and of what they ask for.
    /^\/admin\/[^/]+\/(famiglie|moduli|comunicazioni|importa|importazioni|colleghi|pagamenti\/fatture)(\/|$)/,
  ],
  diet: [
    // Menus are public and have one column per diet: no child's.
    /^\/[^/]+\/menu(\.json)?(\/|$)/,
    /^\/[^/]+\/(servizio|documenti|notizie|assistenza|menu-figli|servizi|profilo\/dati|moduli|oggi|prenotazioni)(\/|$)/,
    /^\/[^/]+$/,
    /^\/api\/[^/]+\/miei-dati(\/|$)/,
    /^\/admin\/[^/]+\/(diete|famiglie|menu|moduli|notizie|documenti|comunicazioni|importazioni)(\/|$)/,
    // Those who serve read what a code means.
    /^\/admin\/[^/]+\/conteggi\/banco(\/|$)/,
  ],
}

/** Addresses whose last part is a secret of one person: it may be in that address and nowhere else. */
const SECRET_ADDRESS = /\/(?:invito|api\/calendario)\/([\w-]{20,})/g
/** Parameters of the sign-in that are worth something for a moment. */
const SECRET_PARAMETERS = ['code', 'state']
const SHORTEST_SECRET = 20

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

const pathOf = (address: string): string => URL.parse(address)?.pathname ?? ''

/** So many characters of a secret are looked for; only where they are, the whole of it. */
const KEY = 16
const RUNS_OF_LETTERS = new RegExp(`[\\w.-]{${KEY},}`, 'g')

/** The end of the longest run of letters of a secret: two sealed cookies begin alike. Null for one without such a run. */
function keyOf(secret: string): string | null {
  const [longest] = (secret.match(RUNS_OF_LETTERS) ?? []).toSorted((a, b) => b.length - a.length)
  return longest?.slice(-KEY) ?? null
}

/**
 * A search for many secrets in time that hardly depends on how many they are: a run makes hundreds of sessions and thousands of
 * pages, and to look for each in each takes a minute.
 * @returns the secrets that a text contains, wherever in it
 */
export function searchFor(secrets: ReadonlySet<string>): (text: string) => string[] {
  const byKey = new Map<string, string[]>()
  const others: string[] = []
  for (const secret of secrets) {
    const key = keyOf(secret)
    if (key === null) others.push(secret)
    else byKey.set(key, [...(byKey.get(key) ?? []), secret])
  }
  return (text) => {
    const found = new Set(others.filter((secret) => text.includes(secret)))
    for (const { 0: run } of text.matchAll(RUNS_OF_LETTERS))
      for (let at = 0; at + KEY <= run.length; at += 1)
        for (const secret of byKey.get(run.slice(at, at + KEY)) ?? [])
          if (text.includes(secret)) found.add(secret)
    return [...found]
  }
}

type Secrets = Record<'everywhere' | 'inLogs', ReturnType<typeof searchFor>>

/** Secrets that the run itself made: sessions in cookies, links in addresses. */
function secretsOf(traces: readonly Trace[]): Secrets {
  const everywhere = new Set<string>()
  const inLogs = new Set<string>()
  for (const trace of traces) {
    if (trace.kind === 'portal') for (const secret of trace.secrets) everywhere.add(secret)
    if (trace.kind === 'cookie') {
      const [name = '', value = ''] = trace.text.split(';')[0]?.split('=') ?? []
      if (/sessione|dispositivo/.test(name) && value.length >= SHORTEST_SECRET) everywhere.add(value)
    }
    if (trace.kind === 'address') {
      for (const [, secret] of trace.text.matchAll(SECRET_ADDRESS)) inLogs.add(secret as string)
      const url = URL.parse(trace.text)
      if (url?.pathname.startsWith('/api/auth/callback/'))
        for (const name of SECRET_PARAMETERS) {
          const value = url.searchParams.get(name) ?? ''
          if (value.length >= SHORTEST_SECRET) inLogs.add(value)
        }
    }
  }
  return { everywhere: searchFor(everywhere), inLogs: searchFor(inLogs) }
}

/** Why a page of the portal may hold this kind of thing, or not. */
const mayHold = (kind: keyof typeof BELONGS, where: string): boolean =>
  BELONGS[kind].some((pattern) => pattern.test(pathOf(where)))

function foundIn(trace: Exclude<Trace, { kind: 'portal' }>, secrets: Secrets): string[] {
  const isPage = trace.kind === 'page'
  const text = trace.kind === 'address' ? `${trace.text}\n${decoded(trace.text)}` : trace.text
  const found: string[] = []
  if (!isPage || !mayHold('fiscalCode', trace.where))
    for (const [code] of text.matchAll(FISCAL_CODE)) found.push(`a fiscal code (${code.slice(0, 6)}…)`)
  if (!isPage || !mayHold('diet', trace.where))
    for (const diet of DIETS) if (text.includes(diet)) found.push(`a diet (${diet})`)
  if (trace.kind !== 'cookie')
    for (const secret of secrets.everywhere(text)) found.push(`a secret (${secret.slice(0, 4)}…)`)
  if (trace.kind === 'log')
    for (const secret of secrets.inLogs(text)) found.push(`a secret of an address (${secret.slice(0, 4)}…)`)
  return found
}

/**
 * What a run left where it does not belong: fiscal codes, diets, tokens and secrets in logs, addresses, cookies and pages.
 * Pages of the simulators are not ours; their addresses are searched all the same.
 * @returns one line per find, with the place
 */
export function leaksIn(traces: readonly Trace[]): string[] {
  const origins = traces.flatMap((trace) => (trace.kind === 'portal' ? [trace.origin] : []))
  const isOurs = (where: string) =>
    origins.some((origin) => URL.parse(where)?.port === URL.parse(origin)?.port)
  const secrets = secretsOf(traces)
  const lines = new Set<string>()
  for (const trace of traces) {
    if (trace.kind === 'portal' || (trace.kind === 'page' && !isOurs(trace.where))) continue
    for (const what of foundIn(trace, secrets))
      lines.add(
        `${what} in ${trace.kind === 'page' ? `the page ${pathOf(trace.where)}` : `a ${trace.kind} (${trace.where})`}`,
      )
  }
  return [...lines].sort()
}
