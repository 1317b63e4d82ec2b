import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

/**
 * Every address that answers a GET with something else than a page says what bounds its cost: `cheap` (under 20 ms of CPU and
 * 1 MB of reading: says why), `kept` (drawn or read once, then answered from what is kept), `budgeted` (by person, network
 * address or secret).
 */
type Read = { class: 'cheap'; why: string } | { class: 'kept' | 'budgeted' }

const cheap = (why: string): Read => ({ class: 'cheap', why })
const BUDGETED: Read = { class: 'budgeted' }
const KEPT: Read = { class: 'kept' }

const READS: Record<string, Read> = {
  'app/.well-known/security.txt/route.ts': cheap('a few lines, which anyone may keep for an hour'),
  'app/[comune]/(famiglia)/notifiche/[id]/route.ts': cheap('one row, and on to a page'),
  'app/[comune]/allegati/[id]/[nome]/route.ts': BUDGETED,
  'app/[comune]/app.webmanifest/route.ts': cheap('a few lines of the municipality, which is kept in memory'),
  'app/[comune]/dati.csv/route.ts': BUDGETED,
  'app/[comune]/dati.json/route.ts': BUDGETED,
  'app/[comune]/documenti/feed.xml/route.ts': BUDGETED,
  'app/[comune]/menu.csv/route.ts': BUDGETED,
  'app/[comune]/menu.json/route.ts': BUDGETED,
  'app/[comune]/notizie/feed.xml/route.ts': BUDGETED,
  'app/admin/[comune]/alunni/file/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/cerca/trovati/route.ts': BUDGETED,
  'app/admin/[comune]/colleghi/file/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/comunicazioni/[id]/destinatari/file/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/conteggi/csv/route.ts': BUDGETED,
  'app/admin/[comune]/conteggi/banco/[scuola]/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/conteggi/foglio/[foglio]/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/conteggi/novita/route.ts': cheap(
    'a fingerprint: one statement over the counts of a day',
  ),
  'app/admin/[comune]/denaro/file/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/famiglie/file/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/rimborsi/file/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/importa/[id]/avanzamento/route.ts': cheap('a fingerprint: one row of an import'),
  'app/admin/[comune]/importa/[id]/errori/route.ts': BUDGETED,
  'app/admin/[comune]/importa/modello/route.ts': cheap('the names of columns, from memory'),
  'app/admin/[comune]/invii/file/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/menu/avanzi/csv/route.ts': BUDGETED,
  'app/admin/[comune]/moduli/[id]/domande/csv/route.ts': BUDGETED,
  'app/admin/[comune]/moduli/domande/file/[formato]/route.ts': BUDGETED,
  'app/admin/[comune]/numeri/csv/route.ts': BUDGETED,
  'app/admin/[comune]/questionari/[id]/csv/route.ts': BUDGETED,
  'app/admin/[comune]/impostazioni/esportazione/comune/route.ts': BUDGETED,
  'app/admin/[comune]/registro/csv/route.ts': BUDGETED,
  'app/api/[comune]/comunicazioni/[id]/pdf/route.ts': BUDGETED,
  'app/api/[comune]/fatture/[id]/[formato]/route.ts': KEPT,
  'app/api/[comune]/miei-dati/route.ts': BUDGETED,
  'app/api/[comune]/moduli/documenti/[id]/route.ts': BUDGETED,
  'app/api/[comune]/movimenti.csv/route.ts': BUDGETED,
  'app/api/[comune]/registro.csv/route.ts': BUDGETED,
  'app/api/[comune]/ufficio/pasti/route.ts': cheap('as the families’ own: the meals of one pupil in a month'),
  'app/api/auth/[...nextauth]/route.ts': BUDGETED,
  'app/api/calendario/[file]/route.ts': BUDGETED,
  'app/api/health/route.ts': cheap('one statement, asked once a second at most by each process'),
  'app/api/live/route.ts': cheap('nothing is read'),
  'app/api/ready/route.ts': cheap('as health: one statement at most'),
  'app/api/senza-rete/route.ts': cheap('sentences, from memory'),
  'app/app.webmanifest/route.ts': cheap('a few lines, from memory'),
  'lib/meals/meal-change.http.ts': cheap(
    'the meals of one family in a month: one statement over its own rows',
  ),
}

/** What each class is recognised by, in the route or in what it hands over to. */
const SIGNS = {
  kept: /invoiceCopy\(/,
  budgeted:
    /overFileBudget\(|overListBudget\(|overPublicBudget\(|takeRequest\(|takeSearch\(|takeFromRateLimit\(/,
} as const
/** Where a route only names another function, which answers. */
const ANSWERED_BY: Record<string, string> = {
  'app/admin/[comune]/cerca/trovati/route.ts': 'lib/desk/search.http.ts',
  'app/[comune]/documenti/feed.xml/route.ts': 'app/[comune]/_contenuti/feed.ts',
  'app/[comune]/notizie/feed.xml/route.ts': 'app/[comune]/_contenuti/feed.ts',
  'app/api/auth/[...nextauth]/route.ts': 'lib/entry/sign-in.http.ts',
}

const read = (file: string) => readFileSync(file, 'utf8')

describe('S2 an address that answers a GET', () => {
  test('says in which class it is, each and no other', () => {
    const answering = globSync(['app/**/route.{ts,tsx}', 'app/.well-known/**/route.ts']).filter((file) =>
      /export (?:const|async function|function) GET\b|export \{[^}]*\bGET\b/.test(read(file)),
    )
    const listening = globSync('lib/**/*.http.ts').filter((file) => /const METHODS = .*GET/.test(read(file)))
    expect([...answering, ...listening].sort()).toEqual(Object.keys(READS).sort())
  })

  test.each(Object.entries(READS))('%s is bounded as it says', (file, bound) => {
    if (bound.class === 'cheap') return expect(bound.why.length).toBeGreaterThan(10)
    expect(read(ANSWERED_BY[file] ?? file)).toMatch(SIGNS[bound.class])
  })
})
