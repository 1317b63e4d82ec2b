import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { OfficeSummary } from '#components/office/desk/office-summary.tsx'
import { FoundList } from '#components/office/frame/found-list.tsx'
import { LinkList } from '#components/shell/link-list.tsx'
import { PortalFooter } from '#components/shell/site-footer.tsx'
import { PortalHeader } from '#components/shell/site-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Field } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { SHORTEST_SEARCH } from '#lib/access/people-search.ts'
import { officeDays } from '#lib/desk/office-day.queries.ts'
import { takeSearch } from '#lib/desk/search.http.ts'
import { searchOffice } from '#lib/desk/search.queries.ts'
import { LONGEST_SEARCH } from '#lib/desk/search.ts'
import { foundInWords } from '#lib/desk/search.words.ts'
import { waitingWork } from '#lib/desk/waiting-work.queries.ts'
import { listMunicipalities } from '#lib/school/municipality.queries.ts'
import { ownOffices } from '#lib/session/session.request.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Area del gestore' }

type Offices = Awaited<ReturnType<typeof ownOffices>>

/**
 * The desk over the municipalities in which a person works: the counts of each, what waits in it, and one search through all of them;
 * one acts in one of them at a time. Another visitor chooses the municipality; with only one there is nothing to choose.
 */
export default async function ChooseOffice({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [offices, { q }] = await Promise.all([ownOffices(), searchParams])
  const choices = offices.length > 0 ? offices : await listMunicipalities('')
  const only = choices.length === 1 ? choices[0] : undefined
  if (only) redirect(`/admin/${only.slug}`)
  return (
    <>
      <PortalHeader />
      <main id="contenuto" tabIndex={-1} className="container-page py-6 sm:py-8">
        <PageHeading
          title="Area del gestore"
          lead={
            offices.length > 0
              ? 'I tuoi Comuni, con i pasti e quello che aspetta. Si lavora in uno alla volta.'
              : 'Scegli il Comune in cui lavori.'
          }
        />
        {offices.length > 0 ? (
          <Desk offices={offices} typed={readText(q).trim().slice(0, LONGEST_SEARCH)} />
        ) : (
          <LinkList
            label="Comuni"
            links={choices.map(({ slug, name }) => ({
              href: `/admin/${slug}`,
              label: name,
              icon: 'landmark',
            }))}
          />
        )}
      </main>
      <PortalFooter />
    </>
  )
}

async function Desk({ offices, typed }: { offices: Offices; typed: string }) {
  const summaries = await Promise.all(
    offices.map(async ({ slug, name, viewer }) => ({
      slug,
      name,
      days: await officeDays(viewer),
      work: await waitingWork(viewer),
    })),
  )
  return (
    <>
      <search className="mb-6 block max-w-xl print:hidden">
        <form className="flex flex-wrap items-end gap-3">
          <div className="min-w-60 flex-1">
            <Field
              name="q"
              type="search"
              label="Cerca in tutti i tuoi Comuni"
              hint="Un nome, un codice fiscale, un telefono, una classe, un numero di fattura o di domanda."
              defaultValue={typed}
              maxLength={LONGEST_SEARCH}
              autoComplete="off"
            />
          </div>
          <Button icon="search">Cerca</Button>
        </form>
      </search>
      {typed !== '' && <FoundEverywhere offices={offices} typed={typed} />}
      <ul className="grid gap-4 lg:grid-cols-2" aria-label="I tuoi Comuni">
        {summaries.map((office) => (
          <li key={office.slug}>
            <OfficeSummary {...office} />
          </li>
        ))}
      </ul>
    </>
  )
}

/** What the search finds in each municipality, as far as the roles there open it. */
async function FoundEverywhere({ offices, typed }: { offices: Offices; typed: string }) {
  const isWithinBudget = offices.every(({ viewer }) => takeSearch(viewer))
  if (!isWithinBudget)
    return (
      <p role="status" className="mb-6">
        Hai fatto molte ricerche in poco tempo. Riprova fra dieci minuti.
      </p>
    )
  const groups = await Promise.all(
    offices.map(async ({ slug, name, viewer }) => {
      const found = await searchOffice(viewer, typed)
      return found
        ? foundInWords(found, slug).map((group) => ({ ...group, title: `${name} · ${group.title}` }))
        : []
    }),
  )
  return (
    <Card title={`Trovati con “${typed}”`} titleId="trovati" className="mb-6">
      <FoundList groups={groups.flat()} typed={typed} shortest={SHORTEST_SEARCH} />
    </Card>
  )
}
