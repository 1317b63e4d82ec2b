import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { chargeClosedDays } from '#lib/kitchen/charge.commands.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { mealsInLines } from '#lib/kitchen/count.ts'
import { balanceCards } from '#lib/ledger/statement.queries.ts'
import { startTopUp } from '#lib/payments/top-up.commands.ts'
import { topUpOffer } from '#lib/payments/top-up.queries.ts'
import {
  type AskedHouseholdMerge,
  mergeHouseholds,
  previewHouseholdMerge,
  previewHouseholdSplit,
  undoHouseholdMerge,
} from '#lib/people/office/household-merge.commands.ts'
import { householdPairForOffice } from '#lib/people/office/household-merge.queries.ts'
import { doublesForOffice } from '#lib/people/office/pupil-merge.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMember,
  aMunicipality,
  aPerson,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type Parent,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code, done, healthDiet, send } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import { aTopUpRequest } from '#tests/support/payments.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { everyRowOf } from '#tests/support/rollover.ts'

const [MONDAY, TUESDAY] = ['2026-11-23', '2026-11-24']

let municipality: TestMunicipality
let family: Household
let other: Household
let manager: Viewer

/** The other family of the same holder. */
async function aSecondFamily(): Promise<Household> {
  const { owner } = await testDatabase()
  const made = await aHousehold(municipality, { name: 'Bassani' })
  await owner
    .updateTable('household_member')
    .set({ person_id: family.holder.personId })
    .where('household_id', '=', made.householdId)
    .execute()
  const memberships = [{ householdId: made.householdId, role: 'holder' as const }]
  return { ...made, holder: family.holder, holderViewer: { ...family.holderViewer, memberships } }
}

async function aTown(): Promise<void> {
  await setClock(`${MONDAY}T06:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  other = await aSecondFamily()
  manager = await aStaffViewer(municipality, 'manager')
  for (const day of [MONDAY, TUESDAY]) await aServiceDay(municipality, day)
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

const asked = (given: Partial<AskedHouseholdMerge> = {}): AskedHouseholdMerge => ({
  ...{ oneId: family.householdId, otherId: other.householdId, keep: 'one', ...given },
})

async function merge(whole = asked(), viewer = manager) {
  const preview = await previewHouseholdMerge(viewer, whole)
  if (!preview.ok) return preview
  return mergeHouseholds(viewer, whole, {
    seen: preview.value.seen,
    reason: 'Due fratelli registrati a parte',
  })
}

async function undo(viewer = manager) {
  const { oneId, otherId } = asked()
  const mergeId = (await householdPairForOffice(viewer, oneId, otherId))?.merge?.id ?? ''
  const preview = await previewHouseholdSplit(viewer, { oneId, otherId, mergeId })
  if (!preview.ok) return preview
  return undoHouseholdMerge(
    viewer,
    { oneId, otherId, mergeId },
    { seen: preview.value.seen, reason: 'Erano due' },
  )
}

async function closeMonday(): Promise<void> {
  await setClock(`${MONDAY}T08:30:03Z`)
  await closeDueDays()
}

async function pupilsOf({ householdId }: Household): Promise<string[]> {
  const { owner } = await testDatabase()
  const rows = await owner.selectFrom('pupil').select('id').where('household_id', '=', householdId).execute()
  return rows.map(({ id }) => id).toSorted()
}

async function balanceOf({ householdId }: Household): Promise<number> {
  const { owner } = await testDatabase()
  const { balance_cents } = await owner
    .selectFrom('account')
    .select('balance_cents')
    .where('household_id', '=', householdId)
    .executeTakeFirstOrThrow()
  return Number(balance_cents)
}

async function rolesOf({ personId }: Parent) {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ roles: { householdId: string; role: string; pupilIds?: string[] }[] }>`
    select memberships_of(${municipality.municipalityId}::uuid, ${personId}::uuid) as roles`.execute(owner)
  return rows[0]?.roles ?? []
}

const mealsOn = async (day: string): Promise<number> =>
  mealsInLines((await countsOfDay(manager, day))?.schools.flatMap(({ lines }) => lines) ?? [])

async function rowsThatStay(): Promise<Record<string, string>> {
  const all = await everyRowOf(municipality)
  return Object.fromEntries(
    Object.entries(all).filter(
      ([table]) => !/^(refund_case|notification$|outbox|delivery_batch)/.test(table),
    ),
  )
}

describe('two households of one holder', () => {
  test('are one from the next uncounted day: what was counted is paid by the one, what comes by the other', async () => {
    const [greta, pia] = [
      await aPupil(municipality, family.householdId),
      await aPupil(municipality, other.householdId, { name: 'Pia' }),
    ]
    await aPaidTopUp(municipality, other, 10)
    await closeMonday()
    await chargeClosedDays()
    const [before, left] = [await balanceOf(family), await balanceOf(other)]
    const words = done(await previewHouseholdMerge(manager, asked())).lines.join('\n')
    expect(words).toContain('Pia Albertini: passa alla famiglia Conti')
    expect(words).toContain('si apre un rimborso da decidere')
    done(await merge())
    expect([await pupilsOf(family), await pupilsOf(other)]).toEqual([[greta, pia].toSorted(), []])
    expect(await mealsOn(TUESDAY)).toBe(2)
    await setClock(`${TUESDAY}T08:30:03Z`)
    await closeDueDays()
    await chargeClosedDays()
    const price = (left - 5400) * -1
    expect([await balanceOf(family), await balanceOf(other)]).toEqual([before - 2 * price, left])
    expect(await ledgerFaults()).toBe(0)
    const { owner } = await testDatabase()
    expect(
      await owner
        .selectFrom('refund_case')
        .selectAll()
        .where('household_id', '=', other.householdId)
        .execute(),
    ).toMatchObject([{ opened_cents: left, closed_at: null }])
    expect(await rolesOf(family.holder)).toHaveLength(2)
    const doubles = await doublesForOffice(manager)
    expect(doubles).toMatchObject({ holders: [], mergedHouseholds: [{ goneId: other.householdId }] })
  })

  test('take the delegates along, for the pupils that move and no others', async () => {
    const [greta, pia] = [
      await aPupil(municipality, family.householdId),
      await aPupil(municipality, other.householdId, { name: 'Pia' }),
    ]
    const marco = await aPerson(municipality, { givenName: 'Marco' })
    await aMember(municipality, other.householdId, marco, 'delegate')
    done(await merge())
    expect(await rolesOf(marco)).toEqual([
      { householdId: family.householdId, role: 'delegate', pupilIds: [pia] },
    ])
    expect(await rolesOf(marco)).not.toMatchObject([{ pupilIds: [greta] }])
    done(await undo())
    expect(await rolesOf(marco)).toEqual([{ householdId: other.householdId, role: 'delegate' }])
  })

  test('say which delegates of the one that stays see the new pupils', async () => {
    await aPupil(municipality, other.householdId)
    await aMember(
      municipality,
      family.householdId,
      await aPerson(municipality, { givenName: 'Ugo' }),
      'delegate',
    )
    expect(done(await previewHouseholdMerge(manager, asked())).lines.join('\n')).toContain(
      'Ugo Conti, delegati di tutti gli alunni di Conti, vedranno anche questi',
    )
  })
})

describe('a merge of households is refused', () => {
  test('where another person pays, with a debt, without pupils, with a payment or a request under way', async () => {
    const pupil = await aPupil(municipality, other.householdId)
    const third = await aHousehold(municipality, { name: 'Neri' })
    expect(code(await merge(asked({ otherId: third.householdId })))).toBe('families:holders')
    expect(code(await merge(asked({ keep: 'other' })))).toBe('families:empty')
    const { owner } = await testDatabase()
    await send(other, await aForm(manager, 'diet'), healthDiet(pupil))
    expect(code(await merge())).toBe('families:requests')
    await owner.updateTable('form_submission').set({ state: 'withdrawn', decided_at: new Date() }).execute()
    await closeMonday()
    expect(code(await merge())).toBe('families:debt')
  })

  test('while a counted meal of its pupils waits for its charge', async () => {
    const pupil = await aPupil(municipality, other.householdId)
    const { owner } = await testDatabase()
    const { id } = await owner
      .selectFrom('service_day')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('day', '=', TUESDAY)
      .executeTakeFirstOrThrow()
    const { municipalityId: municipality_id } = municipality
    await sql`insert into counted_meals (municipality_id, service_day_id, school_class_id, diet_code, pupil_ids, prices_cents)
      values (${municipality_id}, ${id}, ${municipality.school.classId}, 'STD', array[${pupil}::uuid], '{540}')`.execute(
      owner,
    )
    await owner.insertInto('meal_charge').values({ municipality_id, service_day_id: id }).execute()
    expect(code(await merge())).toBe('families:charging')
  })

  test('for who is not the manager, of another town; the table and the functions are the office’s alone', async () => {
    await aPupil(municipality, other.householdId)
    const { seen } = done(await previewHouseholdMerge(manager, asked()))
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const clerk = await aStaffViewer(municipality, 'operator')
    for (const viewer of [elsewhere, clerk, family.holderViewer]) {
      expect(code(await merge(asked(), viewer))).toBe('request:not-found')
      expect(code(await mergeHouseholds(viewer, asked(), { seen, reason: 'Prova' }))).toBe(
        'request:not-found',
      )
    }
    const { oneId, otherId } = asked()
    expect(await householdPairForOffice(clerk, oneId, otherId)).toMatchObject({ mayMerge: false })
    expect(await householdPairForOffice(elsewhere, oneId, otherId)).toBeNull()
    done(await merge())
    const rows = (trx: Parameters<Parameters<typeof asStaff>[1]>[0]) =>
      trx.selectFrom('household_merge').select('id').execute()
    expect(await asStaff(elsewhere, rows)).toEqual([])
    expect(await asFamily(family.holderViewer, rows)).toEqual([])
    await expect(
      asFamily(family.holderViewer, (trx) =>
        sql`select move_pupils(${municipality.municipalityId}::uuid, '{}', ${oneId}::uuid, ${otherId}::uuid)`.execute(
          trx,
        ),
      ),
    ).rejects.toThrow('only the office')
    const { owner } = await testDatabase()
    await expect(
      owner.updateTable('pupil').set({ household_id: otherId }).where('household_id', '=', oneId).execute(),
    ).rejects.toThrow('append-only')
  })

  test('when something changed since the preview; of two colleagues the second is told, and the same press twice is one', async () => {
    await aPupil(municipality, other.householdId)
    const { seen } = done(await previewHouseholdMerge(manager, asked()))
    await aPupil(municipality, other.householdId, { name: 'Pia' })
    expect(code(await mergeHouseholds(manager, asked(), { seen, reason: 'Prova' }))).toBe(
      'families:preview-changed',
    )
    const now = done(await previewHouseholdMerge(manager, asked())).seen
    const colleague = await aStaffViewer(municipality, 'manager')
    const both = await Promise.all(
      [manager, colleague].map((viewer) => mergeHouseholds(viewer, asked(), { seen: now, reason: 'Prova' })),
    )
    expect(both.map(code).toSorted()).toEqual(['accepted', 'families:done'])
    done(await mergeHouseholds(both[0]?.ok ? manager : colleague, asked(), { seen: now, reason: 'Prova' }))
  })
})

test('nothing is paid into the household that went, by the offer or by who writes its account; undone, it is again', async () => {
  const holder = {
    ...family.holderViewer,
    memberships: [family, other].map(({ householdId }) => ({ householdId, role: 'holder' as const })),
  }
  const offered = async () =>
    (await topUpOffer(holder))?.accounts.map(({ accountId }) => accountId).toSorted()
  const isServedIn = async () =>
    (await balanceCards(holder))?.find((card) => !card.isServed)?.accountId ?? null
  await aPupil(municipality, other.householdId, { name: 'Pia' })
  const both = [family.accountId, other.accountId].toSorted()
  expect(await offered()).toEqual(both)
  done(await merge())
  expect(await offered()).toEqual([family.accountId])
  expect(await isServedIn()).toBe(other.accountId)
  const written = await startTopUp(holder, aTopUpRequest(other))
  expect(written).toMatchObject({ code: 'request:not-found' })
  done(await undo())
  expect(await offered()).toEqual(both)
})

test('undoing is refused once a day is counted', async () => {
  await aPupil(municipality, other.householdId)
  done(await merge())
  await closeMonday()
  expect(await undo()).toMatchObject({
    ...{ code: 'families:depends', details: { what: ['un giorno è già contato'] } },
  })
})

const aRandomTown = fc.record({
  kept: fc.nat({ max: 2 }),
  gone: fc.integer({ min: 1, max: 3 }),
  delegates: fc.array(fc.constantFrom<'kept' | 'gone' | 'both'>('kept', 'gone', 'both'), { maxLength: 3 }),
  isPaid: fc.boolean(),
  closes: fc.boolean(),
})

test(
  'in random towns a merge and its undoing leave ledger, counts, roles and every row equal, and no meal is lost or doubled',
  async () => {
    let merged = 0
    await fc.assert(
      fc.asyncProperty(aRandomTown, async ({ kept, gone, delegates, isPaid, closes }) => {
        await letGo()
        await aTown()
        for (let at = 0; at < kept; at += 1)
          await aPupil(municipality, family.householdId, { name: `K${at}` })
        for (let at = 0; at < gone; at += 1) await aPupil(municipality, other.householdId, { name: `G${at}` })
        for (const where of delegates) {
          const person = await aPerson(municipality, { givenName: 'Marco' })
          if (where !== 'gone') await aMember(municipality, family.householdId, person, 'delegate')
          if (where !== 'kept') await aMember(municipality, other.householdId, person, 'delegate')
        }
        if (isPaid) await aPaidTopUp(municipality, other, 10)
        if (closes) {
          await closeMonday()
          await chargeClosedDays()
        }
        const [before, meals] = [await rowsThatStay(), await mealsOn(TUESDAY)]
        const answer = await merge()
        if (!answer.ok) {
          expect(answer.code).toBe('families:debt')
          expect(await rowsThatStay()).toEqual(before)
          return
        }
        merged += 1
        expect(await mealsOn(TUESDAY)).toBe(meals)
        const after = await rowsThatStay()
        for (const table of [
          'entry',
          'journal',
          'counted_meals',
          'enrolment',
          'absence',
          'invoice',
          'top_up',
        ])
          expect(after[table], table).toBe(before[table])
        done(await undo())
        expect(await rowsThatStay()).toEqual(before)
        expect(await ledgerFaults()).toBe(0)
      }),
      { numRuns: atLength(8) },
    )
    expect(merged).toBeGreaterThan(0)
  },
  atLength(120_000),
)
