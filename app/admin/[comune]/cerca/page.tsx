import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FoundList } from '#components/office/frame/found-list.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { SHORTEST_SEARCH } from '#lib/access/people-search.ts'
import { takeSearch } from '#lib/desk/search.http.ts'
import { searchOffice } from '#lib/desk/search.queries.ts'
import { LONGEST_SEARCH } from '#lib/desk/search.ts'
import { foundInWords } from '#lib/desk/search.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Cerca' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** The search that is everywhere, as a page of its own: it needs no script. */
export default async function OfficeSearch({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { q }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (viewer.staffRoles.length === 0) notFound()
  const typed = readText(q).trim().slice(0, LONGEST_SEARCH)
  const isWithinBudget = typed === '' || takeSearch(viewer)
  const found = isWithinBudget && typed !== '' ? await searchOffice(viewer, typed) : null
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Altro', href: `/admin/${municipalitySlug}/altro` }, { label: 'Cerca' }]}
      />
      <PageHeading title="Cerca" />
      <search className="mb-6 block max-w-xl print:hidden">
        <form className="flex flex-wrap items-end gap-3">
          <div className="min-w-60 flex-1">
            <Field
              name="q"
              type="search"
              label="Che cosa cerchi"
              hint="Un nome, un codice fiscale, un telefono, una classe, un giorno, il numero di una fattura o di una domanda, una pagina."
              defaultValue={typed}
              maxLength={LONGEST_SEARCH}
              autoComplete="off"
            />
          </div>
          <Button icon="search">Cerca</Button>
        </form>
      </search>
      {!isWithinBudget && (
        <Notice kind="warning" title="Hai fatto molte ricerche in poco tempo">
          <p>Riprova fra dieci minuti.</p>
        </Notice>
      )}
      {found && (
        <FoundList groups={foundInWords(found, municipalitySlug)} typed={typed} shortest={SHORTEST_SEARCH} />
      )}
    </>
  )
}
