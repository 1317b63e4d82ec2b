import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { UploadForm } from '#components/office/imports/upload-form.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { importsForOffice } from '#lib/imports/office/import.queries.ts'
import { countsInWords, importStateInWords } from '#lib/imports/office/import.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { upload } from './actions.ts'

export const metadata: Metadata = { title: 'Importa alunni e famiglie' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = { buttata: 'Fatto: il file e quello che se n’era letto non ci sono più.' }

/** Brings in a file of a school: the form that takes it, our own model, and the imports of before. */
export default async function Imports({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const imports = await importsForOffice(await requireViewer(municipalitySlug))
  if (!imports) notFound()
  const here = `/admin/${municipalitySlug}/importa`
  return (
    <>
      <PageHeading
        title="Importa alunni e famiglie"
        lead="Carica l’elenco della scuola. Prima vedi che cosa è nuovo, cambiato o dubbio: finché non confermi non cambia niente."
      />
      <Done sentences={DONE} code={readText(query.fatto)} />
      <div className="grid items-start gap-8 lg:grid-cols-2 *:min-w-0">
        <UploadForm municipalitySlug={municipalitySlug} action={upload} />
        <div className="grid gap-3">
          <h2 className="text-xl">Il nostro modello</h2>
          <p>
            Se devi chiedere l’elenco, manda questo foglio da compilare:{' '}
            <a href={`${here}/modello`}>modello Excel</a> o{' '}
            <a href={`${here}/modello?formato=csv`}>modello CSV</a>.
          </p>
          <p>
            Vanno bene anche gli elenchi dei registri elettronici: le colonne possono avere qualunque nome e
            ordine, le scegli tu una volta e il portale le ricorda.
          </p>
          <p>Il file si conserva 30 giorni, poi si cancella da solo.</p>
        </div>
      </div>
      {imports.length > 0 && (
        <section className="mt-10">
          <h2 className="mb-3 text-xl">Le ultime importazioni</h2>
          <Card flush>
            <Table caption="Le ultime importazioni" captionHidden stacks>
              <thead>
                <tr>
                  <th scope="col">File</th>
                  <th scope="col">A che punto è</th>
                  <th scope="col">Che cosa dice</th>
                  <th scope="col">Caricato</th>
                </tr>
              </thead>
              <tbody>
                {imports.map((row) => (
                  <tr key={row.id}>
                    <th scope="row" className="break-words">
                      <Link href={`${here}/${row.id}`} prefetch={false}>
                        {row.name}
                      </Link>
                    </th>
                    <td>{importStateInWords(row.state)}</td>
                    <td>{countsInWords(row.counts)}</td>
                    <td>
                      {instantInWords(row.uploadedAt)}, {row.uploadedBy}
                    </td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Card>
        </section>
      )}
    </>
  )
}
