import { Card } from '#components/ui/card.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { type Definition, FIELD_KINDS, type Field, ROLES } from '#lib/forms/form.ts'
import type { FormFinding } from '#lib/forms/office/form-findings.ts'
import { conditionInWords } from '#lib/forms/office/form-part.input.ts'
import { ActForm, type OfficeAction } from './act-form.tsx'

type Props = {
  base: string
  hidden: Record<string, string | number>
  definition: Definition
  findings: readonly FormFinding[]
  action: OfficeAction
}

/** The steps and questions of a form, each with what can be done to it; every act is a button, so the keyboard does all. */
export function PartsList({ base, hidden, definition, findings, action }: Props) {
  const found = (id: string) => findings.filter(({ at }) => at === id)
  return (
    <ol id="passi" className="grid gap-6">
      {definition.steps.map((step, index) => (
        <li key={step.id} id={step.id} className="scroll-mt-4">
          <Card
            title={`Passo ${index + 1}: ${step.title}`}
            aside={
              <Acts
                base={base}
                hidden={hidden}
                id={step.id}
                name={`il passo ${step.title}`}
                isFirst={index === 0}
                isLast={index === definition.steps.length - 1}
                action={action}
              />
            }
          >
            <Condition text={conditionInWords(definition, step.when)} />
            <Problems findings={found(step.id)} />
            <ol className="divide-y divide-line">
              {step.fields.map((field, at) => (
                <li
                  key={field.id}
                  id={field.id}
                  className="grid scroll-mt-4 gap-2 py-3 lg:grid-cols-[1fr_auto] lg:items-center"
                >
                  <FieldLine field={field} definition={definition} findings={found(field.id)} />
                  <Acts
                    base={base}
                    hidden={hidden}
                    id={field.id}
                    name={`la domanda ${field.label}`}
                    isFirst={index === 0 && at === 0}
                    isLast={index === definition.steps.length - 1 && at === step.fields.length - 1}
                    action={action}
                  />
                </li>
              ))}
            </ol>
            <AddField base={base} stepId={step.id} stepTitle={step.title} />
          </Card>
        </li>
      ))}
    </ol>
  )
}

function FieldLine({
  field,
  definition,
  findings,
}: {
  field: Field
  definition: Definition
  findings: readonly FormFinding[]
}) {
  const notes = [FIELD_KINDS[field.kind], field.required ? 'obbligatoria' : 'facoltativa']
  if (field.role) notes.push(`dice ${ROLES[field.role]}`)
  return (
    <div className="min-w-0">
      <p className="font-semibold text-ink">{field.label || 'Domanda senza testo'}</p>
      <p className="text-sm text-muted">{notes.join(' · ')}</p>
      <Condition text={conditionInWords(definition, field.when)} />
      <Problems findings={findings} />
    </div>
  )
}

const Condition = ({ text }: { text: string }) =>
  text ? (
    <p className="flex items-start gap-1.5 text-sm text-ink">
      <Icon name="eye" size="sm" className="mt-0.5" />
      Si mostra {text}
    </p>
  ) : null

const Problems = ({ findings }: { findings: readonly FormFinding[] }) =>
  findings.map(({ message }) => (
    <p key={message} className="flex items-start gap-1.5 font-semibold text-danger">
      <Icon name="circle-alert" className="mt-0.5" />
      {message}
    </p>
  ))

function Acts({
  base,
  hidden,
  id,
  name,
  isFirst,
  isLast,
  action,
}: Pick<Props, 'base' | 'hidden' | 'action'> & {
  id: string
  name: string
  isFirst: boolean
  isLast: boolean
}) {
  const acts: [act: string, icon: IconName, label: string, shown: boolean][] = [
    ['up', 'arrow-up', 'Sposta su', !isFirst],
    ['down', 'arrow-down', 'Sposta giù', !isLast],
    ['duplicate', 'copy', 'Duplica', true],
    ['delete', 'trash-2', 'Elimina', true],
  ]
  return (
    <div className="flex flex-wrap items-center gap-x-1 [&_button]:px-2 [&_button]:text-sm">
      <a href={`${base}/parte/${id}`} className="inline-flex min-h-12 items-center gap-1 px-2 font-semibold">
        <Icon name="pencil" />
        Modifica<span className="sr-only"> {name}</span>
      </a>
      {acts
        .filter(([, , , shown]) => shown)
        .map(([act, icon, label]) => (
          <ActForm
            key={act}
            hidden={{ ...hidden, act, part: id }}
            action={action}
            look="quiet"
            icon={icon}
            title={`${label} ${name}`}
            label={label}
            pendingLabel="…"
          />
        ))}
    </div>
  )
}

/** A new question begins with its kind. A plain form: its answer is the page where the question is written. */
function AddField({ base, stepId, stepTitle }: { base: string; stepId: string; stepTitle: string }) {
  return (
    <form
      action={`${base}/parte/nuova`}
      className="mt-4 flex flex-wrap items-end gap-3 border-t border-line pt-4"
    >
      <input type="hidden" name="passo" value={stepId} />
      <label className="grid gap-1.5 font-semibold text-ink">
        Aggiungi una domanda a “{stepTitle}”
        <select
          name="tipo"
          className="min-h-12 rounded border-2 border-line-strong bg-white px-3 py-2 font-normal text-body"
        >
          {Object.entries(FIELD_KINDS).map(([kind, label]) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <button
        type="submit"
        className="inline-flex min-h-12 items-center gap-2 rounded border-2 border-primary bg-white px-5 py-2 font-semibold text-primary"
      >
        <Icon name="plus" />
        Aggiungi
      </button>
    </form>
  )
}
