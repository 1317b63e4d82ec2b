import type { Words } from '#lib/words/language.ts'
import type { PlainPage } from './plain-page.ts'

/** A failure of ours as a person is told of it; 503 when it is about to pass by itself: the database is away, full or busy. */
export type Failure = {
  status: 500 | 503
  /** What the person reads and the log line carries. */
  reference: string
}

/** The person, or the page by itself, may ask again after so many seconds. */
export const RETRY_AFTER_SECONDS = 3

/** The headers that only a failure has. */
export const failureHeaders = ({ status }: Failure): Readonly<Record<string, string>> => ({
  'cache-control': 'no-store',
  ...(status === 503 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}),
})

const titleOf = ({ status }: Failure, t: Words): string =>
  status === 503 ? t('Il portale in questo momento non risponde') : t('Qualcosa non va')

const codeOf = ({ reference }: Failure, t: Words): string =>
  t('Se chiedi aiuto, di’ questo codice: {reference}', { reference })

/** @param again where *Riprova* leads */
export const failurePage = (failure: Failure, t: Words, again: string): PlainPage => ({
  title: titleOf(failure, t),
  body: [
    t('Quello che hai confermato resta.'),
    t('Se stavi inviando qualcosa, prima di inviarlo di nuovo controlla se è arrivato.'),
    codeOf(failure, t),
  ],
  link: { href: again, text: t('Riprova') },
})

/** The same for a program, and for a page that asked by itself. */
export const failureJson = (failure: Failure, t: Words) => ({
  ok: false as const,
  code: failure.status === 503 ? 'request:unavailable' : 'request:failed',
  message: `${titleOf(failure, t)}. ${t('Quello che hai confermato resta.')} ${codeOf(failure, t)}`,
  reference: failure.reference,
})
