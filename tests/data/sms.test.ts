import { writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asSystem } from '#db/client.ts'
import { sendDueSms } from '#lib/outbox/due-message.commands.ts'
import { enqueueSms } from '#lib/outbox/message.commands.ts'
import { deliveryBatch, deliveryBatchList } from '#lib/outbox/office/delivery-batch.queries.ts'
import { contactsOf } from '#lib/people/contact.queries.ts'
import { changePhone } from '#lib/people/phone.commands.ts'
import { readPhone } from '#lib/people/phone.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, aStaffViewer, type TestMunicipality } from '#tests/support/factories.ts'
import { openSmsGateway } from '#tests/support/sms-gateway.ts'

let open: Awaited<ReturnType<typeof openSmsGateway>>
let municipality: TestMunicipality

async function configure(change: Record<string, string> = {}): Promise<void> {
  const { ownerUrl, webUrl } = await testDatabase()
  setEnvironment({
    DATABASE_URL: ownerUrl,
    DATABASE_WEB_URL: webUrl,
    SMS_GATEWAY_TOKEN_FILE: '',
    ...open.environment,
    ...change,
  })
}

beforeAll(async () => {
  open = await openSmsGateway()
})
afterAll(() => open.simulator.close())
beforeEach(async () => {
  const { owner } = await testDatabase()
  await owner.updateTable('outbox').set({ due_at: null }).execute()
  await configure()
  await setClock('2026-11-24T09:00:00+01:00')
  open.simulator.texts.clear()
  open.simulator.texts.behave('normal')
  municipality = await aMunicipality()
})

const enqueue = (key: string, to = '+393331234567') =>
  asSystem(municipality.municipalityId, (trx) =>
    enqueueSms(trx, municipality.municipalityId, {
      dedupeKey: key,
      to,
      text: 'Il codice è 123456',
      language: 'it',
      secret: true,
    }),
  )
async function rowOf(key: string) {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .select(['outcome', 'due_at', 'last_error', 'attempts', 'body_text', 'sending_since'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('dedupe_key', '=', key)
    .executeTakeFirstOrThrow()
}
const arrived = () => open.simulator.texts.all()

describe('A SMS', () => {
  test('is handed over once, also when it was enqueued twice and four workers look for it together', async () => {
    await enqueue('one')
    await enqueue('one')
    await Promise.all([sendDueSms(), sendDueSms(), sendDueSms(), sendDueSms()])
    await sendDueSms()
    expect(arrived()).toMatchObject([{ to: '+393331234567', from: 'Mensa', times: 1 }])
    expect(await rowOf('one')).toMatchObject({ outcome: 'sent', due_at: null, body_text: '', attempts: 1 })
  })

  test('goes once, as does each of many', async () => {
    for (let n = 10; n < 40; n += 1) await enqueue(`many ${n}`, `+3933312345${n}`)
    const results = await Promise.all([sendDueSms(), sendDueSms(), sendDueSms()])
    expect(results.reduce((sum, { sent }) => sum + sent, 0)).toBe(30)
    expect(arrived().map(({ times }) => times)).toEqual(Array.from({ length: 30 }, () => 1))
  })

  test('cannot be put in another municipality’s outbox, and a family cannot put one for others to read', async () => {
    const elsewhere = await aMunicipality()
    await expect(
      asSystem(municipality.municipalityId, (trx) =>
        enqueueSms(trx, elsewhere.municipalityId, {
          dedupeKey: 'x',
          to: '+393331234567',
          text: 't',
          language: 'it',
          secret: true,
        }),
      ),
    ).rejects.toThrow('another municipality')
    const { holderViewer } = await aHousehold(municipality)
    await enqueue('mine')
    const seen = await asFamily(holderViewer, (trx) => trx.selectFrom('outbox').selectAll().execute())
    expect(seen).toEqual([])
  })

  test('ends after one attempt at a number that the gateway refuses, and no other waits for it', async () => {
    await enqueue('refused')
    open.simulator.texts.behave('refusedNumber')
    expect((await sendDueSms()).refused).toBe(1)
    expect(await rowOf('refused')).toMatchObject({ outcome: 'refused', last_error: '422', body_text: '' })
  })

  test('is retried in a minute when the gateway is too busy, and then arrives once', async () => {
    await enqueue('busy')
    open.simulator.texts.behave('busy')
    expect((await sendDueSms()).postponed).toBe(1)
    expect((await rowOf('busy')).due_at).toEqual(new Date('2026-11-24T09:01:00+01:00'))
    open.simulator.texts.behave('normal')
    expect(await sendDueSms()).toMatchObject({ sent: 0, postponed: 0 })
    await setClock('2026-11-24T09:01:00+01:00')
    expect((await sendDueSms()).sent).toBe(1)
    expect(arrived()).toHaveLength(1)
  })

  test('waits with all others when our token is wrong, and leaves when it is right again', async () => {
    await enqueue('one')
    await enqueue('two', '+393407654321')
    await configure({ SMS_GATEWAY_TOKEN: 'wrong' })
    expect(await sendDueSms()).toMatchObject({ sent: 0, refused: 0, postponed: 2 })
    expect([(await rowOf('one')).attempts, (await rowOf('two')).attempts]).toEqual([0, 0])
    await configure()
    await setClock('2026-11-24T09:02:00+01:00')
    expect((await sendDueSms()).sent).toBe(2)
  })

  test('is authenticated with a token from a file, read again each time', async () => {
    const file = path.join(os.tmpdir(), `token-${process.pid}`)
    writeFileSync(file, 'old\n')
    await configure({ SMS_GATEWAY_TOKEN: '', SMS_GATEWAY_TOKEN_FILE: file })
    await enqueue('one')
    expect((await sendDueSms()).sent).toBe(0)
    writeFileSync(file, `${open.environment.SMS_GATEWAY_TOKEN}\n`)
    await setClock('2026-11-24T09:02:00+01:00')
    expect((await sendDueSms()).sent).toBe(1)
  })

  test('waits while the gateway is unreachable, uses up no attempt, and is given up when its code has expired', async () => {
    await enqueue('down')
    await configure({ SMS_GATEWAY_URL: 'http://127.0.0.1:1/sms' })
    expect((await sendDueSms()).postponed).toBe(1)
    expect(await rowOf('down')).toMatchObject({ attempts: 0, last_error: 'ECONNREFUSED' })
    await setClock('2026-11-24T09:25:01+01:00')
    expect((await sendDueSms()).given_up).toBe(1)
    await configure()
    expect((await sendDueSms()).sent).toBe(0)
    expect(await rowOf('down')).toMatchObject({ outcome: 'given_up', body_text: '' })
  })

  test('is not sent any more after an hour without a worker', async () => {
    await enqueue('old')
    await setClock('2026-11-24T10:00:00+01:00')
    expect(await sendDueSms()).toMatchObject({ sent: 0, given_up: 1 })
    expect(arrived()).toEqual([])
  })

  test('ends when the gateway is taken out of the configuration while it waits', async () => {
    await enqueue('left')
    await configure({ SMS_GATEWAY_URL: '' })
    expect((await sendDueSms()).postponed).toBe(1)
    await setClock('2026-11-24T09:26:00+01:00')
    expect((await sendDueSms()).given_up).toBe(1)
  })

  test.each(['errorAfterTaking', 'hangUpAfterTaking', 'hangUp'] as const)(
    'is in doubt and never repeated with %s',
    async (fault) => {
      await enqueue(fault)
      open.simulator.texts.behave(fault)
      expect((await sendDueSms()).in_doubt).toBe(1)
      open.simulator.texts.behave('normal')
      await setClock('2026-11-24T09:20:00+01:00')
      await sendDueSms()
      expect(await rowOf(fault)).toMatchObject({ outcome: 'in_doubt', due_at: null, body_text: '' })
      expect(arrived().every(({ times }) => times === 1)).toBe(true)
    },
  )

  test('is in doubt, not repeated, when its worker crashed after claiming it', async () => {
    await enqueue('crashed')
    const { owner } = await testDatabase()
    await owner
      .updateTable('outbox')
      .set({ due_at: new Date('2026-01-01'), sending_since: new Date('2026-01-01'), attempts: 1 })
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(await sendDueSms()).toMatchObject({ sent: 0, in_doubt: 1 })
    expect(arrived()).toEqual([])
  })
})

describe('The outcome of a text message', () => {
  test('is shown to the person who waits for a code that certainly did not leave', async () => {
    const { holderViewer } = await aHousehold(municipality)
    await changePhone(holderViewer, readPhone('333 9876543'))
    open.simulator.texts.behave('refusedNumber')
    await sendDueSms()
    expect((await contactsOf(holderViewer))?.waitingPhone).toMatchObject({ isUndelivered: true })
  })

  test('is not shown when it is in doubt: the code may be on the screen', async () => {
    const { holderViewer } = await aHousehold(municipality)
    await changePhone(holderViewer, readPhone('333 9876542'))
    open.simulator.texts.behave('errorAfterTaking')
    await sendDueSms()
    expect((await contactsOf(holderViewer))?.waitingPhone).toMatchObject({ isUndelivered: false })
  })

  test('is counted by the office with the mails of the day, without a whole number', async () => {
    await enqueue('good')
    await sendDueSms()
    await enqueue('bad')
    open.simulator.texts.behave('refusedNumber')
    await sendDueSms()
    await enqueue('waits')
    const manager = await aStaffViewer(municipality, 'manager')
    const [line] = (await deliveryBatchList(manager, {}))?.page.rows ?? []
    const one = await deliveryBatch(manager, line?.id ?? '')
    expect(line?.cells).toMatchObject({
      tipo: 'Inviti, codici e conferme',
      spediti: 1,
      coda: 1,
      rifiutati: 1,
    })
    expect(one?.batch).toMatchObject({
      label: 'Inviti, codici e conferme',
      sms: { waiting: 1, sent: 1, refused: 1, inDoubt: 0, givenUp: 0 },
      retriable: 0,
    })
    expect(one?.refused).toMatchObject([{ address: '+39 ••• 567', outcome: 'refused', reason: '422' }])
  })
})
