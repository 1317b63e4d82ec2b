import type { Metadata } from 'next'
import { DiscardForm } from '#components/forms/submission-forms.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { fieldsOf } from '#lib/forms/form.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { plural } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { written } from '#lib/words/written.ts'
import { discard } from '../actions.ts'
import { type FillingProps, readFilling, WindowNotice } from '../filling.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Modulo online') }
}

/** What a form is for, what is needed to fill it in, and where to begin or go on. */
export default async function FormStart(props: FillingProps) {
  const [{ municipalitySlug, found, steps, pages, hidden }, t] = await Promise.all([
    readFilling(props),
    readWords(),
  ])
  const { form, draft, household, households } = found
  const { definition } = form
  const documents = fieldsOf(definition).filter((field) => field.kind === 'file')
  const first = steps[0]
  return (
    <div className="mx-auto max-w-3xl">
      <Breadcrumb
        items={[
          { label: t('Moduli online'), href: `/${municipalitySlug}/moduli` },
          { label: written(definition.title) },
        ]}
      />
      <PageHeading
        title={<span lang="it">{definition.title}</span>}
        eyebrow={t('Anno scolastico {year}', { year: form.yearName })}
      />
      <WindowNotice form={form} />
      <div className="grid gap-6">
        {definition.intro && (
          <p lang="it" className="text-lg whitespace-pre-line">
            {definition.intro}
          </p>
        )}
        {households.length > 1 && (
          <Card title={t('Per quale famiglia?')} titleId="famiglia">
            <ul className="grid gap-2">
              {households.map(({ id, name }) => (
                <li key={id} className="flex min-h-11 items-center">
                  {id === household.id ? (
                    <strong aria-current="true">{name}</strong>
                  ) : (
                    <a href={`/${municipalitySlug}/moduli/${form.id}?famiglia=${id}`}>{name}</a>
                  )}
                </li>
              ))}
            </ul>
          </Card>
        )}
        <Card title={t('Che cosa ti serve')} titleId="che-cosa-serve">
          <ul className="list-disc ps-6">
            <li>
              {t(
                plural(
                  'Qualche minuto: c’è un solo passo, poi il riepilogo.',
                  'Qualche minuto: ci sono {n} passi, poi il riepilogo.',
                ),
                { n: steps.length },
              )}
            </li>
            {documents.map((field) => (
              <li key={field.id}>
                <span lang="it">{field.label}</span>
                {(field.when || !field.required) && ` (${t('solo se serve')})`}
              </li>
            ))}
            <li>{t('Nient’altro: i dati che il portale conosce già sono scritti, e li puoi correggere.')}</li>
          </ul>
        </Card>
        {draft && (
          <Notice title={t('Hai una bozza')}>
            <p>
              {t('Salvata il {when}. Puoi continuarla da qualsiasi dispositivo.', {
                when: instantInWords(draft.updatedAt, t),
              })}
            </p>
          </Notice>
        )}
        <div className="flex flex-wrap gap-3">
          {first && (draft || form.state === 'published') && (
            <ButtonLink size="lg" icon="arrow-right" href={pages.step(first.id)}>
              {draft ? t('Continua') : t('Comincia')}
            </ButtonLink>
          )}
          {draft && (
            <ButtonLink size="lg" look="secondary" href={pages.recap}>
              {t('Vai al riepilogo')}
            </ButtonLink>
          )}
        </div>
        {draft && <DiscardForm hidden={hidden} action={discard} />}
      </div>
    </div>
  )
}
