import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RegisterSearch } from '#components/office/register-search.tsx'
import { RegisterTable } from '#components/office/register-table.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { readRegisterFilter, registerQuery } from '#lib/privacy/office/register.address.ts'
import { registerPage } from '#lib/privacy/office/register.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { todayInItaly } from '#lib/session/today.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Registro' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** Who did what, on whom, when, from what to what and why: of the whole office, of one family or of one person. */
export default async function Register({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const filter = readRegisterFilter(query, await todayInItaly())
  const page = await registerPage(viewer, filter)
  if (!page) notFound()
  const here = `/admin/${municipalitySlug}/registro`
  const { about } = page
  return (
    <>
      <PageHeading
        title={about ? `Registro: ${about.name}` : 'Registro'}
        lead={
          about
            ? 'Tutto quello che è stato fatto, da chiunque. Anche questa lettura resta scritta, e la famiglia la vede.'
            : 'Che cosa ha fatto l’ufficio, su chi, quando e perché. Anche ogni ricerca resta scritta.'
        }
        actions={
          <ButtonLink
            href={`${here}/csv?${registerQuery({ ...filter, after: null })}`}
            look="secondary"
            icon="download"
            download
          >
            Scarica per Excel (CSV)
          </ButtonLink>
        }
      />
      {allowedToStaff(viewer, 'registers:export') && !about && (
        <p className="mb-6 flex flex-wrap gap-x-6 gap-y-2 print:hidden">
          <a href={`${here}/conservazione`}>Quanto si conserva</a>
          <a href={`${here}/consegna`}>Registro per un’autorità</a>
        </p>
      )}
      {about && (
        <p className="mb-6 flex flex-wrap gap-x-6 gap-y-2 print:hidden">
          {about.householdId && (
            <a href={`/admin/${municipalitySlug}/famiglie/${about.householdId}`}>Scheda della famiglia</a>
          )}
          <a href={here}>Tutto il registro</a>
        </p>
      )}
      <RegisterSearch action={here} filter={filter} colleagues={page.colleagues} />
      {page.lines.length === 0 ? (
        <EmptyState icon="history" title="Niente con questi filtri">
          <p>Prova con un periodo più lungo, o senza qualche filtro.</p>
        </EmptyState>
      ) : (
        <Card flush>
          <RegisterTable here={here} lines={page.lines} />
        </Card>
      )}
      {page.next && (
        <p className="mt-6 print:hidden">
          <ButtonLink href={`?${registerQuery({ ...filter, after: page.next })}`} look="secondary">
            Righe più vecchie
          </ButtonLink>
        </p>
      )}
    </>
  )
}
