import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { requireViewer } from '#lib/session/session.request.ts'
import { serviceLines } from '#lib/tariffs/office/service.queries.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'

export const metadata: Metadata = { title: 'Servizi' }

/** What the municipality gives: the canteen and what stands beside it. */
export default async function Services({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const services = await serviceLines(await requireViewer(municipalitySlug))
  if (!services) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Breadcrumb items={[{ label: 'Impostazioni', href: here }, { label: 'Servizi' }]} />
      <PageHeading
        title="Servizi"
        lead="Mensa, merenda, pre-scuola, trasporto: quanto costano, in quali scuole, chi li disdice."
        actions={
          <ButtonLink href={`${here}/servizi/nuovo`} icon="plus">
            Nuovo servizio
          </ButtonLink>
        }
      />
      {services.length === 0 ? (
        <p>Non c’è ancora nessun servizio.</p>
      ) : (
        <Card flush>
          <Table caption="Servizi" captionHidden stacks>
            <thead>
              <tr>
                <th scope="col">Servizio</th>
                <th scope="col">Prezzo</th>
                <th scope="col">Scuole</th>
                <th scope="col">Alunni</th>
              </tr>
            </thead>
            <tbody>
              {services.map(({ id, name, validTo, cents, schools, pupils, isCooked }) => (
                <tr key={id}>
                  <th scope="row">
                    <a href={`${here}/servizi/${id}`} className="tap">
                      {name}
                    </a>
                    <span className="block text-sm font-normal">
                      {isCooked ? 'Lo prepara la cucina' : 'Senza cucina'}
                      {validTo && dated`, fino al ${numericDay(validTo)}`}
                    </span>
                  </th>
                  <td data-label="Prezzo">{cents === null ? 'Non ancora' : formatEuro(cents)}</td>
                  <td data-label="Scuole">{schools}</td>
                  <td data-label="Alunni">{pupils}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      )}
    </>
  )
}
