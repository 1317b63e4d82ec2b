import { readFileSync } from 'node:fs'
import { cleanup, render, screen, within } from '@testing-library/react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, expect, test } from 'vitest'
import { NeverKept } from '#components/installed/not-kept.tsx'
import { OfflineNotice } from '#components/installed/offline-notice.tsx'
import { ClientWords } from '#components/language/client-words.tsx'
import TodayPart from '#components/meals/today-part.tsx'
import type { Cents } from '#lib/kernel/money.ts'
import { catalogueOf } from '#lib/words/catalogues.adapter.ts'
import { theWorker } from '#tests/support/service-worker.ts'

afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

const [RULE] = /\[data-offline\] \.needs-network,[^}]*\}/.exec(readFileSync('app/globals.css', 'utf8')) ?? []
const MADE_AT = new Date('2026-11-24T09:12:00+01:00')

const page = (body: string) =>
  `<!DOCTYPE html><html lang="en" dir="ltr"><head><title>Oggi</title><style>${RULE}</style></head><body class="b">${body}</body></html>`

const BODY =
  renderToStaticMarkup(<OfflineNotice madeAt={MADE_AT} />) +
  '<main><h1>Oggi</h1><form class="grid" action="/api/x" method="post"><input type="hidden" name="figlio" value="1"/>' +
  '<ul><li>mar 24 <span>Presente</span><button type="submit" name="cambia">Segna <b>assente</b></button></li></ul></form>' +
  '<label><input type="checkbox" name="giorno"/><b>25</b> Presente</label><select><option>x</option></select>' +
  '<a class="needs-network" href="/mozzecane/pagamenti/ricarica">Ricarica</a><textarea></textarea>' +
  '<a href="/mozzecane/prenotazioni">Calendario</a></main>'

/** Draws an answer as a browser does, in a document of its own. */
async function draw(answer: Response): Promise<Document> {
  const frame = document.body.appendChild(document.createElement('iframe'))
  const drawn = frame.contentDocument as Document
  drawn.open()
  drawn.write(await answer.text())
  drawn.close()
  return drawn
}

test('a page with a network shows its controls, and not what a copy says', async () => {
  const { getByRole, getByText } = within((await draw(new Response(page(BODY)))).body)
  expect(getByRole('button', { name: 'Segna assente' })).toBeVisible()
  expect(getByRole('link', { name: 'Ricarica' })).toBeVisible()
  expect(getByText(/^Sei offline/)).not.toBeVisible()
})

test('a copy shows no control, says why and from when it is, and keeps what can be read', async () => {
  const { visit } = theWorker()
  await visit('/mozzecane/oggi', page(BODY))
  const { body } = await draw(await visit('/mozzecane/oggi', null))
  const controls = [...body.querySelectorAll<HTMLElement>('button, input, select, textarea')]
  expect(controls).toHaveLength(5)
  for (const control of controls) expect(control).not.toBeVisible()
  const { getByText, getByRole, queryByRole } = within(body)
  expect(getByText('assente')).not.toBeVisible()
  expect(queryByRole('link', { name: 'Ricarica' })).not.toBeInTheDocument()
  expect(getByText('mar 24')).toBeVisible()
  expect(getByText('Presente', { selector: 'span' })).toBeVisible()
  expect(getByText('25')).toBeVisible()
  expect(getByRole('link', { name: 'Calendario' })).toHaveAttribute('href', '/mozzecane/prenotazioni')
  expect(getByRole('status')).toHaveTextContent(
    /^Sei offline\. Dati di martedì 24 novembre, ore 9:12\. .+ i pulsanti non ci sono\. Se il termine/,
  )
})

test('S19 a copy of *Oggi* holds no balance, neither drawn nor in a script, and keeps the rest', async () => {
  const { visit } = theWorker()
  const aside = renderToStaticMarkup(
    <TodayPart
      part="aside"
      municipalitySlug="mozzecane"
      at={MADE_AT.getTime()}
      balances={[
        { accountId: 'a', householdName: null, balanceCents: 88_470 as Cents },
        { accountId: 'b', householdName: null, balanceCents: -10_800 as Cents },
      ]}
      schools={[{ id: 's', name: 'Primaria', dishes: ['Pasta al pomodoro'] }]}
      communication={null}
    />,
  )
  const script = '<script nonce="x">self.__next_f.push([1,"balanceCents:88470"])</script>'
  expect(aside).toMatch(/884,70.*108,00/)
  await visit('/mozzecane/oggi', page(`${script}${BODY}${aside}${script}`))
  const copy = await (await visit('/mozzecane/oggi', null)).text()
  expect(copy).not.toMatch(/884|108,00|Saldo|script/)
  expect(copy).toContain('Pasta al pomodoro')
  expect(copy).toContain('mar 24')
})

test('S19 a page whose marks do not hold is rather not kept', async () => {
  const { visit } = theWorker()
  await visit('/mozzecane/oggi', page('<i hidden="" data-not-kept="from"></i>884,70'))
  expect((await visit('/mozzecane/oggi', null)).status).not.toBe(200)
})

test('nothing is kept of a page that a colleague of the office looks at as a family', async () => {
  const { visit } = theWorker()
  const mark = renderToStaticMarkup(<NeverKept />)
  await visit('/mozzecane/oggi', page(`${BODY}${mark}`))
  expect((await visit('/mozzecane/oggi', null)).status).not.toBe(200)
})

test('a copy is the same document, in the language, direction and mode of the page', async () => {
  const { visit } = theWorker()
  await visit('/mozzecane/oggi', page(BODY))
  const drawn = await draw(await visit('/mozzecane/oggi', null))
  expect(drawn.documentElement).toHaveAttribute('data-offline')
  expect(drawn.documentElement).toHaveAttribute('lang', 'en')
  expect(drawn.documentElement).toHaveAttribute('dir', 'ltr')
  expect(drawn.body).toHaveClass('b')
  expect(drawn.compatMode).toBe('CSS1Compat')
  expect(drawn.title).toBe('Oggi')
})

test('the policy of a copy lets no script run and no form be sent', async () => {
  const { visit } = theWorker()
  await visit('/mozzecane/prenotazioni', page(BODY))
  const policy = (await visit('/mozzecane/prenotazioni', null)).headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("form-action 'none'")
  expect(policy).not.toContain('script-src')
})

test('what a copy says is in the language of its page', () => {
  render(
    <ClientWords language="en" catalogue={catalogueOf('en')}>
      <OfflineNotice madeAt={MADE_AT} />
    </ClientWords>,
  )
  expect(screen.getByRole('status')).toHaveTextContent(
    /^You are offline\. Data of Tuesday 24 November, 9:12\. .+ the buttons are not there/,
  )
})

test.each([
  ['it', 'ltr', 'Sei offline'],
  ['en', 'ltr', 'You are offline'],
  ['ar', 'rtl', 'أنت غير متصل بالإنترنت'],
] as const)(
  'a page that was never kept says that there is no network, in the language %s of its reader',
  async (language, direction, title) => {
    const { fire, visit } = theWorker([], language)
    await fire('install', {})
    await visit('/mozzecane/pagamenti', page(BODY))
    const answer = await visit('/mozzecane/pagamenti', null)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    const drawn = await draw(answer)
    expect(drawn.documentElement).toHaveAttribute('lang', language)
    expect(drawn.documentElement).toHaveAttribute('dir', direction)
    expect(within(drawn.body).getByRole('heading', { level: 1, name: title })).toBeVisible()
  },
)

test('the worker learns the language of a page, and asks only when it is another', async () => {
  const { fire, visit, learned } = theWorker()
  await fire('install', {})
  await fire('message', { data: { what: 'keep', paths: [], language: 'ar' } })
  await fire('message', { data: { what: 'keep', paths: [], language: 'ar' } })
  expect(learned).toEqual(['/api/senza-rete', '/api/senza-rete?in=ar'])
  expect((await draw(await visit('/mozzecane/servizi', null))).documentElement).toHaveAttribute('lang', 'ar')
})

test('a worker that never learned its words leaves the page without a network to the browser', async () => {
  expect((await theWorker().visit('/mozzecane/servizi', null)).type).toBe('error')
})
