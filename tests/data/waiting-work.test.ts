import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asStaff } from '#db/client.ts'
import { OFFICE_ROLES, PARTIAL_ROLES, type StaffRole, type Viewer } from '#lib/access/viewer.ts'
import { saveCommunication } from '#lib/communications/office/communication.commands.ts'
import { submitCommunication } from '#lib/communications/office/publication.commands.ts'
import { waitingWork, waitingWorkOf } from '#lib/desk/waiting-work.queries.ts'
import { WAITING_KINDS, waitingAt } from '#lib/desk/waiting-work.ts'
import { allWaitingInWords } from '#lib/desk/waiting-work.words.ts'
import { askIntegration } from '#lib/forms/office/submission.commands.ts'
import { addDays } from '#lib/kernel/day.ts'
import { aDraft, given } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPerson,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, done, healthDiet, send } from '#tests/support/forms.ts'
import { aTopUp } from '#tests/support/money.ts'

const NOW = '2026-11-24T11:00:00+01:00'

let municipality: TestMunicipality
let family: Household
let manager: Viewer

beforeEach(async () => {
  await setClock(NOW)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  manager = await aStaffViewer(municipality, 'manager')
})

const countsFor = async (viewer: Viewer) =>
  Object.fromEntries((await waitingWork(viewer)).map(({ kind, count }) => [kind, count]))

async function ask(grave: 'si' | 'no', pupilId: string): Promise<string> {
  const formId = await aForm(manager, 'diet')
  const request = healthDiet(pupilId)
  return send(family, formId, { ...request, salute: { ...request.salute, grave } })
}

async function aMail(outcome: 'sent' | 'refused' | 'given_up', sent: { secret?: boolean; at?: string } = {}) {
  const { owner } = await testDatabase()
  await owner
    .insertInto('outbox')
    .values({
      ...{ municipality_id: municipality.municipalityId, dedupe_key: crypto.randomUUID(), channel: 'email' },
      ...{ recipient: 'a@example.org', subject: 's', body_text: 't', language: 'it', due_at: null, outcome },
      ...{ secret: sent.secret ?? false, created_at: sent.at ?? NOW },
    })
    .execute()
}

async function aReview(kind: 'news' | 'document'): Promise<void> {
  const { owner } = await testDatabase()
  const { municipalityId } = municipality
  const { id } = await owner
    .insertInto('content_item')
    .values({ municipality_id: municipalityId, kind, slug: 'il-pane', latest_version: 1, review_version: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('content_version')
    .values({
      ...{ municipality_id: municipalityId, item_id: id, number: 1, title: 'Il pane', summary: '', body: '' },
      ...{ category: 'avvisi', author_id: manager.personId, saved_at: '2026-11-23T10:00:00Z' },
    })
    .execute()
}

/** Something of every kind, and beside it what does not wait. */
async function everythingWaits(): Promise<void> {
  const { owner } = await testDatabase()
  const { municipalityId } = municipality
  const [severe, other, undecided, lapsed] = [
    await aPupil(municipality, family.householdId, { name: 'Ada' }),
    await aPupil(municipality, family.householdId, { name: 'Bea' }),
    await aPupil(municipality, family.householdId, { name: 'Ivo', diet: 'DA-DEFINIRE' }),
    await aPupil(municipality, family.householdId, { name: 'Leo', diet: 'D03', to: '2026-11-20' }),
  ]
  await ask('si', severe)
  await ask('no', other)
  expect(undecided).toBeDefined()
  await sql`insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from, valid_to)
    select municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, 'STD', '2026-11-21', '2027-06-05'
    from enrolment where pupil_id = ${lapsed}::uuid`.execute(owner)
  await aServiceDay(municipality, '2026-11-24')
  await aServiceDay(municipality, '2026-11-25')
  const charged = await aServiceDay(municipality, '2026-11-23')
  await sql`update service_day set status = 'closed', closed_at = app_now() where id = ${charged}::uuid`.execute(
    owner,
  )
  await sql`insert into meal_charge (municipality_id, service_day_id, failures) values (${municipalityId}, ${charged}, 2)`.execute(
    owner,
  )
  const topUpId = await aTopUp(municipality, family)
  await owner
    .insertInto('payment_alarm')
    .values({ municipality_id: municipalityId, top_up_id: topUpId, finding: 'mismatch' })
    .execute()
  await owner
    .insertInto('refund_case')
    .values({
      ...{ municipality_id: municipalityId, account_id: family.accountId, household_id: family.householdId },
      ...{ service_id: municipality.serviceId, cause: 'ended', left_on: '2026-11-20', opened_cents: 540 },
      opened_by: manager.personId,
    })
    .execute()
  const operator = await aStaffViewer(municipality, 'operator')
  const { id, version } = given(await saveCommunication(operator, aDraft()))
  given(await submitCommunication(operator, id, version, { publishAt: null, note: '' }))
  await aMail('refused')
  await aMail('given_up')
  await aMail('sent')
  await aMail('given_up', { secret: true })
  await aMail('given_up', { at: '2026-11-10T10:00:00Z' })
  await aReview('news')
  await aReview('document')
}

describe('what waits for the office', () => {
  test('is nothing where nothing waits', async () => {
    await aServiceDay(municipality, '2026-11-25')
    expect(await waitingWork(manager)).toEqual([])
    expect(allWaitingInWords(await waitingWork(manager))).toBe('niente da sbrigare')
  })

  test('is counted kind by kind, the most pressing first, each with the instant of its oldest', async () => {
    await everythingWaits()
    const work = await waitingWork(manager)
    expect(work.map(({ kind, count }) => [kind, count])).toEqual([
      ['open-days', 1],
      ['severe-diets', 1],
      ['failing-charges', 1],
      ['payments', 1],
      ['requests', 2],
      ['diets', 2],
      ['lapsed-diets', 1],
      ['approvals', 1],
      ['failed-mails', 2],
      ['refunds', 1],
      ['news-reviews', 1],
      ['document-reviews', 1],
    ])
    const oldest = new Map(work.map((line) => [line.kind, line.oldest.toISOString()]))
    expect(oldest.get('news-reviews')).toBe('2026-11-23T10:00:00.000Z')
    expect(oldest.get('diets')).toBe('2026-09-13T22:00:00.000Z')
    expect(oldest.get('lapsed-diets')).toBe('2026-11-20T23:00:00.000Z')
    expect(allWaitingInWords(waitingAt(work, 'diete'))).toBe(
      '1 dieta da decidere con rischio di reazione grave, 2 diete da definire e 1 dieta scaduta da poco',
    )
  })

  test('is a parent who asks to follow a child, until it is decided', async () => {
    const { owner } = await testDatabase()
    const { citizenId, fiscalCode } = await aPerson(municipality)
    await owner
      .insertInto('link_request')
      .values({
        ...{ municipality_id: municipality.municipalityId, citizen_id: citizenId, fiscal_code: fiscalCode },
        ...{ given_name: 'Paolo', family_name: 'Albertini', birth_date: '1985-03-02' },
        ...{ child_given_name: 'Greta', child_family_name: 'Albertini', child_class: '3A' },
      })
      .execute()
    const [waiting] = await waitingWork(manager)
    expect(waiting).toMatchObject({ kind: 'links', count: 1 })
    expect(allWaitingInWords(waiting ? [waiting] : [])).toBe('1 richiesta di collegamento da decidere')
    expect(await waitingWork(await aStaffViewer(municipality, 'accountant'))).toEqual([])
    await owner.updateTable('link_request').set({ state: 'refused', decided_at: new Date() }).execute()
    expect(await waitingWork(manager)).toEqual([])
  })

  test('is told to each role only as far as it may act on it', async () => {
    await everythingWaits()
    const kindsOf = async (role: StaffRole) =>
      Object.keys(await countsFor(await aStaffViewer(municipality, role)))
    const daily = ['open-days', 'failing-charges', 'failed-mails']
    expect((await kindsOf('accountant')).toSorted()).toEqual([...daily, 'payments', 'refunds'].toSorted())
    expect((await kindsOf('operator')).toSorted()).toEqual(
      [...daily, 'severe-diets', 'requests', 'diets', 'lapsed-diets'].toSorted(),
    )
    expect(await kindsOf('editor')).toEqual(['news-reviews', 'document-reviews'])
    for (const role of PARTIAL_ROLES) expect(await kindsOf(role), role).toEqual([])
    expect(await waitingWork(family.holderViewer)).toEqual([])
  })

  test('stays in its municipality', async () => {
    await everythingWaits()
    const elsewhere = await aMunicipality()
    for (const role of OFFICE_ROLES)
      expect(await countsFor(await aStaffViewer(elsewhere, role)), role).toEqual({})
  })

  test('is no request that waits for the family, until the day for its answer is over', async () => {
    const submissionId = await ask('no', await aPupil(municipality, family.householdId))
    expect((await countsFor(manager)).requests).toBe(1)
    done(
      await askIntegration(manager, { id: submissionId, words: 'Manca il certificato', dueOn: '2026-11-30' }),
    )
    expect((await countsFor(manager)).requests).toBeUndefined()
    await setClock('2026-12-01T08:00:00+01:00')
    expect((await countsFor(manager)).requests).toBe(1)
  })

  test('is counted by an index of the few rows that wait', async () => {
    // With a month of days to come, days that did not close are few of those that are open.
    for (let ahead = 1; ahead <= 30; ahead += 1) await aServiceDay(municipality, addDays('2026-11-24', ahead))
    await sql`analyze service_day`.execute((await testDatabase()).owner)
    const scans = await asStaff(manager, async (trx) => {
      await sql`set local enable_seqscan = off`.execute(trx)
      await waitingWorkOf(trx, municipality.municipalityId, WAITING_KINDS)
      const { rows } = await sql<{ name: string }>`
        select i.indexrelid::regclass::text as name from pg_index i
        where pg_stat_get_xact_numscans(i.indexrelid) > 0 and i.indpred is not null`.execute(trx)
      return rows.map(({ name }) => name).toSorted()
    })
    expect(scans).toEqual(
      expect.arrayContaining([
        ...['diet_hold_waiting', 'enrolment_of_diet_by_end', 'enrolment_undecided', 'invoice_waiting'],
        ...['meal_charge_failing', 'payment_alarm_open', 'refund_case_waiting', 'service_day_open'],
      ]),
    )
  })
})
