import { dated } from '#lib/words/dated.ts'
import { longDate, numericDay } from '#lib/words/format-day.ts'
import type { AdultMergePlan, FollowingRole } from './person-merge.ts'
import { nameOf } from './pupil-merge.words.ts'

function roleLine({ role, householdName, pupilIds, to }: FollowingRole): string {
  if (role === 'holder')
    return `Nella famiglia ${householdName} paga chi resta: vede il saldo, i movimenti e gli alunni che vedeva l’altro.`
  const whom =
    pupilIds === null ? '' : ` per ${pupilIds.length === 1 ? 'un alunno' : `${pupilIds.length} alunni`}`
  return to
    ? dated`Nella famiglia ${householdName} chi resta è delegato${whom}, fino al ${longDate(to)}.`
    : `Nella famiglia ${householdName} chi resta è delegato${whom}.`
}

const CONTACTS = { email: 'l’e-mail', phone: 'il telefono' }

/** What confirming would do, line by line. */
export function adultMergeInWords(plan: AdultMergePlan): string[] {
  const { kept, gone, values, opensOther, gives, contacts } = plan
  return [
    `Resta ${nameOf(values)}${values.birthDay ? dated`, data di nascita ${numericDay(values.birthDay)}` : ''}. Entra con SPID o CIE del codice ${values.code}.`,
    opensOther
      ? `Apre ancora anche il codice ${values.otherCode}: chi entra con quello trova le stesse cose.`
      : `Il codice ${values.otherCode} non apre più niente. Un elenco o un’iscrizione dell’ufficio con quel codice trova chi resta.`,
    ...gives.map(roleLine),
    ...(gives.length === 0 ? ['Nelle famiglie non cambia niente per chi resta: i ruoli li ha già.'] : []),
    ...(contacts.length > 0
      ? [`Chi resta prende ${contacts.map((one) => CONTACTS[one]).join(' e ')} dell’altro, che non ha.`]
      : []),
    'Per le scelte sui messaggi valgono quelle di chi resta; se non ne ha, quelle dell’altro.',
    ...(gone.documents > 0
      ? [
          `${gone.documents === 1 ? 'Una domanda già decisa resta' : `${gone.documents} domande già decise restano`} nel fascicolo della famiglia, con il nome di prima.`,
        ]
      : []),
    'Chi è entrato con i codici di chi esce deve entrare di nuovo. Dispositivi ricordati, notifiche sul telefono e indirizzi del calendario non valgono più: si rifanno dal profilo.',
    `Ricevute, movimenti, fatture e messaggi già scritti restano com’erano, a nome di chi li ha fatti (${nameOf(kept)} o ${nameOf(gone)}).`,
    'Ricevono un messaggio tutti e due, ai loro recapiti, e chi paga per le famiglie toccate.',
    'Si annulla finché niente di questo è cambiato. Accessi e dispositivi chiusi non tornano.',
  ]
}

/** What keeps a merge of adults from being undone. */
export const ADULT_MERGE_DEPENDENTS = {
  people: 'i dati di uno dei due sono cambiati',
  codes: 'un codice fiscale è cambiato',
  roles: 'un ruolo in una famiglia è cambiato',
  payments: 'chi resta ha pagato per una famiglia che ha avuto con l’unione',
  requests: 'chi resta ha mandato una domanda per una famiglia che ha avuto con l’unione',
} as const
export type AdultMergeDependent = keyof typeof ADULT_MERGE_DEPENDENTS
