import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RecipientTable } from '#components/office/communications/recipient-table.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { readRecipientFilter, recipientFilterQuery } from '#lib/communications/communication.address.ts'
import { officeCommunication } from '#lib/communications/office/communication.queries.ts'
import { recipientsOf } from '#lib/communications/office/recipient.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { italian, plural } from '#lib/words/language.ts'

export const metadata: Metadata = { title: 'Destinatari' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

/** Who got a communication, who read it, who confirmed. */
export default async function Recipients({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const { filter, page, whole } = readRecipientFilter(typed)
  const [communication, found] = await Promise.all([
    officeCommunication(viewer, id),
    recipientsOf(viewer, id, filter, whole ? null : page),
  ])
  if (!communication?.figures || !found) notFound()
  const asks = communication.figures.asked > 0
  const here = `/admin/${municipalitySlug}/comunicazioni/${id}`
  const choices = [
    ['all', 'Tutti'],
    ['unread', 'Non hanno letto'],
    ['read', 'Hanno letto'],
    ...(asks
      ? ([
          ['unacknowledged', 'Non hanno confermato'],
          ['acknowledged', 'Hanno confermato'],
        ] as const)
      : []),
  ] as const
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Comunicazioni', href: `/admin/${municipalitySlug}/comunicazioni` },
          { label: communication.latest.title, href: here },
          { label: 'Destinatari' },
        ]}
      />
      <PageHeading
        title="Destinatari"
        lead={communication.latest.title}
        actions={
          <>
            <PrintButton />
            <ButtonLink
              href={`${here}/destinatari/csv${recipientFilterQuery({ filter })}`}
              look="secondary"
              icon="download"
            >
              Scarica per Excel (CSV)
            </ButtonLink>
          </>
        }
      />
      <nav aria-label="Filtri" className="mb-5 print:hidden">
        <ul className="flex flex-wrap gap-2">
          {choices.map(([key, words]) => (
            <li key={key}>
              <a
                href={`${here}/destinatari${recipientFilterQuery({ filter: key })}`}
                aria-current={key === filter ? 'true' : undefined}
                className="inline-flex min-h-11 items-center rounded-full border-2 border-primary bg-white px-4 font-semibold no-underline hover:bg-primary-light aria-[current=true]:bg-primary aria-[current=true]:text-white"
              >
                {words}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {found.lines.length > 0 ? (
        <div className="grid grid-cols-1 gap-6">
          <Card
            flush
            title={italian(plural('{n} destinatario', '{n} destinatari'), { n: found.total })}
            titleId="quanti"
          >
            <RecipientTable rows={found.lines} asks={asks} />
          </Card>
          {!whole && (
            <>
              <Pagination
                label="Pagine dei destinatari"
                page={found.page}
                pages={found.pages}
                hrefOf={(number) => `${here}/destinatari${recipientFilterQuery({ filter, page: number })}`}
              />
              {found.pages > 1 && (
                <p className="print:hidden">
                  <a href={`${here}/destinatari${recipientFilterQuery({ filter, whole: true })}`}>
                    Mostra l’elenco intero, da stampare
                  </a>
                </p>
              )}
            </>
          )}
        </div>
      ) : (
        <EmptyState icon="users" title="Nessuno">
          <p>
            {filter === 'unread' || filter === 'unacknowledged'
              ? 'L’hanno già fatto tutti.'
              : 'Ancora nessuno.'}
          </p>
        </EmptyState>
      )}
    </>
  )
}
