import { notFound } from 'next/navigation'
import { Notice } from '#components/ui/notice.tsx'
import type { Viewer } from '#lib/access/viewer.ts'
import { shownSteps } from '#lib/forms/conditions.ts'
import { answersToStartFrom, type FormToFill, formToFill } from '#lib/forms/form-draft.queries.ts'
import { formAddresses } from '#lib/forms/form-screen.ts'
import { requireFiller } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { useWords } from '#words'

export type FillingProps = {
  params: Promise<{ comune: string; id: string; passo?: string }>
  searchParams: Promise<SearchParams>
}

/** What every page of a form reads: who asks, the form, its answers so far, and the addresses of its pages. */
export async function readFilling({ params, searchParams }: FillingProps) {
  const [{ comune: municipalitySlug, id }, { famiglia, torna }] = await Promise.all([params, searchParams])
  const viewer: Viewer = await requireFiller(municipalitySlug)
  const found = await formToFill(viewer, id, typeof famiglia === 'string' ? famiglia : null)
  if (!found) notFound()
  const answers = answersToStartFrom(found)
  const hasChoice = found.households.length > 1
  const pages = formAddresses(municipalitySlug, id, hasChoice ? found.household.id : null)
  const steps = shownSteps(found.form.definition.steps, answers)
  return {
    municipalitySlug,
    found,
    answers,
    pages,
    steps,
    lines: steps.map((step) => ({ id: step.id, title: step.title, href: pages.step(step.id) })),
    fromRecap: torna === 'riepilogo',
    hidden: {
      municipalitySlug,
      formId: id,
      householdId: found.household.id,
      famiglia: hasChoice ? 'scelta' : '',
    },
  }
}

/** Until when a form is taken, or why it is not any more. */
export function WindowNotice({ form }: Pick<FormToFill, 'form'>) {
  const t = useWords()
  if (form.state === 'published') {
    return form.closesAt ? (
      <p className="mb-6 font-semibold text-ink">
        {t('Si può inviare fino al {when}.', { when: instantInWords(form.closesAt, t) })}
      </p>
    ) : null
  }
  return (
    <div className="mb-6">
      <Notice kind="warning" title={t('Questo modulo non si può più inviare')}>
        <p>
          {form.state === 'withdrawn'
            ? t('L’ufficio l’ha chiuso. Il motivo: {reason}', { reason: form.closedReason })
            : t('Il termine era il {when}.', {
                when: form.closesAt ? instantInWords(form.closesAt, t) : '',
              })}{' '}
          {t(
            'Quello che hai scritto resta nella bozza. Per urgenze scrivi o telefona al gestore: i contatti sono in fondo.',
          )}
        </p>
      </Notice>
    </div>
  )
}
