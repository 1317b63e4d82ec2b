import { createHash } from 'node:crypto'
import path from 'node:path'
import pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { publishContent, saveContent, withdrawContent } from '#lib/content/office/content.commands.ts'
import { issueInvoice } from '#lib/invoices/invoice.commands.ts'
import { invoicePdf } from '#lib/invoices/invoice.pdf.ts'
import { drawInTurn } from '#lib/web/drawing-queue.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import type { Language } from '#lib/words/language.ts'
import { aCommunication } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aTopUp, markPaid } from '#tests/support/money.ts'

/** What costs to read or to draw, asked for as an attacker would: what it costs is counted. */
const visitor = vi.hoisted(() => ({ now: null as Viewer | null, language: 'it' as Language }))
vi.mock('#lib/session/session.request.ts', () => ({
  viewerOfFile: async () => visitor.now,
  currentViewer: async () => visitor.now,
  currentFiller: async () => visitor.now,
}))
vi.mock('#lib/words/words.request.ts', () => ({ readWords: async () => wordsIn(visitor.language) }))
vi.mock('#lib/invoices/invoice.pdf.ts', async (original) => {
  const whole = await original<typeof import('#lib/invoices/invoice.pdf.ts')>()
  return { ...whole, invoicePdf: vi.fn(whole.invoicePdf) }
})

const { GET: invoiceRoute } = await import('#app/api/[comune]/fatture/[id]/[formato]/route.ts')
const { GET: communicationRoute } = await import('#app/api/[comune]/comunicazioni/[id]/pdf/route.ts')
const { GET: attachmentRoute } = await import('#app/[comune]/allegati/[id]/[nome]/route.ts')

const drawings = vi.mocked(invoicePdf)

let municipality: TestMunicipality
let household: Household
let invoiceId: string

beforeAll(async () => {
  await testDatabase()
})
beforeEach(async () => {
  await setClock('2026-11-24T10:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  visitor.now = household.holderViewer
  visitor.language = 'it'
  const topUpId = await aTopUp(municipality, household, {})
  invoiceId = await asSystem(municipality.municipalityId, async (trx) => {
    await markPaid(trx, municipality, topUpId)
    return (await issueInvoice(trx, municipality.municipalityId, topUpId)).invoiceId
  })
  drawings.mockClear()
})

const asked = (init: { method?: string; tag?: string | null } = {}) =>
  new Request('http://localhost/', {
    method: init.method ?? 'GET',
    headers: init.tag ? { 'if-none-match': init.tag } : {},
  })

const askInvoice = (format = 'pdf', init: Parameters<typeof asked>[0] = {}) =>
  invoiceRoute(asked(init), {
    params: Promise.resolve({ comune: municipality.slug, id: invoiceId, formato: format }),
  })

const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

/** The statements that a piece of work sends to the database. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = []
  const query = pg.Client.prototype.query
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    const [first] = given
    sent.push(typeof first === 'string' ? first : String((first as { text?: string }).text))
    return Reflect.apply(query, this, given)
  } as never)
  await work()
  spy.mockRestore()
  return sent
}

describe('the PDF of an invoice', () => {
  test('is drawn once for six loops that ask for it, and each gets the same bytes', async () => {
    const loops = Array.from({ length: 6 }, async () => {
      const copies: Buffer[] = []
      for (let turn = 0; turn < 5; turn++) copies.push(await bytesOf(await askInvoice()))
      return copies
    })
    const copies = (await Promise.all(loops)).flat()
    expect(drawings).toHaveBeenCalledTimes(1)
    expect(copies).toHaveLength(30)
    expect(new Set(copies.map((copy) => createHash('sha256').update(copy).digest('hex'))).size).toBe(1)
    expect(copies[0]?.subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('is refused with words and a time to come back after thirty in ten minutes', async () => {
    for (let turn = 0; turn < 30; turn++) expect((await askInvoice()).status).toBe(200)
    const refused = await askInvoice()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('600')
    expect(await refused.text()).toContain('Hai scaricato molti file in poco tempo')
    expect((await askInvoice('xml')).status).toBe(429)
  })

  test('is drawn again for another language, and for what it shows now', async () => {
    const italian = await bytesOf(await askInvoice())
    visitor.language = 'ar'
    expect(await bytesOf(await askInvoice())).not.toEqual(italian)
    visitor.language = 'it'
    expect(await bytesOf(await askInvoice())).toEqual(italian)
    expect(drawings).toHaveBeenCalledTimes(2)
    const { owner } = await testDatabase()
    await owner
      .updateTable('invoice_copy')
      .set({ fingerprint: '0'.repeat(64), content: Buffer.from('old') })
      .execute()
    expect(await bytesOf(await askInvoice())).toEqual(italian)
    expect(drawings).toHaveBeenCalledTimes(3)
  })

  test('costs neither a drawing nor a byte when it is asked about, or already there', async () => {
    const whole = await askInvoice()
    const tag = whole.headers.get('etag')
    drawings.mockClear()
    const answers: Response[] = []
    const statements = await statementsOf(async () => {
      answers.push(await askInvoice('pdf', { method: 'HEAD' }), await askInvoice('pdf', { tag }))
      answers.push(await askInvoice('xml', { method: 'HEAD' }))
    })
    expect(answers.map(({ status }) => status)).toEqual([200, 304, 200])
    expect(answers[0]?.headers.get('etag')).toBe(tag)
    expect(answers.map(({ body }) => body)).toEqual([null, null, null])
    expect(drawings).not.toHaveBeenCalled()
    expect(statements.filter((text) => /invoice_copy|"xml"|audit_event/.test(text))).toEqual([])
    expect(statements.some((text) => text.includes('"invoice"'))).toBe(true)
  })

  test('another person finds neither the invoice nor its copy', async () => {
    await askInvoice()
    visitor.now = (await aHousehold(municipality)).holderViewer
    expect((await askInvoice()).status).toBe(404)
    expect((await askInvoice('pdf', { method: 'HEAD' })).status).toBe(404)
  })
})

describe('a document that waits to be drawn', () => {
  const TURNS = 9
  let free: () => void
  let held: Promise<unknown>

  /** As many drawings of others as one process takes: the first is under way, the rest wait. */
  beforeEach(() => {
    const gate = Promise.withResolvers<void>()
    free = gate.resolve
    held = Promise.all(Array.from({ length: TURNS }, () => drawInTurn(() => gate.promise, undefined)))
    return async () => {
      free()
      await held
    }
  })

  const askCommunication = async () => {
    await aPupil(municipality, household.householdId)
    const { id } = await aCommunication(municipality)
    return communicationRoute(asked(), { params: Promise.resolve({ comune: municipality.slug, id }) })
  }

  test.each([
    ['an invoice', () => askInvoice()],
    ['a communication', askCommunication],
  ])('S2 %s behind too many others is refused in words, and drawn when they are done', async (_, ask) => {
    const refused = await ask()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await refused.text()).toContain('Il documento non è ancora pronto')
    expect(drawings).not.toHaveBeenCalled()
    free()
    await held
    expect((await ask()).status).toBe(200)
  })
})

describe('a public attachment', () => {
  const address = { comune: '', id: '', nome: 'circolare.pdf' }
  const ask = (init: Parameters<typeof asked>[0] = {}) =>
    attachmentRoute(asked(init), { params: Promise.resolve(address) })

  let withdraw: () => Promise<unknown>

  beforeEach(async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const saved = await saveContent(manager, 'news', {
      id: null,
      baseVersion: 0,
      title: 'Circolare',
      summary: 'Una circolare.',
      body: '<p>Una circolare.</p>',
      category: 'avvisi',
      urgent: false,
      highlighted: false,
      kept: [],
      added: [new File(['%PDF-1.7\n', 'x'.repeat(8_000_000)], 'circolare.pdf')],
    })
    if (!saved.ok) throw new Error(saved.code)
    await publishContent(manager, saved.value.id, saved.value.version, { opensAt: null, closesAt: null })
    const { id } = saved.value
    withdraw = () => withdrawContent(manager, id, 'Errore.')
    const { owner } = await testDatabase()
    const file = await owner
      .selectFrom('stored_file')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .executeTakeFirstOrThrow()
    Object.assign(address, { comune: municipality.slug, id: file.id })
    visitor.now = null
  })

  test('reads no byte of its eight million when it is asked about, or already there', async () => {
    const whole = await ask()
    expect((await bytesOf(whole)).length).toBe(8_000_009)
    const tag = whole.headers.get('etag')
    const answers: Response[] = []
    const statements = await statementsOf(async () => {
      answers.push(await ask({ method: 'HEAD' }), await ask({ tag }), await ask({ tag: `"other", W/${tag}` }))
    })
    expect(answers.map(({ status }) => status)).toEqual([200, 304, 304])
    expect(answers.map(({ body }) => body)).toEqual([null, null, null])
    expect(answers[0]?.headers.get('content-disposition')).toBe('attachment; filename="circolare.pdf"')
    expect(statements.filter((text) => text.includes('"content"'))).toEqual([])
    expect(statements.some((text) => text.includes('"sha256"'))).toBe(true)
  })

  test('is sent whole to a browser that has another one', async () => {
    expect((await ask({ tag: '"another"' })).status).toBe(200)
  })

  test('is not found for a question without bytes either, once it is withdrawn', async () => {
    await withdraw()
    expect((await ask({ method: 'HEAD' })).status).toBe(404)
    expect((await ask({ tag: '*' })).status).toBe(404)
  })
})

describe('S2 lists, documents and open data', () => {
  const route = async (folder: string) =>
    (
      (await import(path.join(import.meta.dirname, '..', '..', 'app', folder, 'route.ts'))) as {
        GET: (...args: unknown[]) => Promise<Response>
      }
    ).GET
  const nothing = '01890000-0000-7000-8000-000000000000'
  const signedOut = (address: string) =>
    new Request('http://localhost/', { headers: { 'x-client-address': address } })

  /** The statuses of so many answers, and how often each came. */
  async function statusesOf(times: number, ask: () => Promise<Response>): Promise<Record<number, number>> {
    const seen: Record<number, number> = {}
    for (let turn = 0; turn < times; turn += 1) {
      const { status } = await ask()
      seen[status] = (seen[status] ?? 0) + 1
    }
    return seen
  }

  test('a document of a form is given thirty times in ten minutes to one person, and to the next one', async () => {
    const get = await route('api/[comune]/moduli/documenti/[id]')
    const ask = () => get(asked(), { params: Promise.resolve({ comune: municipality.slug, id: nothing }) })
    expect(await statusesOf(32, ask)).toEqual({ 404: 30, 429: 2 })
    visitor.now = (await aHousehold(municipality)).holderViewer
    expect((await ask()).status).toBe(404)
  })

  test('the statement of a family is given a hundred and twenty times in ten minutes to one person', async () => {
    const get = await route('api/[comune]/movimenti.csv')
    const ask = () => get(asked(), { params: Promise.resolve({ comune: municipality.slug }) })
    expect(await statusesOf(122, ask)).toEqual({ 200: 120, 429: 2 })
    visitor.now = (await aHousehold(municipality)).holderViewer
    expect((await ask()).status).toBe(200)
  })

  test.each([
    ['the counts of a day', 'admin/[comune]/conteggi/csv', 404],
    ['the meals by month', 'admin/[comune]/numeri/csv', 200],
    ['the leftovers', 'admin/[comune]/menu/avanzi/csv', 200],
    [
      'the recipients of a communication',
      'admin/[comune]/comunicazioni/[id]/destinatari/file/[formato]',
      404,
    ],
    ['the results of a questionnaire', 'admin/[comune]/questionari/[id]/csv', 404],
  ])(
    '%s are given a hundred and twenty times in ten minutes to a person of the office',
    async (_, folder, status) => {
      visitor.now = await aStaffViewer(municipality, 'manager')
      const get = await route(folder)
      const ask = () =>
        get(asked(), { params: Promise.resolve({ comune: municipality.slug, id: nothing, formato: 'csv' }) })
      expect(await statusesOf(121, ask)).toEqual({ [status]: 120, 429: 1 })
      expect(await (await ask()).text()).toContain('Hai scaricato molti file in poco tempo')
    },
  )

  test('what is read without a session is counted by the network address, over all that costs', async () => {
    visitor.now = null
    const paths = ['menu.csv', 'menu.json', 'dati.csv', 'dati.json', 'notizie/feed.xml', 'documenti/feed.xml']
    const gets = await Promise.all(paths.map((tail) => route(`[comune]/${tail}`)))
    const params = () => ({ params: Promise.resolve({ comune: municipality.slug }) })
    const rounds = 300 / gets.length
    for (const get of gets)
      expect(await statusesOf(rounds, () => get(signedOut('203.0.113.9'), params()))).toEqual({ 200: rounds })
    for (const get of gets) {
      const refused = await get(signedOut('203.0.113.9'), params())
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '600'])
      expect((await get(signedOut('203.0.113.10'), params())).status).toBe(200)
    }
  })
})
