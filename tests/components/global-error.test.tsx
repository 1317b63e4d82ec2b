import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { failureWords } from '#lib/web/failure.words.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { LANGUAGES } from '#lib/words/language.ts'

type Page = (props: { error: { digest?: string } }) => React.ReactNode

let pages: Page[]
beforeAll(async () => {
  const said = LANGUAGES.map((language) => [language, failureWords(wordsIn(language))])
  vi.stubGlobal('FAILURE_WORDS', JSON.stringify(Object.fromEntries(said)))
  const modules = await Promise.all([import('#app/global-error.tsx'), import('#browser/router-failure.tsx')])
  pages = modules.map((module) => module.default)
})
afterEach(() => {
  document.documentElement.lang = ''
})

const draw = (lang: string, error: { digest?: string } = { digest: '42' }): string[] => {
  document.documentElement.lang = lang
  return pages.map((Failure) => renderToStaticMarkup(<Failure error={error} />))
}

test('the page of a failure below everything says what stays, what to check and the reference, in Italian where the document has no language', () => {
  for (const html of draw(''))
    expect(html).toBe(
      '<html lang="it" dir="ltr"><head><title>Qualcosa non va</title></head><body><main class="failure"><h1>Qualcosa non va</h1>' +
        '<p>Quello che hai confermato resta.</p><p>Se stavi inviando qualcosa, prima di inviarlo di nuovo controlla se è arrivato.</p>' +
        '<p>Se chiedi aiuto, di’ questo codice: 42</p><a href="?">Riprova</a></main></body></html>',
    )
})

test.each(LANGUAGES.filter((language) => language !== 'it'))(
  'a reader of %s reads it in the language and the direction of the document that fails',
  (language) => {
    const t = wordsIn(language)
    for (const html of draw(language)) {
      expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`)
      expect(html).toContain(`<p>${t('Quello che hai confermato resta.')}</p>`)
      expect(html).toContain(t('Se chiedi aiuto, di’ questo codice: {reference}', { reference: '42' }))
      expect(html).not.toContain('confermato')
    }
  },
)

test('a failure of the browser alone has no reference, and names none', () => {
  for (const html of draw('it', {})) expect(html).not.toContain('codice')
})
