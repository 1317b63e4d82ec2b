import { languageHref } from '#components/language/language-href.ts'
import { LANGUAGES, LOCALES } from '#lib/words/locales.ts'
import { useWords } from '#words'

/**
 * The language of the pages, as Italian public sites show it: each named in itself. The link leads back to the same page (proxy.ts).
 * Heard, each link begins with what is seen of it: who speaks to the browser says what stands there.
 * @param path the address of the page being drawn, with its query
 */
export function LanguageSwitch({ path }: { path: string }) {
  const t = useWords()
  return (
    <nav aria-label={t('Lingua')} className="shrink-0">
      <ul className="flex">
        {LANGUAGES.map((language) => (
          <li key={language} className="not-first:border-s not-first:border-white/40">
            <a
              href={languageHref(path, language)}
              hrefLang={language}
              lang={language}
              aria-label={`${LOCALES[language].short}, ${LOCALES[language].name}`}
              rel="nofollow"
              aria-current={t.language === language ? 'true' : undefined}
              className="flex min-h-11 items-center px-2 text-white no-underline hover:text-white hover:underline aria-[current=true]:font-semibold"
            >
              {LOCALES[language].short}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
