import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { previewBatch, readTodayPage } from '#lib/meals/meal.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
import { inboxOf } from '#lib/notifications/notification.queries.ts'
import {
  answerInvitation,
  inviteDelegate,
  leaveDelegation,
  revokeDelegate,
  withdrawInvitation,
} from '#lib/people/delegate.commands.ts'
import { delegationPages, invitationView, ownDelegations } from '#lib/people/delegate.queries.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aCitizen, type Citizen, viewerNow } from '#tests/support/people.ts'
import { familyInEverySubject } from '#tests/support/subjects.ts'

const MORNING = '2026-11-24T08:00:00+01:00'
const DAY = '2026-11-24'

let municipality: TestMunicipality
let household: Household
let greta: string
let sofia: string
let father: Citizen

beforeAll(async () => {
  await testDatabase()
  await setClock(MORNING)
})

beforeEach(async () => {
  await setClock(MORNING)
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
  sofia = await aPupil(municipality, household.householdId, { name: 'Sofia' })
  await aServiceDay(municipality, DAY)
  father = await aCitizen({ givenName: 'Marco', familyName: 'Albertini' })
})

const holderNow = () => household.holderViewer

type Wish = { pupils?: string[]; until?: string | null; fiscalCode?: string }
const invite = (wish: Wish = {}, viewer: Viewer = holderNow()) =>
  inviteDelegate(
    viewer,
    {
      householdId: household.householdId,
      fiscalCode: wish.fiscalCode ?? father.fiscalCode,
      email: 'marco@example.it',
      pupils: wish.pupils ?? [greta],
      until: wish.until ?? null,
    },
    municipality.slug,
  )

/** The secret in the last mail that waits in the outbox. */
async function lastToken(): Promise<string> {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('outbox')
    .select('body_text')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('dedupe_key', 'like', 'delegate-invitation:%')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return /\/invito\/([\w-]{43})$/m.exec(row.body_text)?.[1] ?? ''
}

const answer = (token: string, who: Citizen = father, accept = true) =>
  answerInvitation(who.session, municipality.slug, { token, accept })

/** Invites, accepts, and answers who the new delegate is now. */
async function aNewDelegate(wish: Wish = {}): Promise<Viewer> {
  expect(await invite(wish)).toMatchObject({ ok: true })
  expect(await answer(await lastToken())).toEqual({ ok: true, value: { accepted: true } })
  return viewerNow(municipality, father)
}

const cancel = (viewer: Viewer, pupilIds: string[]) =>
  changeMeals(viewer, {
    action: 'cancel',
    pupilIds: pupilIds.toSorted(),
    days: [DAY],
    idempotencyKey: randomUUID(),
    channel: 'web',
  })

/** What the rows' own protection shows a person, whatever the application believes. */
const rowsOf = (viewer: Viewer, table: 'pupil' | 'enrolment' | 'account' | 'delegate_invitation') =>
  familyInEverySubject(viewer, (trx) =>
    sql<{ id: string }>`select id from ${sql.table(table)}`.execute(trx),
  ).then(({ rows }) => rows.map((row) => row.id))

describe('inviting', () => {
  test('the mail has a link that works once, and only its hash is kept', async () => {
    await invite()
    const token = await lastToken()
    expect(token).toHaveLength(43)
    const { owner } = await testDatabase()
    const rows = await owner.selectFrom('delegate_invitation').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(rows)).not.toContain(father.fiscalCode)
    expect(await answer(token)).toMatchObject({ ok: true })
    expect(await answer(token)).toMatchObject({ ok: false, code: 'delegates:invitation-over' })
  })

  test('a person who is known here already finds it in the inbox, and can answer from there', async () => {
    const first = await aNewDelegate()
    const other = await aHousehold(municipality)
    const nino = await aPupil(municipality, other.householdId, { name: 'Nino' })
    await inviteDelegate(
      other.holderViewer,
      {
        householdId: other.householdId,
        fiscalCode: father.fiscalCode,
        email: 'sbagliata@example.it',
        pupils: [nino],
        until: null,
      },
      municipality.slug,
    )
    const { owner } = await testDatabase()
    const row = await owner
      .selectFrom('notification')
      .selectAll()
      .where('person_id', '=', first.personId)
      .where('event', '=', 'delegation:invited')
      .executeTakeFirstOrThrow()
    expect((await inboxOf(first, 1))?.items.map(({ title }) => title)).toContain(row.title)
    expect(`${row.title} ${row.body}`).not.toContain('Nino')
    const mails = await owner
      .selectFrom('outbox')
      .select('recipient')
      .where('notification_id', '=', row.id)
      .execute()
    expect(mails, 'the letter goes to the address that the holder wrote, and only there').toEqual([])
    const id = row.path.replace('/invito/', '')
    expect(await invitationView(first.citizenId, municipality.slug, id)).toMatchObject({ kind: 'open' })
    const stranger = (await aHousehold(municipality)).holderViewer
    expect(await invitationView(stranger.citizenId, municipality.slug, id)).toEqual({ kind: 'not-for-you' })
    expect(await answer(id)).toEqual({ ok: true, value: { accepted: true } })
    expect(await answer(id)).toMatchObject({ code: 'delegates:invitation-over' })
  })

  test('a person unknown here has no inbox, and the holder cannot tell the difference', async () => {
    expect(await invite()).toEqual({ ok: true, value: { email: 'marco@example.it' } })
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(told).toEqual([])
  })

  test('an id of another municipality’s invitation opens nothing here', async () => {
    await invite()
    const { owner } = await testDatabase()
    const { id } = await owner
      .selectFrom('delegate_invitation')
      .select('id')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    const elsewhere = await aMunicipality()
    expect(await invitationView(father.session.citizenId, elsewhere.slug, id)).toEqual({ kind: 'unknown' })
  })

  test('no person can be invited for another family’s child, or into another household', async () => {
    const other = await aHousehold(municipality)
    const nino = await aPupil(municipality, other.householdId, { name: 'Nino' })
    expect(await invite({ pupils: [greta, nino] })).toMatchObject({ ok: false, code: 'request:not-found' })
    expect(await invite({}, other.holderViewer)).toMatchObject({ ok: false, code: 'request:not-found' })
  })

  test('a delegate and the office’s people cannot invite in the holder’s name', async () => {
    const delegate = await aNewDelegate()
    expect(await invite({}, delegate)).toMatchObject({ ok: false, code: 'request:not-found' })
    expect(await invite({}, await aStaffViewer(municipality, 'manager'))).toMatchObject({ ok: false })
  })

  test('a holder invites neither themselves nor the same person twice, neither into the past nor without end', async () => {
    expect(await invite({ until: '2026-11-23' })).toMatchObject({ code: 'delegates:end-passed' })
    const { owner } = await testDatabase()
    await owner
      .updateTable('person')
      .set({
        fiscal_code_hash: hashFiscalCode(household.holder.fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY),
      })
      .where('id', '=', household.holder.personId)
      .execute()
    expect(await invite({ fiscalCode: household.holder.fiscalCode })).toMatchObject({
      code: 'delegates:own-code',
    })
    await aNewDelegate()
    expect(await invite()).toMatchObject({ code: 'delegates:already' })
    for (let n = 0; n < 5; n += 1) {
      expect(await invite({ fiscalCode: (await aCitizen()).fiscalCode })).toMatchObject({ ok: true })
    }
    expect(await invite({ fiscalCode: (await aCitizen()).fiscalCode })).toMatchObject({
      code: 'delegates:too-many',
    })
  })
})

describe('answering', () => {
  test('the link in another person’s hands shows no name and opens nothing', async () => {
    await invite()
    const token = await lastToken()
    const stranger = await aCitizen({ givenName: 'Altra' })
    expect(await invitationView(stranger.citizenId, municipality.slug, token)).toEqual({
      kind: 'not-for-you',
    })
    expect(await answer(token, stranger)).toMatchObject({ code: 'delegates:not-for-you' })
    expect(await invitationView(father.citizenId, municipality.slug, token)).toMatchObject({
      kind: 'open',
      invitation: { holderName: 'Laura Conti', pupilNames: ['Greta'] },
    })
  })

  test('the right person without the link, or with another municipality’s link, finds nothing', async () => {
    await invite()
    const token = await lastToken()
    const other = await aMunicipality()
    expect(await invitationView(father.citizenId, municipality.slug, 'x'.repeat(43))).toEqual({
      kind: 'unknown',
    })
    expect(await invitationView(father.citizenId, other.slug, token)).toEqual({ kind: 'unknown' })
    expect(await answerInvitation(father.session, other.slug, { token, accept: true })).toMatchObject({
      code: 'request:not-found',
    })
  })

  test('a device unlocked by a sequence is not enough', async () => {
    await invite()
    const unlocked = { ...father.session, openedWith: 'sequence' as const }
    expect(
      await answerInvitation(unlocked, municipality.slug, { token: await lastToken(), accept: true }),
    ).toMatchObject({ code: 'delegates:needs-identity' })
  })

  test('an invitation is over after fourteen days, after being withdrawn, or when the holder is no longer the holder', async () => {
    await invite()
    const token = await lastToken()
    await setClock('2026-12-08T07:59:59+01:00')
    expect((await invitationView(father.citizenId, municipality.slug, token)).kind).toBe('open')
    await setClock('2026-12-08T08:00:00+01:00')
    expect(await answer(token)).toMatchObject({ code: 'delegates:invitation-over' })
    await setClock(MORNING)
    const [page] = (await delegationPages(holderNow())) ?? []
    const id = page?.invitations[0]?.id ?? ''
    const other = await aHousehold(municipality)
    expect(await withdrawInvitation(other.holderViewer, id)).toMatchObject({ code: 'request:not-found' })
    expect(await withdrawInvitation(holderNow(), id)).toMatchObject({ ok: true })
    expect(await answer(token)).toMatchObject({ code: 'delegates:invitation-over' })
    await invite()
    const second = await lastToken()
    const { owner } = await testDatabase()
    await owner
      .updateTable('household_member')
      .set({ ended_at: sql`app_now()` })
      .where('person_id', '=', household.holder.personId)
      .execute()
    expect(await answer(second)).toMatchObject({ code: 'delegates:invitation-over' })
  })

  test('saying no gives no role, tells the holder, and spends the link', async () => {
    await invite()
    const token = await lastToken()
    expect(await answer(token, father, false)).toEqual({ ok: true, value: { accepted: false } })
    expect(await answer(token)).toMatchObject({ code: 'delegates:invitation-over' })
    expect((await delegationPages(holderNow()))?.[0]).toMatchObject({
      delegates: [],
      invitations: [{ state: 'declined' }],
    })
  })

  test('many presses together give one role', async () => {
    await invite()
    const token = await lastToken()
    const answers = await Promise.all(Array.from({ length: 8 }, () => answer(token)))
    expect(answers.filter((one) => one.ok)).toHaveLength(1)
    expect((await delegationPages(holderNow()))?.[0]?.delegates).toHaveLength(1)
  })

  test('who was unknown to the municipality is written down with the right fiscal code, and the sealed one is forgotten', async () => {
    await aNewDelegate()
    const { owner } = await testDatabase()
    const person = await owner
      .selectFrom('person')
      .selectAll()
      .where('municipality_id', '=', municipality.municipalityId)
      .where('fiscal_code', '=', father.fiscalCode)
      .executeTakeFirstOrThrow()
    expect(person).toMatchObject({ given_name: 'Marco', family_name: 'Albertini', email: null })
    const kept = await owner
      .selectFrom('delegate_invitation')
      .select('fiscal_code_sealed')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(kept).toEqual([{ fiscal_code_sealed: null }])
  })
})

describe('a delegate for one child', () => {
  test('sees and changes that child’s meals, and no sign of the other child or of money', async () => {
    const delegate = await aNewDelegate()
    expect(delegate.memberships).toEqual([
      { householdId: household.householdId, role: 'delegate', pupilIds: [greta] },
    ])
    const page = await readTodayPage(delegate)
    expect(page.children.map((child) => child.givenName)).toEqual(['Greta'])
    expect(page.balances).toEqual([])
    expect((await householdsOf(delegate))[0]?.pupils.map((pupil) => pupil.name)).toEqual(['Greta Albertini'])
    expect(await readMonthPage(delegate, sofia, null)).toBeNull()
    expect(await cancel(delegate, [sofia])).toMatchObject({ ok: false, code: 'request:not-found' })
    expect(await cancel(delegate, [greta, sofia])).toMatchObject({ ok: false, code: 'request:not-found' })
    expect(await previewBatch(delegate, { action: 'cancel', pupilIds: [sofia], days: [DAY] })).toBeNull()
    expect(await cancel(delegate, [greta])).toMatchObject({ ok: true })
  })

  test('whatever the application believes, the rows themselves show only that child', async () => {
    const delegate = await aNewDelegate()
    const claimed = { ...delegate, memberships: holderNow().memberships }
    expect(await rowsOf(claimed, 'pupil')).toEqual([greta])
    expect(await rowsOf(claimed, 'enrolment')).toHaveLength(1)
    expect(await rowsOf(claimed, 'account')).toEqual([])
    expect(await rowsOf(claimed, 'delegate_invitation')).toEqual([])
    expect((await readTodayPage(claimed)).children.map((child) => child.givenName)).toEqual(['Greta'])
    expect(await cancel(claimed, [sofia])).toMatchObject({ code: 'request:not-found' })
  })

  test('with the protection of rows switched off, the application alone shows only that child', async () => {
    const delegate = await aNewDelegate()
    const { owner } = await testDatabase()
    const guarded = ['pupil', 'enrolment', 'absence', 'absence_event', 'absence_receipt', 'service_day']
    const each = (what: string) =>
      Promise.all(
        guarded.map((table) => sql.raw(`alter table ${table} ${what} row level security`).execute(owner)),
      )
    const both = await cancel(holderNow(), [greta, sofia])
    await each('disable')
    try {
      expect((await readTodayPage(delegate)).children.map((child) => child.givenName)).toEqual(['Greta'])
      expect(await readMonthPage(delegate, sofia, null)).toBeNull()
      expect(await cancel(delegate, [sofia])).toMatchObject({ code: 'request:not-found' })
      expect((await householdsOf(delegate))[0]?.pupils).toHaveLength(1)
      const seen = await readReceipt(delegate, both.ok ? both.value.receiptId : '')
      expect(seen?.children.map((child) => child.givenName)).toEqual(['Greta'])
      expect(seen?.meals).toHaveLength(1)
    } finally {
      await each('enable')
    }
  })

  test('a receipt of both children shows the own one’s meals; of the other child only, nothing', async () => {
    const delegate = await aNewDelegate()
    const both = await cancel(holderNow(), [greta, sofia])
    const seen = await readReceipt(delegate, both.ok ? both.value.receiptId : '')
    expect(seen?.children.map((child) => child.givenName)).toEqual(['Greta'])
    expect(seen?.meals.map((meal) => meal.pupilId)).toEqual([greta])
    const { owner } = await testDatabase()
    await owner.deleteFrom('absence').execute()
    const hers = await cancel(holderNow(), [sofia])
    expect(await readReceipt(delegate, hers.ok ? hers.value.receiptId : '')).toBeNull()
  })

  test('the holder reads who did what', async () => {
    const delegate = await aNewDelegate()
    await cancel(delegate, [greta])
    const [page] = (await delegationPages(holderNow())) ?? []
    expect(page?.deeds[0]).toMatchObject({
      by: 'Marco Albertini',
      action: 'cancel',
      meals: 1,
      pupilNames: ['Greta'],
    })
  })

  test('acts until the last day included, and not after', async () => {
    await aNewDelegate({ until: '2026-11-30' })
    await setClock('2026-11-30T23:59:59+01:00')
    expect((await viewerNow(municipality, father)).memberships).toHaveLength(1)
    await setClock('2026-12-01T00:00:00+01:00')
    expect((await viewerNow(municipality, father)).memberships).toEqual([])
  })
})

describe('ending', () => {
  test('the very next request of a revoked delegate finds nothing, also with the page still open', async () => {
    const delegate = await aNewDelegate({ pupils: [greta, sofia] })
    const member = (await delegationPages(holderNow()))?.[0]?.delegates[0]
    expect(await revokeDelegate(holderNow(), member?.memberId ?? '')).toEqual({
      ok: true,
      value: null,
    })
    expect((await viewerNow(municipality, father)).memberships).toEqual([])
    expect(await cancel(delegate, [greta])).toMatchObject({ ok: false, code: 'request:not-found' })
    expect(await rowsOf(delegate, 'pupil')).toEqual([])
    expect((await readTodayPage(delegate)).children).toEqual([])
  })

  test('who was revoked can be invited again the same day', async () => {
    await aNewDelegate()
    const member = (await delegationPages(holderNow()))?.[0]?.delegates[0]
    await revokeDelegate(holderNow(), member?.memberId ?? '')
    await setClock('2026-11-24T08:05:00+01:00')
    expect((await aNewDelegate({ pupils: [sofia] })).memberships).toMatchObject([{ pupilIds: [sofia] }])
  })

  test('a stranger, another holder or the delegate cannot revoke; the delegate can leave', async () => {
    const delegate = await aNewDelegate()
    const id = (await delegationPages(holderNow()))?.[0]?.delegates[0]?.memberId ?? ''
    const other = await aHousehold(municipality)
    expect(await revokeDelegate(other.holderViewer, id)).toMatchObject({ code: 'request:not-found' })
    expect(await revokeDelegate(delegate, id)).toMatchObject({ code: 'request:not-found' })
    expect(await leaveDelegation(other.holderViewer, id)).toMatchObject({ code: 'request:not-found' })
    expect((await ownDelegations(delegate))[0]).toMatchObject({
      memberId: id,
      holderName: 'Laura Conti',
      pupilNames: ['Greta'],
    })
    expect(await leaveDelegation(delegate, id)).toMatchObject({ ok: true })
    expect((await viewerNow(municipality, father)).memberships).toEqual([])
  })

  test('the rows themselves let no person give a role, and a delegate only end the own', async () => {
    const delegate = await aNewDelegate()
    const change = (viewer: Viewer, what: string) =>
      familyInEverySubject(viewer, (trx) => sql.raw(what).execute(trx)).then(
        ({ numAffectedRows }) => Number(numAffectedRows ?? 0),
        () => 'refused',
      )
    const give = `insert into household_member (municipality_id, household_id, person_id, role, valid_from)
      values ('${municipality.municipalityId}', '${household.householdId}', '${delegate.personId}', 'holder', '2026-11-01')`
    expect(await change(delegate, give)).toBe('refused')
    expect(await change(holderNow(), give)).toBe('refused')
    expect(await change(delegate, `update household_member set valid_to = '2099-01-01'`)).toBe('refused')
    expect(
      await change(delegate, `update household_member set ended_at = app_now() where role = 'holder'`),
    ).toBe(0)
    expect(await change(delegate, `update household_member set ended_at = app_now()`)).toBe(1)
  })
})
