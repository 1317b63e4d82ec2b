import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { Contacts } from '#components/access/contacts.tsx'
import { SignOutForm } from '#components/access/sign-out-form.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { homePath } from '#lib/access/return-path.ts'
import type { Day } from '#lib/kernel/day.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import type { Municipality } from '#lib/school/municipality.ts'
import { openingOf } from '#lib/school/office/readiness.queries.ts'
import { currentSession, currentViewer } from '#lib/session/session.request.ts'
import { fill } from '#lib/words/fill.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Accesso non ancora abilitato') }
}

export default async function NotEnabledPage({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const [session, viewer] = await Promise.all([
    currentSession(municipalitySlug),
    currentViewer(municipalitySlug),
  ])
  if (viewer) redirect(homePath(municipalitySlug, viewer))
  if (!session) redirect(`/${municipalitySlug}/accesso`)
  const { isOpen, opensOn } = await openingOf(municipality.id)
  if (!isOpen) return <NotOpenYet municipality={municipality} opensOn={opensOn} />
  return (
    <div className="container-page py-8">
      <PageHeading
        title={t('{givenName}, la mensa di {name} non ti conosce ancora', {
          givenName: session.givenName,
          name: municipality.name,
        })}
        lead={t(
          'Il tuo accesso è riuscito, ma il tuo codice fiscale non è collegato a nessuna famiglia iscritta.',
        )}
      />
      <div className="grid gap-6 md:grid-cols-2">
        <Card title={t('Cosa puoi fare')} titleId="cosa-fare">
          <ul className="grid list-disc gap-3 ps-5">
            <li>
              {fill(
                t(
                  '{strong} Può invitarti dal portale, in «Profilo e deleghe»: poi vedi il calendario e disdici i pasti anche tu.',
                ),
                { strong: <strong key="strong">{t('L’altro genitore ha già fatto l’iscrizione?')}</strong> },
              )}
            </li>
            <li>
              {fill(
                t(
                  '{strong} Forse il codice fiscale è stato scritto male nel modulo: il gestore lo controlla e ti abilita.',
                ),
                { strong: <strong key="strong">{t('L’iscrizione è a tuo nome?')}</strong> },
              )}
            </li>
            <li>
              {fill(t('{strong} Chiedi al gestore come fare: dopo, potrai entrare da qui.'), {
                strong: <strong key="strong">{t('Non hai ancora fatto l’iscrizione?')}</strong>,
              })}
            </li>
            <li>
              {fill(t('{strong} Scegli il Comune della scuola, non quello in cui abiti.'), {
                strong: <strong key="strong">{t('La scuola è in un altro Comune?')}</strong>,
              })}
            </li>
          </ul>
        </Card>
        <Card title={t('A chi rivolgerti')} titleId="contatti">
          <Contacts office={municipality.operator} />
        </Card>
      </div>
      <div className="mt-6 flex flex-wrap gap-3">
        <SignOutForm municipalitySlug={municipalitySlug} look="primary" />
        <ButtonLink href="/" look="secondary">
          {t('Scegli un altro Comune')}
        </ButtonLink>
      </div>
    </div>
  )
}

/** Whether it knows the person or not: a municipality that is being prepared lets in its office alone. */
async function NotOpenYet({ municipality, opensOn }: { municipality: Municipality; opensOn: Day | null }) {
  const t = await readWords()
  return (
    <div className="container-page py-8">
      <PageHeading
        title={t('La mensa di {name} non è ancora attiva nel portale', { name: municipality.name })}
        lead={
          opensOn
            ? t('Le famiglie potranno entrare da {day}. Il tuo accesso è riuscito: torna quel giorno.', {
                day: longDayWithYear(opensOn, t.language),
              })
            : t(
                'Il tuo accesso è riuscito, ma il gestore la sta ancora preparando. Riprova fra qualche giorno.',
              )
        }
      />
      <div className="max-w-xl">
        <Card title={t('A chi rivolgerti')} titleId="contatti">
          <Contacts office={municipality.operator} />
        </Card>
      </div>
      <div className="mt-6 flex flex-wrap gap-3">
        <SignOutForm municipalitySlug={municipality.slug} look="primary" />
        <ButtonLink href="/" look="secondary">
          {t('Scegli un altro Comune')}
        </ButtonLink>
      </div>
    </div>
  )
}
