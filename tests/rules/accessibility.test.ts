import { describe, expect, test } from 'vitest'
import {
  accessibilityFindings,
  type Checked,
  findingInWords,
  isBlocking,
} from '#lib/publishing/accessibility.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'

const PICTURE = '/mozzecane/allegati/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b/orto.jpg'

const findingsOf = (given: Partial<Omit<Checked, 'body'>> & { body?: string }) =>
  accessibilityFindings({
    title: given.title ?? 'La mensa riapre lunedì',
    summary: given.summary ?? 'Da lunedì si mangia di nuovo a scuola.',
    body: cleanHtml(given.body ?? '<p>Da lunedì la mensa riapre.</p>'),
    attachments: given.attachments ?? [],
  })
const rulesOf = (given: Parameters<typeof findingsOf>[0]) => findingsOf(given).map((finding) => finding.rule)

test('a text written well has nothing to put right', () => {
  expect(
    findingsOf({
      body: `<h2>Orari</h2><p>Vedi <a href="/mozzecane/documenti">i documenti della mensa</a>.</p><h3>Primaria</h3><p>Alle 12.</p><h2>Costi</h2><img src="${PICTURE}" alt="Bambini nell’orto della scuola">`,
      attachments: [{ title: 'Modulo privacy 2026/2027' }],
    }),
  ).toEqual([])
})

describe('stops the publication', () => {
  test.each([
    ['a title too short to be understood alone', { title: 'Avviso' }, 'title-short'],
    ['a title in capitals', { title: 'CHIUSURA DELLA MENSA' }, 'title-capitals'],
    ['no short description', { summary: '  ' }, 'summary-missing'],
    ['neither words nor files', { body: '' }, 'nothing-inside'],
    ['a heading that skips a level', { body: '<h3>Orari</h3><p>Alle 12</p>' }, 'heading-order'],
    [
      'a heading that skips a level further down',
      { body: '<h2>Orari</h2><h4>Primaria</h4>' },
      'heading-order',
    ],
    ['an empty heading', { body: '<h2> </h2><p>x</p>' }, 'heading-empty'],
    ['“clicca qui”', { body: '<p><a href="/x">Clicca qui</a></p>' }, 'link-vague'],
    ['“Qui.” with a full stop', { body: '<p><a href="/x"><strong>Qui</strong>.</a></p>' }, 'link-vague'],
    ['“» scarica”', { body: '<p><a href="/x">» scarica</a></p>' }, 'link-vague'],
    ['a picture without description', { body: `<img src="${PICTURE}">` }, 'picture-alt-missing'],
    [
      'a picture with an empty description',
      { body: `<img src="${PICTURE}" alt=" ">` },
      'picture-alt-missing',
    ],
    [
      'a picture described by its file',
      { body: `<img src="${PICTURE}" alt="IMG_20261103.jpg">` },
      'picture-alt-name',
    ],
    ['a picture called by a camera', { body: `<img src="${PICTURE}" alt="DSC 0042">` }, 'picture-alt-name'],
    ['an attachment called like a file', { attachments: [{ title: 'scan0001.pdf' }] }, 'attachment-title'],
    [
      'a link that nobody hears',
      { body: `<p><a href="/x"><img src="${PICTURE}" alt="" role="presentation"></a></p>` },
      'link-empty',
    ],
  ])('%s', (_, given, rule) => {
    const findings = findingsOf(given)
    expect(findings.map((finding) => finding.rule)).toContain(rule)
    expect(findings.find((finding) => finding.rule === rule)).toSatisfy(isBlocking)
  })
})

describe('only advises', () => {
  test.each([
    [
      'an address shown as a link',
      { body: '<p><a href="https://a.it">https://a.it</a></p>' },
      'link-address',
    ],
    [
      'a bold line that plays the heading',
      { body: '<p><strong>Orari</strong></p><p>Alle 12</p>' },
      'fake-heading',
    ],
    ['dashes that play a list', { body: '<p>- pane</p>' }, 'fake-list'],
    ['a paragraph in capitals', { body: '<p>SI AVVISANO LE FAMIGLIE</p>' }, 'text-capitals'],
    ['a file without words', { body: '', attachments: [{ title: 'Modulo privacy' }] }, 'only-attachment'],
  ])('%s', (_, given, rule) => {
    const findings = findingsOf(given)
    expect(findings.map((finding) => finding.rule)).toEqual([rule])
    expect(findings.filter(isBlocking)).toEqual([])
  })
})

test('a picture that says it is decoration needs no description', () => {
  expect(rulesOf({ body: `<p>Orto</p><img src="${PICTURE}" alt="" role="presentation">` })).toEqual([])
})

test('a picture with a description gives its words to the link around it', () => {
  expect(
    rulesOf({ body: `<p><a href="/x"><img src="${PICTURE}" alt="Il menù della settimana"></a></p>` }),
  ).toEqual([])
})

test('a link with words that say something passes, even when they contain “qui”', () => {
  expect(rulesOf({ body: '<p><a href="/x">Qui trovi il modulo per la dieta</a></p>' })).toEqual([])
})

test('every finding says what to do, and quotes the place', () => {
  const [finding] = findingsOf({ body: '<p><a href="/x">clicca qui</a></p>' })
  expect(finding?.quote).toBe('clicca qui')
  expect(finding && findingInWords(finding)).toMatch(/clicca qui/)
})
