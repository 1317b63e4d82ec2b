import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PartForm } from '#components/office/forms/part-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { mediaTypeInWords, mediaTypeOf } from '#lib/files/file-type.ts'
import {
  blankField,
  type Definition,
  DOCUMENT_TYPES,
  FIELD_KINDS,
  isFieldKind,
  KNOWN_DATA,
  ROLES,
  type Step,
} from '#lib/forms/form.ts'
import { partFields } from '#lib/forms/office/form.fields.ts'
import { builtForm } from '#lib/forms/office/form.queries.ts'
import { partOf, possibleConditions } from '#lib/forms/office/form-part.input.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { saveFieldPart, saveStepPart } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Domanda del modulo' }

type Props = {
  params: Promise<{ comune: string; id: string; parte: string }>
  searchParams: Promise<SearchParams>
}

const listed = (table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([value, label]) => ({
    value,
    label: label.charAt(0).toUpperCase() + label.slice(1),
  }))

/** One step or one question of a form, to write or to change. */
export default async function FormPart({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id, parte }, { passo, tipo }] = await Promise.all([params, searchParams])
  const form = await builtForm(await requireViewer(municipalitySlug), id)
  if (!form) notFound()
  const { latest } = form
  const isNew = parte === 'nuova'
  const into = isNew ? latest.definition.steps.find((step) => step.id === passo) : undefined
  const found = isNew
    ? into && isFieldKind(tipo)
      ? { step: into, field: blankField('', tipo) }
      : null
    : partOf(latest.definition, parte)
  if (!found) notFound()
  const { step, field } = found
  const base = `/admin/${municipalitySlug}/moduli/${id}`
  const title = field
    ? isNew
      ? `Nuova domanda: ${FIELD_KINDS[field.kind].toLowerCase()}`
      : 'Modifica la domanda'
    : 'Modifica il passo'
  const hidden = {
    municipalitySlug,
    formId: id,
    part: isNew ? '' : parte,
    stepId: step.id,
    kind: field?.kind ?? '',
  }
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Moduli e domande', href: `/admin/${municipalitySlug}/moduli` },
          { label: latest.definition.title || 'Modulo', href: base },
          { label: title },
        ]}
      />
      <PageHeading
        title={title}
        eyebrow={field ? `${FIELD_KINDS[field.kind]} · ${step.title}` : latest.definition.title}
      />
      <PartForm
        hidden={hidden}
        at={{ number: latest.number, revision: latest.revision }}
        kind={field?.kind ?? ''}
        values={partFields(step, field)}
        here={isNew ? base : `${base}/parte/${parte}`}
        conditions={possibleConditions(upTo(latest.definition, step, isNew), isNew ? '' : parte)}
        knownData={listed(KNOWN_DATA)}
        roles={form.kind === 'other' ? [] : listed(ROLES)}
        documentTypes={DOCUMENT_TYPES.map((type) => ({
          value: type,
          label: mediaTypeInWords(mediaTypeOf(type)),
        }))}
        backHref={`${base}#${isNew ? step.id : parte}`}
        action={field ? saveFieldPart : saveStepPart}
      />
    </>
  )
}

/** A new question comes after everything in its step, and may hang on all of it. */
const upTo = (definition: Definition, step: Step, isNew: boolean): Definition =>
  isNew ? { ...definition, steps: definition.steps.slice(0, definition.steps.indexOf(step) + 1) } : definition
