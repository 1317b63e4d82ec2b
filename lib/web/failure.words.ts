import { directionOf, type Words } from '#lib/words/language.ts'

/**
 * What the page of a failure below everything says, in one language: title, what stays, what to check, the code (`#` in its
 * place), the link; language and direction. A list: its names would weigh as much as its words.
 */
export type FailureWords = ReturnType<typeof failureWords>

export const failureWords = (t: Words) =>
  [
    t('Qualcosa non va'),
    t('Quello che hai confermato resta.'),
    t('Se stavi inviando qualcosa, prima di inviarlo di nuovo controlla se è arrivato.'),
    t('Se chiedi aiuto, di’ questo codice: {reference}', { reference: '#' }),
    t('Riprova'),
    t.language,
    directionOf(t.language),
  ] as const
