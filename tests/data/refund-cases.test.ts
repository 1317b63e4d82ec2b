import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asStaff, asSystem } from '#db/client.ts'
import { OFFICE_ROLES, PARTIAL_ROLES, type Viewer } from '#lib/access/viewer.ts'
import { waitingWork } from '#lib/desk/waiting-work.queries.ts'
import { acceptSubmission, previewAcceptance } from '#lib/forms/office/acceptance.commands.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import {
  decideRefund,
  keepFamily,
  previewRefund,
  takeRefund,
} from '#lib/ledger/office/refund-case.commands.ts'
import { refundForOffice, refundList, refundsToDownload } from '#lib/ledger/office/refund-case.queries.ts'
import type { AskedDecision } from '#lib/ledger/office/refund-case.ts'
import { endEnrolment, previewEnd } from '#lib/people/office/enrolment-change.commands.ts'
import { householdSheet } from '#lib/people/office/household-sheet.queries.ts'
import { registerPage } from '#lib/privacy/office/register.queries.ts'
import { changesInWords } from '#lib/privacy/office/register.words.ts'
import { previewRolloverUndoing } from '#lib/school/office/rollover.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMember,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code, done, leaving, send } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import { aClass, aNextYear, begun, everyRowOf, rolledOver, undone } from '#tests/support/rollover.ts'

const MONDAY = '2026-11-23'
const TUESDAY = '2026-11-24'
const YEAR_END = '2027-06-05'

let municipality: TestMunicipality
let family: Household
let clerk: Viewer
let accountant: Viewer
let manager: Viewer

beforeEach(async () => {
  await setClock(`${MONDAY}T06:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  clerk = await aStaffViewer(municipality, 'operator')
  accountant = await aStaffViewer(municipality, 'accountant')
  manager = await aStaffViewer(municipality, 'manager')
})

afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

async function endOn(pupilId: string, last: string) {
  const asked = { pupilId, serviceId: municipality.serviceId, last }
  const { seen } = done(await previewEnd(clerk, asked))
  return done(await endEnrolment(clerk, asked, { seen, reason: 'Si trasferisce' }))
}

const listed = async (query: Record<string, string> = {}) =>
  (await refundList(manager, query))?.page.rows ?? []

async function onlyCase() {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('refund_case')
    .selectAll()
    .where('municipality_id', '=', municipality.municipalityId)
    .orderBy('opened_at')
    .execute()
  expect(rows).toHaveLength(1)
  return rows[0] as (typeof rows)[number]
}

/** A family with a credit of 54 € whose only pupil left on Monday; it is Wednesday. */
async function aCase(household = family): Promise<string> {
  await aPaidTopUp(municipality, household, 10)
  const pupilId = await aPupil(municipality, household.householdId)
  await endOn(pupilId, MONDAY)
  await setClock('2026-11-25T06:00:00Z')
  return pupilId
}

const asked = async (given: Partial<AskedDecision> = {}): Promise<AskedDecision> => {
  const { id, revision } = await onlyCase()
  return { id, revision, decision: 'refund', targetId: null, reason: 'Lo chiede la mamma', ...given }
}

async function decideIt(viewer: Viewer, given: Partial<AskedDecision> = {}) {
  const whole = await asked(given)
  const preview = await previewRefund(viewer, whole)
  return preview.ok ? decideRefund(viewer, { ...whole, seen: preview.value.seen }) : preview
}

/** What a payment out would do: the account is emptied by a journal. */
const payOut = (cents: number, household = family) =>
  asSystem(municipality.municipalityId, async (trx) => {
    const { municipalityId, serviceId } = municipality
    const other = await systemAccount(trx, municipalityId, { kind: 'adjustment', serviceId })
    await postJournal(trx, municipalityId, {
      ...{ kind: 'adjustment', idempotencyKey: `out-${cents}`, description: '' },
      lines: [
        { accountId: household.accountId, amountCents: -cents },
        { accountId: other, amountCents: cents },
      ],
    })
  })

describe('a family that leaves with a credit', () => {
  test('is a case for who handles money, told in Oggi, on the sheet and in the register', async () => {
    await aCase()
    expect(await onlyCase()).toMatchObject({
      ...{ cause: 'ended', left_on: MONDAY, opened_cents: 5400, opened_by: clerk.personId },
      ...{ decision: null, closed_at: null },
    })
    const waits = async (viewer: Viewer) =>
      (await waitingWork(viewer)).find(({ kind }) => kind === 'refunds')?.count
    expect([await waits(accountant), await waits(manager), await waits(clerk)]).toEqual([1, 1, undefined])
    expect(await listed()).toMatchObject([
      { cells: { saldo: 5400, stato: 'Da decidere', ultimo: MONDAY, aperto: MONDAY } },
    ])
    const sheet = await householdSheet(clerk, family.householdId)
    expect(sheet?.money?.accounts[0]).toMatchObject({ isRefundDecided: false, refundId: expect.any(String) })
    const told = await registerPage(manager, {
      ...{
        from: MONDAY,
        to: '2026-11-30',
        kind: null,
        colleagueId: null,
        colleagueName: '',
        householdId: family.householdId,
      },
      ...{ personId: null, text: '', readings: false, after: null },
    })
    const opened = told?.lines.find(({ action }) => action === 'refunds.opened')
    expect(opened && changesInWords(opened).join(' ').replaceAll('\u00a0', ' ')).toBe(
      'Refezione Scolastica 54,00 €',
    )
  })

  test('is none while another pupil goes on, without a credit, and when the year ends by itself', async () => {
    const [greta, nino] = [
      await aPupil(municipality, family.householdId),
      await aPupil(municipality, family.householdId, { name: 'Nino' }),
    ]
    await endOn(greta, MONDAY)
    await aPaidTopUp(municipality, family, 10)
    await endOn(nino, TUESDAY)
    const other = await aHousehold(municipality)
    await aPaidTopUp(municipality, other, 10)
    const stays = await aPupil(municipality, other.householdId, { to: TUESDAY })
    await endOn(stays, YEAR_END)
    expect(await onlyCase()).toMatchObject({ household_id: family.householdId, left_on: TUESDAY })
  })

  test('has the new last day when it is changed again, in the same case', async () => {
    await aPaidTopUp(municipality, family, 10)
    const pupilId = await aPupil(municipality, family.householdId)
    await endOn(pupilId, '2026-11-27')
    await endOn(pupilId, TUESDAY)
    expect(await onlyCase()).toMatchObject({ left_on: TUESDAY, revision: 2 })
  })

  test('is a case after an accepted withdrawal, too', async () => {
    await aPaidTopUp(municipality, family, 10)
    const pupilId = await aPupil(municipality, family.householdId)
    const id = await send(family, await aForm(clerk, 'withdrawal'), leaving(pupilId, TUESDAY))
    const typed = {
      ...{ classId: '', dietCode: '', bandCode: '', from: TUESDAY, to: '', nextDietCode: '', severe: '' },
    }
    const { seen, after } = done(await previewAcceptance(clerk, id, typed))
    done(await acceptSubmission(clerk, { id, typed, seen, after, note: '' }))
    expect(await onlyCase()).toMatchObject({ cause: 'ended', left_on: TUESDAY })
  })
})

describe('a credit that arises after a family has left with nothing', () => {
  const credits = (cents: number, household = family) => payOut(-cents, household)

  async function leftWithNothing(): Promise<string> {
    const pupilId = await aPupil(municipality, family.householdId)
    await endOn(pupilId, MONDAY)
    await setClock('2026-12-09T06:00:00Z')
    return pupilId
  }

  test('opens a case by itself, told in the register as done by the portal', async () => {
    await leftWithNothing()
    await credits(540)
    expect(await onlyCase()).toMatchObject({
      ...{ cause: 'late', left_on: MONDAY, opened_cents: 540, opened_by: null, rollover_id: null },
    })
    expect(await listed({ perche: 'late' })).toMatchObject([
      { cells: { perche: 'credito arrivato dopo l’uscita', saldo: 540 } },
    ])
    expect((await refundForOffice(manager, (await onlyCase()).id))?.found.openedBy).toBeNull()
    const told = await registerPage(manager, {
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
    expect(told?.lines.filter(({ action }) => action === 'refunds.opened')).toHaveLength(1)
    await credits(100)
    expect(await onlyCase()).toMatchObject({ opened_cents: 540, revision: 1 })
    done(await decideIt(accountant))
    expect(await ledgerFaults()).toBe(0)
  })

  test('opens none while it only pays a debt, and one when it goes beyond', async () => {
    await leftWithNothing()
    await payOut(540)
    await credits(540)
    expect(await listed()).toEqual([])
    await credits(1)
    expect(await onlyCase()).toMatchObject({ cause: 'late', opened_cents: 1 })
  })

  test('opens another case after one that was settled', async () => {
    await leftWithNothing()
    await credits(540)
    await payOut(541)
    expect(await onlyCase()).toMatchObject({ closed_why: 'settled' })
    await credits(101)
    expect(await listed()).toMatchObject([{ cells: { saldo: 100 } }])
  })

  test('opens none for a family of which a pupil goes on, nor in the holidays after a whole year', async () => {
    await leftWithNothing()
    await aPupil(municipality, family.householdId, { name: 'Nino' })
    await credits(540)
    await setClock('2027-07-05T08:00:00Z')
    const other = await aHousehold(municipality)
    await aPupil(municipality, other.householdId)
    await credits(541, other)
    expect(await listed()).toEqual([])
  })
})

describe('a case', () => {
  test('is decided once, by whoever handles money in that town alone', async () => {
    await aCase()
    const whole = await asked()
    const { seen } = done(await previewRefund(accountant, whole))
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const others = await Promise.all(
      [...OFFICE_ROLES, ...PARTIAL_ROLES]
        .filter((role) => role !== 'accountant' && role !== 'manager')
        .map((role) => aStaffViewer(municipality, role)),
    )
    for (const viewer of [...others, elsewhere, family.holderViewer]) {
      expect(code(await previewRefund(viewer, whole))).toBe('request:not-found')
      expect(code(await decideRefund(viewer, { ...whole, seen }))).toBe('request:not-found')
      expect(code(await takeRefund(viewer, whole))).toBe('request:not-found')
      expect(code(await keepFamily(viewer, whole))).toBe('request:not-found')
      expect(await refundForOffice(viewer, whole.id)).toBeNull()
    }
    for (const viewer of [...others, family.holderViewer]) {
      expect(await refundList(viewer, {})).toBeNull()
      expect(await refundsToDownload(viewer, {})).toBeNull()
    }
    done(await decideRefund(accountant, { ...whole, seen }))
    expect(await decideRefund(manager, { ...whole, seen })).toMatchObject({
      ...{ code: 'refunds:decided', details: { who: 'Ufficio Conti' } },
    })
    expect(await onlyCase()).toMatchObject({
      ...{ decision: 'refund', decided_cents: 5400, decided_by: accountant.personId, closed_at: null },
    })
    expect(await listed()).toEqual([])
    expect(await listed({ stato: 'decisi' })).toHaveLength(1)
    expect(await ledgerFaults()).toBe(0)
  })

  test('of two colleagues at the same time lets one decide, and tells the other', async () => {
    await aCase()
    const whole = await asked()
    const { seen } = done(await previewRefund(accountant, whole))
    const both = await Promise.all([
      decideRefund(accountant, { ...whole, seen }),
      decideRefund(manager, { ...whole, seen }),
    ])
    expect(both.map(code).toSorted()).toEqual(['accepted', 'refunds:decided'])
  })

  test('that a colleague took in hand meanwhile is not decided by who has not read it', async () => {
    await aCase()
    const whole = await asked()
    done(await takeRefund(accountant, whole))
    expect(code(await takeRefund(manager, whole))).toBe('refunds:changed')
    expect(code(await decideIt(manager, { revision: whole.revision }))).toBe('refunds:changed')
    done(await takeRefund(manager, await asked()))
    done(await decideIt(accountant, { decision: 'keep' }))
    expect(await onlyCase()).toMatchObject({ decision: 'keep', taken_by: manager.personId })
  })

  test('is not decided while the pupil still eats, and not for another sum than was read', async () => {
    await aPaidTopUp(municipality, family, 10)
    await endOn(await aPupil(municipality, family.householdId), TUESDAY)
    expect(code(await decideIt(manager))).toBe('refunds:not-over')
    await setClock('2026-11-25T06:00:00Z')
    const whole = await asked()
    const { seen } = done(await previewRefund(manager, whole))
    await payOut(540)
    expect(code(await decideRefund(manager, { ...whole, seen }))).toBe('refunds:preview-changed')
  })

  test('goes to a sibling only on an account of a family with the same adult, where a pupil eats', async () => {
    const stranger = await aHousehold(municipality)
    await aPupil(municipality, stranger.householdId)
    await aCase()
    expect(code(await decideIt(manager, { decision: 'sibling' }))).toBe('refunds:choose-target')
    const other = await aHousehold(municipality, { name: 'Bassani' })
    await aPupil(municipality, other.householdId, { name: 'Pia' })
    await aMember(municipality, other.householdId, family.holder, 'delegate')
    const opened = await refundForOffice(manager, (await onlyCase()).id)
    expect(opened?.targets).toMatchObject([{ accountId: other.accountId, pupils: ['Pia'] }])
    expect(code(await decideIt(manager, { decision: 'sibling', targetId: stranger.accountId }))).toBe(
      'refunds:choose-target',
    )
    done(await decideIt(manager, { decision: 'sibling', targetId: other.accountId }))
    expect(await onlyCase()).toMatchObject({ decision: 'sibling', to_account_id: other.accountId })
  })

  test('closes by itself when nothing is left on the account', async () => {
    await aCase()
    await payOut(5_399)
    expect((await onlyCase()).closed_at).toBeNull()
    await payOut(1)
    expect(await onlyCase()).toMatchObject({ closed_why: 'settled', closed_by: null })
    expect(code(await decideIt(manager))).toBe('refunds:closed')
    expect(await ledgerFaults()).toBe(0)
  })

  test('closes by itself when a pupil of the family is enrolled again, and not for another family', async () => {
    const pupilId = await aCase()
    await aPupil(municipality, (await aHousehold(municipality)).householdId)
    expect((await onlyCase()).closed_at).toBeNull()
    const { owner } = await testDatabase()
    await sql`insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from,
        valid_to)
      select municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, '2027-01-07', ${YEAR_END}
      from enrolment where pupil_id = ${pupilId}::uuid`.execute(owner)
    expect(await onlyCase()).toMatchObject({ closed_why: 'returned' })
    expect(await listed({ stato: 'chiusi' })).toMatchObject([
      { cells: { deciso: 'un alunno è di nuovo iscritto' } },
    ])
  })

  test('closes by itself when the last day is taken back', async () => {
    await aPaidTopUp(municipality, family, 10)
    const pupilId = await aPupil(municipality, family.householdId)
    await endOn(pupilId, '2026-11-27')
    await endOn(pupilId, YEAR_END)
    expect(await onlyCase()).toMatchObject({ closed_why: 'returned' })
  })

  test('is closed when the family says that it comes back', async () => {
    await aCase()
    const { id, revision } = await onlyCase()
    done(await keepFamily(accountant, { id, revision, reason: 'La mamma, al telefono' }))
    expect(await onlyCase()).toMatchObject({ closed_why: 'said', closed_by: accountant.personId })
    expect(code(await keepFamily(manager, { id, revision, reason: 'Anche io' }))).toBe('refunds:closed')
  })

  test('is not seen by a family, and not deleted by the office, with row security alone', async () => {
    await aCase()
    const { id } = await onlyCase()
    await asStaff(manager, (trx) =>
      sql`delete from refund_case where municipality_id = ${municipality.municipalityId} and id = ${id}::uuid`.execute(
        trx,
      ),
    )
    await onlyCase()
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const seen = await asStaff(elsewhere, (trx) => trx.selectFrom('refund_case').select('id').execute())
    expect(seen).toEqual([])
  })
})

describe('a passage to a new year', () => {
  async function passed(): Promise<{ rolloverId: string; before: Record<string, string> }> {
    await setClock('2027-07-05T08:00:00Z')
    const fifth = await aClass(municipality, '5A')
    const yearId = await aNextYear(manager)
    await aClass(municipality, '4A', { yearId })
    await aPupil(municipality, family.householdId, { name: 'Elia', school: fifth })
    await aPaidTopUp(municipality, family, 10)
    const stays = await aHousehold(municipality, { name: 'Bassani' })
    await aPupil(municipality, stays.householdId)
    await aPaidTopUp(municipality, stays, 10)
    const rolloverId = await begun(clerk, yearId)
    const before = await everyRowOf(municipality)
    await rolledOver(clerk, rolloverId)
    return { rolloverId, before }
  }

  test('opens a case for each family that leaves with a credit, and its undoing takes them back', async () => {
    const { rolloverId, before } = await passed()
    expect(await onlyCase()).toMatchObject({
      ...{ cause: 'rollover', household_id: family.householdId, opened_cents: 5400, left_on: YEAR_END },
    })
    const { id, revision } = await onlyCase()
    done(await takeRefund(manager, { id, revision }))
    await undone(clerk, rolloverId)
    expect(await everyRowOf(municipality)).toEqual(before)
  })

  test('opens a case also where the credit arises later, and its undoing takes that back', async () => {
    await setClock('2027-07-05T08:00:00Z')
    const fifth = await aClass(municipality, '5A')
    const yearId = await aNextYear(manager)
    await aClass(municipality, '4A', { yearId })
    await aPupil(municipality, family.householdId, { name: 'Elia', school: fifth })
    await aPupil(municipality, (await aHousehold(municipality)).householdId)
    const rolloverId = await begun(clerk, yearId)
    await rolledOver(clerk, rolloverId)
    expect(await listed()).toEqual([])
    await payOut(-540)
    expect(await onlyCase()).toMatchObject({ cause: 'rollover', rollover_id: rolloverId, left_on: YEAR_END })
    await undone(clerk, rolloverId)
    expect(await listed()).toEqual([])
  })

  test('is not undone once one of them is decided, and names the family', async () => {
    const { rolloverId } = await passed()
    done(await decideIt(manager))
    expect(await previewRolloverUndoing(clerk, rolloverId)).toMatchObject({
      ...{
        code: 'rollover:depends',
        details: { what: [expect.stringContaining('ha un rimborso già deciso')] },
      },
    })
  })
})

test('a file of the cases has those that its address asks for', async () => {
  await aCase()
  const rows: unknown[] = []
  for await (const batch of (await refundsToDownload(accountant, {}))?.batches ?? []) rows.push(...batch)
  expect(rows).toMatchObject([{ cells: { perche: 'iscrizione finita', saldo: 5400 } }])
})
