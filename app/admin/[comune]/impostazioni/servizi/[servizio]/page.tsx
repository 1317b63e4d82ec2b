import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { CANCELLED_BY } from '#components/office/structure/service-choices.ts'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { cancelledByOn } from '#lib/school/cancel-rule.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { serviceSheet } from '#lib/tariffs/office/service.queries.ts'
import { cancelledByInWords } from '#lib/tariffs/office/service.words.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { changeRule, closeService, saveName } from '../actions.ts'

export const metadata: Metadata = { title: 'Servizio' }

type Props = { params: Promise<{ comune: string; servizio: string }>; searchParams: Promise<SearchParams> }
type Sheet = NonNullable<Awaited<ReturnType<typeof serviceSheet>>>

const DONE: Readonly<Record<string, string>> = {
  creato: 'Servizio creato',
  nome: 'Nome salvato',
  disdette: 'Deciso chi disdice: le famiglie ricevono un avviso',
  chiuso: 'Fine del servizio decisa: le famiglie ricevono un avviso',
}

/** One service: where it is given and what it costs, who may cancel it since when, its name and its end. */
export default async function OneService({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, servizio }, { fatto }] = await Promise.all([params, searchParams])
  const service = await serviceSheet(await requireViewer(municipalitySlug), servizio)
  if (!service) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  const hidden = { municipalitySlug, serviceId: service.id }
  const seen = { ...hidden, revision: service.revision }
  return (
    <>
      <Done sentences={DONE} code={fatto} />
      <Breadcrumb
        items={[
          { label: 'Impostazioni', href: here },
          { label: 'Servizi', href: `${here}/servizi` },
          { label: service.name },
        ]}
      />
      <PageHeading
        title={service.name}
        {...(service.validTo ? { lead: dated`Si dà fino al ${longDayWithYear(service.validTo)}.` } : {})}
      />
      <div className="sheet-columns">
        <Card title="Prezzo, giorni e termine" titleId="adesso">
          <Now service={service} office={`/admin/${municipalitySlug}`} />
        </Card>
        <Card title="Chi disdice" titleId="disdette">
          <Cancelling service={service} />
          <PreviewForm
            key={service.revision}
            action={changeRule}
            hidden={seen}
            fields={[
              { kind: 'choice', name: 'cancelledBy', label: 'Chi disdice', options: CANCELLED_BY },
              { kind: 'day', name: 'from', label: 'Per i pasti dal giorno' },
            ]}
            label="Mostra che cosa succederà"
            confirm="Decidi da quel giorno"
          />
        </Card>
        <Card title="Nome" titleId="nome">
          <PreviewForm
            key={service.revision}
            action={saveName}
            hidden={hidden}
            fields={[
              { kind: 'line', name: 'name', label: 'Nome del servizio', max: 60, value: service.name },
            ]}
            changes={{ revision: service.revision, here: `${here}/servizi/${service.id}` }}
            label="Salva"
          />
        </Card>
        <Card title="Chiudi il servizio" titleId="fine">
          <p className="mb-5 text-muted">
            Dopo quel giorno non si dà più: le iscrizioni finiscono e le famiglie ricevono un avviso. Quello
            che è già contato e addebitato resta.
          </p>
          <PreviewForm
            key={service.revision}
            action={closeService}
            hidden={seen}
            fields={[{ kind: 'day', name: 'to', label: 'Ultimo giorno' }]}
            label="Mostra che cosa succederà"
            confirm="Chiudi il servizio"
          />
        </Card>
      </div>
    </>
  )
}

function Now({ service, office }: { service: Sheet; office: string }) {
  const { cents, code, places } = service
  return (
    <div className="grid gap-4">
      <p>
        {cents === null ? 'Oggi non ha ancora un prezzo.' : `Oggi costa ${formatEuro(cents)} al giorno.`}{' '}
        <a href={`${office}/tariffe/${code}/prezzo`}>Nuovo prezzo da un giorno</a>
      </p>
      {places.length === 0 ? (
        <p>
          Non si dà in nessuna scuola: i giorni si decidono in{' '}
          <a href={`${office}/impostazioni/scuole`}>Scuole e classi</a>.
        </p>
      ) : (
        <>
          <p>Giorni e termine si cambiano nella pagina di ogni scuola, da un giorno:</p>
          <ul className="grid list-disc gap-1 ps-5">
            {places.map(({ id, name }) => (
              <li key={id}>
                <a href={`${office}/impostazioni/scuole/${id}`}>{name}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Cancelling({ service: { rules, today } }: { service: Sheet }) {
  const waiting = rules.filter(({ from }) => from > today)
  return (
    <p className="mb-5">
      Oggi {cancelledByInWords(cancelledByOn(rules, today))}.
      {waiting.map(({ from, cancelledBy }) => (
        <span key={from} className="mt-2 block font-semibold">
          {dated`Dal ${longDayWithYear(from)} ${cancelledByInWords(cancelledBy)}.`}
        </span>
      ))}
    </p>
  )
}
