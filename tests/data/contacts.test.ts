import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { sendDueMail } from '#lib/outbox/due-message.commands.ts'
import { askEmailChange, changeAddress, confirmEmail } from '#lib/people/contact.commands.ts'
import { contactsOf } from '#lib/people/contact.queries.ts'
import { changePhone } from '#lib/people/phone.commands.ts'
import { readPhone } from '#lib/people/phone.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let household: Household
let holder: Viewer

beforeEach(async () => {
  await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  holder = household.holderViewer
})

async function mails(): Promise<{ recipient: string; body_text: string; secret: boolean }[]> {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .select(['recipient', 'body_text', 'secret'])
    .where('municipality_id', '=', municipality.municipalityId)
    .orderBy('id')
    .execute()
}

const lastCode = async (): Promise<string> =>
  /^(\d{6})$/m.exec((await mails()).findLast((one) => one.secret)?.body_text ?? '')?.[1] ?? ''

const waitingId = async (viewer: Viewer): Promise<string> => (await contactsOf(viewer))?.waiting?.id ?? ''

const another = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('a new e-mail address', () => {
  test('counts only when its code comes back, and the old address is told', async () => {
    expect(await askEmailChange(holder, 'nuova@example.it')).toMatchObject({ ok: true })
    expect(await contactsOf(holder)).toMatchObject({
      email: 'laura@example.it',
      emailVerifiedAt: null,
      waiting: { email: 'nuova@example.it' },
    })
    const changeId = await waitingId(holder)
    expect(await confirmEmail(holder, { changeId, code: await lastCode() })).toMatchObject({ ok: true })
    expect(await contactsOf(holder)).toMatchObject({
      email: 'nuova@example.it',
      emailVerifiedAt: new Date('2026-11-24T07:00:00Z'),
      waiting: null,
    })
    expect((await mails()).map((one) => one.recipient)).toEqual(['nuova@example.it', 'laura@example.it'])
  })

  test('is shown as refused by a mail server until it changes', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('person')
      .set({ refused_email: 'laura@example.it' })
      .where('id', '=', holder.personId)
      .execute()
    expect((await contactsOf(holder))?.isEmailRefused).toBe(true)
    await askEmailChange(holder, 'nuova@example.it')
    await confirmEmail(holder, { changeId: await waitingId(holder), code: await lastCode() })
    expect((await contactsOf(holder))?.isEmailRefused).toBe(false)
  })

  test('has a code that is kept nowhere in clear, and whose mail is emptied once it has gone', async () => {
    await askEmailChange(holder, 'nuova@example.it')
    const code = await lastCode()
    const { owner } = await testDatabase()
    expect(JSON.stringify(await owner.selectFrom('email_change').selectAll().execute())).not.toContain(code)
    await owner
      .updateTable('outbox')
      .set({ created_at: sql<Date>`app_now() - interval '4 days'` })
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect((await sendDueMail()).given_up).toBeGreaterThan(0)
    expect((await mails())[0]?.body_text).toBe('')
  })

  test('has five attempts, then not even the right code counts', async () => {
    await askEmailChange(holder, 'nuova@example.it')
    const [changeId, code] = [await waitingId(holder), await lastCode()]
    for (let left = 4; left >= 1; left -= 1) {
      expect(await confirmEmail(holder, { changeId, code: another(code) })).toEqual({
        ok: false,
        code: 'contacts:code-wrong',
        details: { n: left },
      })
    }
    expect(await confirmEmail(holder, { changeId, code: another(code) })).toMatchObject({
      code: 'contacts:code-over',
    })
    expect(await confirmEmail(holder, { changeId, code })).toMatchObject({ code: 'contacts:code-over' })
  })

  test('has five of many simultaneous wrong guesses judged, not one more', async () => {
    await askEmailChange(holder, 'nuova@example.it')
    const [changeId, code] = [await waitingId(holder), await lastCode()]
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => confirmEmail(holder, { changeId, code: another(code) })),
    )
    expect(answers.filter((one) => !one.ok && one.code === 'contacts:code-wrong')).toHaveLength(4)
    expect(await confirmEmail(holder, { changeId, code })).toMatchObject({ code: 'contacts:code-over' })
  })

  test('has half an hour, and a later code replaces the earlier one', async () => {
    await askEmailChange(holder, 'nuova@example.it')
    const first = { changeId: await waitingId(holder), code: await lastCode() }
    await setClock('2026-11-24T08:10:00+01:00')
    await askEmailChange(holder, 'altra@example.it')
    expect(await confirmEmail(holder, first)).toMatchObject({ code: 'contacts:code-over' })
    const second = { changeId: await waitingId(holder), code: await lastCode() }
    await setClock('2026-11-24T08:40:00+01:00')
    expect(await confirmEmail(holder, second)).toMatchObject({ code: 'contacts:code-over' })
  })

  test('has a code that does not leave any more when a later one replaced it', async () => {
    await askEmailChange(holder, 'nuova@example.it')
    await askEmailChange(holder, 'altra@example.it')
    const { owner } = await testDatabase()
    // No mail server answers here: a valid letter stays in the queue, one with a replaced code is over.
    await sendDueMail()
    const rows = await owner
      .selectFrom('outbox')
      .select(['recipient', 'outcome', 'last_error', 'body_text'])
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('id')
      .execute()
    expect(rows[0]).toMatchObject({
      recipient: 'nuova@example.it',
      outcome: 'given_up',
      last_error: 'EREPLACED',
      body_text: '',
    })
    expect(rows[1]).toMatchObject({ recipient: 'altra@example.it', outcome: null })
  })

  test('is not proved by another person’s code, and gets five mails an hour at most', async () => {
    await askEmailChange(holder, 'nuova@example.it')
    const stolen = { changeId: await waitingId(holder), code: await lastCode() }
    const stranger = (await aHousehold(municipality)).holderViewer
    expect(await confirmEmail(stranger, stolen)).toMatchObject({ code: 'request:not-found' })
    expect(await contactsOf(stranger)).toMatchObject({ waiting: null })
    for (let n = 0; n < 4; n += 1) await askEmailChange(holder, `n${n}@example.it`)
    expect(await askEmailChange(holder, 'n5@example.it')).toMatchObject({ code: 'contacts:too-many-codes' })
  })

  test('is not for the office’s people', async () => {
    const clerk = await aStaffViewer(municipality, 'manager')
    expect(await contactsOf(clerk)).toBeNull()
    expect(await askEmailChange(clerk, 'x@example.it')).toMatchObject({ code: 'request:not-found' })
  })
})

describe('telephone and address', () => {
  test('a delegate keeps the own telephone, and is not asked for an address', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    expect(await changePhone(delegate, readPhone('333 1234567'))).toMatchObject({ ok: true })
    expect(await contactsOf(delegate)).toMatchObject({
      phone: { number: '+393331234567' },
      needsAddress: false,
    })
    expect((await contactsOf(holder))?.phone).toBeNull()
    const typed = {
      street: 'Via Po 1',
      postalCode: '37060',
      city: 'Mozzecane',
      province: 'VR',
      country: 'IT',
    }
    expect(await changeAddress(delegate, typed)).toMatchObject({ code: 'request:not-found' })
  })

  test('the holder’s address can be changed once it is there', async () => {
    const typed = {
      street: 'Via Po 1',
      postalCode: '37069',
      city: 'Villafranca',
      province: 'VR',
      country: 'IT',
    }
    expect(await changeAddress(holder, typed)).toMatchObject({ ok: true })
    expect((await contactsOf(holder))?.address).toEqual(typed)
  })
})
