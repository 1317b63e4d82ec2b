import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import type { ComponentProps } from 'react'
import { ApplyForm, LinkForm } from '#components/access/ask-forms.tsx'
import { Contacts } from '#components/access/contacts.tsx'
import { SignOutForm } from '#components/access/sign-out-form.tsx'
import { SubmissionChip } from '#components/forms/state-chip.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { homePath } from '#lib/access/return-path.ts'
import { formsFor } from '#lib/forms/form.queries.ts'
import { protocolInWords } from '#lib/forms/protocol.ts'
import type { SubmissionLine } from '#lib/forms/submission.queries.ts'
import type { Day } from '#lib/kernel/day.ts'
import { type OwnLinkRequest, ownLinkRequests } from '#lib/people/applicant.queries.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import type { Municipality } from '#lib/school/municipality.ts'
import { openingOf } from '#lib/school/office/readiness.queries.ts'
import { currentSession, currentViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { doneInWords } from '#lib/words/done.ts'
import { fill } from '#lib/words/fill.ts'
import { instantInWords, longDayWithYear } from '#lib/words/format-day.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { useWords } from '#words'
import { askToEnrol, askToLink } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Accesso non ancora abilitato') }
}

const DONE: Readonly<Record<string, Phrase>> = {
  chiesto: phrase(
    'La richiesta è arrivata all’ufficio. La risposta la leggi qui, la prossima volta che entri.',
  ),
}

const LINK_STATES: Record<OwnLinkRequest['state'], Phrase> = {
  sent: phrase('L’ufficio la sta guardando'),
  linked: phrase('Accolta'),
  refused: phrase('Non accolta'),
}

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export default async function NotEnabledPage({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
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
  const [links, applied] = await Promise.all([
    ownLinkRequests(municipality.id, session.citizenId),
    session.applicant ? formsFor(session.applicant) : null,
  ])
  const done = doneInWords(DONE, fatto)
  return (
    <div>
      <PageHeading
        title={t('{givenName}, la mensa di {name} non ti conosce ancora', {
          givenName: session.givenName,
          name: municipality.name,
        })}
        lead={t(
          'Il tuo accesso è riuscito, ma il tuo codice fiscale non è collegato a nessuna famiglia iscritta.',
        )}
      />
      {done && (
        <div className="mb-6">
          <Notice kind="success" live>
            <p>{t(done)}</p>
          </Notice>
        </div>
      )}
      <OwnRequests
        municipalitySlug={municipalitySlug}
        links={links}
        submissions={applied?.submissions ?? []}
      />
      <Asks municipalitySlug={municipalitySlug} hasApplied={applied !== null} />
      <Advice office={municipality.operator} />
      <div className="mt-6 flex flex-wrap gap-3">
        <SignOutForm municipalitySlug={municipalitySlug} look="primary" />
        <ButtonLink href="/" look="secondary">
          {t('Scegli un altro Comune')}
        </ButtonLink>
      </div>
    </div>
  )
}

/** What a person may ask here. */
function Asks({ municipalitySlug, hasApplied }: { municipalitySlug: string; hasApplied: boolean }) {
  const t = useWords()
  return (
    <div className="mb-6 grid items-start gap-6 md:grid-cols-2">
      <Card title={t('Vuoi iscrivere un figlio nuovo?')} titleId="iscrivi">
        <p className="mb-4">
          {hasApplied
            ? t('Il modulo di iscrizione è aperto: puoi compilarlo e mandarlo.')
            : t('Compili il modulo di iscrizione da qui. Quando l’ufficio lo accoglie, entri nel portale.')}
        </p>
        {hasApplied ? (
          <ButtonLink href={`/${municipalitySlug}/moduli`}>{t('Vai ai moduli')}</ButtonLink>
        ) : (
          <ApplyForm municipalitySlug={municipalitySlug} action={askToEnrol} />
        )}
      </Card>
      <Card title={t('Il bambino è già iscritto?')} titleId="collega">
        <p className="mb-4">
          {t(
            'Chiedi all’ufficio di collegarti: lo decide una persona, e chi ha fatto l’iscrizione viene avvisato.',
          )}
        </p>
        <LinkForm municipalitySlug={municipalitySlug} action={askToLink} />
      </Card>
    </div>
  )
}

function Advice({ office }: Pick<ComponentProps<typeof Contacts>, 'office'>) {
  const t = useWords()
  return (
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
                '{strong} Forse il codice fiscale è stato scritto male nel modulo: chiedi qui sopra di essere collegato, e l’ufficio lo controlla.',
              ),
              { strong: <strong key="strong">{t('L’iscrizione è a tuo nome?')}</strong> },
            )}
          </li>
          <li>
            {fill(t('{strong} Scegli il Comune della scuola, non quello in cui abiti.'), {
              strong: <strong key="strong">{t('La scuola è in un altro Comune?')}</strong>,
            })}
          </li>
        </ul>
      </Card>
      <Card title={t('A chi rivolgerti')} titleId="contatti">
        <Contacts office={office} />
      </Card>
    </div>
  )
}

/** What the person asked, and what became of it. */
function OwnRequests({
  municipalitySlug,
  links,
  submissions,
}: {
  municipalitySlug: string
  links: readonly OwnLinkRequest[]
  submissions: readonly SubmissionLine[]
}) {
  const t = useWords()
  if (links.length + submissions.length === 0) return null
  return (
    <div className="mb-6">
      <Card title={t('Le tue richieste')} titleId="richieste">
        <ul className="grid gap-4">
          {submissions.map((one) => (
            <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-1">
              <a href={`/${municipalitySlug}/moduli/domande/${one.id}`}>
                {t('Domanda {number}', { number: protocolInWords(one) })}
              </a>
              <SubmissionChip state={one.state} />
            </li>
          ))}
          {links.map(({ id, childName, sentAt, state, reason }) => (
            <li key={id}>
              <p>
                {t('Collegamento a {child}, chiesto il {when}: {state}', {
                  child: childName,
                  when: instantInWords(sentAt, t),
                  state: t(LINK_STATES[state]),
                })}
              </p>
              {reason && <p className="font-semibold">{t('L’ufficio risponde: {reason}', { reason })}</p>}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}

/** Whether it knows the person or not: a municipality that is being prepared lets in its office alone. */
async function NotOpenYet({ municipality, opensOn }: { municipality: Municipality; opensOn: Day | null }) {
  const t = await readWords()
  return (
    <div>
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
