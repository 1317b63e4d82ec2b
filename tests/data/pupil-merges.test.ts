import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import {
  type AskedMerge,
  mergePupils,
  previewMerge,
  previewMergeUndoing,
  undoMerge,
} from '#lib/people/office/pupil-merge.commands.ts'
import { doublesForOffice, pairForOffice } from '#lib/people/office/pupil-merge.queries.ts'
import { takeApartBack, tellApart } from '#lib/people/office/told-apart.commands.ts'
import { registerPage } from '#lib/privacy/office/register.queries.ts'
import { changesInWords } from '#lib/privacy/office/register.words.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMember,
  aMunicipality,
  anAbsence,
  aPerson,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code, done, healthDiet, send } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { aClass, everyRowOf } from '#tests/support/rollover.ts'

const DAYS = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'] as const
const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY] = DAYS
const YEAR_END = '2027-06-05'

let municipality: TestMunicipality
let family: Household
let clerk: Viewer
let dayIds: string[]

async function aTown(): Promise<void> {
  await setClock(`${MONDAY}T06:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  clerk = await aStaffViewer(municipality, 'operator')
  dayIds = []
  for (const day of DAYS) dayIds.push(await aServiceDay(municipality, day))
  const { owner } = await testDatabase()
  await owner
    .insertInto('fare_band')
    .values(
      ['B1', 'B2'].map((band) => ({
        ...{ municipality_id: municipality.municipalityId, service_id: municipality.serviceId },
        ...{ code: band, name: `Fascia ${band}` },
      })),
    )
    .execute()
  await owner
    .insertInto('fare_band_price')
    .values(
      ['B1', 'B2'].map((band) => ({
        ...{ municipality_id: municipality.municipalityId, service_id: municipality.serviceId },
        ...{ code: band, valid_from: '2020-09-01', price_cents: 300 },
      })),
    )
    .execute()
}

async function letGo(): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
}
beforeEach(aTown)
afterEach(letGo)

const aChild = (
  given: { household?: Household; to?: string; from?: string; diet?: string; name?: string } = {},
) => aPupil(municipality, (given.household ?? family).householdId, given)

async function aFare(pupilId: string, band: string, from = '2026-09-14', to = YEAR_END): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .insertInto('fare_assignment')
    .values({
      ...{ municipality_id: municipality.municipalityId, service_id: municipality.serviceId },
      ...{ pupil_id: pupilId, band_code: band, valid_from: from, valid_to: to, given_by: clerk.personId },
    })
    .execute()
}

const asked = (oneId: string, otherId: string, given: Partial<AskedMerge> = {}): AskedMerge => ({
  ...{ oneId, otherId, keep: 'one', name: 'one', birth: 'one', code: 'one' },
  ...given,
})

async function merge(whole: AskedMerge, viewer = clerk) {
  const preview = await previewMerge(viewer, whole)
  if (!preview.ok) return preview
  return mergePupils(viewer, whole, { seen: preview.value.seen, reason: 'Inserito due volte' })
}

async function undo(oneId: string, otherId: string, viewer = clerk) {
  const mergeId = (await pairForOffice(viewer, oneId, otherId))?.merge?.id ?? ''
  const whole = { oneId, otherId, mergeId }
  const preview = await previewMergeUndoing(viewer, whole)
  if (!preview.ok) return preview
  return undoMerge(viewer, whole, { seen: preview.value.seen, reason: 'Erano gemelli' })
}

async function mealsOn(day: string): Promise<number> {
  const counts = await countsOfDay(clerk, day)
  return (counts?.schools ?? []).flatMap(({ lines }) => lines).reduce((sum, { meals }) => sum + meals, 0)
}

async function rowOf(pupilId: string) {
  const { owner } = await testDatabase()
  return owner.selectFrom('pupil').selectAll().where('id', '=', pupilId).executeTakeFirstOrThrow()
}

async function enrolledIn(pupilId: string) {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('enrolment')
    .select(['valid_from', 'valid_to'])
    .where('pupil_id', '=', pupilId)
    .orderBy('valid_from')
    .execute()
  return rows.map(({ valid_from, valid_to }) => `${valid_from} ${valid_to}`)
}

/** Everything but what only grows: who was told what, and cases that opened and closed. */
async function rowsThatStay(): Promise<Record<string, string>> {
  const all = await everyRowOf(municipality)
  return Object.fromEntries(
    Object.entries(all).filter(([table]) => !/^(refund_case|notification|outbox|delivery_batch)/.test(table)),
  )
}

describe('pupils who may be in the registry twice', () => {
  test('are those with one name and birth day, one code stem, or one name in a family; twins and merged ones are not', async () => {
    const { owner } = await testDatabase()
    const [greta, again] = [await aChild(), await aChild({ household: await aHousehold(municipality) })]
    const turned = await aChild({ name: 'Nino', household: await aHousehold(municipality) })
    await owner
      .updateTable('pupil')
      .set({ given_name: 'Albertini', family_name: 'Greta' })
      .where('id', '=', turned)
      .execute()
    await aChild({ name: 'Pia' })
    const pairs = (await doublesForOffice(clerk))?.pupils.map(({ one, other }) =>
      [one.id, other.id].toSorted(),
    )
    expect(pairs?.toSorted()).toEqual(
      [
        [greta, again],
        [greta, turned],
        [again, turned],
      ]
        .map((pair) => pair.toSorted())
        .toSorted(),
    )
    done(await merge(asked(greta, again)))
    const left = await doublesForOffice(clerk)
    expect(left?.pupils).toHaveLength(1)
    expect(left?.merged).toMatchObject([{ keptId: greta, goneId: again, doneBy: 'Ufficio Conti' }])
  })

  test('come with the adults of one name who pay for several families, until two of these are told apart', async () => {
    const other = await aHousehold(municipality, { name: 'Bassani' })
    expect((await doublesForOffice(clerk))?.holders).toMatchObject([
      { families: [{ name: 'Bassani' }, { name: 'Conti' }] },
    ])
    const pair = {
      kind: 'household',
      oneId: other.householdId,
      otherId: family.householdId,
      reason: '',
    } as const
    done(await tellApart(clerk, pair))
    expect(await doublesForOffice(clerk)).toMatchObject({ holders: [], apart: [{ kind: 'household' }] })
    const { owner } = await testDatabase()
    await owner.updateTable('household').set({ name: 'Bassan' }).where('id', '=', other.householdId).execute()
    expect((await doublesForOffice(clerk))?.holders).toHaveLength(1)
  })
})

describe('two pupils who look like one and are two', () => {
  const listed = async () => ((await doublesForOffice(clerk))?.pupils ?? []).length
  const marked = async () => (await doublesForOffice(clerk))?.apart ?? []

  test('leave the list with who said so, until a name, a code or a birth day of either changes', async () => {
    const [greta, again] = [await aChild(), await aChild({ household: await aHousehold(municipality) })]
    const pair = { kind: 'pupil', oneId: again, otherId: greta, reason: 'Cugine' } as const
    expect(await listed()).toBe(1)
    for (const _ of [1, 2]) done(await tellApart(clerk, pair))
    expect(await listed()).toBe(0)
    expect(await marked()).toMatchObject([
      {
        kind: 'pupil',
        names: ['Greta Albertini', 'Greta Albertini'],
        toldBy: 'Ufficio Conti',
        reason: 'Cugine',
      },
    ])
    const { owner } = await testDatabase()
    await owner.updateTable('pupil').set({ fiscal_code: '12345678903' }).where('id', '=', greta).execute()
    expect([await listed(), (await marked()).length]).toEqual([1, 0])
    done(await tellApart(clerk, pair))
    expect([await listed(), (await marked()).length]).toEqual([0, 1])
  })

  test('come back when the mark is taken away, and the register names both', async () => {
    const [greta, again] = [await aChild(), await aChild({ household: await aHousehold(municipality) })]
    done(await tellApart(clerk, { kind: 'pupil', oneId: greta, otherId: again, reason: '' }))
    const [mark] = await marked()
    for (const _ of [1, 2]) done(await takeApartBack(clerk, mark?.id ?? ''))
    expect([await listed(), (await marked()).length]).toEqual([1, 0])
    const told = await registerPage(await aStaffViewer(municipality, 'manager'), {
      ...{
        from: MONDAY,
        to: '2026-11-30',
        kind: null,
        colleagueId: null,
        colleagueName: '',
        householdId: null,
      },
      ...{ personId: again, text: '', readings: false, after: null },
    })
    expect(told?.lines.map(({ action }) => action)).toEqual([
      'registry:apart-taken-back',
      'registry:told-apart',
    ])
    expect(told?.lines[0] && changesInWords(told.lines[0])).toEqual(['Greta Albertini', 'Greta Albertini'])
  })

  test('are told apart only by who corrects the registry, in the own town', async () => {
    const [greta, again] = [await aChild(), await aChild({ household: await aHousehold(municipality) })]
    const pair = { kind: 'pupil', oneId: greta, otherId: again, reason: '' } as const
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    done(await tellApart(clerk, pair))
    const [mark] = await marked()
    for (const viewer of [elsewhere, await aStaffViewer(municipality, 'accountant'), family.holderViewer]) {
      expect(code(await tellApart(viewer, pair))).toBe('request:not-found')
      expect(code(await takeApartBack(viewer, mark?.id ?? ''))).toBe('request:not-found')
    }
    expect(code(await tellApart(clerk, { ...pair, otherId: greta }))).toBe('request:not-found')
    expect(code(await tellApart(clerk, { ...pair, kind: 'person' }))).toBe('request:not-found')
    expect(await asStaff(elsewhere, (trx) => trx.selectFrom('told_apart').select('id').execute())).toEqual([])
  })
})

describe('the code of a pupil that was merged', () => {
  test('finds the one that stayed, over two merges, and the one that went again after the undoing', async () => {
    const [greta, again, third] = [await aChild(), await aChild(), await aChild()]
    const { owner } = await testDatabase()
    const found = async (of: string) => {
      const { rows } = await sql<{ id: string }>`
        select kept_pupil(${municipality.municipalityId}::uuid, ${of}::uuid) as id`.execute(owner)
      return rows[0]?.id
    }
    done(await merge(asked(again, third)))
    done(await merge(asked(greta, again)))
    expect([await found(third), await found(again), await found(greta)]).toEqual([greta, greta, greta])
    done(await undo(greta, again))
    expect([await found(third), await found(again)]).toEqual([again, again])
  })
})

describe('two pupils of one child', () => {
  test('enrolled together are one meal from the next uncounted day, with the cancellations of both', async () => {
    const [greta, again] = [await aChild(), await aChild()]
    await anAbsence(municipality, family, again, dayIds[3] as string)
    expect([await mealsOn(TUESDAY), await mealsOn(THURSDAY)]).toEqual([2, 1])
    await setClock(`${MONDAY}T08:30:03Z`)
    await closeDueDays()
    done(await merge(asked(greta, again)))
    expect([await mealsOn(MONDAY), await mealsOn(TUESDAY), await mealsOn(THURSDAY)]).toEqual([2, 1, 0])
    expect(await enrolledIn(again)).toEqual([`2026-09-14 ${MONDAY}`])
    expect(await ledgerFaults()).toBe(0)
  })

  test('one after the other: the one that stays takes the days that it has not', async () => {
    const greta = await aChild({ to: TUESDAY })
    const again = await aChild({ from: WEDNESDAY })
    done(await merge(asked(greta, again)))
    expect(await enrolledIn(greta)).toEqual([`2026-09-14 ${TUESDAY}`, `${WEDNESDAY} ${YEAR_END}`])
    expect(await enrolledIn(again)).toEqual([])
  })

  test('keep the name, the birth day and the code that were chosen: codes change places', async () => {
    const [greta, again] = [await aChild(), await aChild({ name: 'Greta Maria' })]
    const before = [await rowOf(greta), await rowOf(again)]
    done(await merge(asked(greta, again, { name: 'other', code: 'other' })))
    expect(await rowOf(greta)).toMatchObject({
      ...{ given_name: 'Greta Maria', fiscal_code: before[1]?.fiscal_code },
    })
    expect(await rowOf(again)).toMatchObject({ fiscal_code: before[0]?.fiscal_code })
    done(await undo(greta, again))
    expect([await rowOf(greta), await rowOf(again)]).toEqual(before)
  })

  test('of two families: the meals go to the one that stays, and a credit that is left is a case', async () => {
    const other = await aHousehold(municipality, { name: 'Bassani' })
    const [greta, again] = [await aChild(), await aChild({ household: other })]
    await aPaidTopUp(municipality, other, 10)
    const words = done(await previewMerge(clerk, asked(greta, again)))
      .lines.join('\n')
      .replaceAll('\u00a0', ' ')
    expect(words).toContain(
      'Sul conto della famiglia Bassani restano 54,00 €: si apre un rimborso da decidere.',
    )
    done(await merge(asked(greta, again)))
    const { owner } = await testDatabase()
    const cases = () =>
      owner
        .selectFrom('refund_case')
        .selectAll()
        .where('municipality_id', '=', municipality.municipalityId)
        .execute()
    expect(await cases()).toMatchObject([{ household_id: other.householdId, opened_cents: 5400 }])
    done(await undo(greta, again))
    expect(await cases()).toMatchObject([{ closed_why: 'returned' }])
    expect(await mealsOn(TUESDAY)).toBe(2)
  })

  test('of two families, where the second one stays without an account: one is opened, and goes with the undoing', async () => {
    const other = await aHousehold(municipality, { name: 'Bassani' })
    const [greta, again] = [await aChild({ household: other }), await aChild({ to: TUESDAY })]
    const { owner } = await testDatabase()
    const service = await owner
      .insertInto('service')
      .values({ municipality_id: municipality.municipalityId, code: 'merenda', name: 'Merenda' })
      .returning('id')
      .executeTakeFirstOrThrow()
    await sql`insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from,
        valid_to) select municipality_id, pupil_id, ${service.id}::uuid, school_id, school_class_id, school_year_id, diet_code, valid_from,
        ${YEAR_END}::date from enrolment where pupil_id = ${again}::uuid`.execute(owner)
    const before = await rowsThatStay()
    done(await merge(asked(greta, again)))
    const accounts = () =>
      owner.selectFrom('account').select('id').where('household_id', '=', other.householdId).execute()
    expect(await accounts()).toHaveLength(2)
    done(await undo(greta, again))
    expect(await accounts()).toHaveLength(1)
    expect(await rowsThatStay()).toEqual(before)
  })

  test('have the delegates and the band of both', async () => {
    const [greta, again] = [await aChild(), await aChild()]
    await aFare(again, 'B1')
    const person = await aPerson(municipality, { givenName: 'Marco' })
    await aMember(municipality, family.householdId, person, 'delegate')
    const { owner } = await testDatabase()
    const member = await owner
      .updateTable('household_member')
      .set({ all_pupils: false })
      .where('person_id', '=', person.personId)
      .returning('id')
      .executeTakeFirstOrThrow()
    await owner
      .insertInto('delegate_pupil')
      .values({
        ...{ municipality_id: municipality.municipalityId, household_member_id: member.id, pupil_id: again },
      })
      .execute()
    const before = await rowsThatStay()
    done(await merge(asked(greta, again)))
    const of = (table: 'fare_assignment' | 'delegate_pupil') =>
      owner.selectFrom(table).selectAll().where('pupil_id', '=', greta).execute()
    expect(await of('fare_assignment')).toMatchObject([{ band_code: 'B1', valid_from: MONDAY }])
    expect(await of('delegate_pupil')).toHaveLength(1)
    done(await undo(greta, again))
    expect(await rowsThatStay()).toEqual(before)
  })

  test('are told in words in the register of each', async () => {
    const [greta, again] = [await aChild(), await aChild({ name: 'Greta Maria' })]
    done(await merge(asked(greta, again)))
    const told = await registerPage(await aStaffViewer(municipality, 'manager'), {
      ...{
        from: MONDAY,
        to: '2026-11-30',
        kind: null,
        colleagueId: null,
        colleagueName: '',
        householdId: null,
      },
      ...{ personId: again, text: '', readings: false, after: null },
    })
    const line = told?.lines.find(({ action }) => action === 'registry:merged')
    expect(line && changesInWords(line)).toEqual(['resta Greta Albertini', 'unito Greta Maria Albertini'])
  })
})

describe('a merge is refused', () => {
  test('where classes, diets or bands contradict each other on the same days', async () => {
    const second = await aSchool(municipality)
    const greta = await aChild()
    expect(
      code(await merge(asked(greta, await aPupil(municipality, family.householdId, { school: second })))),
    ).toBe('merges:contradict')
    expect(code(await merge(asked(greta, await aChild({ diet: 'D03' }))))).toBe('merges:contradict')
    const banded = await aChild()
    await aFare(greta, 'B1')
    await aFare(banded, 'B2')
    expect(code(await merge(asked(greta, banded)))).toBe('merges:fares')
  })

  test('while a request about one of them waits', async () => {
    const [greta, again] = [await aChild(), await aChild()]
    await send(family, await aForm(clerk, 'diet'), healthDiet(again))
    expect(code(await merge(asked(greta, again)))).toBe('merges:requests')
  })

  test('where a family would be left with a debt and no pupil, unless its pupil stays', async () => {
    const other = await aHousehold(municipality, { name: 'Bassani' })
    const [greta, again] = [await aChild(), await aChild({ household: other })]
    await setClock(`${MONDAY}T08:30:03Z`)
    await closeDueDays()
    expect(code(await merge(asked(greta, again)))).toBe('merges:debt')
    await aPaidTopUp(municipality, family, 10)
    done(await merge(asked(greta, again, { keep: 'other' })))
  })

  test('for who may not correct the registry, and for pupils of another town', async () => {
    const [greta, again] = [await aChild(), await aChild()]
    const { seen } = done(await previewMerge(clerk, asked(greta, again)))
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const accountant = await aStaffViewer(municipality, 'accountant')
    for (const viewer of [elsewhere, accountant, family.holderViewer]) {
      expect(code(await merge(asked(greta, again), viewer))).toBe('request:not-found')
      expect(code(await mergePupils(viewer, asked(greta, again), { seen, reason: 'Prova' }))).toBe(
        'request:not-found',
      )
      expect(await pairForOffice(viewer, greta, again)).toBeNull()
    }
    for (const viewer of [accountant, family.holderViewer]) expect(await doublesForOffice(viewer)).toBeNull()
    expect(code(await merge(asked(greta, greta)))).toBe('request:not-found')
    done(await merge(asked(greta, again)))
    const seenElsewhere = await asStaff(elsewhere, (trx) =>
      trx.selectFrom('pupil_merge').select('id').execute(),
    )
    expect(seenElsewhere).toEqual([])
  })

  test('when something changed since the preview; of two colleagues the second is told', async () => {
    const [greta, again] = [await aChild(), await aChild()]
    const whole = asked(greta, again)
    const { seen } = done(await previewMerge(clerk, whole))
    await anAbsence(municipality, family, again, dayIds[2] as string)
    expect(code(await mergePupils(clerk, whole, { seen, reason: 'Prova' }))).toBe('merges:preview-changed')
    const now = done(await previewMerge(clerk, whole)).seen
    const colleague = await aStaffViewer(municipality, 'manager')
    const both = await Promise.all(
      [clerk, colleague].map((viewer) => mergePupils(viewer, whole, { seen: now, reason: 'Prova' })),
    )
    expect(both.map(code).toSorted()).toEqual(['accepted', 'merges:done'])
  })

  test('a second time, but the same confirmation sent twice is done once', async () => {
    const [greta, again] = [await aChild(), await aChild()]
    const whole = asked(greta, again)
    const { seen } = done(await previewMerge(clerk, whole))
    for (const _ of [1, 2])
      expect(done(await mergePupils(clerk, whole, { seen, reason: 'Prova' })).keptId).toBe(greta)
    expect(code(await previewMerge(clerk, whole))).toBe('merges:done')
  })
})

describe('undoing a merge', () => {
  test('is refused with what depends on it', async () => {
    const [greta, again] = [await aChild(), await aChild()]
    expect(code(await undo(greta, again))).toBe('request:not-found')
    done(await merge(asked(greta, again)))
    await anAbsence(municipality, family, greta, dayIds[2] as string)
    expect(await undo(greta, again)).toMatchObject({
      ...{ code: 'merges:depends', details: { what: ['una disdetta è cambiata'] } },
    })
    await setClock(`${MONDAY}T08:30:03Z`)
    await closeDueDays()
    expect(await undo(greta, again)).toMatchObject({
      details: { what: ['una disdetta è cambiata', 'un giorno è già contato'] },
    })
  })

  test('happens once, of two colleagues at the same time', async () => {
    const [greta, again] = [await aChild(), await aChild()]
    done(await merge(asked(greta, again)))
    const both = await Promise.all([
      undo(greta, again),
      undo(greta, again, await aStaffViewer(municipality, 'manager')),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await mealsOn(TUESDAY)).toBe(2)
  })
})

const aSide = fc.record({
  household: fc.nat({ max: 1 }),
  class: fc.nat({ max: 1 }),
  diet: fc.constantFrom('STD', 'STD', 'STD', 'D03'),
  from: fc.constantFrom('2026-09-14', '2026-09-14', WEDNESDAY),
  to: fc.constantFrom(YEAR_END, YEAR_END, MONDAY, TUESDAY, THURSDAY),
  fare: fc.constantFrom('', '', 'B1', 'B2'),
  cancelled: fc.uniqueArray(fc.nat({ max: DAYS.length - 1 })),
})
const aRandomPair = fc.record({
  sides: fc.tuple(aSide, aSide),
  closes: fc.boolean(),
  isPaid: fc.boolean(),
  choice: fc.record({
    keep: fc.constantFrom('one' as const, 'other' as const),
    name: fc.constantFrom('one' as const, 'other' as const),
    birth: fc.constantFrom('one' as const, 'other' as const),
    code: fc.constantFrom('one' as const, 'other' as const),
  }),
})

test(
  'of random doubles, a merge and its undoing leave ledger, counts and every row equal, and nothing counted changes',
  async () => {
    let merged = 0
    await fc.assert(
      fc.asyncProperty(aRandomPair, async ({ sides, closes, isPaid, choice }) => {
        await letGo()
        await aTown()
        const households = [family, await aHousehold(municipality, { name: 'Bassani' })]
        const classes = [municipality.school, await aClass(municipality, '4B')]
        const ids: string[] = []
        for (const side of sides) {
          const household = households[side.household] as Household
          const from = side.to < side.from ? '2026-09-14' : side.from
          const id = await aPupil(municipality, household.householdId, {
            ...{ school: classes[side.class], diet: side.diet, from, to: side.to },
          } as never)
          if (side.fare) await aFare(id, side.fare)
          for (const at of side.cancelled) {
            const day = DAYS[at] as string
            if (day >= from && day <= side.to)
              await anAbsence(municipality, household, id, dayIds[at] as string)
          }
          ids.push(id)
        }
        if (isPaid) for (const household of households) await aPaidTopUp(municipality, household, 10)
        if (closes) {
          await setClock(`${MONDAY}T08:30:03Z`)
          await closeDueDays()
        }
        const [one, other] = ids as [string, string]
        const before = await rowsThatStay()
        const counted = await mealsOn(MONDAY)
        const answer = await merge(asked(one, other, choice))
        expect(await ledgerFaults()).toBe(0)
        if (!answer.ok) {
          expect(await rowsThatStay()).toEqual(before)
          return
        }
        merged += 1
        const after = await rowsThatStay()
        for (const table of [
          'entry',
          'journal',
          'counted_meals',
          'kitchen_count',
          'absence_event',
          'invoice',
          'top_up',
        ])
          expect(after[table], table).toBe(before[table])
        if (closes) expect(await mealsOn(MONDAY)).toBe(counted)
        for (const day of DAYS.slice(1)) expect(await mealsOn(day)).toBeLessThanOrEqual(1)
        done(await undo(one, other))
        expect(await rowsThatStay()).toEqual(before)
        expect(await ledgerFaults()).toBe(0)
      }),
      { numRuns: atLength(8) },
    )
    expect(merged).toBeGreaterThan(0)
  },
  atLength(120_000),
)
