import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asStaff, asSystem } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { NO_FILTERS } from '#lib/ledger/statement.address.ts'
import { statementOf, statementToDownload } from '#lib/ledger/statement.queries.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { choicesOf } from '#lib/notifications/notification.queries.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { beginLook, endLook } from '#lib/people/office/look.commands.ts'
import { familyToLookAt } from '#lib/people/office/look.queries.ts'
import { dataAccesses } from '#lib/privacy/personal-data.queries.ts'
import { hashToken, readingSessionOf, sessionOf, viewerOf } from '#lib/session/session.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aDevice } from '#tests/support/devices.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { inEverySubject } from '#tests/support/subjects.ts'

/** The office looks at the portal as one family sees it: that family's rows, none of its secrets, and not one change. */
const DAY = '2026-11-25'
const START = new Date('2026-11-24T08:00:00Z')
const minutes = (n: number) => setClock(new Date(START.getTime() + n * 60_000))
const REASON = 'Non trova il pulsante'

let municipality: TestMunicipality
let family: Household
let pupilId: string
let operator: Viewer

beforeEach(async () => {
  await testDatabase()
  await setClock(START)
  municipality = await aMunicipality()
  family = await aHousehold(municipality, {
    name: 'Bertini',
    holder: { givenName: 'Laura', familyName: 'Bertini' },
  })
  pupilId = await aPupil(municipality, family.householdId)
  await aServiceDay(municipality, DAY)
  operator = await aStaffViewer(municipality, 'operator')
})

type Signed = { token: string; colleague: Viewer }

/** A session of a colleague, opened with SPID. */
async function signedIn(colleague: Viewer): Promise<Signed> {
  const { owner } = await testDatabase()
  const token = randomBytes(32).toString('base64url')
  const { id } = await owner
    .insertInto('session')
    .values({
      ...{ token_hash: hashToken(token), citizen_id: colleague.citizenId, method: 'spid', level: 2 },
      ...{ authenticated_at: START, created_at: START, last_seen_at: START },
      expires_at: new Date(START.getTime() + 8 * 3_600_000),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { token, colleague: { ...colleague, sessionId: id } }
}

const familySide = async ({ token }: Signed, slug = municipality.slug): Promise<Viewer | null> =>
  viewerOf(await readingSessionOf(token, slug))
const officeSide = async ({ token }: Signed): Promise<Viewer | null> =>
  viewerOf(await sessionOf(token, municipality.slug))

/** A colleague who looks, on the side of the families. */
async function looking(signed: Signed, household = family): Promise<Viewer> {
  const begun = await beginLook(signed.colleague, { householdId: household.householdId, reason: REASON })
  expect(begun).toEqual({ ok: true, value: null })
  const viewer = await familySide(signed)
  if (!viewer?.look) throw new Error('nobody looks')
  return viewer
}

describe('a colleague who looks', () => {
  test('is the holder of that family on its side, and a colleague on the side of the office', async () => {
    const signed = await signedIn(operator)
    const viewer = await looking(signed)
    expect(viewer).toMatchObject({
      personId: family.holder.personId,
      citizenId: operator.citizenId,
      sessionId: signed.colleague.sessionId,
      memberships: [{ householdId: family.householdId, role: 'holder' }],
      staffRoles: [],
      look: { householdName: 'Bertini', by: operator.personId, until: expect.stringContaining('08:30:00') },
    })
    expect(await officeSide(signed)).toMatchObject({ personId: operator.personId, staffRoles: ['operator'] })
    expect((await officeSide(signed))?.look).toBeUndefined()
  })

  test('reads what that holder reads', async () => {
    const viewer = await looking(await signedIn(operator))
    expect((await householdsOf(viewer)).map(({ name }) => name)).toEqual(['Bertini'])
    expect(await readMonthPage(viewer, pupilId, '2026-11')).toMatchObject({ child: { id: pupilId } })
  })

  test('reads the messages of the person, and none of the devices that receive them', async () => {
    const { owner } = await testDatabase()
    await sql`insert into push_subscription (municipality_id, person_id, endpoint, p256dh, auth, device_name)
      values (${municipality.municipalityId}, ${family.holder.personId}, ${`https://push.example/${randomUUID()}`}, 'p', 'a', 'Telefono')`.execute(
      owner,
    )
    expect((await choicesOf(family.holderViewer))?.devices).toHaveLength(1)
    expect((await choicesOf(await looking(await signedIn(operator))))?.devices).toEqual([])
  })

  test('takes no file of movements away', async () => {
    expect(await statementOf(family.holderViewer, NO_FILTERS)).not.toBeNull()
    const viewer = await looking(await signedIn(operator))
    expect(await statementOf(viewer, NO_FILTERS)).not.toBeNull()
    expect(await statementToDownload(viewer, NO_FILTERS)).toBeNull()
  })

  test('has no session of that family, and leaves its own as it is', async () => {
    const { owner } = await testDatabase()
    const signed = await signedIn(operator)
    await looking(signed)
    const ofHolder = await owner
      .selectFrom('session')
      .where('citizen_id', '=', family.holder.citizenId)
      .selectAll()
      .execute()
    expect(ofHolder).toEqual([])
  })

  test('sees that one household, also of a holder who has two', async () => {
    const { owner } = await testDatabase()
    const other = await aHousehold(municipality, { name: 'Gatti' })
    await aPupil(municipality, other.householdId)
    await owner
      .updateTable('household_member')
      .set({ person_id: family.holder.personId })
      .where('household_id', '=', other.householdId)
      .execute()
    const viewer = await looking(await signedIn(operator))
    expect((await householdsOf(viewer)).map(({ name }) => name)).toEqual(['Bertini'])
    const pupils = await asFamily(viewer, (trx) => trx.selectFrom('pupil').select('id').execute())
    expect(pupils).toEqual([{ id: pupilId }])
  })
})

describe('the end of a look', () => {
  test('comes after half an hour, at the press, with the session, with the role and with the holder', async () => {
    const { owner } = await testDatabase()
    const over: [string, (signed: Signed, viewer: Viewer) => Promise<unknown>][] = [
      ['half an hour', () => minutes(30)],
      ['the press', async (_, viewer) => expect(await endLook(viewer)).toBe(family.householdId)],
      [
        'the session',
        ({ colleague }) =>
          owner
            .updateTable('session')
            .set({ ended_at: START, end_reason: 'signed_out' })
            .where('id', '=', colleague.sessionId)
            .execute(),
      ],
      [
        'the role',
        () =>
          owner
            .updateTable('staff_member')
            .set({ ended_at: START })
            .where('person_id', '=', operator.personId)
            .execute(),
      ],
      [
        'the holder',
        () =>
          owner
            .updateTable('household_member')
            .set({ ended_at: START })
            .where('household_id', '=', family.householdId)
            .execute(),
      ],
    ]
    for (const [what, end] of over) {
      await setClock(START)
      await owner.updateTable('staff_member').set({ ended_at: null }).execute()
      const signed = await signedIn(operator)
      const viewer = await looking(signed)
      await minutes(29)
      expect((await familySide(signed))?.look, what).toBeDefined()
      await end(signed, viewer)
      expect((await familySide(signed))?.look, what).toBeUndefined()
      // An open page holds the viewer of before: the transaction that it asks for sees what is public.
      const rows = await asFamily(viewer, (trx) => trx.selectFrom('pupil').select('id').execute())
      expect(rows, what).toEqual([])
    }
  })

  test('leaves one look of two that began together, and of two after each other the later', async () => {
    const other = await aHousehold(municipality, { name: 'Gatti' })
    const signed = await signedIn(operator)
    const asked = [family, other].map(({ householdId }) =>
      beginLook(signed.colleague, { householdId, reason: REASON }),
    )
    expect((await Promise.all(asked)).map(({ ok }) => ok)).toEqual([true, true])
    const { owner } = await testDatabase()
    const open = await owner
      .selectFrom('family_look')
      .select('household_id')
      .where('session_id', '=', signed.colleague.sessionId)
      .where('ended_at', 'is', null)
      .execute()
    expect(open).toHaveLength(1)
    await looking(signed)
    expect((await familySide(signed))?.look?.householdName).toBe('Bertini')
  })
})

describe('the database', () => {
  test('refuses every change of a transaction that looks, whatever the application asks', async () => {
    const { owner } = await testDatabase()
    const viewer = await looking(await signedIn(operator))
    const { rows: tables } = await sql<{ name: string }>`
      select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and has_table_privilege('refettorio_web', c.oid, 'insert') order by 1`.execute(
      owner,
    )
    expect(tables.length).toBeGreaterThan(40)
    for (const { name } of tables)
      for (const work of [asFamily, readAsFamily])
        await expect(
          work(viewer, (trx) => sql`insert into ${sql.table(name)} default values`.execute(trx)),
          name,
        ).rejects.toThrow(/read-only transaction|permission denied/)
    for (const back of [
      'set transaction read write',
      "select set_config('transaction_read_only', 'off', true)",
    ])
      await expect(
        asFamily(viewer, async (trx) => {
          await trx.selectFrom('pupil').select('id').execute()
          await sql.raw(back).execute(trx)
        }),
      ).rejects.toThrow(/transaction read-write mode/)
  })

  test('shows no secret, no means of payment and nothing half written', async () => {
    const { owner } = await testDatabase()
    const viewer = await looking(await signedIn(operator))
    const municipality_id = municipality.municipalityId
    await sql`insert into calendar_feed (municipality_id, person_id, household_member_id, pupil_id, token_hash)
      select municipality_id, person_id, id, ${pupilId}::uuid, sha256('secret') from household_member
      where municipality_id = ${municipality_id} and household_id = ${family.householdId}`.execute(owner)
    const seen = { municipalityId: municipality_id, personId: viewer.personId, audience: 'family' as const }
    const read = () => (trx: Parameters<Parameters<typeof asFamily>[1]>[0]) =>
      trx.selectFrom('calendar_feed').select('id').execute()
    expect(await inEverySubject(seen, read())).toHaveLength(1)
    expect(await inEverySubject({ ...seen, look: viewer.look }, read())).toEqual([])
    for (const table of [
      'top_up',
      'top_up_transition',
      'payment_alarm',
      'invoice',
      'invoice_copy',
      'push_subscription',
      'email_change',
      'phone_change',
      'form_draft',
      'form_document',
    ]) {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_policies
        where tablename = ${table} and permissive = 'RESTRICTIVE' and qual like '%app_is_looking%'`.execute(
        owner,
      )
      expect(rows[0]?.n, table).toBe(1)
    }
  })

  test('believes no look of another family, another person or another municipality', async () => {
    const other = await aHousehold(municipality)
    await aPupil(municipality, other.householdId)
    const elsewhere = await aMunicipality()
    const viewer = await looking(await signedIn(operator))
    for (const wrong of [
      { ...viewer, personId: other.holder.personId },
      { ...viewer, municipalityId: elsewhere.municipalityId },
      { ...viewer, look: { id: randomUUID() } },
    ])
      expect(await asFamily(wrong, (trx) => trx.selectFrom('pupil').select('id').execute())).toEqual([])
  })

  test('lets a colleague begin no look in the name of another, nor a longer one', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const row = {
      municipality_id: municipality.municipalityId,
      household_id: family.householdId,
      holder_id: family.holder.personId,
      session_id: null,
      reason: REASON,
    }
    await expect(
      asStaff(operator, (trx) =>
        trx
          .insertInto('family_look')
          .values({ ...row, person_id: manager.personId })
          .execute(),
      ),
    ).rejects.toThrow(/row-level security/)
    await expect(
      asStaff(operator, (trx) =>
        trx
          .insertInto('family_look')
          .values({ ...row, person_id: operator.personId, ends_at: new Date('2030-01-01') })
          .execute(),
      ),
    ).rejects.toThrow(/permission denied/)
  })
})

describe('a look is offered or refused', () => {
  test('on a page that says whose portal it is, to those who may and to no others', async () => {
    const { householdId } = family
    expect(await familyToLookAt(operator, householdId)).toEqual({
      name: 'Bertini',
      holderName: 'Laura Bertini',
    })
    expect(await familyToLookAt(await aStaffViewer(municipality, 'accountant'), householdId)).toBeNull()
    expect(await familyToLookAt(await aStaffViewer(await aMunicipality(), 'manager'), householdId)).toBeNull()
    expect(await familyToLookAt(operator, 'x')).toBeNull()
  })

  test('to every role but operator and manager, to another municipality, and to a session that a sequence opened', async () => {
    const may: Record<string, boolean> = {}
    for (const role of [
      'operator',
      'manager',
      'accountant',
      'editor',
      'reader',
      'kitchen',
      'school_office',
      'teacher',
    ] as const) {
      const signed = await signedIn(await aStaffViewer(municipality, role))
      may[role] = (await beginLook(signed.colleague, { householdId: family.householdId, reason: REASON })).ok
    }
    expect(
      Object.entries(may)
        .filter(([, is]) => is)
        .map(([role]) => role),
    ).toEqual(['operator', 'manager'])
    const elsewhere = await signedIn(await aStaffViewer(await aMunicipality(), 'manager'))
    expect(
      await beginLook(elsewhere.colleague, { householdId: family.householdId, reason: REASON }),
    ).toMatchObject({ code: 'request:not-found' })
    const drawn = await signedIn(operator)
    await looking(drawn)
    await aDevice(operator)
    await sql`update session set opened_with = 'sequence',
      device_id = (select id from remembered_device where citizen_id = ${operator.citizenId})
      where id = ${drawn.colleague.sessionId}`.execute((await testDatabase()).owner)
    expect(await familySide(drawn)).toBeNull()
  })

  test('where there is no holder, and before the families may enter', async () => {
    const { owner } = await testDatabase()
    const signed = await signedIn(operator)
    const asked = { householdId: family.householdId, reason: REASON }
    await owner
      .updateTable('household_member')
      .set({ ended_at: START })
      .where('household_id', '=', family.householdId)
      .execute()
    expect(await beginLook(signed.colleague, asked)).toMatchObject({ code: 'look:no-holder' })
    await owner
      .updateTable('household_member')
      .set({ ended_at: null })
      .where('household_id', '=', family.householdId)
      .execute()
    await owner
      .updateTable('municipality')
      .set({ opens_on: null })
      .where('id', '=', municipality.municipalityId)
      .execute()
    expect(await beginLook(signed.colleague, asked)).toMatchObject({ code: 'look:not-open' })
  })
})

test('the family reads in its register who looked and when, and until when; a delegate and other families do not', async () => {
  const delegate = await aDelegate(municipality, family.householdId)
  const stranger = (await aHousehold(municipality)).holderViewer
  const signed = await signedIn(operator)
  const viewer = await looking(signed)
  await householdsOf(viewer)
  await minutes(5)
  await endLook(viewer)
  const { full_name } = await asSystem(municipality.municipalityId, (trx) =>
    trx
      .selectFrom('person')
      .select('full_name')
      .where('id', '=', operator.personId)
      .executeTakeFirstOrThrow(),
  )
  const acts = async (who: Viewer) =>
    (await dataAccesses(who))?.accesses.map(({ action, by, occurredAt }) => [
      action,
      by,
      occurredAt.toISOString(),
    ])
  expect(await acts(family.holderViewer)).toEqual([
    ['household.look-ended', full_name, '2026-11-24T08:05:00.000Z'],
    ['household.looked', full_name, '2026-11-24T08:00:00.000Z'],
  ])
  expect(await acts(delegate)).toEqual([])
  expect(await acts(stranger)).toEqual([])
})
