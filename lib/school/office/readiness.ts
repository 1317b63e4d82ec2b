import type { Day } from '#lib/kernel/day.ts'
import { listInWords } from '#lib/words/list.ts'
import type { MunicipalitySettings } from '../settings.ts'
import { missingStatutory, type STATUTORY } from '../settings.ts'

/** What a municipality has of what families need, as the database has it now. */
export type TownFacts = {
  /** Null while it is being prepared. */
  opensOn: Day | null
  isOpen: boolean
  /** The school year that runs, or else the next one. */
  yearName: string | null
  managers: number
  schools: number
  withoutClasses: string[]
  withoutWeek: string[]
  /** Names of schools that no kitchen serves today. */
  withoutKitchen: string[]
  /** Names of kitchens that serve a school and that no count reaches. */
  withoutAddress: string[]
  /** Names of kitchens that serve a school and for which no person has a role: their counts are read by mail alone. */
  withoutPeople: string[]
  services: number
  withoutPrice: string[]
  /** Days to come on which a meal can still be cancelled. */
  openDays: number
  /** Enrolled today or later. */
  pupils: number
  /** Of them, those who have no fiscal code yet. */
  withoutCode: number
  settings: Pick<MunicipalitySettings, keyof typeof STATUTORY>
}

/** One thing that a municipality needs. `isNeeded`: without it families may not enter. */
export type TownStep = {
  key: string
  title: string
  words: string
  isDone: boolean
  isNeeded: boolean
  /** The room of the office that mends it, below `/admin/<municipality>/`. */
  room: string
}

const names = (all: readonly string[]): string => listInWords(all, 'it')

const yearStep = ({ yearName }: TownFacts): TownStep => ({
  key: 'anno',
  title: 'Anno scolastico',
  words: yearName ? `C’è il ${yearName}.` : 'Non ce n’è uno in corso o che arriva.',
  isDone: yearName !== null,
  isNeeded: true,
  room: 'impostazioni/anni',
})

const schoolStep = ({ schools, withoutClasses }: TownFacts): TownStep => ({
  key: 'scuole',
  title: 'Scuole e classi',
  words:
    schools === 0
      ? 'Non c’è nessuna scuola.'
      : withoutClasses.length > 0
        ? `Non hanno classi: ${names(withoutClasses)}.`
        : schools === 1
          ? 'C’è una scuola, con le sue classi.'
          : `Ci sono ${schools} scuole, con le loro classi.`,
  isDone: schools > 0 && withoutClasses.length === 0,
  isNeeded: true,
  room: 'impostazioni/scuole',
})

const weekStep = ({ schools, withoutWeek, openDays }: TownFacts): TownStep => ({
  key: 'giorni',
  title: 'Giorni di servizio e termine della disdetta',
  words:
    withoutWeek.length > 0
      ? `Non hanno giorni di servizio: ${names(withoutWeek)}.`
      : openDays === 0
        ? 'Non c’è nessun giorno futuro da disdire.'
        : `Ci sono ${openDays} giorni di servizio da qui alla fine, sommando le scuole.`,
  isDone: schools > 0 && withoutWeek.length === 0 && openDays > 0,
  isNeeded: true,
  room: 'impostazioni/scuole',
})

/** A count can be read in the portal too: families may enter without a kitchen that is told. */
function kitchenStep({ schools, withoutKitchen, withoutAddress, withoutPeople }: TownFacts): TownStep {
  const isDone = schools > 0 && withoutKitchen.length === 0 && withoutAddress.length === 0
  const words = [
    withoutKitchen.length > 0 ? `Nessuna cucina serve: ${names(withoutKitchen)}.` : '',
    withoutAddress.length > 0 ? `Non hanno un indirizzo per il conteggio: ${names(withoutAddress)}.` : '',
  ].filter(Boolean)
  const unseen = withoutPeople.length > 0 ? [`Nessuno entra ancora per: ${names(withoutPeople)}.`] : []
  return {
    key: 'cucine',
    title: 'Cucine',
    words: isDone
      ? ['Ogni scuola ha la sua cucina, e il conteggio le arriva.', ...unseen].join(' ')
      : [...words, ...unseen].join(' ') || 'Non c’è nessuna scuola da servire.',
    isDone,
    isNeeded: false,
    room: 'impostazioni/cucine',
  }
}

const priceStep = ({ services, withoutPrice }: TownFacts): TownStep => ({
  key: 'prezzi',
  title: 'Prezzo',
  words:
    services === 0
      ? 'Non c’è nessun servizio.'
      : withoutPrice.length > 0
        ? `Non hanno un prezzo: ${names(withoutPrice)}.`
        : 'Ogni servizio ha il suo prezzo.',
  isDone: services > 0 && withoutPrice.length === 0,
  isNeeded: true,
  room: 'tariffe',
})

const codesInWords = (withoutCode: number): string => {
  if (withoutCode === 0) return ''
  return withoutCode === 1
    ? ' Uno non ha ancora un codice fiscale.'
    : ` ${withoutCode} non hanno ancora un codice fiscale.`
}

const peopleStep = ({ pupils, withoutCode }: TownFacts): TownStep => ({
  key: 'alunni',
  title: 'Alunni e famiglie',
  words:
    pupils === 0
      ? 'Non c’è nessun alunno iscritto.'
      : pupils === 1
        ? `C’è un alunno iscritto.${codesInWords(withoutCode)}`
        : `Ci sono ${pupils} alunni iscritti.${codesInWords(withoutCode)}`,
  isDone: pupils > 0,
  isNeeded: true,
  room: 'famiglie',
})

const managerStep = ({ managers }: TownFacts): TownStep => ({
  key: 'responsabile',
  title: 'Responsabile',
  words:
    managers === 0
      ? 'Nessuno può entrare come responsabile.'
      : 'C’è chi può entrare come responsabile. Da qui si chiamano i colleghi.',
  isDone: managers > 0,
  isNeeded: true,
  room: 'colleghi',
})

function lawStep({ settings }: TownFacts): TownStep {
  const missing = missingStatutory(settings)
  return {
    key: 'legge',
    title: 'Dati che la legge chiede',
    words: missing.length > 0 ? `Mancano: ${names(missing)}.` : 'Ci sono tutti.',
    isDone: missing.length === 0,
    isNeeded: false,
    room: 'impostazioni',
  }
}

/** What a municipality has and what it lacks, in the order in which it is made. Nothing of it is kept: it is computed at each request. */
export const stepsOf = (facts: TownFacts): TownStep[] =>
  [managerStep, yearStep, schoolStep, weekStep, kitchenStep, priceStep, peopleStep, lawStep].map((step) =>
    step(facts),
  )

/** What is missing before families may enter. */
export const missingSteps = (facts: TownFacts): TownStep[] =>
  stepsOf(facts).filter(({ isNeeded, isDone }) => isNeeded && !isDone)
