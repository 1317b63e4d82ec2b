import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { forgetEnv } from '#lib/kernel/env.ts'
import { sendDueMail } from '#lib/outbox/due-message.commands.ts'
import { enqueueMail } from '#lib/outbox/message.commands.ts'
import { testDatabase } from '#tests/support/database.ts'
import { aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'

/** What the mail server does with the next message. */
type Mood = 'accept' | 'busy' | 'refuse' | 'hang up after the text'

let mood: Mood = 'accept'
let arrived: string[] = []
let municipality: TestMunicipality
let server: SMTPServer

beforeAll(async () => {
  await testDatabase()
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (mood === 'busy') return done(Object.assign(new Error('later'), { responseCode: 451 }))
        if (mood === 'refuse') return done(Object.assign(new Error('no such box'), { responseCode: 550 }))
        arrived.push(Buffer.concat(parts).toString('utf8'))
        if (mood === 'accept') return done()
        for (const connection of (
          server as unknown as { connections: Set<{ id: string; _socket: { destroy(): void } }> }
        ).connections) {
          if (connection.id === session.id) connection._socket.destroy()
        }
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.env.SMTP_URL = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  forgetEnv()
})

afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

beforeEach(async () => {
  const { owner } = await testDatabase()
  await owner.updateTable('outbox').set({ due_at: null }).execute()
  mood = 'accept'
  arrived = []
  municipality = await aMunicipality()
})

const enqueue = (key: string): Promise<void> =>
  asSystem(municipality.municipalityId, (trx) =>
    enqueueMail(trx, municipality.municipalityId, {
      dedupeKey: key,
      to: 'laura@example.it',
      subject: 'Ricarica accreditata: 108,00 €',
      text: 'Ciao Laura, è andata.',
      language: 'it',
    }),
  )

async function rowOf(key: string) {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .selectAll()
    .where('municipality_id', '=', municipality.municipalityId)
    .where('dedupe_key', '=', key)
    .executeTakeFirstOrThrow()
}

async function makeDue(key: string): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .updateTable('outbox')
    .set({ due_at: new Date('2026-01-01T00:00:00Z') })
    .where('municipality_id', '=', municipality.municipalityId)
    .where('dedupe_key', '=', key)
    .execute()
}

describe('The outbox', () => {
  test('sends a message once, also when it was enqueued twice and four workers look for it together', async () => {
    await enqueue('one')
    await enqueue('one')
    await Promise.all([sendDueMail(), sendDueMail(), sendDueMail(), sendDueMail()])
    await sendDueMail()
    expect(arrived).toHaveLength(1)
    expect(arrived[0]).toContain('To: laura@example.it')
    expect(arrived[0]).toContain('Auto-Submitted: auto-generated')
    expect(await rowOf('one')).toMatchObject({ due_at: null, attempts: 1, sent_at: expect.any(Date) })
  })

  test('sends each of many messages once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => enqueue(`many ${index}`)))
    const results = await Promise.all([
      sendDueMail({ limit: 30 }),
      sendDueMail({ limit: 30 }),
      sendDueMail({ limit: 30 }),
    ])
    expect(results.reduce((sum, { sent }) => sum + sent, 0)).toBe(30)
    expect(new Set(arrived.map((text) => /^Message-ID: (.+)$/m.exec(text)?.[1])).size).toBe(30)
  })

  test('does not send what the transaction rolled back', async () => {
    const undone = asSystem(municipality.municipalityId, async (trx) => {
      await enqueueMail(trx, municipality.municipalityId, {
        dedupeKey: 'undone',
        to: 'a@b.it',
        subject: 's',
        text: 't',
        language: 'it',
      })
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await sendDueMail()
    expect(arrived).toEqual([])
  })

  test('retries a busy server later, and the message then arrives once', async () => {
    await enqueue('busy')
    mood = 'busy'
    expect(await sendDueMail()).toMatchObject({ sent: 0, postponed: 1 })
    const row = await rowOf('busy')
    expect(row.due_at?.getTime()).toBeGreaterThan(row.created_at.getTime() + 30_000)
    expect(row.last_error).toContain('451')
    expect(await sendDueMail()).toMatchObject({ sent: 0, postponed: 0 })
    mood = 'accept'
    await makeDue('busy')
    expect((await sendDueMail()).sent).toBe(1)
    expect(arrived).toHaveLength(1)
  })

  test('retries an unreachable server later', async () => {
    await enqueue('down')
    const address = process.env.SMTP_URL
    process.env.SMTP_URL = 'smtp://127.0.0.1:1'
    forgetEnv()
    expect((await sendDueMail()).postponed).toBe(1)
    process.env.SMTP_URL = address
    forgetEnv()
    await makeDue('down')
    expect((await sendDueMail()).sent).toBe(1)
  })

  test('gives up an address that does not exist after one attempt', async () => {
    await enqueue('refused')
    mood = 'refuse'
    expect((await sendDueMail()).refused).toBe(1)
    expect(await rowOf('refused')).toMatchObject({ due_at: null, sent_at: null, outcome: 'refused' })
  })

  test('gives up a message after a week of retries', async () => {
    await enqueue('tired')
    mood = 'busy'
    for (let attempt = 0; attempt < 7; attempt += 1) {
      await makeDue('tired')
      await sendDueMail()
    }
    expect(await rowOf('tired')).toMatchObject({
      due_at: null,
      sent_at: null,
      attempts: 7,
      outcome: 'given_up',
    })
  })

  test('does not retry after a connection that broke behind the text: the message may have arrived', async () => {
    await enqueue('in doubt')
    mood = 'hang up after the text'
    expect((await sendDueMail()).in_doubt).toBe(1)
    mood = 'accept'
    expect(await rowOf('in doubt')).toMatchObject({ due_at: null, sent_at: null, outcome: 'in_doubt' })
    await sendDueMail()
    expect(arrived).toHaveLength(1)
  })

  test('gives up the message of a worker that crashed while sending, and does not repeat it', async () => {
    await enqueue('crashed')
    const { owner } = await testDatabase()
    await owner
      .updateTable('outbox')
      .set({ due_at: new Date('2026-01-01'), sending_since: new Date('2026-01-01'), attempts: 1 })
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(await sendDueMail()).toMatchObject({ sent: 0, postponed: 0, in_doubt: 1 })
    expect((await rowOf('crashed')).last_error).toContain('interrupted')
    expect(arrived).toEqual([])
  })
})
