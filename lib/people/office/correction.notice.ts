import type { Said } from '#lib/notifications/notification.ts'
import { type Phrase, phrase, type Words } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import type { Corrected, CorrectedField } from './correction.ts'

const NAMES: Record<CorrectedField, Phrase> = {
  givenName: phrase('nome'),
  familyName: phrase('cognome'),
  fiscalCode: phrase('codice fiscale'),
  birthDay: phrase('data di nascita'),
}

const withEnd = (text: string, hasEnded: boolean, t: Words): string =>
  hasEnded
    ? `${text} ${t('Gli indirizzi del calendario, le notifiche sui dispositivi e i dispositivi ricordati non valgono più: puoi rifarli dal profilo.')}`
    : text

/** What was corrected, and never the data: it goes by e-mail too, perhaps to an address that another person reads. */
export function correctionNotice(
  {
    kind,
    changed,
    hasEnded,
  }: { kind: Corrected['kind']; changed: readonly CorrectedField[]; hasEnded: boolean },
  t: Words,
): Said {
  const what = listInWords(
    changed.map((field) => t(NAMES[field])),
    t.language,
  )
  if (kind === 'pupil')
    return {
      title: t('L’ufficio ha corretto i dati di un tuo figlio'),
      text: t(
        'L’ufficio della mensa ha corretto: {what}. In Servizi leggi come sono adesso. Se non ti torna, chiama l’ufficio.',
        { what },
      ),
    }
  if (changed.length === 0)
    return {
      title: t('È cambiato con quale codice fiscale entri'),
      text: withEnd(
        t(
          'Un codice fiscale di prima non apre più i tuoi dati. Se non ti torna, chiama l’ufficio della mensa.',
        ),
        hasEnded,
        t,
      ),
    }
  return {
    title: t('L’ufficio ha corretto i tuoi dati'),
    text: withEnd(
      changed.includes('fiscalCode')
        ? t(
            'L’ufficio della mensa ha corretto: {what}. Da ora entri con la SPID o la CIE di quel codice fiscale. Se non ti torna, chiama subito l’ufficio.',
            { what },
          )
        : t(
            'L’ufficio della mensa ha corretto: {what}. In Servizi leggi come sono adesso. Se non ti torna, chiama l’ufficio.',
            { what },
          ),
      hasEnded,
      t,
    ),
  }
}
