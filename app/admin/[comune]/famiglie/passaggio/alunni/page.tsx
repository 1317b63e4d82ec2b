import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { type PupilLine, PupilsForm } from '#components/office/rollover/pupils-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import {
  OUTCOME_NAMES,
  type RolloverFilter,
  readRolloverFilter,
  rolloverQuery,
} from '#lib/school/office/rollover.address.ts'
import { ROLLOVER_PAGE } from '#lib/school/office/rollover.input.ts'
import { type OldClassLine, type RolloverPupil, rolloverPupils } from '#lib/school/office/rollover.queries.ts'
import { REASON_WORDS, ROLLOVER_OUTCOMES_IN_WORDS, stayInWords } from '#lib/school/office/rollover.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { keepPupils } from '../actions.ts'

export const metadata: Metadata = { title: 'Alunni e nuovo anno' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = { alunni: 'Salvato: la decisione vale al passaggio' }

/** What happens to each pupil and why, and what the office decides for some. */
export default async function RolloverPupils({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const filter = readRolloverFilter(query)
  const found = await rolloverPupils(viewer, filter)
  if (!found) notFound()
  const families = `/admin/${municipalitySlug}/famiglie`
  const here = `${families}/passaggio/alunni`
  if (found === 'not-begun') return <NotBegun href={`${families}/passaggio`} />
  const { run, pupils, total, classes, targets } = found
  return (
    <>
      <Done sentences={DONE} code={query.fatto} />
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: 'Nuovo anno', href: `${families}/passaggio` },
          { label: 'Alunni' },
        ]}
      />
      <PageHeading
        title={run.doneAt ? `Chi è passato al ${run.to}` : `Chi passa al ${run.to}`}
        lead="Una riga per alunno e servizio. Per dividere una classe, segna una parte dei suoi alunni e scegli la loro."
      />
      <Filter here={here} filter={filter} year={run.from} classes={classes} />
      <Card>
        <PupilsForm
          key={`${run.revision}${rolloverQuery(filter)}`}
          action={run.doneAt ? null : keepPupils}
          hidden={{
            municipalitySlug,
            rolloverId: run.id,
            revision: run.revision,
            back: rolloverQuery(filter).slice(1),
          }}
          pupils={lines(pupils, families)}
          total={total}
          targets={targets}
        />
      </Card>
      <Pagination
        label="Pagine degli alunni"
        page={filter.page}
        pages={Math.ceil(total / ROLLOVER_PAGE)}
        hrefOf={(page) => `${here}${rolloverQuery({ ...filter, page })}`}
      />
    </>
  )
}

const Filter = ({
  here,
  filter,
  year,
  classes,
}: {
  here: string
  filter: RolloverFilter
  year: string
  classes: readonly OldClassLine[]
}) => (
  <form method="get" action={here} className="mb-6 grid items-end gap-4 md:grid-cols-3">
    <SelectField
      name="esito"
      label="Che cosa succede"
      defaultValue={filter.outcome ? OUTCOME_NAMES[filter.outcome] : ''}
    >
      <option value="">Tutti</option>
      {Object.entries(ROLLOVER_OUTCOMES_IN_WORDS).map(([outcome, words]) => (
        <option key={outcome} value={OUTCOME_NAMES[outcome as keyof typeof OUTCOME_NAMES]}>
          {words}
        </option>
      ))}
    </SelectField>
    <SelectField name="classe" label={`Classe del ${year}`} defaultValue={filter.classId ?? ''}>
      <option value="">Tutte</option>
      {classes.map(({ id, name, schoolName }) => (
        <option key={id} value={id}>
          {`${name} · ${schoolName}`}
        </option>
      ))}
    </SelectField>
    <div>
      <Button look="secondary" icon="search">
        Mostra
      </Button>
    </div>
  </form>
)

const NotBegun = ({ href }: { href: string }) => (
  <EmptyState
    icon="users"
    title="Il passaggio non è ancora preparato"
    action={<ButtonLink href={href}>Prepara il passaggio</ButtonLink>}
  />
)

function lines(pupils: readonly RolloverPupil[], families: string): PupilLine[] {
  const seen = new Set<string>()
  return pupils.map((one) => {
    const mayTick = !seen.has(one.pupilId)
    seen.add(one.pupilId)
    return {
      ...{ key: `${one.pupilId} ${one.serviceName}`, pupilId: one.pupilId, mayTick, name: one.name },
      family: `${families}/${one.householdId}`,
      outcome: ROLLOVER_OUTCOMES_IN_WORDS[one.outcome],
      why: REASON_WORDS[one.why],
      ...{ from: one.from, to: one.to ?? '–' },
      notes: notesOf(one),
    }
  })
}

function notesOf({
  serviceName,
  validFrom,
  validTo,
  dietCode,
  oldDietCode,
  fareEnds,
  leftCents,
}: RolloverPupil) {
  return [
    validFrom && validTo ? `${serviceName}, ${stayInWords(validFrom, validTo)}` : serviceName,
    ...(dietCode && dietCode !== oldDietCode ? [`Dieta ${oldDietCode}: da definire`] : []),
    ...(fareEnds ? ['La fascia di prezzo finisce'] : []),
    ...(leftCents !== null && leftCents > 0
      ? [`Restano ${formatEuro(leftCents)}: rimborso da decidere`]
      : []),
    ...(leftCents !== null && leftCents < 0 ? [`Restano ${formatEuro(-leftCents)} da pagare`] : []),
  ]
}
