import { BUDGETS } from '#lib/kernel/budgets.ts'
import { rateLimit } from '#lib/kernel/limits.ts'
import { plural, type Words } from '#lib/words/language.ts'
import { plainPage } from './plain-page.ts'

const { most, seconds } = BUDGETS['files:take']
const WINDOW_MINUTES = seconds / 60
const SOON_SECONDS = 5

const withinBudget = rateLimit(most, seconds * 1_000)

const page = (t: Words, status: number, seconds: number, title: string, body: string): Response =>
  new Response(plainPage(t, { title, body, link: { href: '/', text: t('Torna alla prima pagina') } }), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-store',
      'retry-after': String(seconds),
    },
  })

/** Counts a file that costs to read or to draw. The refusal when a person took too many from this process in ten minutes. */
export const overFileBudget = (personId: string, t: Words): Response | null =>
  withinBudget(personId)
    ? null
    : page(
        t,
        429,
        WINDOW_MINUTES * 60,
        t('Hai scaricato molti file in poco tempo'),
        t(
          plural(
            'Quelli che hai restano buoni. Per gli altri riprova fra {n} minuto.',
            'Quelli che hai restano buoni. Per gli altri riprova fra {n} minuti.',
          ),
          { n: WINDOW_MINUTES },
        ),
      )

/** The refusal of a document that would wait behind too many others. */
export const busyWithFiles = (t: Words): Response =>
  page(
    t,
    503,
    SOON_SECONDS,
    t('Il documento non è ancora pronto'),
    t('Ne stiamo preparando altri. Riprova fra qualche secondo.'),
  )
