import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BindingInItalian } from '#components/language/courtesy.tsx'
import { ProsePage } from '#components/public/prose-page.tsx'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { fill } from '#lib/words/fill.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Dichiarazione di accessibilità') }
}

export default async function Accessibility({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const { settings } = municipality
  return (
    <ProsePage
      municipalitySlug={municipalitySlug}
      title={t('Accessibilità')}
      lead={t('Il Comune di {name} vuole che chiunque possa usare la mensa online, con qualsiasi mezzo.', {
        name: municipality.name,
      })}
    >
      <BindingInItalian address={`/${municipalitySlug}/accessibilita`} />
      <h2>{t('Come è fatto il portale')}</h2>
      <p>
        {t(
          'È progettato sulle linee guida WCAG 2.2, livello AA: si usa con la sola tastiera e con un lettore di schermo, anche ingrandito al 400% e anche senza JavaScript. Ogni stato è detto con una parola e un disegno, mai solo con un colore.',
        )}
      </p>
      {(settings.accessibilityDeclarationUrl || settings.accessibilityGoalsUrl) && (
        <>
          <h2>{t('Documenti ufficiali')}</h2>
          <ul>
            {settings.accessibilityDeclarationUrl && (
              <li>
                <a href={settings.accessibilityDeclarationUrl}>
                  {t('Dichiarazione di accessibilità pubblicata su AgID')}
                </a>
              </li>
            )}
            {settings.accessibilityGoalsUrl && (
              <li>
                <a href={settings.accessibilityGoalsUrl}>{t('Obiettivi di accessibilità dell’ente')}</a>
              </li>
            )}
          </ul>
        </>
      )}
      <h2>{t('Segnala un problema')}</h2>
      <p>
        {fill(
          t(
            'Se qualcosa non si legge o non si riesce a usare, scrivi a {link} o telefona al {phone}: indica la pagina e che cosa stavi facendo. Il Comune risponde entro 30 giorni.',
            { phone: municipality.phone },
          ),
          {
            link: (
              <a
                key="link"
                href={`mailto:${municipality.email}?subject=Accessibilit%C3%A0%20del%20portale%20mensa`}
              >
                {municipality.email}
              </a>
            ),
          },
        )}
      </p>
      <p>
        {t(
          'Se la risposta non arriva o non basta, puoi rivolgerti al Difensore civico per il digitale, presso l’Agenzia per l’Italia digitale.',
        )}
      </p>
    </ProsePage>
  )
}
