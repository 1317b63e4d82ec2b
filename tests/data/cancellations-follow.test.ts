import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { acceptSubmission, previewAcceptance } from '#lib/forms/office/acceptance.commands.ts'
import type { TypedDecision } from '#lib/forms/office/effects.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
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
import { aForm, DECLARED, done, leaving, send } from '#tests/support/forms.ts'
import fc, { atLength } from '#tests/support/random.ts'

// What a parent cancelled and read as accepted is never charged, wherever the child eats on that day.

const DAYS = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'] as const
const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY] = DAYS

type Town = {
  municipality: TestMunicipality
  schools: [School, School, School]
  family: Household
  greta: string
  clerk: Viewer
  /** The accepted enrolment of Greta in the first school. */
  enrolled: string
}

let town: Town

/** Three schools: the second has no meal on Thursday, the third none on Wednesday. */
async function aTown(): Promise<Town> {
  await setClock(`${MONDAY}T06:00:00Z`)
  const municipality = await aMunicipality()
  const schools: Town['schools'] = [
    municipality.school,
    await aSchool(municipality),
    await aSchool(municipality),
  ]
  for (const [at, without] of [null, THURSDAY, WEDNESDAY].entries())
    for (const day of DAYS)
      if (day !== without) await aServiceDay(municipality, day, { school: schools[at] as School })
  const family = await aHousehold(municipality)
  const greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
  const { owner } = await testDatabase()
  await owner.deleteFrom('enrolment').where('pupil_id', '=', greta).execute()
  const clerk = await aStaffViewer(municipality, 'operator')
  const given = { municipality, schools, family, greta, clerk, enrolled: '' }
  return { ...given, enrolled: await enrol(given, schools[0], MONDAY) }
}

const typed = (given: Partial<TypedDecision>): TypedDecision => ({
  classId: '',
  dietCode: '',
  bandCode: '',
  from: '',
  to: '',
  nextDietCode: '',
  severe: '',
  ...given,
})

/** Reads the preview and confirms exactly that. @returns what the preview said; null when it was refused */
async function decide({ clerk }: Pick<Town, 'clerk'>, id: string, given: Partial<TypedDecision>) {
  const preview = await previewAcceptance(clerk, id, typed(given))
  if (!preview.ok) return null
  const { seen, after, lines } = preview.value
  done(await acceptSubmission(clerk, { id, typed: typed(given), seen, after, note: '' }))
  return lines
}

async function enrol(at: Omit<Town, 'enrolled'>, school: School, from: Day): Promise<string> {
  const id = await send(at.family, await aForm(at.clerk, 'enrolment'), {
    figlio: { alunno: at.greta },
    scuola: { scuola: school.id, dieta: 'no' },
    contatti: { email: 'laura@example.it' },
    ...DECLARED,
  })
  await decide(at, id, { classId: school.classId, from })
  return id
}

async function leave(at: Town, last: Day) {
  const id = await send(at.family, await aForm(at.clerk, 'withdrawal'), leaving(at.greta, last))
  return decide(at, id, { from: last })
}

const change = (at: Town, action: 'cancel' | 'restore', days: readonly Day[]) =>
  changeMeals(at.family.holderViewer, {
    action,
    pupilIds: [at.greta],
    days: [...days],
    idempotencyKey: randomUUID(),
    channel: 'web',
  })

async function closeAll(): Promise<void> {
  for (const day of DAYS) {
    await setClock(`${day}T08:30:03Z`)
    await closeDueDays()
  }
}

async function chargedDays(at: Town): Promise<Day[]> {
  const { owner } = await testDatabase()
  const rows = await owner.selectFrom('entry').select('day').where('pupil_id', '=', at.greta).execute()
  return rows.flatMap(({ day }) => day ?? []).sort()
}

beforeEach(async () => {
  town = await aTown()
})

// The worker looks at every municipality: the one of the previous test has left the portal.
const letGo = async (at: Town): Promise<void> => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', at.municipality.municipalityId)
    .execute()
}
afterEach(() => letGo(town))

describe('a child who changes school', () => {
  test('by a correction of the office stays absent on the days that were cancelled, and the preview names them', async () => {
    const receipt = done(await change(town, 'cancel', [TUESDAY, WEDNESDAY, THURSDAY]))
    const lines = await decide(town, town.enrolled, { classId: town.schools[1].classId, from: WEDNESDAY })
    expect(lines?.join('\n')).toContain('valgono anche nella nuova scuola: 25 novembre 2026.')
    expect(lines?.join('\n')).toContain('non si paga niente: 26 novembre 2026.')
    const read = await readReceipt(town.family.holderViewer, receipt.receiptId)
    expect(read?.meals.find(({ day }) => day === WEDNESDAY)?.state.kind).toBe('absent')
    await closeAll()
    expect(await chargedDays(town)).toEqual([MONDAY, FRIDAY])
    expect(await ledgerFaults()).toBe(0)
  })

  test('by leaving and enrolling again stays absent too', async () => {
    done(await change(town, 'cancel', [WEDNESDAY, THURSDAY]))
    await leave(town, TUESDAY)
    await enrol(town, town.schools[1], WEDNESDAY)
    await closeAll()
    expect(await chargedDays(town)).toEqual([MONDAY, TUESDAY, FRIDAY])
  })

  test('and comes back finds every cancellation, also of a day without a meal in between', async () => {
    done(await change(town, 'cancel', [WEDNESDAY, THURSDAY]))
    await decide(town, town.enrolled, { classId: town.schools[1].classId, from: TUESDAY })
    await decide(town, town.enrolled, { classId: town.schools[0].classId, from: WEDNESDAY })
    await closeAll()
    expect(await chargedDays(town)).toEqual([MONDAY, TUESDAY, FRIDAY])
  })

  test('may have the meal again at the new school, and pays it', async () => {
    done(await change(town, 'cancel', [WEDNESDAY]))
    await decide(town, town.enrolled, { classId: town.schools[1].classId, from: TUESDAY })
    done(await change(town, 'restore', [WEDNESDAY]))
    await closeAll()
    expect(await chargedDays(town)).toContain(WEDNESDAY)
  })

  test('is not moved into a school whose kitchen has counted that day', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('service_day')
      .set({ cutoff_at: new Date(`${MONDAY}T05:00:00Z`), close_at: new Date(`${MONDAY}T05:00:03Z`) })
      .where('school_id', '=', town.schools[2].id)
      .where('day', '=', MONDAY)
      .execute()
    expect(await decide(town, town.enrolled, { classId: town.schools[2].classId, from: MONDAY })).toBeNull()
  })
})

type Step =
  | { do: 'cancel'; day: number }
  | { do: 'restore'; day: number }
  | { do: 'move'; school: number; day: number }
  | { do: 'return'; school: number; day: number }
  | { do: 'leave'; day: number }
  | { do: 'close' }

const day = fc.integer({ min: 0, max: DAYS.length - 1 })
const school = fc.integer({ min: 0, max: 2 })
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('cancel' as const), day }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), day }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('move' as const), school, day }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), day }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('return' as const), school, day }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  ),
  { minLength: 3, maxLength: 9 },
)

/** Walks a town through the steps; what is refused changes nothing. @returns the days that stand as cancelled */
async function walk(at: Town, path: readonly Step[]): Promise<Set<Day>> {
  const cancelled = new Set<Day>()
  let today: Day = MONDAY
  for (const step of path) {
    if (step.do === 'close') {
      await setClock(`${today}T08:30:03Z`)
      await closeDueDays()
      today = addDays(today, 1)
      await setClock(`${today}T06:00:00Z`)
      continue
    }
    const on = DAYS[step.day] as Day
    if (step.do === 'cancel' || step.do === 'restore') {
      const answer = await change(at, step.do, [on])
      if (!answer.ok) continue
      if (step.do === 'cancel') cancelled.add(on)
      else cancelled.delete(on)
    } else if (step.do === 'leave') await leave(at, on)
    else if (step.do === 'return') await enrol(at, at.schools[step.school] as School, on)
    else await decide(at, at.enrolled, { classId: (at.schools[step.school] as School).classId, from: on })
  }
  await closeAll()
  return cancelled
}

/** The days with a meal at the school in which Greta is enrolled, as the tables say at the end. */
async function mealDays(at: Town): Promise<Day[]> {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('enrolment as e')
    .innerJoin('service_day as d', (join) =>
      join
        .onRef('d.municipality_id', '=', 'e.municipality_id')
        .onRef('d.school_id', '=', 'e.school_id')
        .onRef('d.day', '>=', 'e.valid_from')
        .onRef('d.day', '<=', 'e.valid_to'),
    )
    .select('d.day')
    .where('e.pupil_id', '=', at.greta)
    .execute()
  return rows.map((row) => row.day).sort()
}

test('whatever the family and the office do, the cancelled days are not charged, and all the others are', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (path) => {
      const at = await aTown()
      try {
        const cancelled = await walk(at, path)
        expect(await chargedDays(at)).toEqual((await mealDays(at)).filter((on) => !cancelled.has(on)))
      } finally {
        await letGo(at)
      }
    }),
    { numRuns: atLength(12) },
  )
}, 120_000)
