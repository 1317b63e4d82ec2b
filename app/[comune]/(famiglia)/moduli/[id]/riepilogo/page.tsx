import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AnswersSheet } from '#components/forms/answers-sheet.tsx'
import { SendForm } from '#components/forms/send-form.tsx'
import { StepProgress } from '#components/forms/step-progress.tsx'
import { BindingInItalian } from '#components/language/courtesy.tsx'
import { Said } from '#components/language/said.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { firstStepToFix } from '#lib/forms/answer.ts'
import { documentPathOf } from '#lib/forms/form-screen.ts'
import { shownAnswers } from '#lib/forms/shown-answers.words.ts'
import { readWords } from '#lib/words/words.request.ts'
import { written } from '#lib/words/written.ts'
import { sendForm } from '../../actions.ts'
import { type FillingProps, readFilling, WindowNotice } from '../../filling.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Riepilogo e invio') }
}

/** Everything that will be sent, on one screen, just before it is sent. */
export default async function FormRecap(props: FillingProps) {
  const [{ municipalitySlug, found, answers, pages, lines, hidden }, t] = await Promise.all([
    readFilling(props),
    readWords(),
  ])
  const { form, draft, facts } = found
  if (!draft) notFound()
  const missing = firstStepToFix(form.definition, answers, facts)
  return (
    <div className="mx-auto max-w-3xl">
      <Breadcrumb
        items={[
          { label: t('Moduli online'), href: `/${municipalitySlug}/moduli` },
          { label: written(form.definition.title), href: pages.start },
          { label: t('Riepilogo e invio') },
        ]}
      />
      <PageHeading
        title={t('Riepilogo e invio')}
        eyebrow={<span lang="it">{form.definition.title}</span>}
        lead={t('Rileggi le risposte. Dopo l’invio non si possono più cambiare.')}
      />
      <WindowNotice form={form} />
      <StepProgress steps={lines} current={null} recapHref={pages.recap} />
      <div className="grid gap-6">
        <BindingInItalian address={pages.recap} />
        {missing && (
          <Notice kind="warning" title={t('Manca ancora qualcosa')}>
            <p>
              <a href={pages.fromRecap(missing.id)}>
                <Said text={t('Completa il passo “{step}”', { step: written(missing.title) })} />
              </a>
            </p>
          </Notice>
        )}
        <AnswersSheet
          sections={shownAnswers(form.definition, answers, facts)}
          editHref={pages.fromRecap}
          documentPath={documentPathOf(municipalitySlug)}
        />
        {!missing && form.state === 'published' && (
          <SendForm
            hidden={{
              ...hidden,
              draftId: draft.id,
              revision: String(draft.revision),
              version: String(form.version),
            }}
            action={sendForm}
          />
        )}
        <div>
          <ButtonLink look="quiet" icon="arrow-left" href={`/${municipalitySlug}/moduli`}>
            {t('Lascia la bozza per dopo')}
          </ButtonLink>
        </div>
      </div>
    </div>
  )
}
