import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { dietDesk } from '#lib/diets/office/diet-desk.queries.ts'
import { ENDS_SOON_DAYS, type WaitingDiet } from '#lib/diets/office/diet-desk.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { numericDay } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Diete' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE: Readonly<Record<string, string>> = {
  decisa: 'Dieta decisa: la cucina la legge nel conteggio, la famiglia è avvisata',
}

/** The diets that wait for the office: none decided, or about to end. */
export default async function Diets({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const desk = await dietDesk(await requireViewer(municipalitySlug))
  if (!desk) notFound()
  const path = `/admin/${municipalitySlug}/diete/alunni`
  return (
    <>
      <Done sentences={DONE} code={fatto} />
      <PageHeading
        title="Diete"
        lead="Chi aspetta una decisione. Finché la dieta è da definire, la cucina la legge nel conteggio come “DA-DEFINIRE”."
        actions={<PrintButton />}
      />
      <div className="grid grid-cols-1 gap-8">
        <Waiting
          title="Da definire"
          id="da-definire"
          lines={desk.undecided}
          path={path}
          empty="Nessuna dieta da definire."
        />
        <Waiting
          title={`Finiscono entro ${ENDS_SOON_DAYS} giorni`}
          id="in-scadenza"
          lines={desk.ending}
          path={path}
          empty={`Nessuna dieta finisce nei prossimi ${ENDS_SOON_DAYS} giorni.`}
        />
      </div>
    </>
  )
}

function Waiting({
  title,
  id,
  lines,
  path,
  empty,
}: {
  title: string
  id: string
  lines: readonly WaitingDiet[]
  path: string
  empty: string
}) {
  if (lines.length === 0)
    return (
      <Card title={title} titleId={id}>
        <p>{empty}</p>
      </Card>
    )
  return (
    <Card flush title={title} titleId={id}>
      <Table caption={title} captionHidden>
        <thead>
          <tr>
            <th scope="col">Alunno</th>
            <th scope="col">Scuola e classe</th>
            <th scope="col">Dieta</th>
            <th scope="col">Dal</th>
            <th scope="col">Al</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.pupilId} ${line.from}`}>
              <th scope="row">
                <a href={`${path}/${line.pupilId}`}>{line.name}</a>
                {line.severe && (
                  <span className="block text-sm font-semibold text-danger">Rischia una reazione grave</span>
                )}
              </th>
              <td>{line.where}</td>
              <td>{line.dietName}</td>
              <td>{numericDay(line.from)}</td>
              <td>{numericDay(line.to)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
