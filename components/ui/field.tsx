import type { ComponentProps, ReactNode } from 'react'
import { Said } from '#components/language/said.tsx'
import { useWords } from '#words'
import { Icon } from './icon.tsx'

const CONTROL =
  'w-full min-h-12 rounded border-2 bg-white px-3 py-2 text-base text-body placeholder:text-muted border-line-strong ' +
  'hover:border-muted aria-invalid:border-danger-strong'

type Wiring = {
  /** Also the id, unless `id` is given: the error summary links to it. */
  name: string
  id?: string
  label: ReactNode
  hint?: ReactNode
  /** What is wrong and how to put it right. */
  error?: string | undefined
}

const wiringOf = ({ id, name, hint, error }: Wiring) => {
  const field = id ?? name
  const ids = [hint ? `${field}-aiuto` : '', error ? `${field}-errore` : ''].filter(Boolean).join(' ')
  return {
    id: field,
    name,
    'aria-describedby': ids || undefined,
    'aria-invalid': error ? (true as const) : undefined,
  }
}

function Frame({ wiring, children }: { wiring: Wiring; children: ReactNode }) {
  const id = wiring.id ?? wiring.name
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-semibold text-ink">
        {wiring.label}
      </label>
      {wiring.hint && (
        <p id={`${id}-aiuto`} className="text-sm text-muted">
          {wiring.hint}
        </p>
      )}
      {wiring.error && <FieldError id={`${id}-errore`}>{wiring.error}</FieldError>}
      {children}
    </div>
  )
}

/** The sentence under a label that says what to put right. */
export function FieldError({ id, children }: { id: string; children: string }) {
  const t = useWords()
  return (
    <p id={id} className="flex items-start gap-1.5 font-semibold text-danger">
      <Icon name="circle-alert" className="mt-0.5" />
      <span>
        <span className="sr-only">{t('Errore:')} </span>
        <Said text={children} />
      </span>
    </p>
  )
}

/** One line of text with label, hint and error tied to it for screen readers. `unit` is written after it ("€", "pasti"). */
export function Field({
  label,
  hint,
  error,
  unit,
  className = '',
  ...input
}: Wiring & { unit?: string } & Omit<ComponentProps<'input'>, 'name' | 'id'>) {
  const wiring = { label, hint, error, name: input.name, ...(input.id ? { id: input.id } : {}) }
  return (
    <Frame wiring={wiring}>
      <span className="flex items-center gap-2">
        <input type="text" {...input} {...wiringOf(wiring)} className={`${CONTROL} ${className}`} />
        {unit && <span className="font-semibold text-ink">{unit}</span>}
      </span>
    </Frame>
  )
}

export function SelectField({
  label,
  hint,
  error,
  className = '',
  children,
  ...select
}: Wiring & Omit<ComponentProps<'select'>, 'name' | 'id'>) {
  const wiring = { label, hint, error, name: select.name, ...(select.id ? { id: select.id } : {}) }
  return (
    <Frame wiring={wiring}>
      <span className="relative block">
        <select {...select} {...wiringOf(wiring)} className={`${CONTROL} appearance-none pe-11 ${className}`}>
          {children}
        </select>
        <Icon
          name="chevron-down"
          className="pointer-events-none absolute end-3 top-1/2 -translate-y-1/2 text-primary"
        />
      </span>
    </Frame>
  )
}

export function TextAreaField({
  label,
  hint,
  error,
  className = '',
  ...area
}: Wiring & Omit<ComponentProps<'textarea'>, 'name' | 'id'>) {
  const wiring = { label, hint, error, name: area.name, ...(area.id ? { id: area.id } : {}) }
  return (
    <Frame wiring={wiring}>
      <textarea rows={4} {...area} {...wiringOf(wiring)} className={`${CONTROL} ${className}`} />
    </Frame>
  )
}

/** A question with choices: the legend is the question, each `Choice` inside is an answer. */
export function ChoiceGroup({
  legend,
  hint,
  error,
  name,
  children,
}: {
  legend: ReactNode
  hint?: ReactNode
  error?: string | undefined
  name: string
  children: ReactNode
}) {
  const describedBy = [hint ? `${name}-aiuto` : '', error ? `${name}-errore` : ''].filter(Boolean).join(' ')
  return (
    <fieldset className="flex flex-col gap-2" aria-describedby={describedBy || undefined}>
      <legend className="mb-2 font-semibold text-ink">{legend}</legend>
      {hint && (
        <p id={`${name}-aiuto`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && <FieldError id={`${name}-errore`}>{error}</FieldError>}
      {children}
    </fieldset>
  )
}

/** One answer, as a row that can be pressed anywhere. */
export function Choice({
  label,
  hint,
  type = 'radio',
  id,
  ...input
}: { label: ReactNode; hint?: ReactNode; type?: 'radio' | 'checkbox'; id: string } & Omit<
  ComponentProps<'input'>,
  'type' | 'id'
>) {
  return (
    <div className="relative flex min-h-14 items-start gap-3 rounded border-2 border-line-strong bg-white px-4 py-3 has-checked:border-primary has-checked:bg-canvas">
      <input
        {...input}
        id={id}
        type={type}
        aria-describedby={hint ? `${id}-aiuto` : undefined}
        className="relative z-10 mt-0.5 size-6 shrink-0 accent-primary"
      />
      <div>
        <label htmlFor={id} className="stretched font-semibold text-ink">
          {label}
        </label>
        {hint && (
          <p id={`${id}-aiuto`} className="text-sm text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}
