import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PublicationChip } from '#components/office/publication-chip.tsx'
import { Composer } from '#components/questionnaires/composer.tsx'
import { QuestionnaireButton } from '#components/questionnaires/office-forms.tsx'
import { QuestionnaireResults } from '#components/questionnaires/results.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { composerFields } from '#lib/questionnaires/office/questionnaire.fields.ts'
import {
  type OfficeQuestionnaire,
  officeQuestionnaire,
  officeResults,
  type SchoolsToAsk,
  schoolsToAsk,
} from '#lib/questionnaires/office/questionnaire.queries.ts'
import { publishProblems, rateInWords, resultsOf } from '#lib/questionnaires/questionnaire.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'
import { discard, duplicate, publish, remind, saveDraft, stop } from '../actions.ts'

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

export const metadata: Metadata = { title: 'Questionario' }

const DONE: Record<string, string> = {
  salvato: 'Bozza salvata. Le famiglie non la vedono.',
  pubblicato: 'Pubblicato: le famiglie lo vedono e ricevono un avviso quando si apre.',
  fermato: 'Fatto. Da adesso nessuno può più rispondere.',
  ricordato: 'Promemoria in partenza, solo per chi non ha ancora risposto.',
  duplicato: 'Questa è una copia: scegli le date e pubblicala quando è pronta.',
}

/** "Scuola primaria, 3A"; nothing chosen is everybody. */
function recipientsInWords(found: OfficeQuestionnaire, places: SchoolsToAsk): string {
  const schools = places.filter(({ id }) => found.schoolIds.includes(id)).map(({ name }) => name)
  const classes = places.flatMap((school) =>
    school.classes
      .filter(({ id }) => found.classIds.includes(id))
      .map(({ name }) => `${name} (${school.name})`),
  )
  return [...schools, ...classes].join(', ') || 'Tutti gli iscritti'
}

function Facts({ found, places }: { found: OfficeQuestionnaire; places: SchoolsToAsk }) {
  return (
    <DataList
      narrow
      items={[
        { term: 'Per', value: recipientsInWords(found, places) },
        {
          term: 'Chi risponde',
          value: found.per === 'child' ? 'Una risposta per figlio' : 'Una risposta per famiglia',
        },
        { term: 'Nomi', value: found.anonymous ? 'Anonimo' : 'Con il nome' },
        { term: 'Risultati', value: found.showsResults ? 'Anche alle famiglie' : 'Solo all’ufficio' },
        ...(found.opensAt ? [{ term: 'Dal', value: instantInWords(found.opensAt) }] : []),
        ...(found.closesAt
          ? [
              {
                term: found.endedEarlyAt ? 'Chiuso prima, il' : 'Fino al',
                value: instantInWords(found.closesAt),
              },
            ]
          : []),
        ...(found.publishedBy ? [{ term: 'Pubblicato da', value: found.publishedBy }] : []),
      ]}
    />
  )
}

function Draft({
  municipalitySlug,
  found,
  places,
  viewer,
}: {
  municipalitySlug: string
  found: OfficeQuestionnaire
  places: SchoolsToAsk
  viewer: Viewer
}) {
  const problems = publishProblems(found, found.now)
  const hidden = { municipalitySlug, id: found.id, version: found.version }
  return (
    <div className="grid gap-8 lg:grid-cols-[1fr_22rem]">
      <Composer
        key={found.version}
        municipalitySlug={municipalitySlug}
        id={found.id}
        version={found.version}
        fields={composerFields(found)}
        places={places}
        save={saveDraft}
      />
      <div className="grid content-start gap-6">
        <Card
          title="Prima di pubblicare"
          aside={<PublicationChip kind="questionnaire" state={found.state} />}
        >
          <p className="mb-4">
            Può arrivare al massimo {italian(plural('{n} risposta', '{n} risposte'), { n: found.asked })}.
          </p>
          {problems.length > 0 && (
            <div className="mb-4">
              <p className="font-semibold text-warning">
                {problems.length === 1 ? 'Manca ancora una cosa:' : `Mancano ancora ${problems.length} cose:`}
              </p>
              <ul className="mt-1 list-disc ps-5">
                {problems.map((problem) => (
                  <li key={problem.words}>
                    <a href={`#${problem.field}`}>{problem.words}</a>
                  </li>
                ))}
              </ul>
            </div>
          )}
          <div className="grid gap-3">
            <ButtonLink
              href={`/admin/${municipalitySlug}/questionari/${found.id}/anteprima`}
              look="secondary"
              icon="eye"
            >
              Come lo vede una famiglia
            </ButtonLink>
            {!allowedToStaff(viewer, 'questionnaires:publish') ? (
              <p className="text-muted">Lo pubblica chi è responsabile.</p>
            ) : problems.length > 0 ? (
              <p className="text-muted">
                Il pulsante “Pubblica” compare qui quando la bozza salvata è completa.
              </p>
            ) : (
              <QuestionnaireButton
                hidden={hidden}
                action={publish}
                label="Pubblica"
                icon="send"
                look="primary"
              />
            )}
          </div>
          <p className="mt-3 text-sm text-muted">
            Dopo la pubblicazione le domande non si cambiano più. Vale l’ultima versione salvata.
          </p>
        </Card>
        <Card title="Elimina">
          <QuestionnaireButton
            hidden={hidden}
            action={discard}
            label="Elimina la bozza"
            icon="trash-2"
            look="danger"
          />
        </Card>
      </div>
    </div>
  )
}

async function Results({ found, viewer }: { found: OfficeQuestionnaire; viewer: Viewer }) {
  const results = await officeResults(viewer, found)
  if (!results)
    return (
      <Notice
        kind="info"
        title={found.state === 'scheduled' ? 'Non è ancora aperto' : 'I risultati arrivano alla fine'}
      >
        <p>
          {found.state === 'scheduled'
            ? 'Qui compariranno le risposte.'
            : 'È anonimo: nessuno legge le risposte prima della chiusura, per non far riconoscere nessuno.'}
        </p>
      </Notice>
    )
  return (
    <QuestionnaireResults
      results={resultsOf(found.questions, results.counts, found.anonymous)}
      texts={results.texts}
    />
  )
}

function Actions({
  municipalitySlug,
  found,
  viewer,
}: {
  municipalitySlug: string
  found: OfficeQuestionnaire
  viewer: Viewer
}) {
  const hidden = { municipalitySlug, id: found.id }
  const publishes = allowedToStaff(viewer, 'questionnaires:publish')
  return (
    <div className="grid content-start gap-3 print:hidden">
      {publishes && found.state === 'published' && (
        <>
          <QuestionnaireButton
            hidden={hidden}
            action={remind}
            label="Ricordalo a chi non ha risposto"
            icon="mail"
          />
          <QuestionnaireButton
            hidden={hidden}
            action={stop}
            label="Chiudi adesso"
            icon="lock"
            look="danger"
          />
        </>
      )}
      {publishes && found.state === 'scheduled' && (
        <QuestionnaireButton
          hidden={hidden}
          action={stop}
          label="Riporta in bozza"
          icon="undo-2"
          look="danger"
        />
      )}
      {allowedToStaff(viewer, 'questionnaires:write') && (
        <QuestionnaireButton hidden={hidden} action={duplicate} label="Duplica" icon="copy" />
      )}
      <ButtonLink
        href={`/admin/${municipalitySlug}/questionari/${found.id}/anteprima`}
        look="quiet"
        icon="eye"
      >
        Come lo vede una famiglia
      </ButtonLink>
    </div>
  )
}

export default async function Questionnaire({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const found = await officeQuestionnaire(viewer, id)
  if (!found) notFound()
  const places = await schoolsToAsk(viewer, found.classIds)
  const title = found.title || 'Bozza senza titolo'
  const hasNumbers = found.state === 'expired' || (found.state === 'published' && !found.anonymous)
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Questionari', href: `/admin/${municipalitySlug}/questionari` }, { label: title }]}
      />
      <PageHeading
        title={title}
        actions={
          hasNumbers && (
            <>
              <ButtonLink
                href={`/admin/${municipalitySlug}/questionari/${id}/csv`}
                look="secondary"
                icon="download"
                download
              >
                Scarica per Excel (CSV)
              </ButtonLink>
              <PrintButton />
            </>
          )
        }
      />
      <Done sentences={DONE} code={fatto} />
      {found.state === 'draft' ? (
        <Draft municipalitySlug={municipalitySlug} found={found} places={places} viewer={viewer} />
      ) : (
        <div className="grid gap-8 lg:grid-cols-[1fr_22rem] print:grid-cols-1 print:gap-5">
          <div className="grid content-start gap-6 *:min-w-0">
            <Card
              title="Risposte"
              titleId="risposte"
              aside={<PublicationChip kind="questionnaire" state={found.state} />}
            >
              <p className="text-3xl font-semibold text-ink">{rateInWords(found.answered, found.asked)}</p>
            </Card>
            <Results found={found} viewer={viewer} />
          </div>
          <div className="grid content-start gap-6 print:order-first">
            <Card title="Questionario">
              <Facts found={found} places={places} />
            </Card>
            <Actions municipalitySlug={municipalitySlug} found={found} viewer={viewer} />
          </div>
        </div>
      )}
    </>
  )
}
