import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { isReachable } from '#lib/kitchen/kitchen.ts'
import { type KitchenLine, kitchenLines } from '#lib/kitchen/office/kitchen.queries.ts'
import { servedInWords } from '#lib/kitchen/office/kitchen.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { listInWords } from '#lib/words/list.ts'

export const metadata: Metadata = { title: 'Cucine' }

/** The kitchens with the schools they serve and where their counts go. */
export default async function Kitchens({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const found = await kitchenLines(await requireViewer(municipalitySlug))
  if (!found) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  const unserved = found.schools.filter(({ kitchenName }) => kitchenName === null)
  return (
    <>
      <Breadcrumb items={[{ label: 'Impostazioni', href: here }, { label: 'Cucine' }]} />
      <PageHeading
        title="Cucine"
        lead="Chi prepara per quali scuole, e dove va il conteggio appena è definitivo."
        actions={
          <ButtonLink href={`${here}/cucine/nuova`} icon="plus">
            Nuova cucina
          </ButtonLink>
        }
      />
      {unserved.length > 0 && (
        <div className="mb-6 max-w-4xl">
          <Notice kind="warning" title="Oggi senza cucina">
            <p>
              Il conteggio di{' '}
              {listInWords(
                unserved.map(({ name }) => name),
                'it',
              )}{' '}
              non va a nessuna cucina.
            </p>
          </Notice>
        </div>
      )}
      {found.kitchens.length === 0 ? (
        <p>Non c’è ancora nessuna cucina: i conteggi si leggono solo qui nel portale.</p>
      ) : (
        <Card flush>
          <Table caption="Cucine" captionHidden stacks>
            <thead>
              <tr>
                <th scope="col">Cucina</th>
                <th scope="col">Il conteggio va a</th>
                <th scope="col">Scuole</th>
              </tr>
            </thead>
            <tbody>
              {found.kitchens.map((kitchen) => (
                <Line key={kitchen.id} kitchen={kitchen} href={`${here}/cucine/${kitchen.id}`} />
              ))}
            </tbody>
          </Table>
        </Card>
      )}
    </>
  )
}

function Line({ kitchen, href }: { kitchen: KitchenLine; href: string }) {
  return (
    <tr>
      <th scope="row">
        <a href={href}>{kitchen.name}</a>
      </th>
      <td>
        {isReachable(kitchen) ? (
          <>
            {kitchen.emails.map((email) => (
              <span key={email} className="block">
                {email}
              </span>
            ))}
            {kitchen.phone}
          </>
        ) : (
          'Nessun indirizzo'
        )}
      </td>
      <td>
        {kitchen.schools.length === 0 ? (
          'Nessuna'
        ) : (
          <ul>
            {kitchen.schools.map((school) => (
              <li key={`${school.schoolId} ${school.from}`}>
                {school.schoolName}, {servedInWords(school, numericDay)}
              </li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  )
}
