import { ClassField } from '#components/office/class-field.tsx'
import { OfficeList } from '#components/office/list/office-list.tsx'
import { Field, TextAreaField } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { ASKING_WORDS, MOST_IN_BATCH } from '#lib/forms/office/batch.ts'
import { BATCH_KINDS, BATCH_STATES } from '#lib/forms/office/batch.words.ts'
import type { OpenedList } from '#lib/lists/list.ts'
import type { NamedClass } from '#lib/school/office/class-choice.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import type { BatchAction } from '../list/list-table.tsx'

type InHand = {
  id: string
  kind: keyof typeof BATCH_KINDS
  state: keyof typeof BATCH_STATES
  madeBy: string
  madeAt: Date
  total: number
}

type Props = {
  municipalitySlug: string
  /** Of one form; empty for the requests of all. */
  formId: string
  queue: OpenedList & { all: number; classes: readonly NamedClass[] | null }
  batches: readonly InHand[]
  dueOn: string
  accept: BatchAction
  ask: BatchAction
}

/** The queue: the batches in hand, the requests, and what can be done with several of them together. */
export function QueueView({ municipalitySlug, formId, queue, batches, dueOn, accept, ask }: Props) {
  const { all, classes, list, state, options, page } = queue
  return (
    <>
      <Batches base={`/admin/${municipalitySlug}/moduli`} batches={batches} />
      <OfficeList
        {...{ municipalitySlug, list, state, options, page }}
        {...(formId ? { tail: `moduli/${formId}/domande` } : {})}
        hidden={formId ? { formId } : {}}
        empty={
          <p>
            {all === 0
              ? 'Non è ancora arrivata nessuna domanda.'
              : 'Nessuna domanda con questi filtri: togline uno, o scegli tutti gli stati.'}
          </p>
        }
        views={null}
        presses={[
          {
            label: 'Prepara l’anteprima',
            action: accept,
            asks: { title: 'Accogliere insieme', fields: <AcceptFields classes={classes} /> },
          },
          {
            label: 'Prepara i messaggi',
            action: ask,
            asks: { title: 'Chiedere quello che manca', fields: <AskFields dueOn={dueOn} /> },
          },
        ]}
        hasFiles={formId === ''}
      />
    </>
  )
}

const AcceptFields = ({ classes }: { classes: readonly NamedClass[] | null }) => (
  <ClassField
    label="Classe per chi non ne ha una"
    hint={`Facoltativa. Chi rinnova passa alla classe dopo; chi ha scritto la classe va in quella. Al massimo ${MOST_IN_BATCH.toLocaleString('it-IT')} domande insieme, tra quelle da decidere.`}
    name="classId"
    none="Lascia da parte chi non ne ha una"
    classes={classes}
  />
)

const AskFields = ({ dueOn }: { dueOn: string }) => (
  <>
    <TextAreaField
      label="Messaggio"
      hint="{figlio} diventa il nome, {manca} quello che manca a ciascuna domanda."
      name="words"
      rows={3}
      maxLength={1_500}
      defaultValue={ASKING_WORDS}
    />
    <Field label="Entro il" name="dueOn" type="date" defaultValue={dueOn} />
  </>
)

function Batches({ base, batches }: { base: string; batches: readonly InHand[] }) {
  if (batches.length === 0) return null
  return (
    <div className="mb-4 print:hidden">
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
