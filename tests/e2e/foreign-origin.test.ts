import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { aCast, type Cast } from '#tests/support/actors.ts'
import { appFiles, filesBeforeNext } from '#tests/support/addresses.ts'
import { type App, startApp } from '#tests/support/app.ts'

/**
 * Another site makes a parent's browser send a request that changes something. Every address that takes one is here,
 * found in the folder of routes: a new one without a line fails.
 */
type Change = {
  address: (cast: Cast) => string
  body: (cast: Cast) => string
  /** A form unless said. */
  type?: 'application/json'
}
const ADDRESSES: Record<string, Change[]> = {
  'lib/meals/meal-change.http.ts': [
    {
      address: ({ municipality }) => `/api/${municipality.slug}/prenotazioni`,
      body: ({ pupilId }) => `azione=disdici&alunno=${pupilId}&giorno=${DAY}&chiave=${crypto.randomUUID()}`,
    },
  ],
  '/api/dispositivo/[...atto]/route.ts': [
    {
      address: () => '/api/dispositivo/sblocca',
      body: ({ municipality }) => `municipalitySlug=${municipality.slug}&sequenza=123698`,
    },
    {
      address: () => '/api/dispositivo/dimentica',
      body: ({ municipality }) => `municipalitySlug=${municipality.slug}`,
    },
    {
      address: () => '/api/dispositivo/non-ora',
      body: ({ municipality }) => `municipalitySlug=${municipality.slug}`,
    },
    ...['opzioni', 'sblocca'].map((act) => ({
      address: () => `/api/dispositivo/passkey/${act}`,
      body: ({ municipality }: Cast) => JSON.stringify({ municipalitySlug: municipality.slug, risposta: {} }),
      type: 'application/json' as const,
    })),
  ],
  '/api/dispositivo/notifiche/route.ts': [
    {
      address: () => '/api/dispositivo/notifiche',
      body: () => JSON.stringify({ old: {}, made: {} }),
      type: 'application/json',
    },
  ],
  '/api/[comune]/ufficio/pasti/route.ts': [
    {
      address: ({ municipality }) => `/api/${municipality.slug}/ufficio/pasti`,
      body: ({ pupilId }) =>
        `azione=disdici&figlio=${pupilId}&giorno=${DAY}&chiave=${crypto.randomUUID()}&contatto=telefono`,
    },
  ],
  '/api/[comune]/vista/route.ts': [
    { address: ({ municipality }) => `/api/${municipality.slug}/vista`, body: () => '' },
  ],
  '/api/auth/[...nextauth]/route.ts': [
    {
      address: () => '/api/auth/signin/bridge',
      body: ({ municipality }) => `municipalitySlug=${municipality.slug}&metodo=spid`,
    },
    {
      address: () => '/api/auth/signout',
      body: ({ municipality }) => `municipalitySlug=${municipality.slug}`,
    },
  ],
}

/** Taken from any caller, because nothing that they say is believed. */
const FROM_ANYBODY: Record<string, string> = {
  '/api/pagamenti/nexi/[key]/route.ts':
    'a hint of the payment provider: only its answer to our own question counts',
}

const DAY = '2099-06-15'
let app: App
let cast: Cast
beforeAll(async () => {
  app = await startApp({ worker: false })
  cast = await aCast(DAY)
}, 180_000)

const FOREIGN: [string, Record<string, string>][] = [
  ['another site', { origin: 'https://altrove.example', 'sec-fetch-site': 'cross-site' }],
  ['another host of this machine', { origin: 'http://mozzecane.localhost', 'sec-fetch-site': 'same-site' }],
  ['a hidden origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['no origin at all', {}],
  ['a forged host', { origin: 'https://altrove.example', 'x-forwarded-host': 'altrove.example' }],
]

/** Everything that the request could have changed. */
async function stored(): Promise<unknown> {
  const { owner } = app.db
  const count = async (table: 'absence' | 'absence_event' | 'remembered_device' | 'passkey') =>
    Number(
      (
        await owner
          .selectFrom(table)
          .select(({ fn }) => fn.countAll().as('n'))
          .executeTakeFirst()
      )?.n,
    )
  const open = await owner.selectFrom('session').select('id').where('ended_at', 'is', null).execute()
  return [
    await count('absence'),
    await count('absence_event'),
    await count('remembered_device'),
    await count('passkey'),
    open.length,
  ]
}

describe('a request to change something that does not come from our pages', () => {
  for (const [route, addresses] of Object.entries(ADDRESSES)) {
    for (const { address, body, type = 'application/x-www-form-urlencoded' } of addresses) {
      test.each(FOREIGN)(
        `${route}, from %s: refused, nothing changes, nobody is signed out`,
        async (_from, headers) => {
          const before = await stored()
          const response = await fetch(app.origin + address(cast), {
            method: 'POST',
            redirect: 'manual',
            headers: {
              cookie: cast.cookies.holder,
              'content-type': type,
              ...headers,
            },
            body: body(cast),
          })
          const location = response.headers.get('location') ?? ''
          expect(
            response.status >= 400 || location.includes('/accesso/errore?c='),
            `${response.status} ${location}`,
          ).toBe(true)
          expect(response.status, 'the address exists').not.toBe(404)
          expect(response.headers.getSetCookie().join()).not.toMatch(/refettorio-(sessione=ey|dispositivo)/)
          expect(await stored()).toEqual(before)
        },
      )
    }
  }

  test('S24 an action: one line for all of them, a warning without a stack, and nothing else', async () => {
    const before = await stored()
    const printed = app.printed().length
    for (let n = 0; n < 20; n += 1) {
      const [, headers] = FOREIGN[n % 3] as [string, Record<string, string>]
      const form = new FormData()
      form.append('$ACTION_ID_40f0', '')
      form.append('municipalitySlug', cast.municipality.slug)
      const response = await fetch(`${app.origin}/${cast.municipality.slug}/profilo`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: cast.cookies.holder, 'next-action': '40f0', ...headers },
        body: form,
      })
      expect(response.status).toBe(403)
      expect(await response.text()).toContain('La richiesta non arriva da questo portale')
    }
    expect(await stored()).toEqual(before)
    const lines = app.printed().slice(printed).split('\n').filter(Boolean)
    // One a minute for each process.
    expect(lines.length).toBeLessThanOrEqual(2)
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 40, component: 'action' })
  })

  test('S24 an action with our origin and a forged host: no stack', async () => {
    const printed = app.printed().length
    const response = await fetch(`${app.origin}/${cast.municipality.slug}/profilo`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        cookie: cast.cookies.holder,
        'next-action': '40f0',
        origin: app.origin,
        'x-forwarded-host': 'altrove.example',
      },
      body: new FormData(),
    })
    await response.text()
    expect(app.printed().slice(printed)).not.toMatch(/altrove|forwarded/)
  })

  test('every address that takes a change is in the table', () => {
    const changing = appFiles()
      .filter((file) => file.endsWith('route.ts'))
      .filter((file) => /\b(POST|PUT|PATCH|DELETE)\b/.test(readFileSync(`app${file}`, 'utf8')))
    changing.push(...filesBeforeNext())
    expect(changing.toSorted()).toEqual([...Object.keys(ADDRESSES), ...Object.keys(FROM_ANYBODY)].toSorted())
  })
})
