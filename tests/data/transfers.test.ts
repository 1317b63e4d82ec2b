import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asStaff, type Trx } from '#db/client.ts'
import { OFFICE_ROLES, PARTIAL_ROLES, type Viewer } from '#lib/access/viewer.ts'
import { waitingWork } from '#lib/desk/waiting-work.queries.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { daysBetween, weekdayOf } from '#lib/kernel/day.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { previewRegistration, register } from '#lib/people/office/registration.commands.ts'
import { registrationInput } from '#lib/people/office/registration.input.ts'
import {
  previewArrivalRefusal,
  previewTransfer,
  previewWithdrawal,
  refuseArrival,
  sendTransfer,
  withdrawTransfer,
} from '#lib/people/office/transfer.commands.ts'
import { transferForOffice, transferOffer, transfersForOffice } from '#lib/people/office/transfer.queries.ts'
import { type AskedTransfer, registrationOf } from '#lib/people/office/transfer.ts'
import { registerPage } from '#lib/privacy/office/register.queries.ts'
import { changesInWords } from '#lib/privacy/office/register.words.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { code, done } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { everyRowOf } from '#tests/support/rollover.ts'

const MONDAY = '2026-11-23'
const TUESDAY = '2026-11-24'

let left: TestMunicipality
let received: TestMunicipality
let family: Household
let pupilId: string
let sender: Viewer
let receiver: Viewer

async function twoTowns(): Promise<void> {
  await setClock(`${MONDAY}T06:00:00Z`)
  left = await aMunicipality()
  received = await aMunicipality()
  family = await aFamily(left)
  pupilId = await aChild(left, family, 'Greta', { diet: 'D03' })
  sender = await aStaffViewer(left, 'operator')
  receiver = await aStaffViewer(received, 'operator')
}
beforeEach(twoTowns)

/** The worker looks at every municipality: those of an earlier test have left the portal. */
async function letGo(): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', 'in', [left.municipalityId, received.municipalityId])
    .execute()
}
afterEach(letGo)

/** A family whose people have the codes of their names. */
async function aFamily(municipality: TestMunicipality): Promise<Household> {
  const { owner } = await testDatabase()
  const household = await aHousehold(municipality)
  const fiscal_code = makeFiscalCode({
    ...{ givenName: 'Laura', familyName: 'Conti', birthDay: '1985-05-17', sex: 'F' },
  })
  await owner.updateTable('person').set({ fiscal_code }).where('id', '=', household.holder.personId).execute()
  return household
}

async function aChild(
  municipality: TestMunicipality,
  household: Household,
  name: string,
  given: { diet?: string } = {},
): Promise<string> {
  const { owner } = await testDatabase()
  const id = await aPupil(municipality, household.householdId, { name, ...given })
  const fiscal_code = makeFiscalCode({
    ...{ givenName: name, familyName: 'Albertini', birthDay: '2018-03-02', sex: 'F' },
  })
  await owner.updateTable('pupil').set({ fiscal_code }).where('id', '=', id).execute()
  return id
}

const asked = (given: Partial<AskedTransfer> = {}): AskedTransfer => ({
  ...{ householdId: family.householdId, toId: received.municipalityId, pupilId: null, last: TUESDAY },
  ...{ withDiets: true, reason: 'Cambia casa' },
  ...given,
})

async function sent(given: Partial<AskedTransfer> = {}): Promise<string> {
  const what = asked(given)
  const { seen } = done(await previewTransfer(sender, what))
  return done(await sendTransfer(sender, what, { seen })).id
}

async function opened(id: string, viewer = receiver) {
  const found = await transferForOffice(viewer, id)
  if (!found || !('arrival' in found)) throw new Error('nothing arrives')
  return found
}

/** What the receiving office sends with the form, as it is filled from the transfer. */
async function filled(id: string, given: Record<string, unknown> = {}, pupils = 1) {
  const { arrival, today } = await opened(id)
  if (!arrival.content) throw new Error('it is over')
  const places = Object.fromEntries(
    Array.from({ length: pupils }, (_, at) => [
      [`pupil${at + 1}-classId`, received.school.classId],
      [`pupil${at + 1}-services`, [received.serviceId]],
    ]).flat() as [string, unknown][],
  )
  return registrationInput.parse({
    ...registrationOf(arrival.content, { last: arrival.last, today }),
    ...places,
    transferId: id,
    ...given,
  }).asked
}

async function accepted(id: string, given: Record<string, unknown> = {}, pupils = 1): Promise<string> {
  const form = await filled(id, given, pupils)
  const { seen, lines } = done(await previewRegistration(receiver, form))
  const { householdId } = done(await register(receiver, { asked: form, seen, checked: true }))
  expect(lines.join('\n')).toContain('legge che il trasferimento è accolto')
  return householdId
}

const rowsIn = async (table: 'departing_transfer' | 'arriving_transfer', id: string) => {
  const { owner } = await testDatabase()
  return owner.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

const actionsIn = async ({ municipalityId }: TestMunicipality): Promise<string[]> => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('audit_event')
    .select('action')
    .where('municipality_id', '=', municipalityId)
    .where('action', 'like', 'transfers.%')
    .where('action', '!~', '(read|listed)$')
    .orderBy('occurred_at')
    .orderBy('id')
    .execute()
  return rows.map(({ action }) => action)
}

const told = async ({ municipalityId }: TestMunicipality): Promise<string[]> => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('notification')
    .select('title')
    .where('municipality_id', '=', municipalityId)
    .orderBy('created_at')
    .execute()
  return rows.map(({ title }) => title)
}

/** Another household has the first week of the pupil. */
async function giveDays({ householdId }: Household): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .insertInto('meal_household_rule')
    .values({
      ...{ municipality_id: left.municipalityId, pupil_id: pupilId, household_id: householdId },
      ...{ first_monday: MONDAY, days: [1, 2, 3, 4, 5], valid_from: MONDAY, given_by: sender.personId },
    })
    .execute()
}

async function rulesOf() {
  const { owner } = await testDatabase()
  return owner.selectFrom('meal_household_rule').selectAll().where('pupil_id', '=', pupilId).execute()
}

const waits = async (viewer: Viewer, kind: string) =>
  (await waitingWork(viewer)).find((one) => one.kind === kind)?.count ?? 0

describe('a family that moves to another municipality', () => {
  test('leaves the one with its money and is registered in the other, in both registers', async () => {
    await aPaidTopUp(left, family, 10)
    const preview = done(await previewTransfer(sender, asked()))
    expect(preview.lines.join('\n').replaceAll('\u00a0', ' ')).toContain(
      'Sul conto di Refezione Scolastica restano 54,00 €: si apre un rimborso da decidere',
    )
    const id = await sent()
    const { owner } = await testDatabase()
    const refund = await owner
      .selectFrom('refund_case')
      .select(['left_on', 'cause'])
      .where('household_id', '=', family.householdId)
      .execute()
    expect(refund).toEqual([{ left_on: TUESDAY, cause: 'ended' }])
    expect(await waits(receiver, 'arrivals')).toBe(1)
    const { arrival, families } = await opened(id)
    expect(families).toEqual([])
    expect(arrival.content).toMatchObject({
      holder: { givenName: 'Laura', email: 'laura@example.it' },
      delegate: null,
      pupils: [
        {
          givenName: 'Greta',
          services: ['Refezione Scolastica'],
          diet: { name: 'Senza glutine', severe: false },
        },
      ],
    })
    const householdId = await accepted(id)
    expect(await rowsIn('departing_transfer', id)).toMatchObject({ state: 'accepted', before: null })
    expect(await rowsIn('arriving_transfer', id)).toMatchObject({
      ...{ state: 'accepted', content: null, household_id: householdId },
    })
    const { rows: eats } = await sql<{ town: string; diet: string; from: string; to: string }>`
      select e.municipality_id as town, e.diet_code as diet, e.valid_from as "from", e.valid_to as "to" from enrolment e
      join pupil p on p.municipality_id = e.municipality_id and p.id = e.pupil_id
      where e.municipality_id in (${left.municipalityId}, ${received.municipalityId}) order by e.valid_from`.execute(
      owner,
    )
    expect(eats).toEqual([
      { town: left.municipalityId, diet: 'D03', from: '2026-09-14', to: TUESDAY },
      { town: received.municipalityId, diet: 'DA-DEFINIRE', from: '2026-11-25', to: '2027-06-05' },
    ])
    expect(await waits(receiver, 'arrivals')).toBe(0)
    expect(await told(left)).toContain('La mensa di un tuo figlio passa a un altro Comune')
    expect(await told(received)).toContain('La tua famiglia è registrata alla mensa')
    expect(await actionsIn(left)).toEqual(['transfers.sent', 'transfers.answered'])
    expect(await actionsIn(received)).toEqual(['transfers.arrived', 'transfers.accepted'])
    const register = await registerPage(sender, {
      ...{
        from: MONDAY,
        to: '2026-12-31',
        kind: null,
        colleagueId: null,
        colleagueName: '',
        householdId: family.householdId,
      },
      ...{ personId: null, text: '', readings: false, after: null },
    })
    const answered = register?.lines.find(({ action }) => action === 'transfers.answered')
    expect(answered && changesInWords(answered)).toEqual(['Comune di Mozzecane', 'accolto'])
    expect(await ledgerFaults()).toBe(0)
  })

  test('takes its diet along only where it asked for that, and a severe reaction stays in sight', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('enrolment')
      .set({ severe_reaction: true })
      .where('pupil_id', '=', pupilId)
      .execute()
    const without = await sent({ withDiets: false })
    expect((await opened(without)).arrival.content?.pupils).toMatchObject([{ diet: null }])
    const row = await rowsIn('arriving_transfer', without)
    expect(JSON.stringify(row.content)).not.toMatch(/glutine|D03/)
    const asks = { id: without, restore: true }
    done(
      await withdrawTransfer(sender, asks, {
        seen: done(await previewWithdrawal(sender, asks)).seen,
        reason: 'La famiglia vuole che vada la dieta',
      }),
    )
    await accepted(await sent())
    expect(
      await owner
        .selectFrom('enrolment')
        .select(['diet_code', 'severe_reaction'])
        .where('municipality_id', '=', received.municipalityId)
        .execute(),
    ).toEqual([{ diet_code: 'DA-DEFINIRE', severe_reaction: true }])
    expect(await waits(receiver, 'severe-diets')).toBe(1)
  })

  test('moves with one of two pupils, and the other goes on with the account', async () => {
    await aPaidTopUp(left, family, 10)
    await aChild(left, family, 'Nina')
    const preview = done(await previewTransfer(sender, asked({ pupilId })))
    expect(preview.lines.join('\n')).not.toContain('rimborso')
    const id = await sent({ pupilId })
    expect((await opened(id)).arrival.content?.pupils).toHaveLength(1)
    expect(code(await previewTransfer(sender, asked()))).toBe('transfers:under-way')
    await accepted(id)
    const { owner } = await testDatabase()
    expect(
      await owner
        .selectFrom('refund_case')
        .select('id')
        .where('household_id', '=', family.householdId)
        .execute(),
    ).toEqual([])
  })

  test('comes back to the family that it had there, without a second pupil of the same code', async () => {
    const before = await aFamily(received)
    const old = await aChild(received, before, 'Greta')
    const { owner } = await testDatabase()
    const id = await sent()
    const { families } = await opened(id)
    expect(families.map(({ id: known }) => known)).toEqual([before.householdId, before.householdId])
    const stillEats = await filled(id, { householdId: before.householdId })
    expect(done(await previewRegistration(receiver, stillEats)).isBlocked).toBe(true)
    await owner.updateTable('enrolment').set({ valid_to: '2026-10-30' }).where('pupil_id', '=', old).execute()
    expect(done(await previewRegistration(receiver, await filled(id))).isBlocked).toBe(true)
    expect(await accepted(id, { householdId: before.householdId })).toBe(before.householdId)
    const rows = await owner
      .selectFrom('enrolment')
      .select(['pupil_id', 'valid_from'])
      .where('municipality_id', '=', received.municipalityId)
      .orderBy('valid_from')
      .execute()
    expect(rows).toMatchObject([{ pupil_id: old }, { pupil_id: old, valid_from: '2026-11-25' }])
  })
})

describe('a transfer', () => {
  test('is sent once, however often it is confirmed, and not when something changed since', async () => {
    const what = asked()
    const { seen } = done(await previewTransfer(sender, what))
    expect(code(await sendTransfer(sender, { ...what, withDiets: false }, { seen }))).toBe(
      'transfers:preview-changed',
    )
    const first = done(await sendTransfer(sender, what, { seen }))
    expect(done(await sendTransfer(sender, what, { seen }))).toEqual(first)
    const form = await filled(first.id)
    const preview = done(await previewRegistration(receiver, form))
    const once = done(await register(receiver, { asked: form, seen: preview.seen, checked: true }))
    expect(done(await register(receiver, { asked: form, seen: preview.seen, checked: true }))).toEqual(once)
    const other = await aStaffViewer(received, 'manager')
    expect(code(await register(other, { asked: form, seen: preview.seen, checked: true }))).toBe(
      'transfers:over',
    )
  })

  test('is refused where a day is counted, nobody pays, or the municipality is not there', async () => {
    expect(await previewTransfer(sender, asked({ last: '2026-11-20' }))).toMatchObject({
      fields: { last: 'enrolments:too-early' },
    })
    for (const toId of [left.municipalityId, family.householdId])
      expect(code(await previewTransfer(sender, asked({ toId })))).toBe('transfers:no-town')
    const { owner } = await testDatabase()
    await owner
      .updateTable('household_member')
      .set({ ended_at: sql`app_now()` })
      .where('household_id', '=', family.householdId)
      .execute()
    expect(code(await previewTransfer(sender, asked()))).toBe('transfers:no-holder')
  })

  test('that is taken back leaves every row as it was, and nothing to read', async () => {
    for (const day of ['2026-11-25', '2026-11-26']) {
      const serviceDayId = await aServiceDay(left, day)
      if (day === '2026-11-26') await anAbsence(left, family, pupilId, serviceDayId)
    }
    await aPaidTopUp(left, family, 1)
    const [here, there] = [await everyRowOf(left), await everyRowOf(received)]
    const id = await sent()
    const asks = { id, restore: true }
    const { seen } = done(await previewWithdrawal(sender, asks))
    done(await withdrawTransfer(sender, asks, { seen, reason: 'Resta qui' }))
    expect(code(await previewWithdrawal(sender, asks))).toBe('transfers:answered')
    const own = /^(departing_transfer|arriving_transfer|refund_case|notification|outbox|delivery_batch)/
    const rest = (all: Record<string, string>) => Object.entries(all).filter(([table]) => !own.test(table))
    expect(rest(await everyRowOf(left))).toEqual(rest(here))
    expect(rest(await everyRowOf(received))).toEqual(rest(there))
    expect((await opened(id)).arrival).toMatchObject({ state: 'withdrawn', content: null })
    const { owner } = await testDatabase()
    expect(
      await owner
        .selectFrom('refund_case')
        .select('closed_why')
        .where('household_id', '=', family.householdId)
        .execute(),
    ).toEqual([{ closed_why: 'returned' }])
    expect(await waits(receiver, 'arrivals')).toBe(0)
    expect(await told(left)).toContain('Un tuo figlio resta iscritto alla mensa')
  })

  test('that is refused waits at the one that is left, which takes the pupils back or lets them go', async () => {
    const id = await sent()
    const { seen } = done(await previewArrivalRefusal(receiver, id))
    done(await refuseArrival(receiver, { id, seen, reason: 'Non risiede qui' }))
    expect(code(await previewArrivalRefusal(receiver, id))).toBe('transfers:over')
    expect(await waits(sender, 'refused-transfers')).toBe(1)
    expect(await told(left)).toContain('Il Comune nuovo non ha accolto un tuo figlio alla mensa')
    expect(await transferForOffice(sender, id)).toMatchObject({
      departure: { state: 'refused', answer: 'Non risiede qui', mayRestore: true },
    })
    const asks = { id, restore: false }
    const preview = done(await previewWithdrawal(sender, asks))
    done(await withdrawTransfer(sender, asks, { seen: preview.seen, reason: 'Va via lo stesso' }))
    expect(await waits(sender, 'refused-transfers')).toBe(0)
    expect(await rowsIn('arriving_transfer', id)).toMatchObject({ state: 'refused', content: null })
    expect(await told(left)).toContain('Il passaggio di un tuo figlio a un altro Comune è chiuso')
    expect(await told(received)).toEqual([])
  })

  test('of a pupil with two families ends the days of the second one, in words, and gives them back', async () => {
    const father = await aHousehold(left)
    await giveDays(father)
    await aPaidTopUp(left, father, 2)
    const before = await rulesOf()
    const { lines } = done(await previewTransfer(sender, asked()))
    const words = lines.join('\n').replaceAll('\u00a0', ' ')
    expect(words).toContain('I giorni di Greta Albertini della famiglia')
    expect(words).toContain('finiscono il 24 novembre 2026')
    expect(words).toContain('restano 10,80 €')
    const id = await sent()
    expect(await rulesOf()).toMatchObject([{ valid_to: TUESDAY }])
    expect((await opened(id)).arrival.content).toMatchObject({ delegate: null })
    const { owner } = await testDatabase()
    const cases = () =>
      owner
        .selectFrom('refund_case')
        .select(['household_id', 'closed_why'])
        .where('household_id', '=', father.householdId)
        .execute()
    expect(await cases()).toMatchObject([{ closed_why: null }])
    const asks = { id, restore: true }
    const { seen } = done(await previewWithdrawal(sender, asks))
    done(await withdrawTransfer(sender, asks, { seen, reason: 'Resta qui' }))
    expect(await rulesOf()).toEqual(before)
    expect(await cases()).toMatchObject([{ closed_why: 'returned' }])
  })

  test('is not put back once a later day is counted or something changed; it can still be closed', async () => {
    await aServiceDay(left, '2026-11-25')
    const id = await sent()
    done(await previewWithdrawal(sender, { id, restore: true }))
    await setClock('2026-11-25T09:00:00Z')
    expect(code(await previewWithdrawal(sender, { id, restore: true }))).toBe('transfers:not-restored')
    done(await previewWithdrawal(sender, { id, restore: false }))
  })

  test('of an acceptance and a withdrawal at the same time lets one win', async () => {
    const id = await sent()
    const form = await filled(id)
    const preview = done(await previewRegistration(receiver, form))
    const asks = { id, restore: true }
    const { seen } = done(await previewWithdrawal(sender, asks))
    const [one, other] = await Promise.all([
      register(receiver, { asked: form, seen: preview.seen, checked: true }),
      withdrawTransfer(sender, asks, { seen, reason: 'Resta qui' }),
    ])
    expect([one.ok, other.ok].filter(Boolean)).toHaveLength(1)
    const { owner } = await testDatabase()
    const eats = await owner
      .selectFrom('enrolment')
      .select('municipality_id')
      .where('municipality_id', 'in', [left.municipalityId, received.municipalityId])
      .where('valid_to', '>', TUESDAY)
      .execute()
    expect(eats).toEqual([{ municipality_id: one.ok ? received.municipalityId : left.municipalityId }])
  })
})

describe('who sends and who receives', () => {
  test('are colleagues of each municipality, each for the own side', async () => {
    const id = await sent()
    const others = await Promise.all(
      [...OFFICE_ROLES, ...PARTIAL_ROLES]
        .filter((role) => role !== 'operator' && role !== 'manager')
        .flatMap((role) => [aStaffViewer(left, role), aStaffViewer(received, role)]),
    )
    const form = await filled(id)
    const stranger = await aStaffViewer(await aMunicipality(), 'manager')
    for (const viewer of [...others, stranger, family.holderViewer]) {
      expect(code(await previewTransfer(viewer, asked()))).toBe('request:not-found')
      expect(code(await previewWithdrawal(viewer, { id, restore: true }))).toBe('request:not-found')
      expect(code(await previewArrivalRefusal(viewer, id))).toBe('request:not-found')
      expect(code(await refuseArrival(viewer, { id, seen: 'x', reason: 'No' }))).toBe('request:not-found')
      expect(await transferForOffice(viewer, id)).toBeNull()
      expect(await transferOffer(viewer, family.householdId)).toBeNull()
    }
    expect(code(await previewRegistration(stranger, form))).toBe('transfers:over')
    for (const viewer of others) expect(await transfersForOffice(viewer)).toBeNull()
    expect(await transfersForOffice(stranger)).toEqual({ arrivals: [], departures: [] })
    // The one that sends does not answer, the one that receives does not take back.
    expect(code(await previewArrivalRefusal(sender, id))).toBe('request:not-found')
    expect(code(await previewRegistration(sender, form))).toBe('transfers:over')
    expect(code(await previewWithdrawal(receiver, { id, restore: true }))).toBe('request:not-found')
  })

  test('see their own side alone, with row security and the functions alone', async () => {
    const id = await sent()
    const stranger = await aStaffViewer(await aMunicipality(), 'manager')
    const seen = (viewer: Viewer) =>
      asStaff(viewer, async (trx) => ({
        departs: (await trx.selectFrom('departing_transfer').select('municipality_id').execute()).length,
        arrives: (await trx.selectFrom('arriving_transfer').select('municipality_id').execute()).length,
      }))
    expect(await seen(sender)).toEqual({ departs: 1, arrives: 0 })
    expect(await seen(receiver)).toEqual({ departs: 0, arrives: 1 })
    expect(await seen(stranger)).toEqual({ departs: 0, arrives: 0 })
    const answer = (in_: string, household: string | null) => (trx: Trx) =>
      sql<{
        done: boolean
      }>`select answer_transfer(${in_}::uuid, ${id}::uuid, ${household}::uuid, 'x', 'no no') as done`.execute(
        trx,
      )
    const back = (in_: string) => (trx: Trx) =>
      sql<{ done: boolean }>`select take_transfer_back(${in_}::uuid, ${id}::uuid) as done`.execute(trx)
    const over = (in_: string) => (trx: Trx) =>
      sql`select hand_transfer_over(${in_}::uuid, ${id}::uuid, '{}'::jsonb)`.execute(trx)
    for (const viewer of [stranger, sender])
      expect((await asStaff(viewer, answer(viewer.municipalityId, null))).rows).toEqual([{ done: false }])
    for (const viewer of [stranger, receiver])
      expect((await asStaff(viewer, back(viewer.municipalityId))).rows).toEqual([{ done: false }])
    for (const viewer of [stranger, receiver])
      await expect(asStaff(viewer, over(viewer.municipalityId))).rejects.toThrow()
    await expect(asStaff(sender, over(left.municipalityId))).rejects.toThrow(/duplicate key/)
    await expect(asStaff(stranger, answer(received.municipalityId, null))).rejects.toThrow(/only the office/)
    await expect(asStaff(stranger, back(left.municipalityId))).rejects.toThrow(/only the office/)
    await expect(asFamily(family.holderViewer, back(left.municipalityId))).rejects.toThrow(/only the office/)
    for (const table of ['departing_transfer', 'arriving_transfer'] as const)
      await expect(
        asStaff(sender, (trx) => sql`update ${sql.table(table)} set state = 'accepted'`.execute(trx)),
      ).rejects.toThrow(/permission denied/)
    await expect(
      asStaff(sender, (trx) => sql`insert into arriving_transfer default values`.execute(trx)),
    ).rejects.toThrow(/permission denied/)
    expect(await rowsIn('arriving_transfer', id)).toMatchObject({ state: 'waiting' })
  })
})

/** Two weeks of both canteens. */
const DAYS = daysBetween(MONDAY, '2026-12-04').filter((day) => weekdayOf(day) <= 5)

/** The days on which meals of a municipality were counted, and those that were charged, one for each meal. */
async function eatenIn({ municipalityId }: TestMunicipality) {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ counted: string[]; charged: string[] }>`
    select array(select d.day::text from counted_meals m
        join service_day d on d.municipality_id = m.municipality_id and d.id = m.service_day_id, unnest(m.pupil_ids)
        where m.municipality_id = ${municipalityId} order by 1) as counted,
      array(select e.day::text from entry e join account a on a.municipality_id = e.municipality_id and a.id = e.account_id
        where e.municipality_id = ${municipalityId} and e.kind = 'meals' and a.kind = 'household' order by 1) as charged`.execute(
    owner,
  )
  return rows[0]
}

async function closeUntil(closed: number): Promise<void> {
  await setClock(`${DAYS[closed - 1]}T08:30:03Z`)
  await closeDueDays()
}

const walk = fc.record({
  closed: fc.nat({ max: 4 }),
  cancelled: fc.subarray([...DAYS]),
  last: fc.nat({ max: DAYS.length - 1 }),
  meanwhile: fc.nat({ max: 4 }),
  answer: fc.constantFrom('accepted' as const, 'refused' as const, 'none' as const),
  takesBack: fc.boolean(),
})

test('whenever it is sent and however it is answered, each meal is counted and charged once, in one municipality', async () => {
  const met = new Set<string>()
  await fc.assert(
    fc.asyncProperty(walk, async ({ closed, cancelled, last, meanwhile, answer, takesBack }) => {
      await letGo()
      await twoTowns()
      for (const town of [left, received]) for (const day of DAYS) await aServiceDay(town, day)
      for (let at = 1; at <= closed; at += 1) await closeUntil(at)
      await setClock(`${DAYS[closed]}T06:00:00Z`)
      const open = cancelled.filter((day) => day >= (DAYS[closed] as string))
      if (open.length > 0)
        done(
          await changeMeals(family.holderViewer, {
            ...{ action: 'cancel', pupilIds: [pupilId], days: open, channel: 'web' },
            idempotencyKey: randomUUID(),
          }),
        )
      const lastDay = DAYS[last] as string
      const what = asked({ last: lastDay })
      const preview = await previewTransfer(sender, what)
      expect(preview.ok).toBe(last >= closed - 1)
      const eats = new Set(DAYS.filter((day) => !open.includes(day)))
      let there: string[] = []
      let on = closed
      if (preview.ok) {
        const { id } = done(await sendTransfer(sender, what, { seen: preview.value.seen }))
        const now = Math.min(closed + meanwhile, DAYS.length - 1)
        for (; on < now; on += 1) await closeUntil(on + 1)
        await setClock(`${DAYS[now]}T06:00:00Z`)
        const mayRestore = last >= now - 1
        if (answer === 'accepted') {
          await accepted(id)
          there = DAYS.filter((day, at) => day > lastDay && at >= now)
        } else if (answer === 'refused') {
          const { seen } = done(await previewArrivalRefusal(receiver, id))
          done(await refuseArrival(receiver, { id, seen, reason: 'Non risiede qui' }))
        }
        const asks = { id, restore: takesBack }
        const back = await previewWithdrawal(sender, asks)
        expect(back.ok).toBe(answer !== 'accepted' && (mayRestore || !takesBack))
        if (back.ok) done(await withdrawTransfer(sender, asks, { seen: back.value.seen, reason: 'Deciso' }))
        if (!(back.ok && takesBack)) for (const day of DAYS) if (day > lastDay) eats.delete(day)
        met.add(`${answer} ${back.ok && takesBack}`)
      }
      for (; on < DAYS.length; on += 1) await closeUntil(on + 1)
      const here = [...eats]
      expect(await eatenIn(left)).toEqual({ counted: here, charged: here })
      expect(await eatenIn(received)).toEqual({ counted: there, charged: there })
      expect(await ledgerFaults()).toBe(0)
    }),
    { numRuns: atLength(12), seed: 20_261_201 },
  )
  expect(met.size).toBeGreaterThan(2)
}, 240_000)
