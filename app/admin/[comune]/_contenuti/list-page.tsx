import { notFound } from 'next/navigation'
import { ContentTable } from '#components/office/content-table.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { CONTENT_KINDS, type ContentKind } from '#lib/content/content.ts'
import { officeContentList } from '#lib/content/office/content.queries.ts'
import { publicationStateInWords, publicationStates } from '#lib/publishing/lifecycle.words.ts'
import { searchText } from '#lib/school/municipality.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export type OfficeListProps = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

/** What editors have written, of one kind. */
export async function OfficeListPage({
  kind,
  params,
  searchParams,
}: OfficeListProps & { kind: ContentKind }) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToStaff(viewer, 'content:write')) notFound()
  const text = searchText(typed.cerca)
  const state = publicationStates(kind).find((candidate) => candidate === typed.stato) ?? ''
  const lines = await officeContentList(viewer, kind, { state, text })
  const { path, many, new: label } = CONTENT_KINDS[kind]
  const here = `/admin/${municipalitySlug}/${path}`
  return (
    <>
      <PageHeading
        title={many}
        lead={
          kind === 'news'
            ? 'Quello che le famiglie leggono, anche senza accedere.'
            : 'Moduli, tariffe e regolamenti da leggere e scaricare.'
        }
        actions={
          <ButtonLink href={`${here}/nuovo`} icon="plus">
            {label}
          </ButtonLink>
        }
      />
      <search className="mb-6 block">
        <form action={here} className="flex flex-wrap items-end gap-4">
          <div className="min-w-0 flex-1 basis-56">
            <Field label="Cerca" name="cerca" type="search" defaultValue={text} maxLength={80} />
          </div>
          <div className="basis-56">
            <SelectField label="Stato" name="stato" defaultValue={state}>
              <option value="">Tutti</option>
              {publicationStates(kind).map((key) => (
                <option key={key} value={key}>
                  {publicationStateInWords(kind, key)}
                </option>
              ))}
            </SelectField>
          </div>
          <Button look="secondary" icon="search">
            Cerca
          </Button>
        </form>
      </search>
      {lines.length > 0 ? (
        <ContentTable municipalitySlug={municipalitySlug} lines={lines} />
      ) : (
        <EmptyState
          icon={kind === 'news' ? 'newspaper' : 'file-text'}
          title={text || state ? 'Nessun risultato' : 'Non c’è ancora niente'}
          action={
            text || state ? (
              <a href={here}>Mostra tutto</a>
            ) : (
              <ButtonLink href={`${here}/nuovo`} icon="plus">
                {label}
              </ButtonLink>
            )
          }
        />
      )}
    </>
  )
}
