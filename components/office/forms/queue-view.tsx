import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { LACKS } from '#lib/forms/completeness.ts'
import { ASKING_WORDS, MOST_IN_BATCH } from '#lib/forms/office/batch.ts'
import { BATCH_KINDS, BATCH_STATES } from '#lib/forms/office/batch.words.ts'
import {
  AGES,
  LACKS_IN_WORDS,
  QUEUE_SORTS,
  type QueueFilter,
  queueQuery,
} from '#lib/forms/office/submission.address.ts'
import { STATES_IN_WORDS, type SubmissionState } from '#lib/forms/submission.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'
import type { OfficeAction } from './act-form.tsx'
import { BatchForm } from './batch-form.tsx'
import { type QueueRow, QueueTable } from './queue-table.tsx'

type Named = { id: string; name: string }

export type QueueShown = {
  lines: readonly QueueRow[]
  total: number
  pages: number
  counts: Readonly<Record<string, number>>
  forms: readonly { id: string; title: string }[]
  schools: readonly Named[]
  classes: readonly Named[]
}

type InHand = {
  id: string
  kind: keyof typeof BATCH_KINDS
  state: keyof typeof BATCH_STATES
  madeBy: string
  madeAt: Date
  total: number
}

/** The queue: what it is narrowed by, one page of it, and what can be done with several requests together. */
export function QueueView({
  municipalitySlug,
  path,
  isOfOneForm,
  filter,
  queue,
  batches,
  dueOn,
  action,
}: {
  municipalitySlug: string
  /** The page itself. */
  path: string
  isOfOneForm: boolean
  filter: QueueFilter
  queue: QueueShown
  batches: readonly InHand[]
  dueOn: string
  action: OfficeAction
}) {
  const base = `/admin/${municipalitySlug}/moduli`
  const all = Object.values(queue.counts).reduce((sum, count) => sum + count, 0)
  const hrefOf = (page: number) => `${path}${queueQuery(shownFilter(filter, isOfOneForm, page))}`
  return (
    <div className="grid gap-6">
      <Batches base={base} batches={batches} />
      <QueueFilters path={path} filter={filter} queue={queue} isOfOneForm={isOfOneForm} />
      <p role="status" className="font-semibold text-ink">
        {queue.total === 1 ? '1 domanda' : `${queue.total} domande`}
        {queue.pages > 1 && `, pagina ${filter.page} di ${queue.pages}`}
      </p>
      {queue.lines.length > 0 ? (
        <BatchForm
          hidden={{ municipalitySlug, filter: queueQuery({ ...filter, page: 1 }).slice(1) }}
          action={action}
          most={MOST_IN_BATCH}
          classes={queue.classes}
          words={ASKING_WORDS}
          dueOn={dueOn}
        >
          <QueueTable base={base} lines={queue.lines} />
          <Pagination label="Pagine delle domande" page={filter.page} pages={queue.pages} hrefOf={hrefOf} />
        </BatchForm>
      ) : (
        <EmptyState
          icon="list"
          title={all === 0 ? 'Non è ancora arrivata nessuna domanda' : 'Nessuna domanda con questi filtri'}
          action={all > 0 && <a href={`${path}?stato=tutte`}>Mostra tutte</a>}
        />
      )}
    </div>
  )
}

/** The form stands in the path of its own queue, and not in the query. */
const shownFilter = (filter: QueueFilter, isOfOneForm: boolean, page: number): QueueFilter => ({
  ...filter,
  page,
  ...(isOfOneForm ? { formId: '' } : {}),
})

function Batches({ base, batches }: { base: string; batches: readonly InHand[] }) {
  if (batches.length === 0) return null
  return (
    <div className="print:hidden">
      <Notice kind="info" title="Gruppi di domande">
        <ul className="grid gap-1">
          {batches.map(({ id, kind, state, madeBy, madeAt, total }) => (
            <li key={id}>
              <a href={`${base}/gruppi/${id}`}>
                {BATCH_KINDS[kind].title}, {total === 1 ? '1 domanda' : `${total} domande`}
              </a>
              : {BATCH_STATES[state].toLowerCase()}. {madeBy}, {dated`il ${instantInWords(madeAt)}`}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  )
}

const Choice = ({
  label,
  name,
  value,
  children,
}: {
  label: string
  name: string
  value: string
  children: ReactNode
}) => (
  <div className="min-w-0 basis-52">
    <SelectField label={label} name={name} defaultValue={value}>
      {children}
    </SelectField>
  </div>
)

function QueueFilters({
  path,
  filter,
  queue,
  isOfOneForm,
}: {
  path: string
  filter: QueueFilter
  queue: QueueShown
  isOfOneForm: boolean
}) {
  return (
    <search className="block print:hidden">
      <form action={path} className="flex flex-wrap items-end gap-4">
        <div className="min-w-0 flex-1 basis-56">
          <Field
            label="Nome o protocollo"
            name="cerca"
            type="search"
            defaultValue={filter.text}
            maxLength={80}
          />
        </div>
        <Choice
          label="Stato"
          name="stato"
          value={filter.state === 'waiting' ? 'da-decidere' : filter.state || 'tutte'}
        >
          <option value="da-decidere">Da decidere</option>
          <option value="tutte">Tutte</option>
          {(Object.keys(STATES_IN_WORDS) as SubmissionState[]).map((state) => (
            <option key={state} value={state}>
              {italian(STATES_IN_WORDS[state])} ({queue.counts[state] ?? 0})
            </option>
          ))}
        </Choice>
        {!isOfOneForm && (
          <Choice label="Modulo" name="modulo" value={filter.formId}>
            <option value="">Tutti</option>
            {queue.forms.map(({ id, title }) => (
              <option key={id} value={id}>
                {title || 'Modulo senza titolo'}
              </option>
            ))}
          </Choice>
        )}
        <Choice label="Scuola" name="scuola" value={filter.schoolId}>
          <option value="">Tutte</option>
          {queue.schools.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Choice>
        <Waiting filter={filter} />
        <Mine isTicked={filter.mine} />
        <Button look="secondary" icon="search">
          Cerca
        </Button>
      </form>
    </search>
  )
}

/** What a request waits for, since when, and in which order. */
function Waiting({ filter }: { filter: QueueFilter }) {
  const lack = filter.lack === 'none' ? 'niente' : filter.lack ? LACKS_IN_WORDS[filter.lack].address : ''
  return (
    <>
      <Choice label="Che cosa manca" name="manca" value={lack}>
        <option value="">Qualsiasi</option>
        <option value="niente">Complete</option>
        {LACKS.map((one) => (
          <option key={one} value={LACKS_IN_WORDS[one].address}>
            {LACKS_IN_WORDS[one].words}
          </option>
        ))}
      </Choice>
      <Choice label="Aspetta da" name="attesa" value={String(filter.waited || '')}>
        <option value="">Qualsiasi</option>
        {AGES.map((days) => (
          <option key={days} value={days}>
            almeno {days} giorni
          </option>
        ))}
      </Choice>
      <Choice label="Ordine" name="ordina" value={filter.sort}>
        {Object.entries(QUEUE_SORTS).map(([sort, words]) => (
          <option key={sort} value={sort}>
            {words}
          </option>
        ))}
      </Choice>
    </>
  )
}

const Mine = ({ isTicked }: { isTicked: boolean }) => (
  <label className="flex min-h-12 items-center gap-2">
    <input
      type="checkbox"
      name="mie"
      value="si"
      defaultChecked={isTicked}
      className="size-5 accent-primary"
    />
    Solo le mie
  </label>
)
