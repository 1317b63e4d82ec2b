import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asSystem, inScope } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { chargeClosedDays } from '#lib/kitchen/charge.commands.ts'
import { closeDueDays, countServiceDays } from '#lib/kitchen/close.commands.ts'
import { countsFingerprint, countsOfDay } from '#lib/kitchen/count.queries.ts'
import { mealsInLines } from '#lib/kitchen/count.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { type ReopeningSums, sumOfEffects, sumOfReopening } from '#lib/school/closure.ts'
import { enterClosure, undoClosure } from '#lib/school/office/closure.commands.ts'
import { closuresOf, previewClosure, previewUndoing } from '#lib/school/office/closure.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { whileClosing } from '#tests/support/waiting.ts'

const DAY = '2026-11-24'
const CUTOFF = '2026-11-24T08:30:00.000Z'
const AFTER_GRACE = '2026-11-24T08:30:03.000Z'

let municipality: TestMunicipality
let household: Household
let present: string
let absent: string
let serviceDay: string

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  present = await aPupil(municipality, household.householdId, { name: 'Greta' })
  absent = await aPupil(municipality, household.householdId, { name: 'Sofia', diet: 'D03' })
  serviceDay = await aServiceDay(municipality, DAY)
  await anAbsence(municipality, household, absent, serviceDay)
})

// The worker looks at every municipality: the one of the previous test has left the portal.
afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

async function balance(accountId = household.accountId): Promise<number> {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('account')
    .select('balance_cents')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  return row.balance_cents
}

async function chargedPupils(): Promise<(string | null)[]> {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('entry')
    .select('pupil_id')
    .where('service_day_id', '=', serviceDay)
    .where('pupil_id', 'is not', null)
    .where('kind', '=', 'meals')
    .execute()
  return rows.map((row) => row.pupil_id)
}

const counts = async () => {
  const manager = await aStaffViewer(municipality, 'manager')
  const found = await countsOfDay(manager, DAY)
  return found?.schools[0]
}

describe('a cancellation and the close at the same moment', () => {
  const cancel = () =>
    changeMeals(household.holderViewer, {
      ...{ action: 'cancel', pupilIds: [present], days: [DAY], channel: 'web' },
      idempotencyKey: randomUUID(),
    })

  test('a close under way is waited for: the day is counted, and nothing changes it any more', async () => {
    const answer = await whileClosing(serviceDay, cancel)
    expect(answer).toMatchObject({ ok: false, code: 'meals:day-closed' })
    const { owner } = await testDatabase()
    const absences = await owner
      .selectFrom('absence')
      .select('pupil_id')
      .where('service_day_id', '=', serviceDay)
      .execute()
    expect(absences).toEqual([{ pupil_id: absent }])
  })

  test('a cancellation under way is passed over, and closed with its day a moment later', async () => {
    const { owner } = await testDatabase()
    await setClock(AFTER_GRACE)
    await owner.transaction().execute(async (trx) => {
      await trx
        .selectFrom('service_day')
        .select('id')
        .where('id', '=', serviceDay)
        .forShare()
        .executeTakeFirstOrThrow()
      expect(await closeDueDays()).toBe(0)
    })
    expect(await closeDueDays()).toBe(1)
  })
})

describe('a day is looked at again once it is in hand', () => {
  const close = async () => {
    const { closed } = await asSystem(municipality.municipalityId, (trx) =>
      countServiceDays(trx, municipality.municipalityId, [serviceDay]),
    )
    await chargeClosedDays()
    return closed === 1
  }

  test('before its hour nothing is closed, whoever says that it is due', async () => {
    await setClock('2026-11-24T08:30:02.999Z')
    expect(await close()).toBe(false)
    await setClock(AFTER_GRACE)
    expect(await close()).toBe(true)
  })

  test('what another closer has closed meanwhile is left as it is', async () => {
    await setClock(AFTER_GRACE)
    expect(await close()).toBe(true)
    expect(await close()).toBe(false)
    expect(await chargedPupils()).toEqual([present])
  })
})

describe('the fingerprint of a day’s counts', () => {
  test('changes with a cancellation, a restored meal, the close and a closure, and with nothing else', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const { owner } = await testDatabase()
    const fingerprint = () => countsFingerprint(manager, DAY)
    const before = await fingerprint()
    expect((await countsOfDay(manager, DAY))?.fingerprint).toBe(before)
    await aPupil(municipality, (await aHousehold(municipality)).householdId)
    expect(await fingerprint()).toBe(before)

    await anAbsence(municipality, household, present, serviceDay)
    const cancelled = await fingerprint()
    await owner.deleteFrom('absence').where('pupil_id', '=', present).execute()
    const restored = await fingerprint()
    await setClock(AFTER_GRACE)
    await closeDueDays()
    const closed = await fingerprint()
    await enterClosure(manager, {
      ...{ day: DAY, schoolId: null, kind: 'strike', reason: 'Sciopero' },
      expected: { meals: 2, refundCents: 1_080 },
    })
    const fingerprints = [before, cancelled, restored, closed, await fingerprint()]
    for (const [index, one] of fingerprints.slice(1).entries()) expect(one).not.toBe(fingerprints[index])
  })

  test('a viewer who may not read the counts has none', async () => {
    expect(await countsFingerprint(household.holderViewer, DAY)).toBeNull()
    expect(await countsFingerprint(await aStaffViewer(municipality, 'editor'), DAY)).toBeNull()
  })
})

describe('closing a service day', () => {
  test('before the cutoff, and in the seconds of grace after it, nothing is closed', async () => {
    expect(await closeDueDays()).toBe(0)
    await setClock(CUTOFF)
    expect(await closeDueDays()).toBe(0)
    await setClock('2026-11-24T08:30:02.999Z')
    expect(await closeDueDays()).toBe(0)
    expect(await balance()).toBe(0)
  })

  test('the count is frozen and the present pupil is charged once; the absent one is not', async () => {
    await setClock(AFTER_GRACE)
    expect(await closeDueDays()).toBe(1)
    expect(await chargedPupils()).toEqual([present])
    expect(await balance()).toBe(-540)
    expect(await counts()).toMatchObject({
      state: 'definitive',
      version: 1,
      lines: [
        { className: '3A', dietCode: 'D03', meals: 0, absent: 1, severe: 0, asked: 0 },
        { className: '3A', dietCode: 'STD', meals: 1, absent: 0, severe: 0, asked: 0 },
      ],
    })
    expect(await ledgerFaults()).toBe(0)
  })

  test('closing again, or ten closers together, changes nothing twice', async () => {
    await setClock(AFTER_GRACE)
    const closed = await Promise.all(Array.from({ length: 10 }, () => closeDueDays()))
    expect(closed.reduce((sum, n) => sum + n, 0)).toBe(1)
    expect(await closeDueDays()).toBe(0)
    expect(await balance()).toBe(-540)
  })

  test('days missed while the worker was down are closed when it comes back', async () => {
    await aServiceDay(municipality, '2026-11-25')
    await aServiceDay(municipality, '2026-11-26')
    await setClock('2026-11-26T16:00:00Z')
    expect(await closeDueDays()).toBe(3)
    expect(await balance()).toBe(-540 * 5)
    expect(await ledgerFaults()).toBe(0)
  })

  test('only who is enrolled on that day is counted and charged', async () => {
    await aPupil(municipality, household.householdId, { name: 'Ieri', to: '2026-11-23' })
    await aPupil(municipality, household.householdId, { name: 'Domani', from: '2026-11-25' })
    const lastDay = await aPupil(municipality, household.householdId, { name: 'Oggi', to: DAY })
    await setClock(AFTER_GRACE)
    await closeDueDays()
    expect((await chargedPupils()).sort()).toEqual([present, lastDay].sort())
  })

  test('the price is the one valid on the day of the meal', async () => {
    const { owner } = await testDatabase()
    await owner
      .insertInto('meal_price')
      .values([
        {
          municipality_id: municipality.municipalityId,
          service_id: municipality.serviceId,
          valid_from: DAY,
          price_cents: 600,
        },
        {
          municipality_id: municipality.municipalityId,
          service_id: municipality.serviceId,
          valid_from: '2026-11-25',
          price_cents: 700,
        },
      ])
      .execute()
    await setClock('2026-11-28T10:00:00Z')
    await closeDueDays()
    expect(await balance()).toBe(-600)
  })

  test('a school where everybody is absent gets a count of zero meals and no movement', async () => {
    await anAbsence(municipality, household, present, serviceDay)
    await setClock(AFTER_GRACE)
    expect(await closeDueDays()).toBe(1)
    expect(mealsInLines((await counts())?.lines ?? [])).toBe(0)
    expect(await balance()).toBe(0)
  })

  test('a household without an account gets one at its first meal', async () => {
    const { owner } = await testDatabase()
    const other = await owner
      .insertInto('household')
      .values({ municipality_id: municipality.municipalityId, name: 'Nuova' })
      .returning('id')
      .executeTakeFirstOrThrow()
    await aPupil(municipality, other.id)
    await setClock(AFTER_GRACE)
    await closeDueDays()
    const account = await owner
      .selectFrom('account')
      .select('balance_cents')
      .where('household_id', '=', other.id)
      .executeTakeFirstOrThrow()
    expect(account.balance_cents).toBe(-540)
  })

  test('a school that cannot be closed (its price is missing) keeps no other from closing', async () => {
    const { owner } = await testDatabase()
    const unpriced = await aMunicipality()
    await aServiceDay(unpriced, '2026-11-23')
    await aPupil(unpriced, (await aHousehold(unpriced)).householdId)
    await owner.deleteFrom('meal_price').where('municipality_id', '=', unpriced.municipalityId).execute()
    await setClock(AFTER_GRACE)
    await expect(closeDueDays()).rejects.toThrow('1 service days were not closed')
    expect(await balance()).toBe(-540)
    await owner
      .insertInto('meal_price')
      .values({
        municipality_id: unpriced.municipalityId,
        service_id: unpriced.serviceId,
        valid_from: '2026-09-01',
        price_cents: 400,
      })
      .execute()
    expect(await closeDueDays()).toBe(1)
    expect(await ledgerFaults()).toBe(0)
  })

  test('once closed, the absences of that day cannot be touched, no matter who tries', async () => {
    await setClock(AFTER_GRACE)
    await closeDueDays()
    const { owner } = await testDatabase()
    await expect(owner.deleteFrom('absence').where('pupil_id', '=', absent).execute()).rejects.toThrow(
      'not open',
    )
    await expect(anAbsence(municipality, household, present, serviceDay)).rejects.toThrow('not open')
  })
})

describe('a closure', () => {
  const strike = (expected: { meals: number; refundCents: number }, schoolId: string | null = null) => ({
    day: DAY,
    schoolId,
    kind: 'strike' as const,
    reason: 'Sciopero del personale',
    expected,
  })

  test('before the cutoff: no child is counted or charged, and the reason is shown', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const preview = await previewClosure(manager, { day: DAY, schoolId: null })
    expect(sumOfEffects(preview ?? [])).toEqual({ meals: 1, refundCents: 0 })
    expect(await enterClosure(manager, strike({ meals: 1, refundCents: 0 }))).toMatchObject({ ok: true })
    await setClock(AFTER_GRACE)
    expect(await closeDueDays()).toBe(0)
    expect(await counts()).toMatchObject({ state: 'suspended', reason: 'Sciopero del personale', lines: [] })
    expect(await balance()).toBe(0)
  })

  test('after the charges: every one is reversed once and the kitchen gets a new version', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await setClock(AFTER_GRACE)
    await closeDueDays()
    expect(await balance()).toBe(-540)
    const asked = strike({ meals: 1, refundCents: 540 })
    expect(await enterClosure(manager, asked)).toMatchObject({ ok: true })
    expect(await balance()).toBe(0)
    expect(await counts()).toMatchObject({ state: 'suspended', version: 2 })
    expect(await enterClosure(manager, asked)).toMatchObject({
      ok: false,
      code: 'calendar:already-suspended',
    })
    expect(await balance()).toBe(0)
    expect(await ledgerFaults()).toBe(0)
  })

  test('for one school leaves the others alone', async () => {
    const school = await aSchool(municipality)
    await aServiceDay(municipality, DAY, { school })
    await aPupil(municipality, household.householdId, { name: 'Altra', school })
    const manager = await aStaffViewer(municipality, 'operator')
    await enterClosure(manager, strike({ meals: 1, refundCents: 0 }, school.id))
    await setClock(AFTER_GRACE)
    expect(await closeDueDays()).toBe(1)
    expect(await balance()).toBe(-540)
  })

  test('is refused when the numbers moved after the preview, and on a day without service', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    expect(await enterClosure(manager, strike({ meals: 2, refundCents: 0 }))).toMatchObject({
      code: 'calendar:preview-changed',
    })
    expect(
      await enterClosure(manager, { ...strike({ meals: 0, refundCents: 0 }), day: '2026-12-25' }),
    ).toMatchObject({ code: 'calendar:no-service-day' })
  })

  test('that a colleague decided first is named with its reason', async () => {
    const [manager, colleague] = [
      await aStaffViewer(municipality, 'manager'),
      await aStaffViewer(municipality, 'operator'),
    ]
    await enterClosure(colleague, { ...strike({ meals: 1, refundCents: 0 }), reason: 'Gita al museo' })
    expect(await enterClosure(manager, strike({ meals: 1, refundCents: 0 }))).toEqual({
      ok: false,
      code: 'calendar:already-suspended',
      details: { by: 'Ufficio Conti', reason: 'Gita al museo' },
    })
    const [effect] = (await previewClosure(manager, { day: DAY, schoolId: null })) ?? []
    expect(effect?.decided).toEqual({ kind: 'strike', reason: 'Gita al museo', by: 'Ufficio Conti' })
  })

  test('is taken back: families read it, what they cancelled stays, and the close charges as on any day', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await enterClosure(manager, strike({ meals: 1, refundCents: 0 }))
    const [closure] = (await closuresOf(manager, { when: 'coming', page: 1 }))?.closures ?? []
    expect([closure?.by, closure?.undoneBy]).toEqual(['Ufficio Conti', null])
    const undoing = await previewUndoing(manager, closure?.id ?? '')
    expect(undoing?.effects).toMatchObject([{ pupils: 2, absent: 1, isCounted: false, wasTakenUp: false }])
    const asked = { closureId: closure?.id ?? '', reason: 'La data era sbagliata' }
    expect(
      await undoClosure(manager, { ...asked, expected: { schools: 1, meals: 2, chargeCents: 0 } }),
    ).toMatchObject({
      code: 'calendar:preview-changed',
    })
    expect(
      await undoClosure(manager, { ...asked, expected: { schools: 1, meals: 1, chargeCents: 0 } }),
    ).toEqual({
      ok: true,
      value: { day: DAY, schools: 1, meals: 1, chargeCents: 0 },
    })
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select(['title', 'body'])
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('id', 'desc')
      .execute()
    expect(told[0]?.title).toMatch(/^La mensa c’è /)
    expect(told[0]?.body).toContain('La data era sbagliata')
    expect((await closuresOf(manager, { when: 'coming', page: 1 }))?.closures[0]?.undoneBy).toBe(
      'Ufficio Conti',
    )
    await setClock(AFTER_GRACE)
    expect(await closeDueDays()).toBe(1)
    expect(await balance()).toBe(-540)
    expect(
      await undoClosure(manager, { ...asked, expected: { schools: 1, meals: 1, chargeCents: 0 } }),
    ).toMatchObject({
      code: 'request:not-found',
    })
  })

  test('may be decided again for a day whose first closure was taken back', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await enterClosure(manager, strike({ meals: 1, refundCents: 0 }))
    const [closure] = (await closuresOf(manager, { when: 'coming', page: 1 }))?.closures ?? []
    const asked = {
      closureId: closure?.id ?? '',
      reason: 'Errore',
      expected: { schools: 1, meals: 1, chargeCents: 0 },
    }
    expect(await undoClosure(manager, asked)).toMatchObject({ ok: true })
    expect(await enterClosure(manager, strike({ meals: 1, refundCents: 0 }))).toMatchObject({ ok: true })
  })

  test('is not taken back after the deadline where no meal was counted', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await enterClosure(manager, strike({ meals: 1, refundCents: 0 }))
    await setClock(AFTER_GRACE)
    expect(await undo(manager)).toMatchObject({ code: 'calendar:not-reopened' })
    expect(await balance()).toBe(0)
  })

  /** The last closure of the day, and what its undoing is expected to do. */
  const undo = async (manager: Viewer, changes: Partial<ReopeningSums> = {}) => {
    const decided = (await closuresOf(manager, { when: 'coming', page: 1 }))?.closures ?? []
    const closureId = decided.find(({ undoneBy }) => undoneBy === null)?.id
    if (!closureId) return null
    const undoing = await previewUndoing(manager, closureId)
    const sums = sumOfReopening(undoing?.effects ?? [], undoing?.now ?? new Date())
    return undoClosure(manager, {
      closureId,
      reason: 'La scuola sbagliata',
      expected: { ...sums, ...changes },
    })
  }

  test('O5 of a day whose meals were given back is taken back: they count and are charged again, once, and families read it', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await setClock(AFTER_GRACE)
    await closeDueDays()
    const before = await counts()
    await enterClosure(manager, strike({ meals: 1, refundCents: 540 }))
    expect(await undo(manager, { chargeCents: 0 })).toMatchObject({ code: 'calendar:preview-changed' })
    expect(await undo(manager)).toEqual({
      ok: true,
      value: { day: DAY, schools: 1, meals: 1, chargeCents: 540 },
    })
    expect(await balance()).toBe(-540)
    expect(await ledgerFaults()).toBe(0)
    expect(await counts()).toMatchObject({ state: 'definitive', version: 3, lines: before?.lines })
    const { owner } = await testDatabase()
    const again = await owner
      .selectFrom('entry')
      .select(['pupil_id', 'amount_cents'])
      .where('service_day_id', '=', serviceDay)
      .where('kind', '=', 'adjustment')
      .where('pupil_id', 'is not', null)
      .execute()
    expect(again).toEqual([{ pupil_id: present, amount_cents: -540 }])
    const told = await owner
      .selectFrom('notification')
      .select(['title', 'body'])
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('id', 'desc')
      .execute()
    expect(told[0]?.title).toMatch(/^La mensa c’è /)
    expect(told[0]?.body).toContain('è di nuovo addebitato')
    expect(await closeDueDays()).toBe(0)
    expect(await chargeClosedDays()).toBe(0)
    expect(await undo(manager)).toBeNull()
    expect(await enterClosure(manager, strike({ meals: 1, refundCents: 540 }))).toMatchObject({
      code: 'calendar:taken-up-before',
    })
    expect(await balance()).toBe(-540)
  })

  test('O5 of a day that was counted and not charged yet is taken back: the charge is due again', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await setClock(AFTER_GRACE)
    await asSystem(municipality.municipalityId, (trx) =>
      countServiceDays(trx, municipality.municipalityId, [serviceDay]),
    )
    await enterClosure(manager, strike({ meals: 1, refundCents: 0 }))
    expect(await chargeClosedDays()).toBe(0)
    expect(await undo(manager)).toMatchObject({ ok: true })
    expect(await chargeClosedDays()).toBe(1)
    expect(await balance()).toBe(-540)
    expect(await chargedPupils()).toEqual([present])
    expect(await enterClosure(manager, strike({ meals: 1, refundCents: 540 }))).toMatchObject({ ok: true })
    expect(await undo(manager)).toMatchObject({ ok: true })
    expect([await balance(), await ledgerFaults()]).toEqual([-540, 0])
  })

  test('O5 of a counted day is not taken back after two weeks, and the database opens none', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await setClock(AFTER_GRACE)
    await closeDueDays()
    await enterClosure(manager, strike({ meals: 1, refundCents: 540 }))
    const [closure] = (await closuresOf(manager, { when: 'coming', page: 1 }))?.closures ?? []
    await setClock('2026-12-08T08:30:00Z')
    const expected = { schools: 1, meals: 1, chargeCents: 540 }
    const asked = { closureId: closure?.id ?? '', reason: 'Errore', expected }
    expect(await undoClosure(manager, asked)).toMatchObject({ code: 'calendar:not-reopened' })
    expect(await balance()).toBe(0)
    const { owner } = await testDatabase()
    await expect(
      owner
        .updateTable('service_day')
        .set({ status: 'open', closure_id: null })
        .where('day', '=', DAY)
        .execute(),
    ).rejects.toThrow('does not open again')
  })

  test('O5 by two colleagues together is taken back once', async () => {
    const managers = [
      await aStaffViewer(municipality, 'manager'),
      await aStaffViewer(municipality, 'operator'),
    ]
    await setClock(AFTER_GRACE)
    await closeDueDays()
    await enterClosure(managers[0] as Viewer, strike({ meals: 1, refundCents: 540 }))
    const answers = await Promise.all(managers.map((viewer) => undo(viewer)))
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(1)
    expect([await balance(), await ledgerFaults()]).toEqual([-540, 0])
  })

  test('O5 whatever is closed, taken back, counted and charged, in any order: a meal costs once or nothing (random walk)', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const act = fc.constantFrom('close', 'undo', 'count', 'charge', 'wait' as const)
    const first = Date.parse(DAY)
    let walked = 0
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 10 }), async (acts) => {
        const day = new Date(first + walked * 86_400_000).toISOString().slice(0, 10)
        walked += 1
        const at = (time: string) => setClock(`${day}T${time}Z`)
        await at('07:00:00')
        const id = walked === 1 ? serviceDay : await aServiceDay(municipality, day)
        const { owner } = await testDatabase()
        for (const now of acts) {
          const [effect] = (await previewClosure(manager, { day, schoolId: null })) ?? []
          const sums = sumOfEffects(effect ? [effect] : [])
          if (now === 'wait') await at('08:30:03')
          if (now === 'close') await enterClosure(manager, { ...strike(sums), day })
          if (now === 'count')
            await asSystem(municipality.municipalityId, (trx) =>
              countServiceDays(trx, municipality.municipalityId, [id]),
            )
          if (now === 'charge') await chargeClosedDays()
          if (now === 'undo') await undo(manager)
        }
        await chargeClosedDays()
        const row = await owner
          .selectFrom('service_day')
          .select('status')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        const moved = await owner
          .selectFrom('entry')
          .select(({ fn }) => fn.sum<number>('amount_cents').as('cents'))
          .where('service_day_id', '=', id)
          .where('pupil_id', '=', present)
          .executeTakeFirstOrThrow()
        expect(Number(moved.cents ?? 0), `${acts.join(' ')}: ${row.status}`).toBe(
          row.status === 'closed' ? -540 : 0,
        )
        expect(await ledgerFaults()).toBe(0)
      }),
      { numRuns: atLength(20) },
    )
  })

  test('is found with its author when its day is past', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await enterClosure(manager, strike({ meals: 1, refundCents: 0 }))
    await setClock('2027-02-01T08:00:00Z')
    expect((await closuresOf(manager, { when: 'past', page: 1 }))?.closures).toMatchObject([
      { day: DAY, reason: 'Sciopero del personale', by: 'Ufficio Conti' },
    ])
  })

  test('belongs to the office: a parent, the accountant and the editor find nothing', async () => {
    const [accountant, editor] = [
      await aStaffViewer(municipality, 'accountant'),
      await aStaffViewer(municipality, 'editor'),
    ]
    for (const viewer of [household.holderViewer, accountant, editor]) {
      expect(await previewClosure(viewer, { day: DAY, schoolId: null })).toBeNull()
      expect(await closuresOf(viewer, { when: 'coming', page: 1 })).toBeNull()
      expect(await previewUndoing(viewer, '01890000-0000-7000-8000-000000000000')).toBeNull()
      expect(await enterClosure(viewer, strike({ meals: 1, refundCents: 0 }))).toMatchObject({
        code: 'request:not-found',
      })
    }
    expect(await countsOfDay(household.holderViewer, DAY)).toBeNull()
    expect(await countsOfDay(editor, DAY)).toBeNull()
  })

  test('with the application asleep, the database shows a parent no count and no journal', async () => {
    await setClock(AFTER_GRACE)
    await closeDueDays()
    const scope = {
      municipalityId: municipality.municipalityId,
      personId: household.holder.personId,
      audience: 'family' as const,
    }
    const seen = await inScope(scope, async (trx) => [
      ...(await trx.selectFrom('kitchen_count').selectAll().execute()),
      ...(await trx.selectFrom('journal').selectAll().execute()),
    ])
    expect(seen).toEqual([])
  })
})
