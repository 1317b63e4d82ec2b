import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OfficeList } from '#components/office/list/office-list.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { deliveryBatchList } from '#lib/outbox/office/delivery-batch.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Invii' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function Sendings({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const opened = await deliveryBatchList(viewer, query)
  if (!opened) notFound()
  return (
    <>
      <PageHeading
        title="Invii"
        lead="Quello che il portale ha scritto alle famiglie: quanto è partito, quanto aspetta, che cosa non è arrivato."
      />
      <div className="grid grid-cols-1 gap-6">
        <div>
          <OfficeList
            municipalitySlug={municipalitySlug}
            {...opened}
            empty={
              <p>
                Nessun invio. Qui vedi quanti messaggi sono partiti, quanti aspettano e quali non sono
                arrivati.
              </p>
            }
            views={null}
            presses={[]}
            hasFiles
          />
        </div>
        <details className="text-ink print:hidden">
          <summary className="min-h-11 cursor-pointer font-semibold">
            Che cosa vogliono dire questi stati
          </summary>
          <ul className="mt-2 grid list-disc gap-1 ps-5">
            <li>In coda: partirà da solo; se il server della posta non risponde, si riprova ogni minuto.</li>
            <li>Spediti: il server della posta o del dispositivo li ha presi.</li>
            <li>Rifiutati: l’indirizzo o il dispositivo non li accetta. La famiglia lo legge nel portale.</li>
            <li>
              In dubbio: la linea è caduta mentre partivano. Potrebbero essere arrivati, quindi non si
              ripetono.
            </li>
            <li>Abbandonati: dopo molti tentativi non sono partiti. Si possono rispedire.</li>
          </ul>
        </details>
      </div>
    </>
  )
}
