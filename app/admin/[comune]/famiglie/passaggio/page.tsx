import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { newYear } from '#app/admin/[comune]/impostazioni/anni/actions.ts'
import { Done } from '#components/office/done.tsx'
import { BatchProgress } from '#components/office/forms/batch-progress.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { ClassesForm } from '#components/office/rollover/classes-form.tsx'
import { RulesForm } from '#components/office/rollover/rules-form.tsx'
import { NewYearForm } from '#components/office/structure/new-year-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { refusalInWords } from '#lib/entry/refusals.ts'
import { rolloverQuery } from '#lib/school/office/rollover.address.ts'
import { type RolloverPage, rolloverPage } from '#lib/school/office/rollover.queries.ts'
import { OUTCOMES, proposeClasses, pupilsWith, type RolloverOutcome } from '#lib/school/office/rollover.ts'
import { REASON_WORDS, ROLLOVER_OUTCOMES_IN_WORDS } from '#lib/school/office/rollover.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { goBack, goOver, keepClasses, keepRules, makeClasses, stop } from './actions.ts'

export const metadata: Metadata = { title: 'Nuovo anno' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE: Readonly<Record<string, string>> = {
  regole: 'Salvato: qui sotto le classi sono già abbinate per nome, da controllare',
  classi: 'Salvato dove vanno le classi',
  create: 'Classi create e abbinate',
  passati: 'Fatto: gli alunni sono nell’anno nuovo',
  'in-corso': 'Confermato: il passaggio è in corso',
  fermato: 'Si ferma appena può: non resta niente a metà',
  annullato: 'Annullato: ogni iscrizione è com’era prima',
}

/** The pupils of a school year go on into the next one: rules, classes, pupils to decide, then the act and its undoing. */
export default async function Rollover({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const page = await rolloverPage(viewer)
  if (!page) notFound()
  const mayMakeYears = allowedToStaff(viewer, 'structure:manage')
  return (
    <>
      <Done sentences={DONE} code={fatto} />
      <Breadcrumb
        items={[{ label: 'Famiglie', href: `/admin/${municipalitySlug}/famiglie` }, { label: 'Nuovo anno' }]}
      />
      <PageHeading
        title="Nuovo anno"
        lead="Le classi salgono, l’ultima esce, chi non ha rinnovato si decide. Finché non confermi non cambia niente, e poi si può annullare."
      />
      {page.run && page.work && <Work {...{ municipalitySlug }} run={page.run} work={page.work} />}
      <div className="grid grid-cols-1 gap-8">
        <YearStep {...{ municipalitySlug, page, mayMakeYears }} />
        {page.pair && <RulesStep {...{ municipalitySlug, page }} pair={page.pair} />}
        {page.run && page.preview && (
          <Steps {...{ municipalitySlug, page, mayMakeYears }} run={page.run} preview={page.preview} />
        )}
      </div>
    </>
  )
}

/** What the worker does of a large town, how far it is, and why the last act ended without doing anything. */
function Work({
  municipalitySlug,
  run,
  work,
}: {
  municipalitySlug: string
  run: NonNullable<RolloverPage['run']>
  work: NonNullable<RolloverPage['work']>
}) {
  if (work.state === 'waiting')
    return (
      <Card
        title={
          work.act === 'do' ? `In corso: dal ${run.from} al ${run.to}` : 'In corso: si annulla il passaggio'
        }
        titleId="in-corso"
        className="mb-8"
      >
        <p className="mb-4">
          {`L’ha confermato ${work.askedBy}. Tutto o niente: se si ferma, ogni iscrizione è com’era prima. Intanto la pagina si può chiudere; le famiglie aspettano qualche momento prima di cambiare un pasto.`}
        </p>
        <BatchProgress label="Passi fatti" done={work.done} total={Math.max(work.total, 1)} />
        <div className="mt-4">
          {work.stopAsked ? (
            <p>Si ferma appena può.</p>
          ) : (
            <PreviewForm
              action={stop}
              hidden={{ municipalitySlug, rolloverId: run.id }}
              fields={[]}
              label="Ferma"
              look="secondary"
            />
          )}
        </div>
      </Card>
    )
  if (!work.refusal || (work.act === 'do') === (run.doneAt !== null)) return null
  return (
    <Notice
      kind="warning"
      title={work.act === 'do' ? 'Il passaggio non è stato fatto' : 'Il passaggio resta com’è'}
    >
      {refusalInWords(work.refusal)}
    </Notice>
  )
}

type PartProps = { municipalitySlug: string; page: RolloverPage }

function YearStep({ municipalitySlug, page, mayMakeYears }: PartProps & { mayMakeYears: boolean }) {
  const { pair } = page
  if (pair && !pair.to.hasBegun)
    return (
      <Card title={`Dal ${pair.from.name} al ${pair.to.name}`} titleId="anni">
        <p>
          L’anno nuovo c’è già, con giorni, feste e classi. Le iscrizioni accettate per il {pair.to.name}{' '}
          restano come sono, anche quelle della prima classe.
        </p>
      </Card>
    )
  return (
    <Card title={pair ? `Dopo il ${pair.to.name}` : 'L’anno nuovo non c’è ancora'} titleId="anni">
      {mayMakeYears ? (
        <>
          <p className="mb-5">
            Prima nasce l’anno: feste, giorni di mensa e classi con gli stessi nomi, vuote. Dopo torni qui.
          </p>
          <NewYearForm municipalitySlug={municipalitySlug} action={newYear} />
        </>
      ) : (
        <p>L’anno nuovo lo crea il responsabile, in Impostazioni, Anni scolastici. Dopo torni qui.</p>
      )}
    </Card>
  )
}

function RulesStep({
  municipalitySlug,
  page,
  pair,
}: PartProps & { pair: NonNullable<RolloverPage['pair']> }) {
  if (page.run?.doneAt || page.work?.state === 'waiting') return null
  return (
    <Card title="1. Regole" titleId="regole">
      <RulesForm
        key={page.run?.revision ?? 0}
        action={keepRules}
        hidden={{ municipalitySlug, yearId: pair.to.id, revision: page.run?.revision ?? 0 }}
        forms={page.forms}
        diets={page.diets}
        chosen={page.run ?? { renewalFormId: null, lapsingDiets: [] }}
        label={page.run ? 'Salva le regole' : 'Prepara il passaggio'}
      />
    </Card>
  )
}

type StepProps = PartProps & {
  run: NonNullable<RolloverPage['run']>
  preview: NonNullable<RolloverPage['preview']>
  mayMakeYears: boolean
}

function Steps({ municipalitySlug, page, run, preview, mayMakeYears }: StepProps) {
  if (run.doneAt)
    return (
      <Card title={`Fatto: dal ${run.from} al ${run.to}`} titleId="fatto">
        <p className="mb-4">{`L’ha fatto ${run.doneBy}, ${instantInWords(run.doneAt)}.`}</p>
        <Numbers {...{ municipalitySlug, preview }} />
        <h3 className="mt-6 mb-3 text-lg">Annulla il passaggio</h3>
        <p className="mb-4">
          Si può finché niente dipende da lui: un alunno spostato, una disdetta, un giorno già contato
          dell’anno nuovo.
        </p>
        <PreviewForm
          action={goBack}
          hidden={{ municipalitySlug, rolloverId: run.id }}
          fields={[]}
          label="Mostra che cosa succederebbe"
          confirm="Annulla il passaggio"
        />
      </Card>
    )
  return (
    <>
      <ClassesStep {...{ municipalitySlug, page, run, preview, mayMakeYears }} />
      <Card title="3. Alunni" titleId="alunni">
        <Numbers {...{ municipalitySlug, preview }} />
      </Card>
      <Card title="4. Conferma" titleId="conferma">
        <p className="mb-4">
          Vale per quello che leggi nell’anteprima: se intanto qualcosa cambia non si fa niente, e la rileggi.
        </p>
        <PreviewForm
          key={run.revision}
          action={goOver}
          hidden={{ municipalitySlug, rolloverId: run.id }}
          fields={[]}
          label="Mostra che cosa succederà"
          confirm="Conferma il passaggio"
        />
      </Card>
    </>
  )
}

function ClassesStep({ municipalitySlug, page, run, preview, mayMakeYears }: StepProps) {
  const hidden = { municipalitySlug, rolloverId: run.id, revision: run.revision }
  const open = page.classes.filter(({ toClassId, leaves }) => !toClassId && !leaves)
  const missing = new Set(proposeClasses(open, page.targets).flatMap((one) => one.missing?.name ?? []))
  const of = (classId: string, outcome: RolloverOutcome): number =>
    preview.byClass.find((one) => one.classId === classId && one.outcome === outcome)?.pupils ?? 0
  return (
    <Card title="2. Classi" titleId="classi">
      {missing.size > 0 && (
        <div className="mb-5">
          <p className="mb-3">{`Nell’anno nuovo mancano: ${[...missing].join(', ')}.`}</p>
          {mayMakeYears && (
            <PreviewForm
              action={makeClasses}
              hidden={hidden}
              fields={[]}
              label="Crea le classi che mancano"
              look="secondary"
            />
          )}
        </div>
      )}
      <ClassesForm
        key={run.revision}
        action={keepClasses}
        hidden={hidden}
        classes={page.classes.map((line) => ({
          ...line,
          moving: of(line.id, 'moves') + of(line.id, 'already'),
          leaving: of(line.id, 'leaves'),
          apart: of(line.id, 'apart'),
          href: `/admin/${municipalitySlug}/famiglie/passaggio/alunni${rolloverQuery({ classId: line.id })}`,
        }))}
        targets={page.targets}
      />
      {page.empty.length > 0 && (
        <p className="mt-4 text-muted">
          {`Nessuno passa in: ${page.empty.map(({ name, schoolName }) => `${name} (${schoolName})`).join(', ')}. Le prime si riempiono con le iscrizioni accettate.`}
        </p>
      )}
    </Card>
  )
}

function Numbers({ municipalitySlug, preview }: Pick<StepProps, 'municipalitySlug' | 'preview'>) {
  const list = `/admin/${municipalitySlug}/famiglie/passaggio/alunni`
  return (
    <DataList
      items={OUTCOMES.filter((outcome) => pupilsWith(preview, outcome) > 0).map((outcome) => ({
        term: (
          <Link href={`${list}${rolloverQuery({ outcome })}`} prefetch={false}>
            {ROLLOVER_OUTCOMES_IN_WORDS[outcome]}
          </Link>
        ),
        value: `${pupilsWith(preview, outcome)}: ${preview.counts
          .filter((one) => one.outcome === outcome)
          .map(({ why, pupils }) => `${pupils} ${REASON_WORDS[why]}`)
          .join('; ')}`,
      }))}
    />
  )
}
