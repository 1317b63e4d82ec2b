import {
  birthFromFiscalCode,
  codeMismatches,
  type FiscalCode,
  isAdult,
  parseFiscalCode,
} from '#lib/identity/fiscal-code.ts'
import type { Day, Weekday } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Refused, type Result, refusedField } from '#lib/kernel/result.ts'
import { eatsOn } from '#lib/meals/cutoff.ts'
import { type OwnWeekdays, weekWithin } from '#lib/school/enrolment.ts'
import { weekdaysInWords } from '#lib/school/schedule.words.ts'
import { type FarePlan, type OfferedBand, planFare } from '#lib/tariffs/fare-assignment.ts'
import type { FarePeriod } from '#lib/tariffs/price.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate, numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { sentPupil, type TransferContent } from './arrival.ts'
import { type AskedAdult, birthInWords, judgeAdult, type KnownAdult, nameOfNew } from './hand-over.ts'

/** The blocks of the form: so many pupils of one family are registered together. */
export const PUPIL_BLOCKS = ['pupil1', 'pupil2', 'pupil3', 'pupil4'] as const
export type PupilBlock = (typeof PUPIL_BLOCKS)[number]

/** The text fields of a person in the form, adult or pupil: `holder-fiscalCode`, `pupil1-classId`. */
export const BLOCK_FIELDS = [
  'fiscalCode',
  'givenName',
  'familyName',
  'birthDay',
  'email',
  'phone',
  'classId',
  'from',
  'diet',
  'band',
  'weekdays',
] as const

export type AskedContact = AskedAdult & { email: string | null; phone: string | null }

export type AskedPupil = {
  block: PupilBlock
  /** Null: none yet. */
  fiscalCode: string | null
  givenName: string
  familyName: string
  /** Null: the code says it. */
  birthDay: Day | null
  classId: string
  serviceIds: readonly string[]
  /** Null: the first day that can be. */
  from: Day | null
  /** The family asks for a special diet: it is to be decided. */
  asksDiet: boolean
  /** Null: the full price. */
  band: AskedBand | null
  weekdays: OwnWeekdays
}

/** A band of a service. */
export type AskedBand = { serviceId: string; code: string }

/** In the form: the service and the code of the band. */
export const bandValue = ({ serviceId, code }: AskedBand): string => `${serviceId}:${code}`

/** What the office asks for: a new family, or pupils for a household that is there. */
export type AskedRegistration = {
  householdId: string | null
  /** The pupils come from another municipality of the installation by this transfer. */
  transferId?: string | null
  holder: AskedContact | null
  delegate: AskedContact | null
  pupils: readonly AskedPupil[]
}

/** A class in which a pupil may be registered, with the days of a service in it. */
export type Place = {
  serviceId: string
  serviceName: string
  classId: string
  className: string
  schoolId: string
  schoolName: string
  yearId: string
  yearEndsOn: Day
  from: Day
  to: Day
  /** Those of the school for the service, now or after a change that is decided. */
  weekdays: readonly Weekday[]
  /** The first day that no kitchen has counted in this school. */
  firstDay: Day
  /** The days of the service that are open from `firstDay` on, in order. */
  openDays: readonly Day[]
}

/** What of a place says when an enrolment may begin and end. */
export type StartablePlace = Omit<Place, 'openDays'>

/** A person of the municipality who may be the one that is being registered. */
export type Double = { name: string; householdId: string | null; householdName: string | null; why: string }

/** What the registry knows of an adult that was typed. `namesakes`: others of the same name and birth day. */
export type AdultFacts = {
  known: (KnownAdult & { households: { id: string; name: string }[] }) | null
  isPupil: boolean
  namesakes: readonly Namesake[]
}

export type PupilFacts = {
  /** The pupil with this code; null when it is free. */
  known: { id: string; name: string; householdId: string; householdName: string; eats: boolean } | null
  /** The code is of an adult of the municipality. */
  adultName: string | null
  namesakes: readonly Namesake[]
  /** A place for each asked service that is given in the class. */
  places: readonly Place[]
  priceOn: (serviceId: string, day: Day, fares: readonly FarePeriod[]) => Cents | null
  /** Those of the service of the asked band that may be given now. */
  bands: readonly OfferedBand[]
}

export type Namesake = {
  name: string
  birthDay: Day | null
  fiscalCode: string | null
  householdId: string | null
  householdName: string | null
}

export type RegistrationFacts = {
  today: Day
  /** The household to which pupils are added; null for a new family. */
  household: { name: string; holderName: string | null } | null
  holder: AdultFacts | null
  delegate: AdultFacts | null
  pupils: readonly PupilFacts[]
  /** What another municipality sent, with a transfer that waits; null for any other registration. */
  sent: { townName: string; content: TransferContent } | null
}

/** A pupil with its enrolments, ready to be written. */
export type PlannedPupil = {
  givenName: string
  familyName: string
  fiscalCode: string | null
  birthDay: Day
  asksDiet: boolean
  enrolments: readonly { place: StartablePlace; from: Day; weekdays: OwnWeekdays }[]
  fare: { serviceId: string; plan: FarePlan } | null
}

/** `knownId`: one who was here before and comes back. `severe`: the municipality that is left said that a severe reaction is possible. */
export type RegisteredPupil = PlannedPupil & { knownId: string | null; severe: boolean }

export type RegistrationPlan = {
  householdName: string
  pupils: readonly RegisteredPupil[]
  lines: readonly string[]
  doubles: readonly Double[]
  /** A pupil of this code is registered: nothing can be saved. */
  isBlocked: boolean
  /** Only a person who has looked may go on. */
  isDoubtful: boolean
}

const codeOf = (text: string | null): FiscalCode | null => (text === null ? null : parseFiscalCode(text))

/** What registering would do, or why it cannot be. The same facts and the same form give the same plan. */
export function planRegistration(
  asked: AskedRegistration,
  facts: RegistrationFacts,
): Result<RegistrationPlan> {
  const problem = problemOfAdults(asked, facts) ?? problemOfCodes(asked)
  if (problem) return problem
  const pupils: RegisteredPupil[] = []
  for (const [at, pupil] of asked.pupils.entries()) {
    const of = facts.pupils[at] as PupilFacts
    const planned = planPupil(pupil, of, facts.today)
    if (!planned.ok) return planned
    const severe =
      pupil.asksDiet && (facts.sent && sentPupil(facts.sent.content, pupil))?.diet?.severe === true
    pupils.push({
      ...planned.value,
      severe,
      knownId: comesBack(asked, of.known) ? (of.known?.id ?? null) : null,
    })
  }
  const doubles = doublesOf(asked, facts)
  const isBlocked = facts.pupils.some(({ known }) => known !== null && !comesBack(asked, known))
  return ok({
    householdName: facts.household?.name ?? asked.pupils[0]?.familyName ?? '',
    pupils,
    lines: isBlocked ? [] : linesOf(asked, facts, pupils),
    doubles,
    isBlocked,
    isDoubtful: !isBlocked && (doubles.length > 0 || asked.pupils.some(lettersDisagree)),
  })
}

/** Whether a pupil who is in the registry comes back with a transfer: to the same family, and without a meal that is to come. */
export const comesBack = (
  { transferId, householdId }: AskedRegistration,
  known: PupilFacts['known'],
): boolean => Boolean(transferId) && known !== null && known.householdId === householdId && !known.eats

/** An adult whose code, names and birth day are not of one grown person. The refusal names the field of their block. */
function problemOfAdults(asked: AskedRegistration, facts: RegistrationFacts): Refused | null {
  for (const block of ['holder', 'delegate'] as const) {
    const [adult, known] = [asked[block], facts[block]]
    if (!adult || !known) continue
    const judged = judgeAdult(adult, { ...known, today: facts.today })
    if (!judged.ok) return inBlock(judged, block)
  }
  return null
}

const inBlock = (refusal: Refused, block: string): Refused =>
  ({
    ...refusal,
    fields: Object.fromEntries(
      Object.entries(refusal.fields ?? {}).map(([field, code]) => [`${block}-${field}`, code]),
    ),
  }) as Refused

/** One code twice in the form, or one pupil without a code twice. */
function problemOfCodes({ holder, delegate, pupils }: AskedRegistration): Refused | null {
  const seen = new Set<string>()
  const people = [
    ...(holder ? [{ block: 'holder', fiscalCode: holder.fiscalCode }] : []),
    ...(delegate ? [{ block: 'delegate', fiscalCode: delegate.fiscalCode }] : []),
    ...pupils,
  ]
  for (const { block, fiscalCode } of people) {
    if (fiscalCode === null) continue
    if (seen.has(fiscalCode)) return refusedField(`${block}-fiscalCode`, 'registration:code-twice')
    seen.add(fiscalCode)
  }
  for (const pupil of pupils) {
    if (pupil.fiscalCode !== null) continue
    const key = `${fullName(pupil).toLowerCase()} ${pupil.birthDay}`
    if (seen.has(key)) return refusedField(`${pupil.block}-givenName`, 'registration:pupil-twice')
    seen.add(key)
  }
  return null
}

/** Whether the letters of a pupil's code are not those of the name: a document settles it. */
export function lettersDisagree(pupil: AskedPupil): boolean {
  const code = codeOf(pupil.fiscalCode)
  return code !== null && codeMismatches(code, { ...pupil, birthDay: null }).length > 0
}

/** What registering one pupil would write, or why it cannot be. */
export function planPupil(
  pupil: AskedPupil,
  facts: Pick<PupilFacts, 'adultName' | 'bands'> & { places: readonly StartablePlace[] },
  today: Day,
): Result<PlannedPupil> {
  const { block, fiscalCode, givenName, familyName, asksDiet } = pupil
  const code = codeOf(fiscalCode)
  if (facts.adultName)
    return refusedField(`${block}-fiscalCode`, 'registration:code-of-adult', { name: facts.adultName })
  const birthDay = birthOf(pupil, today)
  if (!birthDay) return refusedField(`${block}-birthDay`, 'registration:birth-needed')
  if (birthDay > today) return refusedField(`${block}-birthDay`, 'registration:birth-to-come')
  if (code && codeMismatches(code, { givenName, familyName, birthDay }).includes('birthDay'))
    return refusedField(`${block}-birthDay`, 'registration:birth-disagrees')
  if (isAdult(birthDay, today))
    return refusedField(`${block}-${code ? 'fiscalCode' : 'birthDay'}`, 'registration:pupil-is-adult')
  const enrolments: PlannedPupil['enrolments'][number][] = []
  for (const serviceId of pupil.serviceIds) {
    const place = facts.places.find((one) => one.serviceId === serviceId)
    if (!place) return refusedField(`${block}-classId`, 'registration:no-place')
    const from = startIn(place, pupil)
    if (!from.ok) return from
    const weekdays = weekWithin(pupil.weekdays, place.weekdays)
    if (weekdays === undefined)
      return refusedField(`${block}-weekdays`, 'registration:no-weekday', {
        service: place.serviceName,
        weekdays: weekdaysInWords(place.weekdays),
      })
    enrolments.push({ place, from: from.value, weekdays })
  }
  const fare = planBand(pupil, enrolments, facts)
  if (!fare.ok) return fare
  return ok({ givenName, familyName, fiscalCode, birthDay, asksDiet, enrolments, fare: fare.value })
}

/** The asked band from the first day of its service to the end of the school year. */
function planBand(
  pupil: AskedPupil,
  enrolments: PlannedPupil['enrolments'],
  { bands }: Pick<PupilFacts, 'bands'>,
): Result<PlannedPupil['fare']> {
  const { block, band } = pupil
  if (!band) return ok(null)
  const enrolled = enrolments.find(({ place }) => place.serviceId === band.serviceId)
  if (!enrolled) return refusedField(`${block}-band`, 'registration:band-without-service')
  const { place, from } = enrolled
  const planned = planFare(
    { bandCode: band.code, from, to: '' },
    {
      ...{ pupil: { name: fullName(pupil) }, enrolments: [place], fares: [], bands },
      ...{ firstDay: place.firstDay, yearEndsOn: place.yearEndsOn },
    },
  )
  if (!planned.ok) return { ...planned, fields: { [`${block}-band`]: planned.code } }
  return ok({ serviceId: band.serviceId, plan: planned.value })
}

/** The first day in a place: as asked, never before what the kitchen has counted nor outside the service's days. */
function startIn(place: StartablePlace, { block, from }: AskedPupil): Result<Day> {
  if (from && from < place.firstDay)
    return refusedField(`${block}-from`, 'registration:too-early', { first: place.firstDay })
  const start = [from ?? place.firstDay, place.from].toSorted().at(-1) as Day
  if (start > place.to) return refusedField(`${block}-from`, 'registration:after-end', { last: place.to })
  return ok(start)
}

const namesakeDouble = (
  { name, birthDay, fiscalCode, householdId, householdName }: Namesake,
  typed: { name: string; fiscalCode: string | null },
): Double => {
  const code =
    fiscalCode === null
      ? 'senza codice fiscale'
      : typed.fiscalCode === null
        ? 'con un codice fiscale'
        : 'con un altro codice fiscale'
  return {
    ...{ name, householdId, householdName },
    why: birthDay
      ? dated`ha lo stesso nome e la stessa data di nascita (${numericDay(birthDay)}) di ${typed.name}, ${code}`
      : `ha lo stesso nome di ${typed.name}, ${code}`,
  }
}

type Typed = Pick<AskedPupil, 'fiscalCode' | 'givenName' | 'familyName' | 'birthDay'>

/** The birth day of a person: as written, or as the code says it. */
export function birthOf(
  { fiscalCode, birthDay }: Pick<Typed, 'fiscalCode' | 'birthDay'>,
  today: Day,
): Day | null {
  const code = codeOf(fiscalCode)
  return birthDay ?? (code ? (birthFromFiscalCode(code, today)?.birthDay ?? null) : null)
}

/** Of those who have the name of a typed person, who may be that person: the birth day is the same, or is not known. */
export function maybeTheSame<N extends Pick<Namesake, 'birthDay' | 'fiscalCode'>>(
  found: readonly N[],
  typed: Pick<Typed, 'fiscalCode' | 'birthDay'>,
  today: Day,
): N[] {
  const born = birthOf(typed, today)
  return found
    .map((one) => ({ ...one, birthDay: birthOf(one, today) }))
    .filter(
      ({ birthDay, fiscalCode }) =>
        (fiscalCode === null || fiscalCode !== typed.fiscalCode) &&
        (birthDay === null || born === null || birthDay === born),
    )
}

const fullName = ({ givenName, familyName }: { givenName: string; familyName: string }): string =>
  `${givenName} ${familyName}`

/** Who in the registry may be one of the typed people. */
function doublesOf(asked: AskedRegistration, facts: RegistrationFacts): Double[] {
  const pupils = asked.pupils.flatMap((pupil, at) => {
    const { known, namesakes } = facts.pupils[at] as PupilFacts
    if (!known) return namesakes.map((one) => namesakeDouble(one, { ...pupil, name: fullName(pupil) }))
    if (comesBack(asked, known)) return []
    const { name, householdId, householdName } = known
    return [{ name, householdId, householdName, why: 'ha già questo codice fiscale' }]
  })
  const adults = (['holder', 'delegate'] as const).flatMap((block) => {
    const [adult, found] = [asked[block], facts[block]]
    if (!adult || !found) return []
    if (!found.known)
      return found.namesakes.map((one) => namesakeDouble(one, { ...adult, name: fullName(adult) }))
    if (block === 'delegate') return []
    const name = nameOfNew(adult, found.known)
    return found.known.households.map(({ id, name: householdName }) => ({
      ...{ name, householdId: id, householdName },
      why: 'paga già per questa famiglia: un altro figlio si aggiunge lì',
    }))
  })
  return [...pupils, ...adults]
}

/** What registering does, a sentence a line, for the office. */
function linesOf(
  asked: AskedRegistration,
  facts: RegistrationFacts,
  pupils: readonly RegisteredPupil[],
): string[] {
  const holderName = asked.holder ? nameOfNew(asked.holder, facts.holder?.known ?? null) : null
  return [
    ...(asked.holder && holderName
      ? [
          `${holderName}${birthInWords(asked.holder, facts.today)}: paga, vede il saldo e riceve le fatture. Il saldo parte da zero.`,
          knownInWords(holderName, facts.holder),
        ]
      : []),
    ...(asked.delegate
      ? [
          `${nameOfNew(asked.delegate, facts.delegate?.known ?? null)}${birthInWords(asked.delegate, facts.today)}: è delegato, vede il calendario e disdice i pasti, non vede il denaro.`,
        ]
      : []),
    ...pupils.flatMap((pupil, at) => pupilInWords(pupil, facts.pupils[at] as PupilFacts, asked.pupils[at])),
    ...sentInWords(asked, facts),
    toldInWords(holderName ?? facts.household?.holderName ?? null, asked.delegate !== null),
  ]
}

/** What a transfer adds: whom it leaves out, and who reads that these pupils are here. */
function sentInWords(asked: AskedRegistration, { sent }: RegistrationFacts): string[] {
  if (!sent) return []
  const here = asked.pupils.map((pupil) => sentPupil(sent.content, pupil))
  return [
    ...sent.content.pupils
      .filter((pupil) => !here.includes(pupil))
      .map((pupil) => `${fullName(pupil)} non si registra, anche se è nel trasferimento.`),
    `Il Comune di ${sent.townName} legge che il trasferimento è accolto. Quello che ha mandato non resta qui, salvo ciò che registri.`,
  ]
}

const knownInWords = (name: string, facts: AdultFacts | null): string =>
  facts?.known
    ? `${name} è già nell’anagrafe: nome e recapiti restano quelli.`
    : `${name} può entrare da subito con SPID o CIE di questo codice fiscale.`

const toldInWords = (holderName: string | null, hasDelegate: boolean): string =>
  holderName === null
    ? 'Nessuno risponde di questa famiglia: nessuno riceve un messaggio.'
    : hasDelegate
      ? `${holderName} e il delegato ricevono un messaggio.`
      : `${holderName} riceve un messaggio.`

function pupilInWords(pupil: RegisteredPupil, facts: PupilFacts, asked: AskedPupil | undefined): string[] {
  const name = fullName(pupil)
  return [
    ...(pupil.knownId ? [`${name} era già qui: torna nella stessa famiglia, con quello che c’era.`] : []),
    ...(asked && lettersDisagree(asked)
      ? [`Le lettere del codice ${pupil.fiscalCode} non sono quelle di ${name}: controlla un documento.`]
      : []),
    ...(pupil.fiscalCode === null
      ? [`${name} non ha ancora un codice fiscale: resta tra gli alunni senza codice finché non lo scrivi.`]
      : []),
    ...pupil.enrolments.flatMap(({ place, from, weekdays }) => [
      dated`${name}, data di nascita ${numericDay(pupil.birthDay)}: ${place.schoolName}, ${place.className}, ${place.serviceName}, dal ${longDate(from)} al ${longDate(place.to)}.`,
      ...(weekdays ? [`Mangia solo alcuni giorni: ${weekdaysInWords(weekdays)}.`] : []),
      firstMealInWords(name, { place, from, weekdays, fares: faresIn(pupil, place) }, facts),
    ]),
    ...(pupil.fare?.plan.lines.filter((line) => line !== COUNTED_STAYS) ?? []),
    pupil.asksDiet
      ? `Dieta di ${name}: da definire. Finché l’ufficio non decide, la cucina la legge come “DA-DEFINIRE” e chiede prima di servire.${pupil.severe ? ' Il Comune di prima segnala un rischio di reazione grave: decidila subito.' : ''}`
      : `Dieta di ${name}: comune.`,
  ]
}

/** A pupil who is registered has no meal yet that was charged. */
const COUNTED_STAYS = 'I pasti già addebitati non cambiano.'

const faresIn = ({ fare }: PlannedPupil, { serviceId }: StartablePlace): FarePeriod[] =>
  fare?.plan.fare && fare.serviceId === serviceId ? [fare.plan.fare] : []

type FirstMeal = PlannedPupil['enrolments'][number] & { fares: readonly FarePeriod[] }

function firstMealInWords(
  name: string,
  { place: placed, from, weekdays, fares }: FirstMeal,
  { places, priceOn }: PupilFacts,
): string {
  const place = places.find(({ serviceId }) => serviceId === placed.serviceId) as Place
  const first = place.openDays.find((day) => day >= from && day <= place.to && eatsOn(weekdays, day))
  if (!first) return `Da quel giorno non c’è ancora un giorno di mensa in calendario per ${name}.`
  const cents = priceOn(place.serviceId, first, fares)
  const price = cents === null ? 'il prezzo non è ancora deciso' : formatEuro(cents, 'it')
  return dated`Il primo pasto di ${name} è il ${longDate(first)}: entra nel conteggio, e se non è disdetto si addebita (${price}).`
}
