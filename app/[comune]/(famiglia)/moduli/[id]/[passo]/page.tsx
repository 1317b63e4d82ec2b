import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { StepForm } from '#components/forms/step-form.tsx'
import { StepProgress } from '#components/forms/step-progress.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { askedField, documentLine, documentPathOf, outlineOf } from '#lib/forms/form-screen.ts'
import { readWords } from '#lib/words/words.request.ts'
import { written } from '#lib/words/written.ts'
import { keepStep } from '../../actions.ts'
import { type FillingProps, readFilling, WindowNotice } from '../../filling.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Modulo online') }
}

/** One step of a form, at an address of its own. */
export default async function FormStep(props: FillingProps) {
  const [{ municipalitySlug, found, answers, pages, steps, lines, fromRecap, hidden }, { passo }, t] =
    await Promise.all([readFilling(props), props.params, readWords()])
  const { form, draft, facts } = found
  const { definition } = form
  const at = steps.findIndex(({ id }) => id === passo)
  const step = steps[at]
  if (!step || (!draft && form.state !== 'published')) notFound()
  const before = steps[at - 1]
  return (
    <div className="mx-auto max-w-3xl">
      <Breadcrumb
        items={[
          { label: t('Moduli online'), href: `/${municipalitySlug}/moduli` },
          { label: written(definition.title), href: pages.start },
          { label: written(step.title) },
        ]}
      />
      <PageHeading
        title={<span lang="it">{step.title}</span>}
        eyebrow={<span lang="it">{definition.title}</span>}
      />
      <WindowNotice form={form} />
      <StepProgress steps={lines} current={step.id} recapHref={pages.recap} />
      {step.intro && (
        <p lang="it" className="mb-6 whitespace-pre-line">
          {step.intro}
        </p>
      )}
      <StepForm
        key={step.id}
        hidden={{ ...hidden, stepId: step.id, torna: fromRecap ? 'riepilogo' : '' }}
        revision={draft?.revision ?? 0}
        fields={step.fields.map((field) => askedField(field, definition, facts, t))}
        outline={outlineOf(definition)}
        answers={answers}
        documents={(draft?.documents ?? []).map((document) => documentLine(document, t.language))}
        documentPath={documentPathOf(municipalitySlug)}
        backHref={fromRecap ? pages.recap : before ? pages.step(before.id) : pages.start}
        action={keepStep}
      />
    </div>
  )
}
