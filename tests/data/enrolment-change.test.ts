import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import {
  endEnrolment,
  movePupils,
  previewEnd,
  previewMove,
} from '#lib/people/office/enrolment-change.commands.ts'
import {
  classesToList,
  classListForOffice,
  endingForOffice,
} from '#lib/people/office/enrolment-change.queries.ts'
import type { AskedLastDay } from '#lib/people/office/enrolment-end.ts'
import type { AskedMove } from '#lib/people/office/enrolment-move.ts'
import { previewUndoOfChange, undoEnrolmentChange } from '#lib/people/office/enrolment-undo.commands.ts'
import { undoableChange } from '#lib/people/office/enrolment-undo.queries.ts'
import { previewRegistration, register } from '#lib/people/office/registration.commands.ts'
import { registrationInput } from '#lib/people/office/registration.input.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type School,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { done } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import fc, { atLength } from '#tests/support/random.ts'

const DAYS = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'] as const
const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY] = DAYS
const LAST: Day = '2027-06-05'

type Town = {
  municipality: TestMunicipality
  /** The second has no meal on Thursday. */
  schools: [School, School]
  family: Household
  clerk: Viewer
}
let town: Town

async function aTown(): Promise<Town> {
  await setClock(`${MONDAY}T06:00:00Z`)
  const municipality = await aMunicipality()
  const schools: Town['schools'] = [municipality.school, await aSchool(municipality)]
  for (const [at, school] of schools.entries())
    for (const day of DAYS) if (at === 0 || day !== THURSDAY) await aServiceDay(municipality, day, { school })
  const family = await aHousehold(municipality)
  return { municipality, schools, family, clerk: await aStaffViewer(municipality, 'operator') }
}

// The worker looks at every municipality: the one of the previous test has left the portal.
async function letGo({ municipality }: Town): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
}
beforeEach(async () => {
  town = await aTown()
})
afterEach(() => letGo(town))

const aChild = (at: Town, name: string) => aPupil(at.municipality, at.family.householdId, { name })

const asMove = (at: Town, school: School, from: Day, pupilIds: string[]): AskedMove => ({
  ...{ serviceId: at.municipality.serviceId, classId: school.classId, from, pupilIds },
})

async function moveTo(at: Town, asked: AskedMove, viewer = at.clerk) {
  const preview = await previewMove(viewer, asked)
  if (!preview.ok) return preview
  return movePupils(viewer, asked, { seen: preview.value.seen, reason: 'Cambia sezione' })
}

const asEnd = (at: Town, pupilId: string, last: Day): AskedLastDay => ({
  ...{ pupilId, serviceId: at.municipality.serviceId, last },
})

async function endOn(at: Town, asked: AskedLastDay, viewer = at.clerk) {
  const preview = await previewEnd(viewer, asked)
  if (!preview.ok) return preview
  return endEnrolment(viewer, asked, { seen: preview.value.seen, reason: 'Si trasferisce' })
}

const cancel = (at: Town, pupilId: string, days: readonly Day[]) =>
  changeMeals(at.family.holderViewer, {
    ...{ action: 'cancel', pupilIds: [pupilId], days: [...days], channel: 'web' },
    idempotencyKey: randomUUID(),
  })

async function mealsIn(at: Town, school: School, day: Day): Promise<number> {
  const counts = await countsOfDay(at.clerk, day)
  return (counts?.schools ?? [])
    .filter(({ schoolId }) => schoolId === school.id)
    .flatMap(({ lines }) => lines)
    .reduce((sum, { meals }) => sum + meals, 0)
}

async function chargedDays(pupilId: string): Promise<Day[]> {
  const { owner } = await testDatabase()
  const rows = await owner.selectFrom('entry').select('day').where('pupil_id', '=', pupilId).execute()
  return rows.flatMap(({ day }) => day ?? []).sort()
}

async function closeAll(): Promise<void> {
  for (const day of DAYS) {
    await setClock(`${day}T08:30:03Z`)
    await closeDueDays()
  }
}

describe('pupils who go to another class', () => {
  test('go together from a day on: the counts follow, and the preview names the cancellations that go along', async () => {
    const [greta, nino] = [await aChild(town, 'Greta'), await aChild(town, 'Nino')]
    done(await cancel(town, greta, [WEDNESDAY, THURSDAY]))
    const asked = asMove(town, town.schools[1], WEDNESDAY, [greta, nino])
    const preview = done(await previewMove(town.clerk, asked))
    const words = preview.lines.join('\n')
    expect(words).toContain('Dal 25 novembre 2026 2 alunni mangiano con')
    expect(words).toContain(
      'Le disdette di Greta Albertini valgono anche nella nuova scuola: 25 novembre 2026.',
    )
    expect(words).toContain(
      'Greta Albertini in cui là non c’è mensa, e non si paga niente: 26 novembre 2026.',
    )
    expect(done(await moveTo(town, asked))).toEqual({ moved: 2 })
    expect(await mealsIn(town, town.schools[0], TUESDAY)).toBe(2)
    expect(await mealsIn(town, town.schools[0], WEDNESDAY)).toBe(0)
    expect(await mealsIn(town, town.schools[1], WEDNESDAY)).toBe(1)
    await closeAll()
    expect(await chargedDays(greta)).toEqual([MONDAY, TUESDAY, '2026-11-27'])
    expect(await ledgerFaults()).toBe(0)
  })

  test('go back as they came, with every cancellation', async () => {
    const greta = await aChild(town, 'Greta')
    done(await cancel(town, greta, [THURSDAY]))
    done(await moveTo(town, asMove(town, town.schools[1], TUESDAY, [greta])))
    done(await moveTo(town, asMove(town, town.schools[0], TUESDAY, [greta])))
    await closeAll()
    expect(await chargedDays(greta)).toEqual([MONDAY, TUESDAY, WEDNESDAY, '2026-11-27'])
  })

  test('never for a day that is counted, and all of them or none', async () => {
    const greta = await aChild(town, 'Greta')
    await setClock(`${MONDAY}T08:30:03Z`)
    await closeDueDays()
    expect(await moveTo(town, asMove(town, town.schools[1], MONDAY, [greta]))).toMatchObject({
      ...{
        code: 'enrolments:too-early',
        details: { first: TUESDAY },
        fields: { from: 'enrolments:too-early' },
      },
    })
    const elsewhere = await aChild(town, 'Nino')
    const { owner } = await testDatabase()
    await owner.deleteFrom('enrolment').where('pupil_id', '=', elsewhere).execute()
    const both = await moveTo(town, asMove(town, town.schools[1], TUESDAY, [greta, elsewhere]))
    expect(both).toMatchObject({ code: 'enrolments:not-enrolled', details: { name: 'Nino Albertini' } })
    expect(await mealsIn(town, town.schools[0], TUESDAY)).toBe(1)
  })

  test('once, when the confirmation is sent twice; the family is told once', async () => {
    const greta = await aChild(town, 'Greta')
    const asked = asMove(town, town.schools[1], TUESDAY, [greta])
    const { seen } = done(await previewMove(town.clerk, asked))
    const twice = [1, 2].map(() => movePupils(town.clerk, asked, { seen, reason: 'Cambia sezione' }))
    expect((await Promise.all(twice)).map(({ ok }) => ok)).toEqual([true, true])
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select('title')
      .where('person_id', '=', town.family.holder.personId)
      .where('event', '=', 'enrolment:decided')
      .execute()
    expect(told).toEqual([{ title: 'Un tuo figlio cambia classe a mensa' }])
  })

  test('not at all, when a colleague or the family was first', async () => {
    const greta = await aChild(town, 'Greta')
    const asked = asMove(town, town.schools[1], WEDNESDAY, [greta])
    const { seen } = done(await previewMove(town.clerk, asked))
    done(await cancel(town, greta, [WEDNESDAY]))
    const refusal = { code: 'enrolments:preview-changed' }
    const confirm = { seen, reason: 'Cambia sezione' }
    expect(await movePupils(town.clerk, asked, confirm)).toMatchObject(refusal)
    const again = done(await previewMove(town.clerk, asked))
    done(await endOn(town, asEnd(town, greta, TUESDAY), await aStaffViewer(town.municipality, 'manager')))
    const late = await movePupils(town.clerk, asked, { ...confirm, seen: again.seen })
    expect(late).toMatchObject({ code: 'enrolments:not-enrolled' })
  })
})

/** The last change of a pupil, undone by the operator in two presses. */
async function undo(at: Town, pupilId: string, viewer = at.clerk) {
  const about = { householdId: at.family.householdId, pupilId }
  const change = await undoableChange(viewer, about)
  if (!change) return null
  const asked = { ...about, changeId: change.id }
  const preview = await previewUndoOfChange(viewer, asked)
  if (!preview.ok) return preview
  const { seen } = preview.value
  return undoEnrolmentChange(viewer, asked, { seen, reason: 'Era un errore' })
}

async function enrolmentsOf(pupilId: string) {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('enrolment')
    .selectAll()
    .where('pupil_id', '=', pupilId)
    .orderBy('valid_from')
    .execute()
}

describe('the last change of a pupil is undone', () => {
  test('a move and a last day leave the rows as they were, and themselves no way back', async () => {
    for (const change of [
      (greta: string) => moveTo(town, asMove(town, town.schools[1], WEDNESDAY, [greta])),
      (greta: string) => endOn(town, asEnd(town, greta, TUESDAY)),
    ]) {
      const greta = await aChild(town, 'Greta')
      const before = await enrolmentsOf(greta)
      expect(await change(greta)).toMatchObject({ ok: true })
      expect(await enrolmentsOf(greta)).not.toEqual(before)
      expect(await undo(town, greta)).toMatchObject({ ok: true })
      expect(await enrolmentsOf(greta)).toEqual(before)
      expect(await undo(town, greta)).toBeNull()
    }
  })

  test('not when its days are counted, and not when another change came after what was read', async () => {
    const greta = await aChild(town, 'Greta')
    done(await moveTo(town, asMove(town, town.schools[1], TUESDAY, [greta])))
    const about = { householdId: town.family.householdId, pupilId: greta }
    const change = await undoableChange(town.clerk, about)
    const asked = { ...about, changeId: change?.id ?? '' }
    const { seen } = done(await previewUndoOfChange(town.clerk, asked))
    done(await endOn(town, asEnd(town, greta, WEDNESDAY), await aStaffViewer(town.municipality, 'manager')))
    const stale = { code: 'enrolments:preview-changed' }
    expect(await undoEnrolmentChange(town.clerk, asked, { seen, reason: 'Tardi' })).toMatchObject(stale)
    const nino = await aChild(town, 'Nino')
    done(await moveTo(town, asMove(town, town.schools[1], TUESDAY, [nino])))
    await setClock(`${TUESDAY}T08:30:03Z`)
    await closeDueDays()
    expect(await undo(town, nino)).toMatchObject({ code: 'enrolments:too-early' })
  })

  test('by two colleagues together once, and by no other role and no other municipality', async () => {
    const greta = await aChild(town, 'Greta')
    done(await moveTo(town, asMove(town, town.schools[1], TUESDAY, [greta])))
    for (const role of ['accountant', 'editor', 'reader', 'teacher'] as const)
      expect(await undo(town, greta, await aStaffViewer(town.municipality, role))).toBeNull()
    expect(await undo(town, greta, await aStaffViewer(await aMunicipality(), 'manager'))).toBeNull()
    const both = await Promise.all([
      undo(town, greta),
      undo(town, greta, await aStaffViewer(town.municipality, 'manager')),
    ])
    expect(both.filter((one) => one?.ok)).toHaveLength(1)
    expect(await mealsIn(town, town.schools[0], TUESDAY)).toBe(1)
  })
})

describe('an enrolment gets another last day', () => {
  test('the preview says the meals, the cancellations and the balance; after it nothing is counted or charged', async () => {
    const greta = await aChild(town, 'Greta')
    await aPaidTopUp(town.municipality, town.family, 10)
    done(await cancel(town, greta, [THURSDAY]))
    const words = done(await previewEnd(town.clerk, asEnd(town, greta, TUESDAY)))
      .lines.join('\n')
      .replaceAll('\u00a0', ' ')
    expect(words).toContain('2 pasti previsti in meno')
    expect(words).toContain('Disdette che non servono più: 26 novembre 2026.')
    expect(words).toContain('restano 54,00 € sul saldo, rimborso da decidere')
    done(await endOn(town, asEnd(town, greta, TUESDAY)))
    expect(await mealsIn(town, town.schools[0], WEDNESDAY)).toBe(0)
    await closeAll()
    expect(await chargedDays(greta)).toEqual([MONDAY, TUESDAY])
    expect(await ledgerFaults()).toBe(0)
  })

  test('and goes on again, as long as its days are not counted', async () => {
    const greta = await aChild(town, 'Greta')
    done(await endOn(town, asEnd(town, greta, TUESDAY)))
    done(await endOn(town, asEnd(town, greta, LAST)))
    done(await endOn(town, asEnd(town, greta, TUESDAY)))
    expect(await endOn(town, asEnd(town, greta, TUESDAY))).toMatchObject({ code: 'enrolments:nothing' })
    expect(await endOn(town, asEnd(town, greta, '2027-06-30'))).toMatchObject({
      fields: { last: 'enrolments:after-end' },
    })
    await setClock(`${WEDNESDAY}T08:30:03Z`)
    await closeDueDays()
    expect(await endOn(town, asEnd(town, greta, LAST))).toMatchObject({ code: 'enrolments:already-left' })
    expect(await endOn(town, asEnd(town, greta, MONDAY))).toMatchObject({
      fields: { last: 'enrolments:too-early' },
    })
  })

  test('once, when the confirmation is sent twice', async () => {
    const greta = await aChild(town, 'Greta')
    const asked = asEnd(town, greta, TUESDAY)
    const { seen } = done(await previewEnd(town.clerk, asked))
    const twice = [1, 2].map(() => endEnrolment(town.clerk, asked, { seen, reason: 'Si trasferisce' }))
    expect((await Promise.all(twice)).map(({ ok }) => ok)).toEqual([true, true])
    const colleague = await aStaffViewer(town.municipality, 'manager')
    expect(await endEnrolment(colleague, asked, { seen, reason: 'Anche io' })).toMatchObject({ ok: false })
  })
})

test('only the registry’s office of the town moves and ends, and reads a class list', async () => {
  const greta = await aChild(town, 'Greta')
  const { serviceId, school } = town.municipality
  const strangers = [
    await aStaffViewer(town.municipality, 'accountant'),
    await aStaffViewer(town.municipality, 'editor'),
    town.family.holderViewer,
  ]
  for (const viewer of strangers) {
    expect(await moveTo(town, asMove(town, town.schools[1], TUESDAY, [greta]), viewer)).toMatchObject({
      ok: false,
    })
    expect(await endOn(town, asEnd(town, greta, TUESDAY), viewer)).toMatchObject({
      code: 'request:not-found',
    })
    const confirmation = { seen: '', reason: 'x' }
    expect(
      await movePupils(viewer, asMove(town, town.schools[1], TUESDAY, [greta]), confirmation),
    ).toMatchObject({
      code: 'request:not-found',
    })
    expect(await endEnrolment(viewer, asEnd(town, greta, TUESDAY), confirmation)).toMatchObject({
      code: 'request:not-found',
    })
    expect(await classesToList(viewer, { yearName: '', page: 1 })).toBeNull()
    expect(await classListForOffice(viewer, school.classId, serviceId)).toBeNull()
    expect(await endingForOffice(viewer, town.family.householdId, greta)).toBeNull()
  }
  const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
  expect(await moveTo(town, asMove(town, town.schools[1], TUESDAY, [greta]), elsewhere)).toMatchObject({
    ok: false,
  })
  expect(await endOn(town, asEnd(town, greta, TUESDAY), elsewhere)).toMatchObject({
    code: 'request:not-found',
  })
  expect(await classListForOffice(elsewhere, school.classId, serviceId)).toBeNull()
  expect(await endingForOffice(elsewhere, town.family.householdId, greta)).toBeNull()
  expect(await mealsIn(town, town.schools[0], WEDNESDAY)).toBe(1)
  const list = await classListForOffice(town.clerk, school.classId, serviceId)
  expect(list?.pupils).toMatchObject([{ id: greta, name: 'Greta Albertini', to: LAST }])
  const classes = (await classesToList(town.clerk, { yearName: '', page: 1 }))?.classes
  expect(classes?.map(({ pupils }) => pupils).sort()).toEqual([0, 1])
  const ending = await endingForOffice(town.clerk, town.family.householdId, greta)
  expect(ending?.services).toMatchObject([{ id: serviceId, last: LAST, firstLast: addDays(MONDAY, -1) }])
})

/** What the office and the clock do. A pupil is one of the registered, counted around. */
type Step =
  | { do: 'register'; school: number; day: number }
  | { do: 'move'; pupil: number; school: number; day: number }
  | { do: 'end'; pupil: number; day: number }
  | { do: 'close' }

const day = fc.integer({ min: 0, max: DAYS.length - 1 })
const school = fc.integer({ min: 0, max: 1 })
const pupil = fc.nat({ max: 3 })
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('register' as const), school, day }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('move' as const), pupil, school, day }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), pupil, day }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  ),
  { minLength: 3, maxLength: 9 },
)

/** The pure model: on each day of the week, in which school each pupil eats; null for nowhere. */
type Model = Map<string, (number | null)[]>

const serves = (at: number, on: number): boolean => at === 0 || DAYS[on] !== THURSDAY

async function registerOne(at: Town, n: number, given: { school: number; day: number }) {
  const familyName = `Prova${'ABCDEFGHIJ'.charAt(n)}`
  const person = { givenName: 'Lia', familyName, sex: 'F' as const, place: `A00${n}` }
  const request = registrationInput.parse({
    'holder-fiscalCode': makeFiscalCode({ ...person, birthDay: '1985-05-17' }),
    'holder-givenName': 'Lia',
    'holder-familyName': familyName,
    'pupil1-fiscalCode': makeFiscalCode({ ...person, birthDay: '2018-05-17' }),
    'pupil1-givenName': 'Lia',
    'pupil1-familyName': familyName,
    'pupil1-classId': (at.schools[given.school] as School).classId,
    'pupil1-services': [at.municipality.serviceId],
    'pupil1-from': DAYS[given.day],
  })
  const preview = await previewRegistration(at.clerk, request.asked)
  if (!preview.ok) return null
  const { householdId } = done(await register(at.clerk, { ...request, seen: preview.value.seen }))
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('pupil')
    .select('id')
    .where('household_id', '=', householdId)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Walks a town and its model through the steps: each refusal of the town is one of the model, and changes nothing. */
async function walk(at: Town, path: readonly Step[]): Promise<Model> {
  const model: Model = new Map()
  let open = 0
  for (const [n, step] of path.entries()) {
    if (step.do === 'close') {
      if (open === DAYS.length - 1) continue
      await setClock(`${DAYS[open]}T08:30:03Z`)
      await closeDueDays()
      open += 1
      await setClock(`${DAYS[open]}T06:00:00Z`)
      continue
    }
    if (step.do === 'register') {
      const id = await registerOne(at, n, step)
      expect(id !== null).toBe(step.day >= open)
      if (id)
        model.set(
          id,
          DAYS.map((_, on) => (on >= step.day ? step.school : null)),
        )
      continue
    }
    const id = [...model.keys()][step.pupil % Math.max(model.size, 1)]
    const week = id ? model.get(id) : undefined
    if (!id || !week) continue
    if (step.do === 'move') {
      const asked = asMove(at, at.schools[step.school] as School, DAYS[step.day] as Day, [id])
      const moved = (await moveTo(at, asked)).ok
      const isLawful =
        step.day >= open &&
        week.some((where, on) => on >= step.day && where !== null && where !== step.school)
      expect(moved).toBe(isLawful)
      if (moved)
        model.set(
          id,
          week.map((where, on) => (on >= step.day && where !== null ? step.school : where)),
        )
    } else if ((await endOn(at, asEnd(at, id, DAYS[step.day] as Day))).ok) {
      const last = week[step.day] ?? week.findLast((where) => where !== null) ?? null
      model.set(
        id,
        week.map((where, on) => (on > step.day ? null : (where ?? (on >= firstOf(week) ? last : null)))),
      )
    }
  }
  return model
}

const firstOf = (week: readonly (number | null)[]): number => week.findIndex((where) => where !== null)

test('whatever the office registers, moves and ends, each count of a day is the model’s, and so is each charge', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (path) => {
      const at = await aTown()
      try {
        const model = await walk(at, path)
        for (const [where, one] of at.schools.entries())
          for (const [on, name] of DAYS.entries()) {
            const expected = [...model.values()].filter(
              (week) => week[on] === where && serves(where, on),
            ).length
            expect(await mealsIn(at, one, name), `${name} in ${where}`).toBe(expected)
          }
        await closeAll()
        for (const [id, week] of model)
          expect(await chargedDays(id)).toEqual(
            DAYS.filter((_, on) => week[on] !== null && serves(week[on] as number, on)),
          )
        expect(await ledgerFaults()).toBe(0)
      } finally {
        await letGo(at)
      }
    }),
    { numRuns: atLength(12) },
  )
}, 180_000)
