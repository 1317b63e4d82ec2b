import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { decideDiet, previewDiet } from '#lib/diets/office/diet-decision.commands.ts'
import { addDays, type Day, type Weekday } from '#lib/kernel/day.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { mealsInLines } from '#lib/kitchen/count.ts'
import { eatsOn } from '#lib/meals/cutoff.ts'
import { dayHistory, readTodayPage } from '#lib/meals/meal.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { movePupils, previewMove } from '#lib/people/office/enrolment-change.commands.ts'
import { previewUndoOfChange, undoEnrolmentChange } from '#lib/people/office/enrolment-undo.commands.ts'
import { undoableChange } from '#lib/people/office/enrolment-undo.queries.ts'
import { changeWeekdays, previewWeekdays } from '#lib/people/office/enrolment-weekdays.commands.ts'
import { weekdaysForOffice } from '#lib/people/office/enrolment-weekdays.queries.ts'
import type { AskedWeekdays } from '#lib/people/office/enrolment-weekdays.ts'
import type { OwnWeekdays } from '#lib/school/enrolment.ts'
import { rolloverPupils } from '#lib/school/office/rollover.queries.ts'
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
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { done } from '#tests/support/forms.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { aClass, aNextYear, begun, rolledOver, undone } from '#tests/support/rollover.ts'

const DAYS = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'] as const
const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY] = DAYS

let municipality: TestMunicipality
let family: Household
let clerk: Viewer

async function aTown(): Promise<void> {
  await setClock(`${MONDAY}T06:00:00Z`)
  municipality = await aMunicipality()
  for (const day of DAYS) await aServiceDay(municipality, day)
  family = await aHousehold(municipality)
  clerk = await aStaffViewer(municipality, 'operator')
}
const letGo = async (): Promise<void> => {
  const { owner } = await testDatabase()
  const { municipalityId } = municipality
  await owner.updateTable('municipality').set({ active: false }).where('id', '=', municipalityId).execute()
}
beforeEach(aTown)
// The worker looks at every municipality: the one of the previous test has left the portal.
afterEach(letGo)

const aChild = (name: string, weekdays?: number[]) =>
  aPupil(municipality, family.householdId, { name, ...(weekdays ? { weekdays } : {}) })

const ask = (pupilId: string, weekdays: OwnWeekdays, from: Day): AskedWeekdays => ({
  ...{ pupilId, serviceId: municipality.serviceId, weekdays, from },
})

async function eat(pupilId: string, weekdays: OwnWeekdays, from: Day, viewer = clerk) {
  const asked = ask(pupilId, weekdays, from)
  const preview = await previewWeekdays(viewer, asked)
  if (!preview.ok) return preview
  return changeWeekdays(viewer, asked, { seen: preview.value.seen, reason: 'Tempo ridotto' })
}

const mealsOn = async (day: Day) =>
  mealsInLines((await countsOfDay(clerk, day))?.schools.flatMap(({ lines }) => lines) ?? [])

async function chargedDays(pupilId: string): Promise<Day[]> {
  const { owner } = await testDatabase()
  const rows = await owner.selectFrom('entry').select('day').where('pupil_id', '=', pupilId).execute()
  return rows.flatMap(({ day }) => day ?? []).sort()
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

const weeksOf = async (pupilId: string) => (await enrolmentsOf(pupilId)).map(({ weekdays }) => weekdays)

async function close(day: Day): Promise<void> {
  await setClock(`${day}T08:30:03Z`)
  await closeDueDays()
}

const change = (action: 'cancel' | 'restore', pupilId: string, days: readonly Day[]) =>
  changeMeals(family.holderViewer, {
    ...{ action, pupilIds: [pupilId], days: [...days], channel: 'web' },
    idempotencyKey: randomUUID(),
  })

const week = fc.option(fc.subarray([1, 2, 3, 4, 5] as Weekday[], { minLength: 1 }), {
  nil: null,
}) as fc.Arbitrary<OwnWeekdays>

test('the rule of statements is the rule of the program, for every week and day', async () => {
  const { owner } = await testDatabase()
  const weeks: OwnWeekdays[] = [null, ...fc.sample(week, { numRuns: 40, seed: 7 })]
  const days = Array.from({ length: 60 }, (_, at) => addDays('2027-02-20', at))
  const asked = weeks.flatMap((weekdays) => days.map((day) => ({ weekdays, day })))
  const { rows } = await sql<{ eats: boolean }>`
    select eats_on(a.weekdays::smallint[], a.day) as eats
    from unnest(${asked.map(({ weekdays }) => weekdays && `{${weekdays}}`)}::text[], ${asked.map(({ day }) => day)}::date[])
      with ordinality a (weekdays, day, at) order by a.at`.execute(owner)
  expect(rows.map(({ eats }) => eats)).toEqual(asked.map(({ weekdays, day }) => eatsOn(weekdays, day)))
})

describe('a pupil who eats on some weekdays', () => {
  test('is in the calendar, the counts and the charges of those days alone', async () => {
    const greta = await aChild('Greta', [1, 3])
    await aChild('Nino')
    expect(await Promise.all(DAYS.map(mealsOn))).toEqual([2, 1, 2, 1, 1])
    const month = await readMonthPage(family.holderViewer, greta, '2026-11')
    if (!month || month === 'no-children') throw new Error('no month')
    expect(DAYS.map((day) => month.states.get(day)?.kind)).toEqual([
      'present',
      'unplanned',
      'present',
      'unplanned',
      'unplanned',
    ])
    expect(month.open).toMatchObject({ from: MONDAY, to: WEDNESDAY })
    const today = await readTodayPage(family.holderViewer)
    const shown = today.children.find(({ id }) => id === greta)
    expect(shown?.next.map(({ day }) => day)).toEqual([WEDNESDAY])
    for (const day of DAYS) await close(day)
    expect(await chargedDays(greta)).toEqual([MONDAY, WEDNESDAY])
    expect((await dayHistory(family.holderViewer, greta, TUESDAY))?.state.kind).toBe('unplanned')
    expect(await ledgerFaults()).toBe(0)
  })

  test('cancels only the own days', async () => {
    const greta = await aChild('Greta', [1, 3])
    expect(await change('cancel', greta, [TUESDAY])).toMatchObject({ code: 'meals:not-enrolled' })
    const answer = done(await change('cancel', greta, [...DAYS]))
    expect(answer.changed.map(({ day }) => day)).toEqual([MONDAY, WEDNESDAY])
  })
})

describe('other weekdays from a day on', () => {
  test('move counts and charges from that day; what was counted stays, and a standing cancellation holds again', async () => {
    const greta = await aChild('Greta')
    done(await change('cancel', greta, [THURSDAY]))
    await close(MONDAY)
    expect(await eat(greta, [1], MONDAY)).toMatchObject({ fields: { from: 'enrolments:too-early' } })
    const words = done(await previewWeekdays(clerk, ask(greta, [3], WEDNESDAY))).lines.join('\n')
    expect(words).toContain('in questi giorni: mercoledì')
    expect(words).toContain('un pasto previsto in meno')
    expect(words).toContain('Disdette che non servono più')
    done(await eat(greta, [3], WEDNESDAY))
    expect(await Promise.all(DAYS.slice(1).map(mealsOn))).toEqual([1, 1, 0, 0])
    done(await eat(greta, null, THURSDAY))
    expect(await Promise.all(DAYS.slice(1).map(mealsOn))).toEqual([1, 1, 0, 1])
    for (const day of DAYS) await close(day)
    expect(await chargedDays(greta)).toEqual([MONDAY, TUESDAY, WEDNESDAY, '2026-11-27'])
  })

  test('are undone: the rows are as they were; sent twice they are done once, and the family is told once', async () => {
    const greta = await aChild('Greta')
    const before = await enrolmentsOf(greta)
    const asked = ask(greta, [1, 4], TUESDAY)
    const { seen } = done(await previewWeekdays(clerk, asked))
    const confirm = { seen, reason: 'Tempo ridotto' }
    const twice = await Promise.all([1, 2].map(() => changeWeekdays(clerk, asked, confirm)))
    expect(twice.map(({ ok }) => ok)).toEqual([true, true])
    expect(await weeksOf(greta)).toEqual([null, [1, 4]])
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select('title')
      .where('person_id', '=', family.holder.personId)
      .where('event', '=', 'enrolment:decided')
      .execute()
    expect(told).toEqual([{ title: 'Cambiano i giorni di mensa di un tuo figlio' }])
    const about = { householdId: family.householdId, pupilId: greta }
    const last = await undoableChange(clerk, about)
    expect(last).toMatchObject({ kind: 'weekdays', back: 'all', from: TUESDAY })
    const undo = { ...about, changeId: last?.id ?? '' }
    const mark = done(await previewUndoOfChange(clerk, undo)).seen
    done(await undoEnrolmentChange(clerk, undo, { seen: mark, reason: 'Era un errore' }))
    expect(await enrolmentsOf(greta)).toEqual(before)
    expect(await undoableChange(clerk, about)).toBeNull()
  })

  test('are refused when another change came between the two presses', async () => {
    const greta = await aChild('Greta')
    const asked = ask(greta, [1, 4], TUESDAY)
    const { seen } = done(await previewWeekdays(clerk, asked))
    done(await eat(greta, [2], WEDNESDAY, await aStaffViewer(municipality, 'manager')))
    const late = await changeWeekdays(clerk, asked, { seen, reason: 'Tardi' })
    expect(late).toMatchObject({ code: 'enrolments:preview-changed' })
  })

  test('are for the registry’s office of the town', async () => {
    const greta = await aChild('Greta')
    const roles = ['accountant', 'editor', 'reader', 'teacher', 'kitchen', 'school_office'] as const
    const strangers = [
      ...(await Promise.all(roles.map((role) => aStaffViewer(municipality, role)))),
      await aStaffViewer(await aMunicipality(), 'manager'),
      family.holderViewer,
    ]
    for (const viewer of strangers) {
      expect(await previewWeekdays(viewer, ask(greta, [1], TUESDAY))).toMatchObject({
        code: 'request:not-found',
      })
      const blind = await changeWeekdays(viewer, ask(greta, [1], TUESDAY), { seen: 'x', reason: 'x' })
      expect(blind).toMatchObject({ code: 'request:not-found' })
      expect(await weekdaysForOffice(viewer, family.householdId, greta)).toBeNull()
    }
    expect(await weeksOf(greta)).toEqual([null])
    expect(await weekdaysForOffice(clerk, family.householdId, greta)).toMatchObject({
      services: [{ weekdays: null, firstDay: MONDAY }],
    })
  })
})

describe('own weekdays go along', () => {
  test('into another class and under another diet', async () => {
    const school = await aSchool(municipality)
    for (const day of DAYS) await aServiceDay(municipality, day, { school })
    const greta = await aChild('Greta', [1, 3])
    const asked = {
      ...{ serviceId: municipality.serviceId, classId: school.classId, from: TUESDAY, pupilIds: [greta] },
    }
    const { seen, lines } = done(await previewMove(clerk, asked))
    expect(lines).toContain('Anche lì Greta Albertini mangia solo in questi giorni: lunedì e mercoledì.')
    done(await movePupils(clerk, asked, { seen, reason: 'Cambia sezione' }))
    expect(await weeksOf(greta)).toEqual([
      [1, 3],
      [1, 3],
    ])
    const typed = {
      pupilId: greta,
      dietCode: 'DA-DEFINIRE',
      from: WEDNESDAY,
      to: '',
      nextDietCode: '',
      severe: '',
    }
    const diet = done(await previewDiet(clerk, typed))
    done(await decideDiet(clerk, { ...typed, reason: 'Lo chiede' }, diet.seen.fingerprint))
    expect(await weeksOf(greta)).toEqual([
      [1, 3],
      [1, 3],
      [1, 3],
    ])
  })

  test('into the next school year, and its undoing notices when they changed since', async () => {
    await setClock('2027-07-05T08:00:00Z')
    const manager = await aStaffViewer(municipality, 'manager')
    await aClass(municipality, '4A')
    const greta = await aChild('Greta', [2, 4])
    const rolloverId = await begun(manager, await aNextYear(manager))
    expect(await rolledOver(manager, rolloverId)).toBe(1)
    expect(await weeksOf(greta)).toEqual([
      [2, 4],
      [2, 4],
    ])
    expect(await undone(manager, rolloverId)).toBe(1)
    expect(await rolledOver(manager, rolloverId)).toBe(1)
    const { owner } = await testDatabase()
    const { municipalityId } = municipality
    await sql`update enrolment set weekdays = '{1}' where municipality_id = ${municipalityId} and valid_from >= '2027-09-01'`.execute(
      owner,
    )
    await expect(undone(manager, rolloverId)).rejects.toThrow()
  })

  test('set apart a pupil whose weekdays are none of the next school’s', async () => {
    await setClock('2027-07-05T08:00:00Z')
    const manager = await aStaffViewer(municipality, 'manager')
    await aClass(municipality, '4A')
    await aChild('Greta', [2, 4])
    await aChild('Nino', [6])
    const rolloverId = await begun(manager, await aNextYear(manager))
    expect(await rolledOver(manager, rolloverId)).toBe(1)
    const found = await rolloverPupils(manager, { outcome: 'apart', classId: null, page: 1 })
    expect(found).toMatchObject({ pupils: [{ outcome: 'apart', why: 'no-weekday' }] })
  })
})

test('whatever weekdays pupils have and get, the calendar, the count and the charge of each day agree', async () => {
  const steps = fc.array(fc.record({ pupil: fc.nat({ max: 1 }), week, day: fc.nat({ max: 4 }) }), {
    maxLength: 4,
  })
  await fc.assert(
    fc.asyncProperty(fc.tuple(week, week), steps, async (first, path) => {
      await letGo()
      await aTown()
      const pupils = [await aChild('Greta', first[0]?.slice()), await aChild('Nino', first[1]?.slice())]
      const model = first.map((own) => DAYS.map((day) => eatsOn(own, day)))
      for (const { pupil, week: own, day } of path) {
        const answer = await eat(pupils[pupil] as string, own, DAYS[day] as Day)
        if (!answer.ok) expect(answer.code).toBe('enrolments:nothing')
        for (let on = day; on < DAYS.length; on += 1)
          (model[pupil] as boolean[])[on] = eatsOn(own, DAYS[on] as Day)
      }
      for (const [on, day] of DAYS.entries()) {
        expect(await mealsOn(day)).toBe(model.filter((own) => own[on]).length)
        for (const [at, id] of pupils.entries())
          expect((await dayHistory(family.holderViewer, id, day))?.state.kind === 'present').toBe(
            model[at]?.[on],
          )
      }
      for (const day of DAYS) await close(day)
      for (const [at, id] of pupils.entries())
        expect(await chargedDays(id)).toEqual(DAYS.filter((_, on) => model[at]?.[on]))
      expect(await ledgerFaults()).toBe(0)
    }),
    { numRuns: atLength(10) },
  )
}, 180_000)
