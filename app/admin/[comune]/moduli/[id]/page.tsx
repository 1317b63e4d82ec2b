import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ActForm } from '#components/office/forms/act-form.tsx'
import { PartsList } from '#components/office/forms/parts-list.tsx'
import { SettingsForm } from '#components/office/forms/settings-form.tsx'
import { PublicationChip } from '#components/office/publication-chip.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { FORM_KINDS, ONCE } from '#lib/forms/form.ts'
import { rulesFields } from '#lib/forms/office/form.fields.ts'
import { type BuiltForm, builtForm } from '#lib/forms/office/form.queries.ts'
import { type FormFinding, findingsOf } from '#lib/forms/office/form-findings.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { doneInWords } from '#lib/words/done.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { arrange, close, publish, saveSettings } from '../actions.ts'

export const metadata: Metadata = { title: 'Costruisci il modulo' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

const DONE: Readonly<Record<string, string>> = {
  creato: 'Il modulo è pronto da adattare. Le famiglie non lo vedono ancora.',
  salvato: 'Salvato.',
  pubblicato: 'Pubblicato: le famiglie lo trovano in Moduli online, nelle date scelte.',
  chiuso: 'Il modulo è chiuso. Le domande già arrivate restano da decidere.',
}

/** Where a form is built: its rules, its steps and questions, and what keeps it from being published. */
export default async function FormBuilder({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { fatto }] = await Promise.all([params, searchParams])
  const form = await builtForm(await requireViewer(municipalitySlug), id)
  if (!form) notFound()
  const { latest, kind } = form
  const { definition } = latest
  const base = `/admin/${municipalitySlug}/moduli/${id}`
  const at = { number: latest.number, revision: latest.revision }
  const hidden = { municipalitySlug, formId: id, ...at }
  const findings = findingsOf(kind, definition)
  const done = doneInWords(DONE, fatto)
  const schoolOf = (schoolId: string) => form.schools.find((school) => school.id === schoolId)?.name ?? ''
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Moduli e domande', href: `/admin/${municipalitySlug}/moduli` },
          { label: definition.title || 'Modulo' },
        ]}
      />
      <PageHeading
        eyebrow={FORM_KINDS[kind]}
        title={definition.title || 'Modulo senza titolo'}
        actions={
          <>
            <ButtonLink look="secondary" icon="eye" href={`${base}/anteprima`}>
              Anteprima
            </ButtonLink>
            <ButtonLink look="secondary" icon="list" href={`${base}/domande`}>
              Domande arrivate ({form.total})
            </ButtonLink>
          </>
        }
      />
      <div className="grid gap-6">
        {done && (
          <Notice kind="success" live>
            <p>{done}</p>
          </Notice>
        )}
        <PublishCard form={form} hidden={hidden} municipalitySlug={municipalitySlug} findings={findings} />
        <Card title="Regole" titleId="regole">
          <SettingsForm
            key={`${latest.number}-${latest.revision}`}
            hidden={{ municipalitySlug, formId: id }}
            at={at}
            settings={rulesFields(latest)}
            here={base}
            years={form.years}
            schools={form.schools}
            classes={form.classes
              .filter(({ yearId, isOver }) => yearId === latest.yearId || !isOver)
              .map((one) => ({
                id: one.id,
                name: `${schoolOf(one.schoolId)}, ${one.name}${one.yearId === latest.yearId ? '' : ` (${one.yearName})`}`,
              }))}
            onces={ONCE}
            action={saveSettings}
          />
        </Card>
        <h2 className="text-2xl">Passi e domande del modulo</h2>
        <PartsList base={base} hidden={hidden} definition={definition} findings={findings} action={arrange} />
        <ActForm
          hidden={{ ...hidden, act: 'add-step' }}
          action={arrange}
          icon="plus"
          label="Aggiungi un passo"
        />
        <Card title="Versioni" titleId="versioni">
          <ul className="list-disc ps-6">
            {form.versions.map((version) => (
              <li key={version.number}>
                Versione {version.number}, {version.author},{' '}
                {version.publishedAt
                  ? dated`pubblicata il ${instantInWords(version.publishedAt)}`
                  : dated`salvata il ${instantInWords(version.savedAt)}, non pubblicata`}
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </>
  )
}

function PublishCard({
  form,
  hidden,
  municipalitySlug,
  findings,
}: {
  form: BuiltForm
  hidden: Record<string, string | number>
  municipalitySlug: string
  findings: readonly FormFinding[]
}) {
  const isNew = form.publishedVersion !== form.latest.number || form.closedAt !== null
  const general = findings.filter(({ at }) => at === '')
  return (
    <Card
      title="Pubblicazione"
      titleId="pubblicazione"
      aside={<PublicationChip kind="form" state={form.state} />}
    >
      <div className="grid gap-4">
        {form.closedAt && (
          <p>
            Chiuso {dated`il ${instantInWords(form.closedAt)}`}: {form.closedReason}
          </p>
        )}
        {form.publishedVersion !== null && (
          <p>
            Le famiglie vedono la versione {form.publishedVersion}.{' '}
            {form.latest.number > form.publishedVersion
              ? `La versione ${form.latest.number} è ancora da pubblicare.`
              : 'La prima modifica ne comincia una nuova: quello che è già arrivato non cambia.'}
          </p>
        )}
        {findings.length > 0 && (
          <Notice
            kind="warning"
            title={`Da sistemare prima di pubblicare: ${findings.length}`}
            headingLevel="h3"
          >
            {general.length > 0 && (
              <ul className="list-disc ps-5">
                {general.map(({ message }) => (
                  <li key={message}>{message}</li>
                ))}
              </ul>
            )}
            {findings.length > general.length && (
              <p>Gli altri punti sono segnati accanto a passi e domande.</p>
            )}
          </Notice>
        )}
        {isNew && findings.length === 0 && (
          <ActForm
            hidden={hidden}
            action={publish}
            look="primary"
            icon="send"
            label={`Pubblica la versione ${form.latest.number}`}
          />
        )}
        {(form.state === 'published' || form.state === 'scheduled') && (
          <details>
            <summary className="inline-flex min-h-11 cursor-pointer items-center font-semibold text-primary underline">
              Chiudi prima del termine
            </summary>
            <div className="mt-3 max-w-xl">
              <ActForm
                hidden={{ municipalitySlug, formId: form.id }}
                action={close}
                look="danger"
                icon="circle-pause"
                label="Chiudi il modulo"
                fields={[
                  {
                    kind: 'line',
                    name: 'reason',
                    label: 'Motivo',
                    hint: 'Lo leggono le famiglie che hanno una bozza.',
                    max: 300,
                  },
                ]}
              />
            </div>
          </details>
        )}
      </div>
    </Card>
  )
}
