import { Card } from '#components/ui/card.tsx'
import { type Phrase, phrase, properName } from '#lib/words/language.ts'
import { useWords } from '#words'

export type AccessMethod = 'spid' | 'cie'

type MethodWords = {
  title: Phrase
  what: Phrase
  button: Phrase
  missing: Phrase
  learnMore: Phrase
  learnMoreHref: string
  look: string
}

/** Wording and colours of the two official buttons; their graphics are trademarks and come from the operator. */
const METHODS: Readonly<Record<AccessMethod, MethodWords>> = {
  spid: {
    title: properName('SPID'),
    what: phrase(
      'È il sistema unico di accesso ai servizi online della Pubblica Amministrazione. Se hai già un’identità digitale, entra con le tue credenziali, di livello 2.',
    ),
    button: phrase('Entra con SPID'),
    missing: phrase('Non hai SPID?'),
    learnMore: phrase('Scopri come richiederlo'),
    learnMoreHref: 'https://www.spid.gov.it/richiedi-spid',
    look: 'bg-[#0066cc] hover:bg-[#003366]',
  },
  cie: {
    title: phrase('CIE, Carta d’identità elettronica'),
    what: phrase(
      'La tua carta d’identità elettronica è anche la chiave per i servizi pubblici online: con l’app CieID sul telefono, oppure con il lettore sul computer.',
    ),
    button: phrase('Entra con CIE'),
    missing: phrase('Non hai CIE?'),
    learnMore: phrase('Scopri come ottenerla'),
    learnMoreHref: 'https://www.cartaidentita.interno.gov.it',
    look: 'bg-[#0053a2] hover:bg-[#003366]',
  },
}

/**
 * One way in: what it is, its button, and where to get it. A plain form: it needs no JavaScript.
 * @param logo address of the official graphic, where the operator has put it
 * @param returnPath page to return to, already checked
 * @param isKnown leaves out what it is and where to get it
 */
export function MethodCard({
  method,
  municipalitySlug,
  returnPath,
  logo,
  isKnown = false,
}: {
  method: AccessMethod
  municipalitySlug: string
  returnPath: string | null
  logo: string | null
  isKnown?: boolean
}) {
  const t = useWords()
  const words = METHODS[method]
  return (
    <Card title={t(words.title)} titleId={`accesso-${method}`} className="flex flex-col">
      {!isKnown && <p className="mb-6 grow">{t(words.what)}</p>}
      <form method="post" action="/api/auth/signin/bridge">
        <input type="hidden" name="metodo" value={method} />
        <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
        {returnPath && <input type="hidden" name="returnPath" value={returnPath} />}
        <button
          type="submit"
          className={`flex min-h-14 w-full items-center justify-center gap-3 rounded px-6 py-3 text-lg font-semibold text-white transition-colors ${words.look}`}
        >
          {/* biome-ignore lint/performance/noImgElement: a fixed SVG; the image optimiser is off */}
          {logo && <img src={logo} alt="" width={32} height={32} />}
          {t(words.button)}
        </button>
      </form>
      {!isKnown && (
        <p className="mt-4">
          {t(words.missing)}{' '}
          <a href={words.learnMoreHref} rel="noreferrer">
            {t(words.learnMore)}
          </a>
        </p>
      )}
    </Card>
  )
}
