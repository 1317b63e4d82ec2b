'use client'

import { useActionState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { NamedView } from '#lib/lists/list.ts'
import type { KeptView } from '#lib/lists/list-view.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

export type ViewAction = (previous: FormState<unknown>, form: FormData) => Promise<FormState<unknown>>

type Props = {
  base: string
  /** Municipality, list and the query of this page. */
  hidden: { municipalitySlug: string; list: string; query: string }
  views: readonly NamedView[]
  kept: readonly KeptView[]
  keep: ViewAction
  drop: ViewAction
}

/** The views of a list: those of the house, then one's own, which a person makes of any page and takes away again. */
export function ListViews({ base, hidden, views, kept, keep, drop }: Props) {
  const [keeping, send] = useActionState(keep, UNTOUCHED as FormState<unknown>)
  const [, take] = useActionState(drop, UNTOUCHED as FormState<unknown>)
  return (
    <div className="mb-1 flex flex-wrap items-center gap-x-4 text-sm print:hidden">
      <nav aria-label="Viste" className="flex flex-wrap items-center gap-x-4">
        {views.map(({ label, query }) => (
          <ViewLink key={label} {...{ base, query, label }} isOpen={query === hidden.query} />
        ))}
        {kept.map(({ id, name, query }) => (
          <span key={id} className="inline-flex items-center">
            <ViewLink {...{ base, query, label: name }} isOpen={query === hidden.query} />
            <form action={take}>
              <HiddenFields values={{ ...hidden, id }} />
              <button
                type="submit"
                aria-label={`Togli la vista ${name}`}
                className="inline-flex size-11 items-center justify-center text-muted hover:text-danger sm:size-8"
              >
                <Icon name="circle-x" size="sm" />
              </button>
            </form>
          </span>
        ))}
      </nav>
      <details className="relative">
        <summary className="cursor-pointer py-1 font-semibold text-primary">Salva questa vista</summary>
        <form action={send} className="mt-2 flex flex-wrap items-end gap-2">
          <HiddenFields values={hidden} />
          <ErrorSummary message={keeping.error?.message} />
          <Field
            name="name"
            id="nome-vista"
            label="Nome della vista"
            maxLength={60}
            autoComplete="off"
            error={keeping.error?.fields.name}
            defaultValue={keeping.typed.name}
            className="min-h-11! py-1! sm:min-h-10!"
          />
          <Button look="secondary" className="min-h-11! py-1! sm:min-h-10!">
            Salva
          </Button>
        </form>
      </details>
    </div>
  )
}

const ViewLink = ({
  base,
  query,
  label,
  isOpen,
}: {
  base: string
  query: string
  label: string
  isOpen: boolean
}) => (
  <a
    href={query === '' ? base : `${base}?${query}`}
    aria-current={isOpen ? 'page' : undefined}
    className="inline-flex min-h-11 items-center font-semibold sm:min-h-9 aria-[current=page]:text-ink aria-[current=page]:no-underline"
  >
    {label}
  </a>
)
