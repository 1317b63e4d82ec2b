import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AccountChoice } from '#components/family/account-choice.tsx'
import { StatementFiltersForm } from '#components/family/statement-filters.tsx'
import { StatementTable } from '#components/family/statement-table.tsx'
import { Amount } from '#components/ui/amount.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { type HouseholdStatement, householdStatement } from '#lib/ledger/office/household-account.queries.ts'
import {
  isStatementFiltered,
  NO_FILTERS,
  readStatementFilters,
  statementFilterQuery,
} from '#lib/ledger/statement.address.ts'
import { STATEMENT_PAGE_SIZE } from '#lib/ledger/statement.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'

export const metadata: Metadata = { title: 'Conto della famiglia' }

type Props = {
  params: Promise<{ comune: string; householdId: string }>
  searchParams: Promise<SearchParams>
}

/** The account of a household with every movement, as its family reads it. */
export default async function HouseholdAccount({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, householdId }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const asked = readStatementFilters(query)
  if (!asked.found) notFound()
  const { filters, problems } = asked
  const statement = await householdStatement(viewer, householdId, filters)
  if (!statement) notFound()
  const { account, accounts, total, householdName } = statement
  const office = `/admin/${municipalitySlug}`
  const here = `${office}/famiglie/${householdId}/conto`
  const filtered = isStatementFiltered(filters)
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: `${office}/famiglie` },
          { label: householdName, href: `${office}/famiglie/${householdId}` },
          { label: 'Conto' },
        ]}
      />
      <PageHeading
        eyebrow={statement.serviceName}
        title={`Conto della famiglia ${householdName}`}
        lead={
          <>
            Saldo{' '}
            <strong>
              <Amount cents={account.balanceCents} />
            </strong>
            {dated`, aggiornato al ${instantInWords(statement.asOf)}`}
          </>
        }
        actions={<PrintButton />}
      />
      <div className="grid grid-cols-1 gap-6">
        {accounts.length > 1 && <AccountChoice here={here} accounts={accounts} current={account.accountId} />}
        <StatementFiltersForm
          filters={filters}
          problems={problems}
          pupils={statement.children}
          accountId={accounts.length > 1 ? account.accountId : null}
          clearHref={here + statementFilterQuery({ ...NO_FILTERS, accountId: filters.accountId })}
        />
        <Movements statement={statement} isFiltered={filtered} />
        <Pagination
          label="Pagine dei movimenti"
          page={filters.page}
          pages={Math.ceil(total / STATEMENT_PAGE_SIZE)}
          hrefOf={(page) => here + statementFilterQuery({ ...filters, page })}
          previous="Più recenti"
          next="Meno recenti"
        />
        <p className="print:hidden">
          <a className="tap" href={`${office}/denaro?famiglia=${householdId}`}>
            Tutte le ricariche della famiglia
          </a>
        </p>
      </div>
    </>
  )
}

const ALL = plural('{n} movimento', '{n} movimenti')
const FOUND = plural('{n} movimento con questi filtri', '{n} movimenti con questi filtri')

function Movements({
  statement: { movements, total, serviceName },
  isFiltered,
}: {
  statement: HouseholdStatement
  isFiltered: boolean
}) {
  if (movements.length === 0)
    return (
      <Card>
        <p>{isFiltered ? 'Nessun movimento con questi filtri.' : 'Ancora nessun movimento.'}</p>
      </Card>
    )
  return (
    <Card flush>
      <p role="status" className="px-4 py-3 text-muted">
        {italian(isFiltered ? FOUND : ALL, { n: total })}
      </p>
      <StatementTable caption={`Movimenti di ${serviceName}`} movements={movements} />
    </Card>
  )
}
