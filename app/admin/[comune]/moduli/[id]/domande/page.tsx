import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { QueueTable } from '#components/office/forms/queue-table.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { readQueueFilter } from '#lib/forms/office/submission.address.ts'
import { queueOf } from '#lib/forms/office/submission.queries.ts'
import { STATES_IN_WORDS } from '#lib/forms/submission.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { italian } from '#lib/words/language.ts'

export const metadata: Metadata = { title: 'Domande arrivate' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

/** The submissions of a form, those that wait longest first. */
export default async function Requests({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, typed] = await Promise.all([params, searchParams])
  const filter = readQueueFilter(typed)
  const queue = await queueOf(await requireViewer(municipalitySlug), id, filter)
  if (!queue) notFound()
  const base = `/admin/${municipalitySlug}/moduli/${id}`
  const total = Object.values(queue.counts).reduce((sum, count) => sum + count, 0)
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Moduli e domande', href: `/admin/${municipalitySlug}/moduli` },
          { label: queue.title, href: base },
          { label: 'Domande arrivate' },
        ]}
      />
      <PageHeading
        eyebrow={queue.title}
        title="Domande arrivate"
        lead={`${total} in tutto. Ogni lettura resta nel registro, e la famiglia la vede.`}
        actions={
          <>
            <ButtonLink look="secondary" icon="download" href={`${base}/domande/csv`}>
              Scarica per Excel (CSV)
            </ButtonLink>
            <ButtonLink look="quiet" icon="pencil" href={base}>
              Il modulo
            </ButtonLink>
          </>
        }
      />
      <search className="mb-6 block print:hidden">
        <form action={`${base}/domande`} className="flex flex-wrap items-end gap-4">
          <div className="min-w-0 flex-1 basis-56">
            <Field
              label="Nome o protocollo"
              name="cerca"
              type="search"
              defaultValue={filter.text}
              maxLength={80}
            />
          </div>
          <div className="basis-56">
            <SelectField
              label="Stato"
              name="stato"
              defaultValue={filter.state === 'waiting' ? 'da-decidere' : filter.state || 'tutte'}
            >
              <option value="da-decidere">Da decidere</option>
              <option value="tutte">Tutte</option>
              {Object.entries(STATES_IN_WORDS).map(([state, label]) => (
                <option key={state} value={state}>
                  {italian(label)} ({queue.counts[state] ?? 0})
                </option>
              ))}
            </SelectField>
          </div>
          <label className="flex min-h-12 items-center gap-2">
            <input
              type="checkbox"
              name="mie"
              value="si"
              defaultChecked={filter.mine}
              className="size-5 accent-primary"
            />
            Solo le mie
          </label>
          <Button look="secondary" icon="search">
            Cerca
          </Button>
        </form>
      </search>
      {queue.lines.length > 0 ? (
        <QueueTable base={`${base}/domande`} lines={queue.lines} />
      ) : (
        <EmptyState
          icon="list"
          title={total === 0 ? 'Non è ancora arrivata nessuna domanda' : 'Nessuna domanda con questi filtri'}
          action={total > 0 && <a href={`${base}/domande?stato=tutte`}>Mostra tutte</a>}
        />
      )}
    </>
  )
}
