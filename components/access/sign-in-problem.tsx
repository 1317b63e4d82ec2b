import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { fill } from '#lib/words/fill.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { useWords } from '#words'
import { Contacts, type Office } from './contacts.tsx'

type Words = { title: Phrase; body: Phrase; next: Phrase; remedy: 'riprova' | 'altro-metodo' | 'contatta' }

const AGAIN: Readonly<Record<Words['remedy'], Phrase>> = {
  riprova: phrase('Riprova'),
  'altro-metodo': phrase('Scegli come entrare'),
  contatta: phrase('Torna all’accesso'),
}

/** Why a sign-in did not succeed, what is safe and what to do. */
export function SignInProblem({
  words,
  againHref,
  office,
  reference = null,
}: {
  words: Words
  againHref: string
  office: Office | null
  /** With which the office finds this very failure in the log. */
  reference?: string | null
}) {
  const t = useWords()
  return (
    <>
      <PageHeading title={t(words.title)} />
      <div className="grid max-w-3xl gap-6">
        <Card>
          <p className="text-lg">{t(words.body)}</p>
          <p className="mt-4">
            <strong>{t('Cosa puoi fare.')}</strong> {t(words.next)}
          </p>
          {reference && (
            <p className="mt-4">
              {fill(t('Codice per l’assistenza: {strong}'), {
                strong: (
                  <strong key="strong" className="font-mono">
                    {reference}
                  </strong>
                ),
              })}
            </p>
          )}
          <div className="mt-6">
            <ButtonLink href={againHref} icon="log-in">
              {t(AGAIN[words.remedy])}
            </ButtonLink>
          </div>
        </Card>
        {office && words.remedy !== 'riprova' && (
          <Card title={t('Ti serve aiuto?')} titleId="aiuto">
            <Contacts office={office} />
          </Card>
        )}
      </div>
    </>
  )
}
