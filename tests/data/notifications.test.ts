import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asSystem, inScope, type Scope } from '#db/client.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import type { Told } from '#lib/notifications/notification.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMember,
  aMunicipality,
  aPerson,
  aPupil,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let household: Household

beforeEach(async () => {
  await setClock('2026-11-24T09:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
})

const strike = (to: string[], change: Partial<Told> = {}): Told => ({
  event: 'calendar:closure',
  key: 'closure:1',
  to,
  say: () => ({
    title: 'Mensa sospesa il 3 dicembre',
    text: 'Per lo sciopero del personale la mensa non c’è. Non devi fare niente.',
  }),
  path: '/prenotazioni?mese=2026-12',
  ...change,
})

const tell = (told: Told): Promise<number> =>
  asSystem(municipality.municipalityId, (trx) => notify(trx, municipality.municipalityId, told))

async function inboxOf(personId: string) {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('notification')
    .select(['event', 'title', 'path', 'read_at'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute()
}

async function deliveriesTo(personId: string) {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .select(['channel', 'recipient', 'subject', 'body_text', 'due_at', 'outcome'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute()
}

async function choose(personId: string, choice: Record<string, unknown>): Promise<void> {
  const { owner } = await testDatabase()
  await sql`insert into notification_choice (municipality_id, person_id, choices, is_quiet, quiet_from, quiet_to)
    select ${municipality.municipalityId}, ${personId}, coalesce(${JSON.stringify(choice.choices ?? {})}::jsonb, '{}'),
      ${choice.isQuiet ?? true}, ${choice.from ?? '21:00'}::time, ${choice.to ?? '07:00'}::time`.execute(
    owner,
  )
}

async function allowPush(personId: string): Promise<void> {
  await asFamily({ municipalityId: municipality.municipalityId, personId }, (trx) =>
    sql`select keep_push_subscription(${`https://push.example.it/${personId}`}, 'p', 'a', 'Firefox su Android')`.execute(
      trx,
    ),
  )
}

describe('A notification to some people', () => {
  test('is put in the inbox and in the outbox once for each person, however often it is told', async () => {
    const other = await aPerson(municipality, { email: 'marco@example.it' })
    const to = [household.holder.personId, other.personId, other.personId]
    expect(await tell(strike(to))).toBe(2)
    expect(await tell(strike(to))).toBe(0)
    expect(await inboxOf(other.personId)).toMatchObject([
      { title: 'Mensa sospesa il 3 dicembre', read_at: null },
    ])
    const [mail, ...more] = await deliveriesTo(other.personId)
    expect(more).toEqual([])
    expect(mail).toMatchObject({ channel: 'email', recipient: 'marco@example.it', outcome: null })
    expect(mail?.body_text).toMatch(/^Ciao Laura,\n\nPer lo sciopero/)
    expect(mail?.body_text).toContain(
      `http://localhost:3000/${municipality.slug}/prenotazioni?mese=2026-12\n`,
    )
    expect(mail?.body_text).toContain(`http://localhost:3000/${municipality.slug}/profilo/notifiche`)
  })

  test('reaches the person once when ten simultaneous transactions tell it', async () => {
    const counts = await Promise.all(
      Array.from({ length: 10 }, () => tell(strike([household.holder.personId]))),
    )
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(await deliveriesTo(household.holder.personId)).toHaveLength(1)
  })

  test('is not told when the transaction rolls back', async () => {
    const undone = asSystem(municipality.municipalityId, async (trx) => {
      await notify(trx, municipality.municipalityId, strike([household.holder.personId]))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await inboxOf(household.holder.personId)).toEqual([])
  })

  test('about money reaches holders only, with any people named', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    const to = [household.holder.personId, delegate.personId]
    const money = { households: [household.householdId] }
    expect(await tell(strike(to, { event: 'balance:low', key: 'low:1', money }))).toBe(1)
    expect(await inboxOf(delegate.personId)).toEqual([])
  })

  test('does not reach people of another municipality', async () => {
    const stranger = (await aHousehold(await aMunicipality())).holder.personId
    expect(await tell(strike([stranger]))).toBe(0)
    const foreign = asSystem(municipality.municipalityId, (trx) => notify(trx, stranger, strike([stranger])))
    await expect(foreign).rejects.toThrow()
  })

  test('may come from a family to its own people, and each reads only the own inbox', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    await asFamily(household.holderViewer, (trx) =>
      notify(
        trx,
        municipality.municipalityId,
        strike([delegate.personId], { event: 'meals:changed', key: 'm:1' }),
      ),
    )
    const read = (personId: string) =>
      asFamily({ municipalityId: municipality.municipalityId, personId }, (trx) =>
        trx.selectFrom('notification').select('title').execute(),
      )
    expect(await read(delegate.personId)).toHaveLength(1)
    expect(await read(household.holder.personId)).toEqual([])
  })

  test('is refused with an address outside the portal', async () => {
    for (const path of [
      'https://example.com',
      '//example.com',
      '/a b',
      'pagamenti',
      '/../x/..%2f',
      '/a?b=<',
    ]) {
      await expect(tell(strike([household.holder.personId], { path })), path).rejects.toThrow(/path/)
    }
  })

  test('goes as it is when it has a mail of its own', async () => {
    const mail = { subject: 'Ricarica accreditata: 108,00 €', text: 'Ciao Laura,\n\nè andata.' }
    const say = () => ({ title: 'Ricarica accreditata', text: 'È sul conto.', mail })
    await tell(strike([household.holder.personId], { event: 'top-up:credited', money: 'own-payment', say }))
    const [sent] = await deliveriesTo(household.holder.personId)
    expect(sent?.subject).toBe(mail.subject)
    expect(sent?.body_text).toMatch(/^Ciao Laura,\n\nè andata\.\n/)
  })
})

describe('Without the application’s checks', () => {
  test.each(['notification', 'notification_choice', 'push_subscription'])(
    'a person sees and changes the own rows of %s only',
    async (table) => {
      const stranger = (await aHousehold(municipality)).holder.personId
      for (const personId of [household.holder.personId, stranger]) {
        await tell(strike([personId], { key: `closure:${personId}` }))
        await choose(personId, {})
        await allowPush(personId)
      }
      const seen = (scope: Scope) =>
        inScope(scope, async (trx) => {
          const { rows } = await sql<{
            person_id: string
          }>`select person_id from ${sql.table(table)}`.execute(trx)
          return rows.map((row) => row.person_id)
        })
      const { municipalityId } = municipality
      expect(await seen({ municipalityId, personId: stranger, audience: 'family' })).toEqual([stranger])
      expect(await seen({ municipalityId, audience: 'public' })).toEqual([])
      const delegate = await aDelegate(municipality, household.householdId)
      expect(await seen({ municipalityId, personId: delegate.personId, audience: 'family' })).toEqual([])
      const forged = inScope({ municipalityId, personId: stranger, audience: 'family' }, (trx) =>
        table === 'notification_choice'
          ? sql`insert into notification_choice (municipality_id, person_id) values (${municipalityId}, ${delegate.personId})`.execute(
              trx,
            )
          : sql`insert into ${sql.table(table)} (municipality_id) values (${municipalityId})`.execute(trx),
      )
      await expect(forged).rejects.toThrow(/row-level security|permission denied/)
    },
  )
})

describe('The choices of a person', () => {
  test('leave only the portal without an address, or with one that is known to refuse', async () => {
    const { owner } = await testDatabase()
    const person = household.holder.personId
    await owner
      .updateTable('person')
      .set({ refused_email: 'laura@example.it' })
      .where('id', '=', person)
      .execute()
    await tell(strike([person]))
    expect(await inboxOf(person)).toHaveLength(1)
    expect(await deliveriesTo(person)).toEqual([])
    await owner.updateTable('person').set({ email: 'nuova@example.it' }).where('id', '=', person).execute()
    await tell(strike([person], { key: 'closure:2' }))
    expect(await deliveriesTo(person)).toMatchObject([{ recipient: 'nuova@example.it' }])
  })

  test('stop the e-mails about one kind, and no others', async () => {
    const person = household.holder.personId
    await choose(person, { choices: { 'calendar:closure': { email: false } } })
    await tell(strike([person]))
    await tell(strike([person], { event: 'communication:published', key: 'communication:1' }))
    expect(await inboxOf(person)).toHaveLength(2)
    expect(await deliveriesTo(person)).toHaveLength(1)
  })

  test('do not stop the notices of a sign-in', async () => {
    const person = household.holder.personId
    await choose(person, { choices: { 'device:remembered': { email: false } } })
    await tell(strike([person], { event: 'device:remembered', key: 'device:1' }))
    expect(await deliveriesTo(person)).toHaveLength(1)
  })

  test('send a push to each allowed device, and show no private text on a lock screen', async () => {
    const person = household.holder.personId
    await allowPush(person)
    await tell(strike([person]))
    const say = () => ({ title: 'Disdetto il 3 dicembre', text: 'Il 3 dicembre.' })
    await tell(strike([person], { event: 'meals:changed', key: 'm:1', say }))
    const pushes = (await deliveriesTo(person)).filter(({ channel }) => channel === 'push')
    expect(pushes.map(({ subject }) => subject)).toEqual([
      'Mensa sospesa il 3 dicembre',
      'Pasti disdetti o ripristinati',
    ])
    expect(pushes[1]?.body_text).not.toContain('dicembre')
  })

  test('send to a browser only for the person who allowed it last', async () => {
    const other = await aPerson(municipality)
    const { owner } = await testDatabase()
    for (const personId of [household.holder.personId, other.personId]) {
      await asFamily({ municipalityId: municipality.municipalityId, personId }, (trx) =>
        sql`select keep_push_subscription('https://push.example.it/one', 'p', 'a', 'Chrome su Android')`.execute(
          trx,
        ),
      )
    }
    const open = await owner
      .selectFrom('push_subscription')
      .select(['person_id', 'end_reason'])
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('id')
      .execute()
    expect(open).toEqual([
      { person_id: household.holder.personId, end_reason: 'moved' },
      { person_id: other.personId, end_reason: null },
    ])
  })
})

describe('Quiet hours', () => {
  const NIGHT = { from: '21:00', to: '07:00' }
  const cases: [string, string, { from: string; to: string }, string][] = [
    ['at 20:59:59 it goes at once', '2026-11-24T20:59:59+01:00', NIGHT, '2026-11-24T20:59:59+01:00'],
    ['at 21:00 it waits for the morning', '2026-11-24T21:00:00+01:00', NIGHT, '2026-11-25T07:00:00+01:00'],
    [
      'after midnight it waits for the same morning',
      '2026-11-25T00:10:00+01:00',
      NIGHT,
      '2026-11-25T07:00:00+01:00',
    ],
    ['at 7:00 it goes at once', '2026-11-25T07:00:00+01:00', NIGHT, '2026-11-25T07:00:00+01:00'],
    [
      'a rest in the afternoon',
      '2026-11-24T14:30:00+01:00',
      { from: '14:00', to: '15:00' },
      '2026-11-24T15:00:00+01:00',
    ],
    [
      'the night when the clock goes forward',
      '2027-03-27T23:00:00+01:00',
      NIGHT,
      '2027-03-28T07:00:00+02:00',
    ],
    [
      'equal hours are no quiet hours',
      '2026-11-24T23:00:00+01:00',
      { from: '21:00', to: '21:00' },
      '2026-11-24T23:00:00+01:00',
    ],
  ]
  test.each(cases)('%s', async (_name, now, hours, due) => {
    await setClock(now)
    await choose(household.holder.personId, hours)
    await tell(strike([household.holder.personId]))
    const [sent] = await deliveriesTo(household.holder.personId)
    expect(sent?.due_at).toEqual(new Date(due))
  })

  test('last from 21 to 7 by default; an urgent message does not wait; a person may have none', async () => {
    await setClock('2026-11-24T22:00:00+01:00')
    const person = household.holder.personId
    await tell(strike([person]))
    await tell(strike([person], { key: 'closure:2', urgent: true }))
    const sleepless = await aPerson(municipality)
    await choose(sleepless.personId, { isQuiet: false })
    await tell(strike([sleepless.personId]))
    const due = async (id: string) => (await deliveriesTo(id)).map(({ due_at }) => due_at?.toISOString())
    expect(await due(person)).toEqual(['2026-11-25T06:00:00.000Z', '2026-11-24T21:00:00.000Z'])
    expect(await due(sleepless.personId)).toEqual(['2026-11-24T21:00:00.000Z'])
  })
})

describe('The people of a pupil', () => {
  test('are the holder and the delegates for that pupil, not those for another', async () => {
    const greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
    const luca = await aPupil(municipality, household.householdId, { name: 'Luca' })
    const forAll = await aDelegate(municipality, household.householdId)
    const forLuca = await aDelegate(municipality, household.householdId)
    const gone = await aPerson(municipality)
    await aMember(municipality, household.householdId, gone, 'delegate', { to: '2026-11-23' })
    const { owner } = await testDatabase()
    const { id } = await owner
      .updateTable('household_member')
      .set({ all_pupils: false })
      .where('person_id', '=', forLuca.personId)
      .returning('id')
      .executeTakeFirstOrThrow()
    await owner
      .insertInto('delegate_pupil')
      .values({ municipality_id: municipality.municipalityId, household_member_id: id, pupil_id: luca })
      .execute()
    const people = (viewer: { municipalityId: string; personId: string }, pupil: string) =>
      asFamily(viewer, (trx) => adultsOfPupils(trx, municipality.municipalityId, [pupil]))
    const expected = [household.holder.personId, forAll.personId]
    expect((await people(household.holderViewer, greta)).sort()).toEqual(expected.sort())
    expect(await people(household.holderViewer, luca)).toHaveLength(3)
    expect(await people(forLuca, greta)).toEqual([])
    expect(await people((await aHousehold(municipality)).holderViewer, greta)).toEqual([])
  })
})
