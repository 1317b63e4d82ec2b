import { BUDGETS } from '#lib/kernel/budgets.ts'
import { rateLimit } from '#lib/kernel/limits.ts'
import { plural, type Words } from '#lib/words/language.ts'
import { CLIENT_ADDRESS_HEADER } from './client-address.ts'
import { plainPage } from './plain-page.ts'

const SOON_SECONDS = 5

const budgetOf = (act: 'files:take' | 'lists:take' | 'public:take') => {
  const { most, seconds } = BUDGETS[act]
  return { seconds, take: rateLimit(most, seconds * 1_000) }
}
const FILES = budgetOf('files:take')
const LISTS = budgetOf('lists:take')
const PUBLIC = budgetOf('public:take')

/** What costs more than a page: as many bytes are read from the database for who asks. */
export const COSTLY_BYTES = 1_024 * 1_024

const page = (t: Words, status: number, seconds: number, title: string, body: string): Response =>
  new Response(plainPage(t, { title, body, link: { href: '/', text: t('Torna alla prima pagina') } }), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-store',
      'retry-after': String(seconds),
    },
  })

const refusal = ({ seconds }: ReturnType<typeof budgetOf>, t: Words): Response =>
  page(
    t,
    429,
    seconds,
    t('Hai scaricato molti file in poco tempo'),
    t(
      plural(
        'Quelli che hai restano buoni. Per gli altri riprova fra {n} minuto.',
        'Quelli che hai restano buoni. Per gli altri riprova fra {n} minuti.',
      ),
      { n: seconds / 60 },
    ),
  )

type Person = { personId: string; staffRoles: readonly unknown[] }

/** Counts a file that costs to read or to draw. The refusal when a person took too many from this process in ten minutes. */
export function overFileBudget({ personId, staffRoles }: Person, t: Words): Response | null {
  const budget = staffRoles.length > 0 ? LISTS : FILES
  return budget.take(personId) ? null : refusal(budget, t)
}

/** Counts a list or an export in the same way. */
export const overListBudget = ({ personId }: Person, t: Words): Response | null =>
  LISTS.take(personId) ? null : refusal(LISTS, t)

/** Counts what costs and needs no session, by the network address. */
export const overPublicBudget = (request: Request, t: Words): Response | null =>
  PUBLIC.take(request.headers.get(CLIENT_ADDRESS_HEADER) ?? '') ? null : refusal(PUBLIC, t)

/** The refusal of a document that would wait behind too many others. */
export const busyWithFiles = (t: Words): Response =>
  page(
    t,
    503,
    SOON_SECONDS,
    t('Il documento non è ancora pronto'),
    t('Ne stiamo preparando altri. Riprova fra qualche secondo.'),
  )

/** What a viewer who may not have a file of the office finds at its address: no page, and nothing that is kept. */
export const missingFile = (): Response =>
  new Response('Non trovato', { status: 404, headers: { 'cache-control': 'private, no-store' } })
