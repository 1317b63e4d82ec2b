import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { failureWords } from '#lib/web/failure.words.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { LANGUAGES } from '#lib/words/language.ts'

test('the page of a failure below everything says it in each language, in its direction', async () => {
  vi.stubGlobal('FAILURE_WORDS', JSON.stringify(LANGUAGES.map((language) => failureWords(wordsIn(language)))))
  const { default: GlobalFailure } = await import('#app/global-error.tsx')
  const html = renderToStaticMarkup(<GlobalFailure error={{ digest: '42' }} />)
  expect(html).toContain('<html lang="it" dir="ltr"><head><title>Errore / Error / خطأ</title></head>')
  expect(html).toContain(
    '<div class="failure" lang="en" dir="ltr"><h1>Error</h1><a href="?">Try again</a></div>',
  )
  expect(html).toContain('<div class="failure" lang="ar" dir="rtl"><h1>خطأ</h1>')
  expect(html).toContain('42')
})
