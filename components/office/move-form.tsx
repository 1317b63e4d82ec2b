'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import { ClassField } from '#components/office/class-field.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, FieldError } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { NamedClass } from '#lib/school/office/class-choice.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { dated } from '#lib/words/dated.ts'
import { longDay, numericDay } from '#lib/words/format-day.ts'
import { Consequences, PressesInRow } from './preview-presses.tsx'

type Value = {
  lines: readonly string[]
  seen: string
  typed: { classId: string; from: string; pupilIds: string[]; reason: string }
}
export type MoveAction = (previous: FormState<Value>, form: FormData) => Promise<FormState<Value>>

type Props = {
  municipalitySlug: string
  serviceId: string
  families: string
  list: {
    firstDay: string
    pupils: readonly { id: string; name: string; householdId: string; from: string; to: string }[]
    classes: readonly NamedClass[] | null
  }
  /** The pupils that are chosen at first. */
  ticked: readonly string[]
  action: MoveAction
}

/** The pupils of a class, and the form that moves the chosen ones to another class from a day on. */
export function MoveForm({ municipalitySlug, serviceId, families, list, ticked, action }: Props) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState<Value>)
  const errors = state.error?.fields ?? {}
  const preview = state.ok ? state.value : undefined
  const typed = preview?.typed ?? typedIn(state.typed, list.firstDay, ticked)
  return (
    <form action={send} noValidate className="grid gap-6">
      <HiddenFields values={{ municipalitySlug, serviceId }} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      {/* React empties a form that was sent well: what was previewed stays in the fields. */}
      <div key={JSON.stringify(typed)} className="grid items-start gap-6 lg:grid-cols-2">
        <Pupils pupils={list.pupils} ticked={typed.pupilIds} error={errors.pupils} families={families} />
        <div className="grid gap-4">
          <ClassField
            name="classId"
            label="Vanno nella classe"
            none="Scegli…"
            classes={list.classes}
            error={errors.classId}
            defaultValue={typed.classId}
          />
          <Field
            name="from"
            type="date"
            label="Dal giorno"
            hint={`Il primo giorno ancora aperto in cucina è ${longDay(list.firstDay)}.`}
            error={errors.from}
            defaultValue={typed.from}
            className="max-w-60"
          />
          <Field
            name="reason"
            label="Motivo"
            hint="Resta scritto nel registro."
            maxLength={200}
            autoComplete="off"
            error={errors.reason}
            defaultValue={typed.reason}
          />
        </div>
      </div>
      {preview && <Consequences lines={preview.lines} seen={{ seen: preview.seen }} />}
      <PressesInRow
        isShown={Boolean(preview)}
        confirmLabel="Conferma e sposta"
        previewLabel="Vedi che cosa succederà"
      />
    </form>
  )
}

function Pupils({
  pupils,
  ticked,
  error,
  families,
}: Pick<Props['list'], 'pupils'> & Pick<Props, 'ticked' | 'families'> & { error: string | undefined }) {
  return (
    <fieldset aria-describedby={error ? 'pupils-errore' : undefined}>
      <legend className="mb-2 font-semibold text-ink">Alunni</legend>
      {error && <FieldError id="pupils-errore">{error}</FieldError>}
      <ul className="divide-y divide-line rounded-lg border border-line bg-white" data-surface>
        {pupils.map(({ id, name, householdId, from, to }, at) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 px-4 py-1">
            <label className="flex min-h-11 items-center gap-3">
              <input
                id={at === 0 ? 'pupils' : undefined}
                type="checkbox"
                name="pupils[]"
                value={id}
                defaultChecked={ticked.includes(id)}
                className="size-6 shrink-0 accent-primary"
              />
              {name}
            </label>
            <span className="text-sm text-muted">
              {dated`dal ${numericDay(from)} al ${numericDay(to)}`} ·{' '}
              <Link href={`${families}/${householdId}`} prefetch={false}>
                Famiglia<span className="sr-only"> di {name}</span>
              </Link>
            </span>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

/** What stands in the fields before a preview: what was refused, or the first day and the pupils of the address. */
function typedIn(typed: Readonly<Record<string, string>>, firstDay: string, ticked: readonly string[]) {
  const isSent = 'from' in typed
  return {
    classId: typed.classId ?? '',
    from: typed.from ?? firstDay,
    pupilIds: isSent ? (typed['pupils[]'] ?? '').split(',') : [...ticked],
    reason: typed.reason ?? '',
  }
}
