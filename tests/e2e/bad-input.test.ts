import { request } from 'node:http'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { ACTORS, type Actor, aCast, type Cast } from '#tests/support/actors.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { NONSENSE, nonsense } from '#tests/support/nonsense.ts'
import fc, { someOf } from '#tests/support/random.ts'

/**
 * Whatever is in an address or in a form, the portal answers with a page or with "not found": it never breaks, stores
 * nothing, and shows back nothing that a browser would run.
 */
let app: App
let cast: Cast

beforeAll(async () => {
  app = await startApp({ worker: false })
  cast = await aCast('2099-03-04')
}, 180_000)

const hostile = ['<script>alert(1)', '<img src=x']

async function get(path: string, actor: Actor): Promise<number> {
  const response = await fetch(app.origin + path, {
    headers: { cookie: cast.cookies[actor] },
    redirect: 'manual',
  })
  const body = await response.text()
  for (const fragment of hostile)
    expect(body.includes(fragment), `${path} sends back ${fragment}`).toBe(false)
  const location = response.headers.get('location')
  if (location) {
    const target = new URL(location, app.origin)
    expect([app.origin, app.identityOrigin], path).toContain(target.origin)
  }
  return response.status
}

/** 429: lists and open data have a budget, and a long run asks for them hundreds of times. */
const FINE = [200, 303, 307, 308, 400, 401, 404, 409, 413, 414, 422, 429, 431]

/** Every parameter that a page or an address reads. */
const PARAMETERS: [path: string, names: string[], actor: Actor][] = [
  ['/', ['cerca'], 'anonymous'],
  ['/accesso/errore', ['c', 'r'], 'anonymous'],
  ['/:comune/accesso', ['ritorno'], 'anonymous'],
  ['/:comune/accesso/errore', ['c'], 'anonymous'],
  ['/:comune/accesso/uscita', ['ovunque'], 'anonymous'],
  ['/:comune/menu', ['scuola', 'settimana', 'dieta'], 'anonymous'],
  ['/:comune/menu/rotazione', ['scuola', 'dieta'], 'anonymous'],
  ['/:comune/menu.json', ['scuola', 'dal', 'al'], 'anonymous'],
  ['/:comune/menu.csv', ['scuola', 'dal', 'al'], 'anonymous'],
  ['/:comune/menu-figli', ['figlio', 'settimana', 'fatto'], 'holder'],
  ['/:comune/menu-figli/giudizio', ['figlio', 'pasto'], 'holder'],
  ['/admin/:comune/menu', ['fatto'], 'manager'],
  ['/admin/:comune/menu/piatti', ['cerca', 'portata', 'allergeni', 'pagina', 'fatto'], 'manager'],
  ['/admin/:comune/menu/cambio', ['giorno', 'scuola', 'piatto', 'nuovo', 'motivo'], 'manager'],
  ['/admin/:comune/menu/avanzi', ['scuola', 'dal', 'al', 'giorno', 'fatto'], 'manager'],
  ['/admin/:comune/menu/avanzi/csv', ['scuola', 'dal', 'al'], 'manager'],
  ['/:comune/oggi', ['ricevuta', 'esito'], 'holder'],
  ['/:comune/prenotazioni', ['figlio', 'mese', 'vista', 'ricevuta', 'esito'], 'holder'],
  [
    '/:comune/prenotazioni/anteprima',
    ['figlio', 'giorno', 'dal', 'al', 'azione', 'cambia', 'chiave'],
    'holder',
  ],
  ['/:comune/prenotazioni/giorno/2026-11-24', ['figlio'], 'holder'],
  ['/:comune/pagamenti/movimenti', ['figlio', 'tipo', 'dal', 'al', 'pagina', 'conto'], 'holder'],
  ['/:comune/pagamenti/spese', ['anno'], 'holder'],
  ['/:comune/pagamenti/ricarica', ['conto', 'pasti', 'importo', 'metodo', 'rapida'], 'holder'],
  ['/api/:comune/prenotazioni', ['figlio', 'mese'], 'holder'],
  ['/api/:comune/movimenti.csv', ['figlio', 'tipo', 'dal', 'al', 'conto'], 'holder'],
  ['/:comune/notifiche', ['pagina'], 'holder'],
  ['/:comune/profilo/notifiche', ['fatto'], 'holder'],
  ['/admin/:comune/invii', ['cerca', 'tipo', 'stato', 'ordina', 'righe', 'pagina'], 'manager'],
  ['/admin/:comune/colleghi', ['cerca', 'ruolo', 'stato', 'ordina', 'pagina'], 'manager'],
  ['/:comune/comunicazioni', ['cerca', 'tipo', 'stato', 'anno', 'pagina'], 'holder'],
  ['/admin/:comune/comunicazioni', ['cerca', 'stato', 'pagina', 'fatto'], 'manager'],
  ['/admin/:comune/comunicazioni/nuova', ['famiglia'], 'manager'],
  ['/:comune/questionari/00000000-0000-7000-8000-000000000000', ['figlio', 'fatto'], 'holder'],
  ['/:comune/moduli', ['fatto'], 'holder'],
  [
    '/admin/:comune/moduli/00000000-0000-7000-8000-000000000000/domande',
    ['stato', 'mie', 'cerca', 'fatto'],
    'manager',
  ],
  ['/admin/:comune/diete', ['fatto'], 'manager'],
  ['/admin/:comune/tariffe', ['fatto'], 'accountant'],
  ['/admin/:comune/tariffe/refezione/alunni', ['cerca', 'classe', 'fascia', 'pagina'], 'accountant'],
  ['/admin/:comune/avvisi', ['fatto'], 'manager'],
  ['/admin/:comune/registro/consegna', ['dal', 'al', 'motivo'], 'manager'],
  [
    '/admin/:comune/registro',
    ['dal', 'al', 'tipo', 'chi', 'famiglia', 'persona', 'testo', 'letture', 'dopo'],
    'manager',
  ],
  ['/admin/:comune/registro/csv', ['dal', 'al', 'tipo', 'chi', 'famiglia', 'testo', 'dopo'], 'manager'],
  ['/api/:comune/registro.csv', ['dal', 'al', 'motivo'], 'manager'],
  ['/admin/:comune/impostazioni/cucine', ['fatto'], 'manager'],
  ['/admin/:comune/conteggi', ['giorno'], 'manager'],
  ['/admin/:comune/conteggi/banco', ['giorno', 'scuola'], 'manager'],
  ['/admin/:comune/conteggi/csv', ['giorno'], 'manager'],
  ['/admin/:comune/conteggi/novita', ['giorno'], 'manager'],
  ['/admin/:comune/calendario', ['giorno', 'scuola', 'tipo', 'motivo', 'pagina', 'fatto'], 'manager'],
  ['/admin/:comune/calendario/annulla', ['chiusura'], 'manager'],
  [
    '/admin/:comune/alunni',
    ['cerca', 'scuola', 'classe', 'dieta', 'fascia', 'stato', 'ordina', 'colonna', 'righe', 'pagina'],
    'manager',
  ],
  [
    '/admin/:comune/famiglie',
    ['cerca', 'iscritti', 'saldo', 'ordina', 'colonna', 'pagina', 'fatto'],
    'manager',
  ],
  ['/admin/:comune/famiglie', ['cerca', 'pagina'], 'manager'],
  ['/admin/:comune/famiglie/doppi', ['fatto'], 'manager'],
  ['/admin/:comune/famiglie/trasferimenti', ['fatto'], 'manager'],
  [
    '/admin/:comune/denaro',
    ['cerca', 'quando', 'stato', 'metodo', 'allarme', 'fattura', 'famiglia', 'ordina', 'colonna', 'pagina'],
    'manager',
  ],
  ['/admin/:comune/rimborsi', ['stato', 'perche', 'ordina', 'colonna', 'pagina', 'fatto'], 'manager'],
  ['/admin/:comune/importa', ['fatto'], 'manager'],
  ['/admin/:comune/famiglie/classi', ['classe', 'servizio', 'alunno', 'fatto'], 'manager'],
  ['/admin/:comune/famiglie/passaggio', ['fatto'], 'manager'],
]

const encoded = (text: string) => encodeURIComponent(text.toWellFormed())

describe('a page given nonsense in its address', () => {
  test.each(PARAMETERS)('answers clearly in each parameter: %s', async (path, names, actor) => {
    const base = path.replace(':comune', cast.municipality.slug)
    for (const name of names) {
      // A few at random each time, the awkward ones always, and the same name twice.
      for (const value of [
        ...someOf(nonsense(), 2),
        NONSENSE[11],
        NONSENSE[18],
        NONSENSE[20],
        NONSENSE[25],
      ]) {
        const query = `${name}=${encoded(value)}`
        expect(FINE, `${base}?${query.slice(0, 120)}`).toContain(await get(`${base}?${query}`, actor))
      }
      expect(FINE, `${name} twice`).toContain(await get(`${base}?${name}=a&${name}=b`, actor))
    }
    expect(FINE).toContain(await get(`${base}?${names.map((name) => `${name}=%ff`).join('&')}`, actor))
  })

  test.each([
    '/:x',
    '/:x/oggi',
    '/:comune/prenotazioni/giorno/:x',
    '/:comune/prenotazioni/ricevute/:x',
    '/:comune/notifiche/:x',
    '/admin/:comune/invii/:x',
    '/:comune/pagamenti/ricarica/:x',
    '/:comune/comunicazioni/:x',
    '/:comune/comunicazioni/01a20871-16ab-74d4-b615-b80b0ac86778?versione=:x',
    '/api/:comune/comunicazioni/:x/pdf',
    '/admin/:comune/comunicazioni/:x/destinatari/file/csv',
    '/api/:comune/fatture/:x/pdf',
    '/api/:comune/fatture/:x/:x',
    '/api/:x/prenotazioni',
    '/api/calendario/:x',
    '/api/calendario/:x.ics',
    '/:x/menu.json',
    '/admin/:comune/menu/:x',
    '/admin/:comune/menu/piatti/:x',
    '/api/pagamenti/nexi/:x',
    '/:comune/questionari/:x',
    '/:comune/moduli/:x',
    '/:comune/moduli/:x/:x',
    '/:comune/moduli/domande/:x',
    '/api/:comune/moduli/documenti/:x',
    '/admin/:comune/moduli/:x',
    '/admin/:comune/moduli/:x/domande/:x',
    '/admin/:comune/diete/alunni/:x',
    '/admin/:comune/diete/codici/:x',
    '/admin/:comune/tariffe/:x/prezzo',
    '/admin/:comune/tariffe/refezione/fasce/:x',
    '/admin/:comune/tariffe/refezione/alunni/:x',
    '/admin/:x/conteggi',
    '/:comune/:x',
  ])('answers clearly in the path: %s', async (path) => {
    for (const value of [...someOf(nonsense(), 3), NONSENSE[18], NONSENSE[20], NONSENSE[29]]) {
      const address = path.replace(':comune', cast.municipality.slug).replaceAll(':x', encoded(value))
      expect([...FINE, 405], address.slice(0, 120)).toContain(await get(address, 'holder'))
    }
  })
})

describe('an address that takes changes, given nonsense', () => {
  const post = async (path: string, body: string, type: string): Promise<number> => {
    const response = await fetch(app.origin + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: cast.cookies.holder, origin: app.origin, 'content-type': type },
      body,
    })
    await response.text()
    return response.status
  }

  const rows = async (): Promise<number> => {
    const { rows: found } = await sql<{ n: number }>`
      select (select count(*) from absence_receipt) + (select count(*) from absence) + (select count(*) from top_up)
        + (select count(*) from entry) + (select count(*) from notification_inbox) as n`.execute(app.db.owner)
    return found[0]?.n ?? -1
  }

  test('of the calendar answers clearly and stores nothing, as JSON and as a form', async () => {
    const before = await rows()
    const address = `/api/${cast.municipality.slug}/prenotazioni`
    const field = () =>
      fc.oneof(nonsense(), fc.constant(null), fc.integer(), fc.array(nonsense(), { maxLength: 3 }))
    const body = fc.record(
      {
        action: field(),
        pupilIds: field(),
        days: field(),
        from: field(),
        to: field(),
        idempotencyKey: field(),
      },
      { requiredKeys: [] },
    )
    for (const value of someOf(body, 40)) {
      expect(FINE).toContain(await post(address, JSON.stringify(value), 'application/json'))
    }
    for (const value of ['', '{', '[]', 'null', '"x"', '{"__proto__":1}', 'x'.repeat(100_000)]) {
      expect(FINE).toContain(await post(address, value, 'application/json'))
    }
    for (const value of someOf(nonsense(), 15)) {
      const form = new URLSearchParams({ figlio: value.toWellFormed(), cambia: value.toWellFormed() })
      expect(FINE).toContain(await post(address, form.toString(), 'application/x-www-form-urlencoded'))
    }
    expect(await rows()).toBe(before)
  })

  test('of push subscriptions gives the same answer to everything that cannot be true', async () => {
    const address = '/api/dispositivo/notifiche'
    const half = fc.record({
      endpoint: nonsense(),
      keys: fc.record({ p256dh: nonsense(), auth: nonsense() }),
    })
    for (const value of someOf(fc.record({ old: half, made: half }), 20))
      expect(await post(address, JSON.stringify(value), 'application/json')).toBe(400)
    const made = (endpoint: string) => ({ endpoint, keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) } })
    for (const endpoint of ['https://evil.example/x', 'http://127.0.0.1/x', 'https://fcm.googleapis.com/x'])
      expect(
        await post(
          address,
          JSON.stringify({ old: made('https://fcm.googleapis.com/y'), made: made(endpoint) }),
          'application/json',
        ),
      ).toBe(204)
    for (const value of ['', '{', '[]', 'null', 'x'.repeat(100_000)])
      expect(await post(address, value, 'application/json')).toBe(400)
  })

  test('of the payment provider refuses it and stores nothing', async () => {
    const before = await rows()
    for (const value of [...someOf(nonsense(), 10), '{}', '{"operation":{}}', 'x'.repeat(200_000)]) {
      const status = await post(`/api/pagamenti/nexi/${'0'.repeat(40)}`, value, 'application/json')
      expect(FINE).toContain(status)
    }
    expect(await rows()).toBe(before)
  })

  test('finds nothing under the id of another person, for every kind of viewer', async () => {
    const other = await aCast('2099-03-04')
    const before = await rows()
    for (const actor of ACTORS.filter((one) => one !== 'anonymous')) {
      const response = await fetch(`${app.origin}/api/${cast.municipality.slug}/prenotazioni`, {
        method: 'POST',
        headers: { cookie: cast.cookies[actor], origin: app.origin, 'content-type': 'application/json' },
        body: JSON.stringify({
          action: 'cancel',
          pupilIds: [other.pupilId],
          days: ['2099-03-04'],
          idempotencyKey: crypto.randomUUID(),
        }),
      })
      expect([401, 404], actor).toContain(response.status)
    }
    expect(await rows()).toBe(before)
  })
})

test('a method that no address takes is refused, and breaks nothing', async () => {
  const { port } = new URL(app.origin)
  const ask = (method: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/', method }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end()
    })
  for (const method of ['TRACE', 'PROPFIND', 'PURGE']) expect(await ask(method), method).toBe(405)
})

test('the log of the portal holds no unexpected error after all this', () => {
  const errors = app
    .printed()
    .split('\n')
    .filter((line) => line.includes('"level":50') || line.includes('⨯'))
    // No worker runs here, and health says so.
    .filter((line) => !line.includes('"failing":"worker"'))
  expect(errors).toEqual([])
})
