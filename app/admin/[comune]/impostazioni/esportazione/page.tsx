import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { EXPORT_TABLES, type ExportTable, headersOf, MANIFEST_FILE } from '#lib/privacy/office/town-export.ts'
import { requireFresh, requireViewer } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Esporta tutto' }

type Props = { params: Promise<{ comune: string }> }

/** Everything of the municipality for another portal: what is in it, and the file. */
export default async function TownExport({ params }: Props) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToStaff(viewer, 'town:export')) notFound()
  await requireFresh(municipalitySlug)
  const settings = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Breadcrumb items={[{ label: 'Impostazioni', href: settings }, { label: 'Esporta tutto' }]} />
      <PageHeading
        title="Esporta tutto"
        lead="Tutti i dati del Comune in un file, da leggere con un altro portale o da conservare."
      />
      <Notice kind="warning" title="Ci sono i dati di tutte le famiglie">
        <p>
          Nomi, codici fiscali, recapiti, diete e denaro. Scaricalo solo per consegnarlo a chi ne ha diritto,
          e non mandarlo per e-mail. Che lo hai scaricato resta nel registro.
        </p>
      </Notice>
      <p className="my-6">
        <ButtonLink href={`${settings}/esportazione/comune`} icon="download">
          Scarica tutti i dati
        </ButtonLink>
      </p>
      <section aria-labelledby="contenuto" className="grid gap-3">
        <h2 id="contenuto" className="text-xl">
          Che cosa c’è nel file
        </h2>
        <p>
          È uno ZIP di file CSV (punto e virgola, UTF-8). L’ultimo, {MANIFEST_FILE}, dice di ognuno quante
          righe ha, quanto fa la somma dei suoi importi e la sua impronta: chi lo riceve controlla che non
          manchi niente.
        </p>
        <Card flush>
          <Table caption="I file" captionHidden stacks>
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">Che cosa c’è</th>
                <th scope="col">Colonne</th>
              </tr>
            </thead>
            <tbody>
              {EXPORT_TABLES.map((table: ExportTable) => (
                <tr key={table.file}>
                  <th scope="row">{table.file}</th>
                  <td>{table.what}</td>
                  <td className="text-sm break-words text-muted">{headersOf(table).join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      </section>
    </>
  )
}
