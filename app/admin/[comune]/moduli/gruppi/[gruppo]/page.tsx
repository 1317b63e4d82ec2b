import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ActForm } from '#components/office/forms/act-form.tsx'
import { BatchProgress } from '#components/office/forms/batch-progress.tsx'
import { BatchEffects, BatchLines } from '#components/office/forms/batch-view.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { refusalInWords } from '#lib/entry/refusals.ts'
import { readBatchFilter } from '#lib/forms/office/batch.address.ts'
import { type Batch, batchOf } from '#lib/forms/office/batch.queries.ts'
import { BATCH_KINDS, BATCH_STATES } from '#lib/forms/office/batch.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords, longDate } from '#lib/words/format-day.ts'
import { again, cancel, confirm } from '../actions.ts'

export const metadata: Metadata = { title: 'Gruppo di domande' }

type Props = {
  params: Promise<{ comune: string; gruppo: string }>
  searchParams: Promise<SearchParams>
}

/** Several requests decided together: the preview, the confirmation, how far it is, what became of each. */
export default async function BatchPage({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, gruppo }, typed] = await Promise.all([params, searchParams])
  const filter = readBatchFilter(typed)
  const batch = await batchOf(await requireViewer(municipalitySlug), gruppo, filter)
  if (!batch) notFound()
  const base = `/admin/${municipalitySlug}/moduli`
  const lines = batch.lines.map(({ reason, ...line }) => ({
    ...line,
    reason: reason && refusalInWords(reason),
  }))
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Moduli e domande', href: base },
          { label: 'Tutte le domande', href: `${base}/domande` },
          { label: BATCH_KINDS[batch.kind].title },
        ]}
      />
      <PageHeading
        eyebrow={BATCH_STATES[batch.state]}
        title={BATCH_KINDS[batch.kind].title}
        lead={`${batch.total === 1 ? '1 domanda' : `${batch.total} domande`}. ${madeInWords(batch)}`}
      />
      <div className="grid gap-6">
        <Standing batch={batch} municipalitySlug={municipalitySlug} />
        {batch.kind === 'accept' && batch.state !== 'preparing' && (
          <BatchEffects effects={batch.effects} isDone={batch.state !== 'ready'} />
        )}
        <BatchLines
          base={base}
          path={`${base}/gruppi/${batch.id}`}
          kind={batch.kind}
          lines={lines}
          outcome={filter.outcome}
          page={batch.page}
          pages={batch.pages}
          counts={batch.counts}
          total={batch.total}
        />
      </div>
    </>
  )
}

const madeInWords = ({ madeBy, madeAt, dueOn, className }: Batch): string =>
  [
    dated`Preparato da ${madeBy} il ${instantInWords(madeAt)}.`,
    className ? `Chi non ha una classe va in ${className}.` : '',
    dueOn ? dated`Le famiglie rispondono entro il ${longDate(dueOn)}.` : '',
  ]
    .filter(Boolean)
    .join(' ')

function Standing({ batch, municipalitySlug }: { batch: Batch; municipalitySlug: string }) {
  const { counts, total, state, kind } = batch
  const hidden = { municipalitySlug, batchId: batch.id }
  const [ready, doubtful] = [counts.ready ?? 0, counts.doubtful ?? 0]
  const [made, refused] = [counts.done ?? 0, counts.refused ?? 0]
  const stop = (
    <ActForm hidden={hidden} action={cancel} look="quiet" icon="circle-x" label="Annulla il gruppo" />
  )
  if (state === 'preparing')
    return (
      <Card title="L’anteprima si sta preparando" titleId="stato">
        <BatchProgress label="Guardate" done={total - (counts.waiting ?? 0)} total={total} />
        <div className="mt-4">{stop}</div>
      </Card>
    )
  if (state === 'ready')
    return (
      <Card title={`${ready} pronte, ${doubtful} messe da parte`} titleId="stato">
        <p className="mb-4">
          Per quelle pronte non serve altro. Quelle messe da parte restano come sono: sotto c’è il motivo di
          ciascuna. Se intanto qualcosa cambia, quella domanda non si tocca e le altre vanno avanti.
        </p>
        <div className="flex flex-wrap gap-3">
          {ready > 0 && (
            <ActForm
              hidden={hidden}
              action={confirm}
              look="primary"
              icon="circle-check"
              label={`${BATCH_KINDS[kind].confirm} (${ready})`}
              pendingLabel="Un momento…"
            />
          )}
          {stop}
        </div>
      </Card>
    )
  if (state === 'running')
    return (
      <Card title={`In corso: l’ha confermato ${batch.confirmedBy}`} titleId="stato">
        <BatchProgress label="Fatte" done={made + refused} total={made + refused + ready} />
        <p className="mt-3 text-muted">
          Va avanti anche se chiudi la pagina. Se la fermi, quello che è fatto resta fatto.
        </p>
        <div className="mt-4">{stop}</div>
      </Card>
    )
  return <Ended batch={batch} hidden={hidden} />
}

/** What became of the requests, and how to take up again those that are left. */
function Ended({ batch, hidden }: { batch: Batch; hidden: Record<string, string> }) {
  const { counts, state } = batch
  const [made, refused, left, doubtful] = [
    counts.done ?? 0,
    counts.refused ?? 0,
    counts.left ?? 0,
    counts.doubtful ?? 0,
  ]
  return (
    <Notice
      kind={refused + left > 0 ? 'warning' : 'success'}
      title={`${BATCH_STATES[state]}: ${made} fatte, ${refused} non fatte, ${doubtful} messe da parte, ${left} lasciate come erano`}
      action={
        refused + doubtful + left > 0 ? (
          <ActForm
            hidden={hidden}
            action={again}
            icon="eye"
            label="Prepara di nuovo quelle rimaste"
            pendingLabel="Un momento…"
          />
        ) : undefined
      }
    >
      <p>
        {batch.confirmedBy ? `Confermato da ${batch.confirmedBy}.` : 'Nessuno l’ha confermato.'}
        {state === 'cancelled' && batch.endedBy ? ` Annullato da ${batch.endedBy}.` : ''}
      </p>
    </Notice>
  )
}
