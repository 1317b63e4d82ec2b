import { Notice } from '#components/ui/notice.tsx'
import { fill } from '#lib/words/fill.ts'
import { ORIGINAL } from '#lib/words/locales.ts'
import { useWords } from '#words'
import { languageHref } from './language-href.ts'

function ItalianPage({ address, className }: { address: string; className?: string }) {
  const t = useWords()
  return (
    <a href={languageHref(address, ORIGINAL)} hrefLang={ORIGINAL} rel="nofollow" className={className}>
      {t('Leggi questa pagina in italiano')}
    </a>
  )
}

/**
 * At the foot of a page that is not Italian: that it is a translation, and where the text that counts stands.
 * @param address the address of the page being drawn, with its query
 */
export function Courtesy({ address }: { address: string }) {
  const t = useWords()
  if (t.language === ORIGINAL) return null
  return (
    <p className="mt-8 border-t border-white/40 pt-4 text-sm">
      <span>{t('Traduzione di cortesia: vale il testo italiano.')}</span>{' '}
      <ItalianPage
        address={address}
        className="inline-flex min-h-8 items-center text-white hover:text-white"
      />
    </p>
  )
}

/** The same above a text that binds: what the law asks to be read, what a person declares, a document for the tax office. */
export function BindingInItalian({ address }: { address: string }) {
  const t = useWords()
  if (t.language === ORIGINAL) return null
  return (
    <Notice title={t('Vale il testo italiano')}>
      <p>
        {fill(t('Quello che leggi qui è una traduzione di cortesia. {link}.'), {
          link: <ItalianPage key="link" address={address} />,
        })}
      </p>
    </Notice>
  )
}
