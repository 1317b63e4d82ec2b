import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FieldInput } from '#components/forms/field-input.tsx'
import { StepProgress } from '#components/forms/step-progress.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { askedField } from '#lib/forms/form-screen.ts'
import { builtForm, previewFacts } from '#lib/forms/office/form.queries.ts'
import { conditionInWords } from '#lib/forms/office/form-part.input.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Anteprima del modulo' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

/** A form as a family sees it, step by step, with every question; nothing that is written here goes anywhere. */
export default async function FormPreview({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { passo }] = await Promise.all([params, searchParams])
  const form = await builtForm(await requireViewer(municipalitySlug), id)
  if (!form) notFound()
  const { definition } = form.latest
  const base = `/admin/${municipalitySlug}/moduli/${id}`
  const at = Math.max(
    0,
    definition.steps.findIndex((step) => step.id === passo),
  )
  const step = definition.steps[at]
  const facts = previewFacts(form)
  const hrefOf = (stepId: string | undefined) => (stepId ? `${base}/anteprima?passo=${stepId}` : base)
  return (
    <div className="mx-auto max-w-3xl">
      <div className="mb-6">
        <Notice
          title={`Anteprima della versione ${form.latest.number}`}
          action={
            <ButtonLink look="secondary" icon="arrow-left" href={base}>
              Torna al modulo
            </ButtonLink>
          }
        >
          <p>
            Così la vede una famiglia. Qui si vedono anche le domande che di solito compaiono solo con certe
            risposte.
          </p>
        </Notice>
      </div>
      {!step ? (
        <p>Il modulo non ha ancora passi.</p>
      ) : (
        <>
          <PageHeading title={step.title} eyebrow={definition.title} />
          <StepProgress
            steps={definition.steps.map((one) => ({ id: one.id, title: one.title, href: hrefOf(one.id) }))}
            current={step.id}
            recapHref={base}
          />
          {conditionInWords(definition, step.when) && (
            <p className="mb-4 text-muted">
              Questo passo si mostra {conditionInWords(definition, step.when)}.
            </p>
          )}
          {step.intro && <p className="mb-6 whitespace-pre-line">{step.intro}</p>}
          <div className="grid gap-6">
            {step.fields.map((field) => (
              <div key={field.id} className="grid gap-1">
                {conditionInWords(definition, field.when) && (
                  <p className="text-sm text-muted">Si mostra {conditionInWords(definition, field.when)}</p>
                )}
                <FieldInput
                  field={askedField(field, definition, facts)}
                  answer={undefined}
                  problem={undefined}
                  documents={[]}
                  documentPath=""
                />
              </div>
            ))}
            <div className="flex flex-wrap gap-3">
              <ButtonLink icon="arrow-right" href={hrefOf(definition.steps[at + 1]?.id)}>
                {definition.steps[at + 1] ? 'Salva e continua' : 'Fine dell’anteprima'}
              </ButtonLink>
              {at > 0 && (
                <ButtonLink look="quiet" icon="arrow-left" href={hrefOf(definition.steps[at - 1]?.id)}>
                  Indietro
                </ButtonLink>
              )}
            </div>
          </div>
        </>
      )}
    </div>
  )
}
