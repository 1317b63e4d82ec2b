import { requestAddress } from '#app/request-path.ts'
import { MunicipalitySearch } from '#components/public/municipality-search.tsx'
import { PortalFooter } from '#components/shell/site-footer.tsx'
import { PortalHeader } from '#components/shell/site-header.tsx'
import { listMunicipalities } from '#lib/school/municipality.queries.ts'
import { searchText } from '#lib/school/municipality.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

type Props = { searchParams: Promise<SearchParams> }

export default async function ChooseMunicipality({ searchParams }: Props) {
  const search = searchText((await searchParams).cerca)
  const choices = await listMunicipalities(search)
  const address = await requestAddress()
  return (
    <>
      <PortalHeader address={address} />
      <main id="contenuto" tabIndex={-1}>
        <MunicipalitySearch search={search} choices={choices} />
      </main>
      <PortalFooter address={address} />
    </>
  )
}
