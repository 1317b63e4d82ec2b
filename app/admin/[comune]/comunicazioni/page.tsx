import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CommunicationTable } from '#components/office/communications/communication-table.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { readCommunicationFilter } from '#lib/communications/communication.address.ts'
import { officeCommunications } from '#lib/communications/office/communication.queries.ts'
import { publicationStateInWords, publicationStates } from '#lib/publishing/lifecycle.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Comunicazioni' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

const STATES = publicationStates('communication')

export default async function OfficeCommunications({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const { text, page } = readCommunicationFilter(typed)
  const state = STATES.find((candidate) => candidate === typed.stato) ?? ''
  const found = await officeCommunications(viewer, { state, text, page })
  if (!found) notFound()
  const here = `/admin/${municipalitySlug}/comunicazioni`
  const writes = allowedToStaff(viewer, 'communications:write')
  const query = (number: number) =>
    `${here}?${new URLSearchParams({ ...(text ? { cerca: text } : {}), ...(state ? { stato: state } : {}), pagina: String(number) })}`
  const create = (
    <ButtonLink href={`${here}/nuova`} icon="plus">
      Nuova comunicazione
    </ButtonLink>
  )
  return (
    <>
      <PageHeading
        title="Comunicazioni"
        lead="Informative, avvisi e solleciti alle famiglie: chi le riceve, chi le ha lette."
        actions={writes && create}
      />
      <search className="mb-6 block print:hidden">
        <form action={here} className="flex flex-wrap items-end gap-4">
          <div className="min-w-0 flex-1 basis-56">
            <Field label="Cerca" name="cerca" type="search" defaultValue={text} maxLength={80} />
          </div>
          <div className="basis-56">
            <SelectField label="Stato" name="stato" defaultValue={state}>
              <option value="">Tutti</option>
              {STATES.map((key) => (
                <option key={key} value={key}>
                  {publicationStateInWords('communication', key)}
                </option>
              ))}
            </SelectField>
          </div>
          <Button look="secondary" icon="search">
            Cerca
          </Button>
        </form>
      </search>
      {found.lines.length > 0 ? (
        <div className="grid gap-6">
          <CommunicationTable municipalitySlug={municipalitySlug} lines={found.lines} />
          <Pagination
            label="Pagine delle comunicazioni"
            page={found.page}
            pages={found.pages}
            hrefOf={query}
          />
        </div>
      ) : (
        <EmptyState
          icon="message-square-text"
          title={text || state || page > 1 ? 'Nessun risultato' : 'Non c’è ancora niente'}
          action={text || state || page > 1 ? <a href={here}>Mostra tutto</a> : writes && create}
        />
      )}
    </>
  )
}
