import { parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import type { Refused } from '#lib/kernel/result.ts'
import { emailInput } from '#lib/people/invitation.input.ts'
import { HAND_OVER_REFUSALS } from '#lib/people/office/hand-over.refusals.ts'
import { type AskedAdult, isSameName, judgeAdult, type KnownAdult } from '#lib/people/office/hand-over.ts'
import { REGISTRATION_REFUSALS } from '#lib/people/office/registration.refusals.ts'
import {
  type AskedPupil,
  birthOf,
  lettersDisagree,
  maybeTheSame,
  type PlannedPupil,
  planPupil,
  type StartablePlace,
} from '#lib/people/office/registration.ts'
import { readPhone } from '#lib/people/phone.ts'
import { comparableClass } from '#lib/school/class-name.ts'
import { type EnrolmentPlan, type EnrolmentStretch, moveToClass } from '#lib/school/enrolment.ts'
import { TARIFF_REFUSALS } from '#lib/tariffs/office/tariff.refusals.ts'
import type { FarePeriod } from '#lib/tariffs/price.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate, numericDay } from '#lib/words/format-day.ts'
import { type Saying, sayer, type Wordings } from '#lib/words/sentences.ts'
import {
  type BalanceAct,
  type BalanceTotals,
  balanceInWords,
  judgeBalances,
  type OpenableAccount,
} from './balance.ts'
import { type PlannedFare, type PricedService, planFares } from './fare.ts'
import { classKey, type Mapping } from './mapping.ts'
import { type Entry, isDelegate, type RawPerson, type ReadPeople } from './people.ts'
import { folded } from './sheet.ts'

/** What a file says of a pupil, beside what the registry says. `gone`: the file does not have the pupil. */
export const VERDICTS = ['new', 'changed', 'doubtful', 'refused', 'gone', 'same'] as const
export type ImportVerdict = (typeof VERDICTS)[number]

export type ImportFinding = {
  /** The pupil's code, or the line where there is none: by it a decision is kept. */
  key: string
  lines: readonly number[]
  name: string
  verdict: ImportVerdict
  /** What applying does, a sentence a line. */
  words: readonly string[]
  /** Why it is doubtful or refused. */
  why: readonly string[]
  householdId: string | null
  pupilId: string | null
}

/** An adult who gets a role. `knownId`: name and contacts stay as the registry has them. */
export type RoleTaker = AskedAdult & {
  knownId: string | null
  email: string | null
  phone: string | null
  /** The last day of a delegate; null: while it lasts. */
  until: Day | null
}

/** What applying writes for one finding. */
export type ImportAct =
  | {
      kind: 'register'
      household: { id: string } | { key: string; name: string }
      adults: Adults
      pupil: PlannedPupil
      fares: readonly PlannedFare[]
    }
  | { kind: 'enrol'; pupilId: string; householdId: string; enrolments: PlannedPupil['enrolments'] }
  | { kind: 'move'; pupilId: string; serviceId: string; plan: EnrolmentPlan }
  /** `ends`: the role of a delegate who becomes the holder. */
  | { kind: 'give-roles'; householdId: string; adults: Adults; ends: string | null }
  | ({ kind: 'fare'; pupilId: string; householdId: string } & PlannedFare)
  | BalanceAct

export type Adults = { holder: RoleTaker | null; delegates: readonly RoleTaker[] }

export type KnownPupil = {
  id: string
  givenName: string
  familyName: string
  fiscalCode: string | null
  /** Codes of pupils who were merged into this one. */
  otherCodes: readonly string[]
  birthDay: Day
  householdId: string
  householdName: string
  holderName: string | null
  enrolments: readonly (EnrolmentStretch & { serviceId: string })[]
  /** Read only for a file with fares. */
  fares: readonly (FarePeriod & { id: string; serviceId: string })[]
}

/** Who has or had a role in a household. */
export type KnownMember = {
  id: string
  householdId: string
  personId: string
  role: 'holder' | 'delegate'
  isActive: boolean
}

export type KnownPayer = KnownAdult & { fiscalCode: string; households: { id: string; name: string }[] }

export type EnrolledPupil = {
  id: string
  name: string
  householdId: string
  schoolId: string
  where: string
  last: Day
}

export type ImportClass = {
  id: string
  name: string
  schoolId: string
  schoolName: string
  mechanographicCode: string | null
}

export type ImportFacts = {
  today: Day
  classes: readonly ImportClass[]
  /** Of the schools that the file is about, and of those in which its pupils eat. */
  places: readonly StartablePlace[]
  /** Pupils with a code or a name of the file. */
  pupils: readonly KnownPupil[]
  /** Adults with a code of the file, an earlier code of theirs too. */
  adults: readonly KnownPayer[]
  /** Who is enrolled in the services of the year, in any class of the schools that the file is about. */
  enrolled: readonly EnrolledPupil[]
  /** The people of the households of those pupils and adults. */
  members: readonly KnownMember[]
  /** Of those households, for a file with balances. */
  accounts: readonly OpenableAccount[]
  /** What the services of the file cost, for a file with fares. */
  prices: readonly PricedService[]
}

export type ImportPlan = {
  findings: readonly ImportFinding[]
  acts: ReadonlyMap<string, readonly ImportAct[]>
  /** Classes that no class of the year seems to be, with the pupils that wait for an answer. */
  unknownClasses: readonly { key: string; words: string; pupils: number }[]
  ignored: ReadPeople['ignored']
  rows: number
  /** What the file's balances come to; null where it has none. */
  balances: BalanceTotals | null
  /** What a person read: applying is bound to it. */
  seen: string
}

const say = sayer({ ...REGISTRATION_REFUSALS, ...HAND_OVER_REFUSALS, ...TARIFF_REFUSALS } as Wordings)

/** The sentences of a refusal of the rules of registration, of roles and of fares. */
function said({ code, details, fields }: Refused): string[] {
  const codes = [...new Set(Object.values(fields ?? {}))]
  return (codes.length > 0 ? codes : [code]).map((one) =>
    say({ code: one, details } as unknown as Saying<Wordings>),
  )
}

const fullName = ({ givenName, familyName }: { givenName: string; familyName: string }): string =>
  `${givenName} ${familyName}`.trim()
const nameKey = (one: { givenName: string; familyName: string }): string =>
  folded(one.givenName + one.familyName)

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

/** The facts by what an entry asks for. */
type Known = ImportFacts & {
  mapping: Mapping
  byCode: ReadonlyMap<string, KnownPupil>
  byName: ReadonlyMap<string, KnownPupil[]>
  adultByCode: ReadonlyMap<string, KnownPayer>
  placesOfClass: ReadonlyMap<string, StartablePlace[]>
  firstDayIn: ReadonlyMap<string, Day>
  pupilCodes: ReadonlySet<string>
  membersOf: ReadonlyMap<string, KnownMember[]>
  classOf: ClassOf
}

/** A shorter text is in the name of too many schools. */
const SHORTEST_NAME = 3

/** The class that a row names: the id of one of the year, `none` where the office leaves it out, null where no class is meant. */
type ClassOf = (row: Pick<Entry, 'school' | 'className'>) => string | 'none' | null

/**
 * Looks for the classes of rows among those of the year, the office's answer first. A town has thousands of classes and a file
 * names few of them many times: each is looked for once.
 */
function classFinder(classes: readonly ImportClass[], answers: Mapping['classes']): ClassOf {
  const byName = grouped(classes, ({ name }) => comparableClass(name))
  const look = ({ school, className }: Pick<Entry, 'school' | 'className'>): string | null => {
    const ofSchool = folded(school)
    const ofName = byName.get(comparableClass(className)) ?? []
    const isCalledSo = ({ schoolName, mechanographicCode }: ImportClass) =>
      folded(schoolName) === ofSchool || folded(mechanographicCode ?? '') === ofSchool
    const isLike = ({ schoolName }: ImportClass) =>
      ofSchool === '' ||
      (ofSchool.length > SHORTEST_NAME &&
        (folded(schoolName).includes(ofSchool) || ofSchool.includes(folded(schoolName))))
    const exact = ofName.filter(isCalledSo)
    const found = exact.length > 0 ? exact : ofName.filter(isLike)
    return found.length === 1 ? (found[0] as ImportClass).id : null
  }
  const seen = new Map<string, string | null>()
  return (row) => {
    const key = classKey(row.school, row.className)
    const answered = answers[key]
    if (answered) return answered
    const known = seen.get(key)
    if (known !== undefined) return known
    const found = look(row)
    seen.set(key, found)
    return found
  }
}

/** The schools that a file is about: those of the classes that its rows name. */
export function schoolsOf(
  entries: readonly Entry[],
  classes: readonly ImportClass[],
  answers: Mapping['classes'],
): ReadonlySet<string> {
  const classOf = classFinder(classes, answers)
  const meant = new Set(entries.map(classOf))
  return new Set(classes.flatMap(({ id, schoolId }) => (meant.has(id) ? [schoolId] : [])))
}

type Judged = {
  verdict: ImportVerdict
  words?: string[]
  why?: string[]
  acts?: ImportAct[]
  householdId?: string | null
  pupilId?: string | null
}
const refusedFor = (...why: string[]): Judged => ({ verdict: 'refused', why })

/** Who is meant by the rule of the office; a doubt where the file does not have that person. */
function payerAmong(
  all: readonly RawPerson[],
  payer: Mapping['payer'],
): { payer: RawPerson | null; why: string[] } {
  if (payer === 'none') return { payer: null, why: [] }
  const adults = all.filter((one) => !isDelegate(one))
  const words = {
    first: 'il primo adulto',
    second: 'il secondo adulto',
    mother: 'la madre',
    father: 'il padre',
  }
  const relation = { mother: /madre|mamma|^m$/i, father: /padre|pap[aà]|^p$/i } as const
  const meant =
    payer === 'first'
      ? adults[0]
      : payer === 'second'
        ? adults[1]
        : adults.find((one) => relation[payer].test(one.relation))
  if (meant) return { payer: meant, why: [] }
  const [other] = adults
  if (!other)
    return { payer: null, why: ['Nel file non c’è nessun adulto: la famiglia resterebbe senza chi paga.'] }
  return { payer: other, why: [`Nel file manca ${words[payer]}: pagherebbe ${fullName(other)}.`] }
}

/** The contacts of an adult that can be read; what cannot is said and left out. */
function contactsOf({ email, phone }: RawPerson): {
  email: string | null
  phone: string | null
  words: string[]
} {
  const mail = emailInput.safeParse(email)
  const number = phone
    .split(/[,;/]/)
    .map((text) => readPhone(text.trim()))
    .find(Boolean)
  return {
    email: mail.success ? mail.data : null,
    phone: number?.number ?? null,
    words: [
      ...(email !== '' && !mail.success ? [`L’e-mail «${email}» non è scritta bene: resta fuori.`] : []),
      ...(phone !== '' && !number ? [`Il telefono «${phone}» non si legge: resta fuori.`] : []),
    ],
  }
}

/** An adult as a role asks for them, or why not. */
function roleTaker(raw: RawPerson, known: Known): { taker: RoleTaker; words: string[] } | { why: string[] } {
  const code = parseFiscalCode(raw.fiscalCode)
  if (!code)
    return { why: [`Il codice fiscale «${raw.fiscalCode}» non è valido: controlla lettere e cifre.`] }
  if (raw.badDate)
    return { why: [`La data di nascita «${raw.badDate}» non si legge: scrivila come 31/12/1985.`] }
  if (raw.badUntil)
    return { why: [`L’ultimo giorno «${raw.badUntil}» non si legge: scrivilo come 30/06/2027.`] }
  if (raw.until && raw.until < known.today)
    return { why: [dated`La delega è finita il ${numericDay(raw.until)}.`] }
  const registered = known.adultByCode.get(code.code) ?? null
  const asked: AskedAdult = {
    fiscalCode: code.code,
    givenName: raw.givenName || (registered?.givenName ?? ''),
    familyName: raw.familyName || (registered?.familyName ?? ''),
    birthDay: raw.birthDay,
  }
  if (!asked.givenName || !asked.familyName)
    return { why: ['Mancano nome e cognome: nell’anagrafe non c’è.'] }
  const isPupil = known.pupilCodes.has(code.code) || known.byCode.has(code.code)
  const judged = judgeAdult(asked, { known: registered, isPupil, today: known.today })
  if (!judged.ok) return { why: said(judged) }
  const { words, ...contacts } = contactsOf(raw)
  const taker = { ...asked, ...contacts, knownId: registered?.id ?? null, until: raw.until }
  return { taker, words: registered ? [] : words }
}

type RolesFound = Adults & { words: string[]; why: string[]; refused: string[] }

/** The holder and the delegates of a pupil's rows, by the rule that the office chose for the file. */
function rolesOf({ adults }: Entry, known: Known): RolesFound {
  const { payer, why } = payerAmong(adults, known.mapping.payer)
  const found: RolesFound = { holder: null, delegates: [], words: [], why, refused: [] }
  if (!payer) return found
  if (payer.fiscalCode === '')
    return {
      ...found,
      why: [
        ...why,
        `${fullName(payer)} non ha il codice fiscale nel file: la famiglia resterebbe senza chi paga.`,
      ],
    }
  const holder = roleTaker(payer, known)
  if ('why' in holder)
    return {
      ...found,
      refused: holder.why.map((one) => `Chi paga, ${fullName(payer) || payer.fiscalCode}. ${one}`),
    }
  const rest = known.mapping.other === 'delegate' ? adults.filter((one) => one !== payer) : []
  const delegates: RoleTaker[] = []
  const words = [...holder.words]
  for (const raw of rest) {
    const other =
      raw.fiscalCode === '' ? { why: ['Nel file non ha il codice fiscale.'] } : roleTaker(raw, known)
    if ('why' in other) words.push(`${fullName(raw) || 'L’altro adulto'} resta fuori. ${other.why.join(' ')}`)
    else if (other.taker.fiscalCode !== holder.taker.fiscalCode) {
      delegates.push(other.taker)
      words.push(...other.words)
    }
  }
  return { ...found, holder: holder.taker, delegates, words }
}

const placeWords = ({ place, from }: PlannedPupil['enrolments'][number]): string =>
  dated`${place.schoolName}, ${place.className}, ${place.serviceName}: dal ${longDate(from)} al ${longDate(place.to)}.`

const delegateInWords = (one: RoleTaker): string =>
  one.until
    ? dated`${fullName(one)} è delegato fino al ${longDate(one.until)}: vede il calendario e disdice i pasti, non vede il denaro.`
    : `${fullName(one)} è delegato: vede il calendario e disdice i pasti, non vede il denaro.`

const rolesInWords = ({ holder, delegates }: Adults): string[] => [
  holder ? `Paga ${fullName(holder)}.` : 'Per ora non paga nessuno.',
  ...delegates.map(delegateInWords),
]

type RolesChange = { acts: ImportAct[]; words: string[]; why: string[]; refused: string[] }

/**
 * The holder of a household that has none. A delegate who is to pay gets the role of the holder and leaves the other: no person has two.
 * Delegates of the household stay as they are.
 */
function holderFor(entry: Entry, householdId: string, known: Known): RolesChange {
  const roles = rolesOf(entry, known)
  const change: RolesChange = { acts: [], words: [], why: [], refused: roles.refused }
  if (roles.refused.length > 0 || !roles.holder) return change
  const { holder } = roles
  const active = (known.membersOf.get(householdId) ?? []).filter(({ isActive }) => isActive)
  const roleOf = ({ knownId }: RoleTaker) => active.find(({ personId }) => personId === knownId) ?? null
  const adults = { holder, delegates: roles.delegates.filter((one) => roleOf(one) === null) }
  const before = roleOf(holder)
  change.acts.push({ kind: 'give-roles', householdId, adults, ends: before?.id ?? null })
  change.words.push(...rolesInWords(adults), ...roles.words)
  if (before)
    change.words.push(`${fullName(holder)} era delegato di questa famiglia: ora paga, e non è più delegato.`)
  change.why.push(...roles.why)
  return change
}

/** The delegates whom the file calls so, for a household that has a holder: who had the role before is a doubt. */
function delegatesFor({ adults }: Entry, householdId: string, known: Known): RolesChange {
  const change: RolesChange = { acts: [], words: [], why: [], refused: [] }
  if (known.mapping.other !== 'delegate') return change
  const delegates: RoleTaker[] = []
  for (const raw of adults.filter(isDelegate)) {
    const found =
      raw.fiscalCode === '' ? { why: ['Nel file non ha il codice fiscale.'] } : roleTaker(raw, known)
    if ('why' in found) {
      change.refused.push(`Il delegato, ${fullName(raw) || raw.fiscalCode}. ${found.why.join(' ')}`)
      continue
    }
    const { taker } = found
    const own = (known.membersOf.get(householdId) ?? []).filter(({ personId }) => personId === taker.knownId)
    if (own.some(({ isActive }) => isActive)) continue
    if (own.length > 0)
      change.why.push(`${fullName(taker)} ha già avuto un ruolo in questa famiglia, e non l’ha più.`)
    delegates.push(taker)
    change.words.push(delegateInWords(taker), ...found.words)
  }
  if (delegates.length > 0)
    change.acts.push({ kind: 'give-roles', householdId, adults: { holder: null, delegates }, ends: null })
  return change
}

/** The first day in a place: as the office asked for the file, never before what the kitchen has counted. */
const startOf = (place: StartablePlace, from: Day | null, more: readonly Day[] = []): Day =>
  [from ?? place.firstDay, place.firstDay, place.from, ...more].toSorted().at(-1) as Day

/** What only a person who looks can tell of a new pupil. */
function doubtsOf({ pupil, isNameSplit }: Entry, asked: AskedPupil, known: Known): string[] {
  const namesakes = maybeTheSame(known.byName.get(nameKey(pupil)) ?? [], asked, known.today)
  return [
    ...(isNameSplit ? [`Nome e cognome sono in una cella sola: «${pupil.familyName}» è il cognome?`] : []),
    ...(lettersDisagree(asked)
      ? [
          `Le lettere del codice ${asked.fiscalCode} non sono quelle di ${fullName(pupil)}: controlla un documento.`,
        ]
      : []),
    ...namesakes.map(
      (one) =>
        dated`${fullName(one)} della famiglia ${one.householdName} ha lo stesso nome e la stessa data di nascita (${numericDay(one.birthDay as Day)}), ${one.fiscalCode === null ? 'senza codice' : 'con un altro codice'}: è un altro bambino?${one.fiscalCode === null ? ' Se è lo stesso, lascialo fuori e scrivi il codice nella sua scheda.' : ''}`,
    ),
  ]
}

function judgeNew(entry: Entry, known: Known, fiscalCode: string | null): Judged {
  const { pupil } = entry
  const classId = known.classOf(entry)
  if (!pupil.familyName || !pupil.givenName)
    return refusedFor(
      'Nell’anagrafe non c’è un alunno con questo codice, e nel file mancano nome e cognome: importa prima l’elenco degli alunni.',
    )
  if (!entry.className) return refusedFor('Manca la classe.')
  if (!classId)
    return refusedFor(
      `La classe «${entry.className}»${entry.school ? ` di «${entry.school}»` : ''} non si riconosce: scegli più su quale è.`,
    )
  if (classId === 'none') return refusedFor('La classe è fra quelle che hai scelto di lasciare fuori.')
  const places = known.placesOfClass.get(classId) ?? []
  const adultName = fiscalCode === null ? undefined : known.adultByCode.get(fiscalCode)
  const asked: AskedPupil = {
    ...{ block: 'pupil1', fiscalCode, givenName: pupil.givenName, familyName: pupil.familyName },
    ...{
      birthDay: pupil.birthDay,
      classId,
      serviceIds: places.map((one) => one.serviceId),
      asksDiet: false,
      weekdays: null,
      band: null,
    },
    from:
      places.length > 0 && known.mapping.from
        ? (places
            .map((one) => startOf(one, known.mapping.from))
            .toSorted()
            .at(-1) ?? null)
        : null,
  }
  if (places.length === 0) return refusedFor('In questa classe il servizio non c’è.')
  const planned = planPupil(
    asked,
    { adultName: adultName ? fullName(adultName) : null, places, bands: [] },
    known.today,
  )
  if (!planned.ok) return refusedFor(...said(planned))
  const roles = rolesOf(entry, known)
  if (roles.refused.length > 0) return refusedFor(...roles.refused)
  const household = householdFor(entry, roles, known)
  if ('why' in household) return refusedFor(household.why)
  const fares = faresOfNew(entry, planned.value, known)
  if (fares.refused.length > 0) return refusedFor(...fares.refused)
  const why = [...(fiscalCode === null ? [NO_CODE] : []), ...roles.why, ...doubtsOf(entry, asked, known)]
  const words = [
    ...household.words,
    ...(household.isNew ? rolesInWords(roles) : []),
    ...planned.value.enrolments.map(placeWords),
    ...fares.words,
    ...(household.isNew ? roles.words : []),
  ]
  return {
    verdict: why.length > 0 ? 'doubtful' : 'new',
    ...{ words, why, householdId: household.isNew ? null : household.id },
    acts: [
      {
        kind: 'register',
        household: household.isNew ? { key: household.key, name: pupil.familyName } : { id: household.id },
        adults: household.isNew ? roles : { holder: null, delegates: [] },
        ...{ pupil: planned.value, fares: fares.plans },
      },
    ],
  }
}

/** What the fares of a file change for a pupil. */
const faresOf = (
  { fares }: Entry,
  { prices, places, today }: Known,
  subject: Omit<Parameters<typeof planFares>[2], 'yearEndsOn'>,
): ReturnType<typeof planFares> =>
  planFares(fares, prices, { ...subject, yearEndsOn: places[0]?.yearEndsOn ?? today }, said)

const faresOfNew = (entry: Entry, planned: PlannedPupil, known: Known): ReturnType<typeof planFares> =>
  faresOf(entry, known, {
    ...{ name: fullName(planned), fares: [] },
    enrolments: planned.enrolments.map(({ place }) => ({ serviceId: place.serviceId, to: place.to })),
    firstDayIn: (serviceId) =>
      planned.enrolments.find(({ place }) => place.serviceId === serviceId)?.from ?? known.today,
  })

/** The first day of a service that no kitchen of a pupil has counted. */
const firstDayOf =
  ({ enrolments }: KnownPupil, { firstDayIn, places, today }: Known) =>
  (serviceId: string): Day =>
    enrolments
      .filter((one) => one.serviceId === serviceId)
      .flatMap(({ schoolId }) => firstDayIn.get(`${serviceId} ${schoolId}`) ?? [])
      .toSorted()
      .at(-1) ??
    places.find((one) => one.serviceId === serviceId)?.firstDay ??
    today

type HouseholdFound =
  | { isNew: true; key: string; words: string[] }
  | { isNew: false; id: string; words: string[] }
  | { why: string }

/** Children join a household by the code of who pays, never by a surname. */
function householdFor({ lines }: Entry, { holder }: Adults, known: Known): HouseholdFound {
  if (!holder) return { isNew: true, key: `line:${lines[0]}`, words: ['Una famiglia nuova.'] }
  const [first, ...more] = known.adultByCode.get(holder.fiscalCode)?.households ?? []
  if (more.length > 0)
    return {
      why: `${fullName(holder)} paga già per più famiglie: aggiungi l’alunno dalla scheda di quella giusta.`,
    }
  if (!first) return { isNew: true, key: holder.fiscalCode, words: ['Una famiglia nuova.'] }
  return {
    isNew: false,
    id: first.id,
    words: [`Si aggiunge alla famiglia ${first.name}, in cui paga già ${fullName(holder)}.`],
  }
}

/** What of a known pupil's enrolments the class of the file changes. */
function enrolmentActs(
  entry: Entry,
  pupil: KnownPupil,
  known: Known,
): { acts: ImportAct[]; words: string[] } | { why: string } {
  if (!entry.className) return { acts: [], words: [] }
  const classId = known.classOf(entry)
  if (classId === 'none') return { acts: [], words: [] }
  if (!classId)
    return {
      why: `La classe «${entry.className}»${entry.school ? ` di «${entry.school}»` : ''} non si riconosce: scegli più su quale è.`,
    }
  const acts: ImportAct[] = []
  const words: string[] = []
  for (const place of known.placesOfClass.get(classId) ?? []) {
    const own = pupil.enrolments.filter(
      (one) => one.serviceId === place.serviceId && one.yearId === place.yearId,
    )
    const left = own.map(
      (one) => known.firstDayIn.get(`${place.serviceId} ${one.schoolId}`) ?? place.firstDay,
    )
    const from = startOf(place, known.mapping.from, left)
    if (from > place.to) continue
    const move = moveToClass(own, place, from)
    if (!move) {
      acts.push({
        kind: 'enrol',
        pupilId: pupil.id,
        householdId: pupil.householdId,
        enrolments: [{ place, from, weekdays: null }],
      })
      words.push(`Iscrizione nuova. ${placeWords({ place, from, weekdays: null })}`)
    } else if (move.moved.length > 0) {
      acts.push({ kind: 'move', pupilId: pupil.id, serviceId: place.serviceId, plan: move.plan })
      words.push(
        dated`Cambia classe: ${place.schoolName}, ${place.className}, ${place.serviceName}, dal ${longDate(from)}. Dieta, tariffa e disdette restano.`,
      )
    }
  }
  return { acts, words }
}

const isNamed = ({ familyName, givenName }: RawPerson): boolean => familyName !== '' && givenName !== ''

function judgeKnown(entry: Entry, pupil: KnownPupil, known: Known, doubts: string[] = []): Judged {
  const { pupil: raw } = entry
  const at = { householdId: pupil.householdId, pupilId: pupil.id }
  const changed = enrolmentActs(entry, pupil, known)
  if ('why' in changed) return { ...refusedFor(changed.why), ...at }
  const acts = [...changed.acts]
  const words = [...changed.words]
  const why = [...doubts]
  if (
    isNamed(raw) &&
    !(isSameName(raw.familyName, pupil.familyName) && isSameName(raw.givenName, pupil.givenName))
  )
    why.push(
      `Nell’anagrafe questo codice è di ${fullName(pupil)}, nel file di ${fullName(raw)}: resta il nome dell’anagrafe.`,
    )
  if (raw.birthDay && raw.birthDay !== pupil.birthDay)
    why.push(
      dated`Nell’anagrafe è nato il ${numericDay(pupil.birthDay)}, nel file il ${numericDay(raw.birthDay)}: resta la data dell’anagrafe.`,
    )
  const rolesFor = pupil.holderName === null ? holderFor : delegatesFor
  const roles = rolesFor(entry, pupil.householdId, known)
  const fares = faresOf(entry, known, {
    ...{ name: fullName(pupil), fares: pupil.fares, enrolments: pupil.enrolments },
    firstDayIn: firstDayOf(pupil, known),
  })
  const refused = [...roles.refused, ...fares.refused]
  if (refused.length > 0) return { ...refusedFor(...refused), ...at }
  acts.push(
    ...roles.acts,
    ...fares.plans.map((plan) => ({
      kind: 'fare' as const,
      ...plan,
      pupilId: pupil.id,
      householdId: pupil.householdId,
    })),
  )
  words.push(...roles.words, ...fares.words)
  why.push(...roles.why)
  if (acts.length === 0 && why.length === 0) return { verdict: 'same', ...at }
  return { verdict: why.length > 0 ? 'doubtful' : 'changed', words, why, acts, ...at }
}

function judgeEntry(entry: Entry, known: Known): Judged {
  const { pupil, problems, balance } = entry
  if (problems.length > 0) return refusedFor(...problems)
  if (balance && 'bad' in balance)
    return refusedFor(`Il saldo «${balance.bad}» non si legge: scrivilo come 12,50 o -4,30.`)
  if (!entry.isPupil) return judgeHousehold(entry, known)
  if (pupil.badDate)
    return refusedFor(`La data di nascita «${pupil.badDate}» non si legge: scrivila come 31/12/2018.`)
  const code = parseFiscalCode(pupil.fiscalCode)
  if (pupil.fiscalCode && !code)
    return refusedFor(`Il codice fiscale «${pupil.fiscalCode}» non è valido: controlla lettere e cifre.`)
  if (!code) return judgeWithoutCode(entry, known)
  if (entry.adults.some((one) => one.fiscalCode === code.code))
    return refusedFor('Lo stesso codice fiscale è scritto per l’alunno e per un adulto.')
  const registered = known.byCode.get(code.code)
  if (registered) return judgeKnown(entry, registered, known)
  return judgeNew(entry, known, code.code)
}

/** A row without a pupil is of the family in which its adult pays. */
function judgeHousehold(entry: Entry, known: Known): Judged {
  const payer = entry.adults.find((one) => !isDelegate(one))
  const code = parseFiscalCode(payer?.fiscalCode ?? '')
  if (!payer || !code)
    return refusedFor('Manca il codice fiscale di chi paga, o non è valido: con quello si trova la famiglia.')
  if (entry.fares.length > 0)
    return refusedFor('Una fascia è di un alunno: scrivi nel file il suo codice fiscale.')
  const [only, ...more] = known.adultByCode.get(code.code)?.households ?? []
  const name = fullName(payer) || code.code
  if (!only)
    return refusedFor(`Non c’è una famiglia in cui paga ${name}: importa prima gli alunni, con chi paga.`)
  if (more.length > 0)
    return refusedFor(`${name} paga per più famiglie: scrivi nel file il codice fiscale di un alunno.`)
  const { acts, words, why, refused } = delegatesFor(entry, only.id, known)
  const at = { householdId: only.id }
  if (refused.length > 0) return { ...refusedFor(...refused), ...at }
  if (acts.length === 0 && why.length === 0) return { verdict: 'same', ...at }
  return { verdict: why.length > 0 ? 'doubtful' : 'changed', words, why, acts, ...at }
}

/** Rows of one pupil, which two codes of merged pupils or a missing code hide, would change it one against the other. */
function eachPupilOnce(entries: readonly Entry[], judged: readonly Judged[]): Judged[] {
  const lineOf = new Map<string, number>()
  return judged.map((one, at) => {
    if (!one.pupilId) return one
    const [line = 0] = (entries[at] as Entry).lines
    const first = lineOf.get(one.pupilId)
    if (first === undefined) lineOf.set(one.pupilId, line)
    if (first === undefined || !one.acts?.length) return one
    const why = `È lo stesso alunno della riga ${first}: nel file c’è due volte. Lascia una riga sola.`
    return {
      ...refusedFor(why),
      pupilId: one.pupilId,
      ...(one.householdId && { householdId: one.householdId }),
    }
  })
}

/** Adds to what was judged of each row what its balance does. */
function withBalances(
  { entries, totalCents }: ReadPeople,
  judged: readonly Judged[],
  { accounts, mapping }: Known,
): { judged: Judged[]; totals: BalanceTotals | null } {
  if (!mapping.balance) return { judged: [...judged], totals: null }
  const rows = entries.map(({ balance, lines }, at) => {
    if (!balance || 'bad' in balance) return null
    const { householdId = null, verdict } = judged[at] as Judged
    return {
      ...{ line: lines[0] ?? 0, cents: balance.cents, householdId, isRefused: verdict === 'refused' },
      isDoubtful: verdict === 'doubtful' || balance.isAmbiguous,
    }
  })
  const found = judgeBalances(rows, accounts, { ...mapping.balance, totalLineCents: totalCents })
  const byRow = new Map(found.judged.map((one) => [one.at, one]))
  const all = judged.map((one, at): Judged => {
    const own = byRow.get(at)
    const balance = entries[at]?.balance
    if (!own || !balance || 'bad' in balance || one.verdict === 'refused') return one
    const why = [
      ...(one.why ?? []),
      ...own.why,
      ...(balance.isAmbiguous && own.act
        ? [`«${balance.text}» vuol dire ${balanceInWords(balance.cents)}?`]
        : []),
    ]
    if (own.fate === 'refused') return { ...one, verdict: 'refused', why, words: [], acts: [] }
    return {
      ...one,
      ...{ why, words: [...(one.words ?? []), ...own.words] },
      acts: [...(one.acts ?? []), ...(own.act ? [own.act] : [])],
      verdict: why.length > 0 ? 'doubtful' : one.verdict === 'same' && own.act ? 'changed' : one.verdict,
    }
  })
  return { judged: all, totals: found.totals }
}

const NO_CODE =
  'Manca il codice fiscale: se lo accetti si registra senza, e resta fra gli alunni senza codice finché non lo scrivi nella sua scheda.'

/** Without a code a pupil is one who is registered, or has none yet: a person says so. */
function judgeWithoutCode(entry: Entry, known: Known): Judged {
  const { pupil } = entry
  const found = (known.byName.get(nameKey(pupil)) ?? []).filter(
    (one) => !pupil.birthDay || birthOf(one, known.today) === pupil.birthDay,
  )
  const [only] = found
  if (only && found.length === 1)
    return judgeKnown(entry, only, known, [
      dated`Nel file non c’è il codice fiscale. È ${fullName(only)} della famiglia ${only.householdName}, data di nascita ${numericDay(only.birthDay)}?`,
    ])
  if (found.length === 0 && pupil.birthDay && isNamed(pupil)) return judgeNew(entry, known, null)
  return refusedFor(
    found.length > 1
      ? 'Manca il codice fiscale, e nell’anagrafe ci sono più alunni con questo nome.'
      : 'Manca il codice fiscale: scrivilo nel file, o se non c’è ancora scrivi nome, cognome e data di nascita.',
  )
}

/** Who eats in a school of the file and is not in it: only a person ends an enrolment. */
function goneFrom(entries: readonly Entry[], judged: readonly Judged[], known: Known): ImportFinding[] {
  const schools = schoolsOf(entries, known.classes, known.mapping.classes)
  const there = new Set(judged.map(({ pupilId }) => pupilId))
  return known.enrolled
    .filter(({ id, schoolId }) => schools.has(schoolId) && !there.has(id))
    .map(({ id, name, householdId, where, last }) => ({
      ...{ key: `gone:${id}`, lines: [], name, verdict: 'gone' as const, why: [], householdId, pupilId: id },
      words: [
        dated`È iscritto in ${where} fino al ${longDate(last)} e nel file non c’è. L’importazione non lo toglie: se è andato via, decidi tu il suo ultimo giorno.`,
      ],
    }))
}

function unknownAmong(entries: readonly Entry[], known: Known): ImportPlan['unknownClasses'] {
  const waiting = entries.filter((entry) => entry.className !== '' && known.classOf(entry) === null)
  return [...grouped(waiting, ({ school, className }) => classKey(school, className))].map(([key, group]) => {
    const [{ school, className }] = group as [Entry]
    return { key, pupils: group.length, words: school ? `${className}, ${school}` : className }
  })
}

/** Compares the people of a file with the registry. The same file and the same facts give the same plan. */
export function planImport(read: ReadPeople, mapping: Mapping, facts: ImportFacts): ImportPlan {
  const known: Known = {
    ...facts,
    mapping,
    byCode: new Map(
      facts.pupils.flatMap((one) =>
        [one.fiscalCode, ...one.otherCodes].flatMap((code) => (code ? [[code, one] as const] : [])),
      ),
    ),
    byName: grouped(facts.pupils, nameKey),
    adultByCode: new Map(facts.adults.map((one) => [one.fiscalCode, one])),
    placesOfClass: grouped(facts.places, ({ classId }) => classId),
    firstDayIn: new Map(facts.places.map((one) => [`${one.serviceId} ${one.schoolId}`, one.firstDay])),
    pupilCodes: new Set(read.entries.flatMap(({ pupil }) => (pupil.fiscalCode ? [pupil.fiscalCode] : []))),
    membersOf: grouped(facts.members, ({ householdId }) => householdId),
    classOf: classFinder(facts.classes, mapping.classes),
  }
  const { judged, totals } = withBalances(
    read,
    eachPupilOnce(
      read.entries,
      read.entries.map((entry) => judgeEntry(entry, known)),
    ),
    known,
  )
  const acts = new Map<string, readonly ImportAct[]>()
  const findings = read.entries.map((entry, at): ImportFinding => {
    const {
      verdict,
      words = [],
      why = [],
      householdId = null,
      pupilId = null,
      ...rest
    } = judged[at] as Judged
    const key = entry.pupil.fiscalCode || `line:${entry.lines[0]}`
    if (rest.acts && rest.acts.length > 0) acts.set(key, rest.acts)
    const person = entry.isPupil ? entry.pupil : (entry.adults[0] ?? entry.pupil)
    const name = fullName(person) || person.fiscalCode
    return { key, lines: entry.lines, name, verdict, words, why, householdId, pupilId }
  })
  const all = [...findings, ...goneFrom(read.entries, judged, known)]
  return {
    ...{ findings: all, acts, ignored: read.ignored, rows: read.rows, balances: totals },
    unknownClasses: unknownAmong(read.entries, known),
    seen: fingerprintOf(all.map(({ key, verdict, words, why }) => [key, verdict, words, why])),
  }
}
