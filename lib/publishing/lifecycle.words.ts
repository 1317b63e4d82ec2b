import type { PublicationState, PublishedKind } from './lifecycle.ts'

/** What the office calls the states that each kind knows. */
const STATES_IN_WORDS: Readonly<Record<PublishedKind, Partial<Record<PublicationState, string>>>> = {
  news: {
    draft: 'Bozza',
    submitted: 'In revisione',
    scheduled: 'Programmata',
    published: 'Pubblicata',
    expired: 'Scaduta',
    withdrawn: 'Ritirata',
  },
  document: {
    draft: 'Bozza',
    submitted: 'In revisione',
    scheduled: 'Programmato',
    published: 'Pubblicato',
    expired: 'Scaduto',
    withdrawn: 'Ritirato',
  },
  communication: {
    draft: 'Bozza',
    submitted: 'Da approvare',
    scheduled: 'Programmata',
    published: 'Pubblicata',
    expired: 'Scaduta',
    withdrawn: 'Ritirata',
  },
  questionnaire: { draft: 'Bozza', scheduled: 'Programmato', published: 'Aperto', expired: 'Chiuso' },
  menu: { draft: 'Bozza', published: 'Pubblicato', withdrawn: 'Ritirato' },
  form: {
    draft: 'Bozza',
    scheduled: 'In programma',
    published: 'Attivo',
    expired: 'Concluso',
    withdrawn: 'Chiuso in anticipo',
  },
}

/** The states that a kind knows, in the order of a life. */
export const publicationStates = (kind: PublishedKind): PublicationState[] =>
  Object.keys(STATES_IN_WORDS[kind]) as PublicationState[]

/** "Pubblicata", "Pubblicato", "Aperto": a state in the gender of its thing. */
export function publicationStateInWords(kind: PublishedKind, state: PublicationState): string {
  const words = STATES_IN_WORDS[kind][state]
  if (!words) throw new Error(`a ${kind} is never ${state}`)
  return words
}
