import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AccountChoice } from '#components/family/account-choice.tsx'
import { StatementFiltersForm } from '#components/family/statement-filters.tsx'
import { StatementTable } from '#components/family/statement-table.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink, buttonClass } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { allowedToFamily } from '#lib/auth/roles.ts'
import { requireViewer } from '#lib/auth/session.ts'
import { instantInWords } from '#lib/day.ts'
import { PAGE_SIZE, statementOf } from '#lib/ledger/queries.ts'
import {
  addressOfFilters,
  isFiltered,
  NO_FILTERS,
  readFilters,
  type SearchParams,
} from '#lib/ledger/statement.ts'
import { formatBalance } from '#lib/money.ts'

export const metadata: Metadata = { title: 'Movimenti' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export default async function StatementPage({ params, searchParams }: Props) {
  const { comune } = await params
  const viewer = await requireViewer(comune)
  if (!allowedToFamily(viewer, 'money:read')) notFound()
  const asked = readFilters(await searchParams)
  if (!asked.found) notFound()
  const { filters, problems } = asked
  const statement = await statementOf(viewer, filters)
  if (!statement) notFound()

  const { account, accounts, movements, total } = statement
  const money = `/${comune}/pagamenti`
  const here = `${money}/movimenti`
  const several = accounts.length > 1
  const clearHref = here + addressOfFilters({ ...NO_FILTERS, accountId: filters.accountId })
  const pages = Math.ceil(total / PAGE_SIZE)
  const filtered = isFiltered(filters)
  return (
    <>
      <Breadcrumb items={[{ label: 'Stato contabile', href: money }, { label: 'Movimenti' }]} />
      <PageHeading
        eyebrow={statement.serviceName}
        title="Movimenti"
        lead={
          <>
            Saldo <strong className="whitespace-nowrap">{formatBalance(account.balanceCents)}</strong>,
            aggiornato al {instantInWords(statement.asOf)}
          </>
        }
        actions={
          total > 0 && (
            <a
              href={`/api/${comune}/movimenti.csv${addressOfFilters({ ...filters, page: 1 })}`}
              download
              className={buttonClass('secondary')}
            >
              <Icon name="download" />
              Scarica per Excel (CSV)
            </a>
          )
        }
      />
      <div className="grid grid-cols-1 gap-6">
        {several && <AccountChoice here={here} accounts={accounts} current={account.accountId} />}
        {(total > 0 || filtered || Object.keys(problems).length > 0) && (
          <StatementFiltersForm
            filters={filters}
            problems={problems}
            pupils={statement.children}
            accountId={several ? account.accountId : null}
            clearHref={clearHref}
          />
        )}
        {movements.length > 0 ? (
          <Card flush>
            <p role="status" className="px-4 py-3 text-muted">
              {total === 1 ? '1 movimento' : `${total} movimenti`}
              {filtered && ' con questi filtri'}
            </p>
            <StatementTable caption={`Movimenti di ${statement.serviceName}`} movements={movements} />
          </Card>
        ) : (
          <NoMovements
            filtered={filtered || filters.page > 1}
            clearHref={clearHref}
            topUpHref={`${money}/ricarica`}
          />
        )}
        <Pagination
          label="Pagine dei movimenti"
          page={filters.page}
          pages={pages}
          hrefOf={(page) => here + addressOfFilters({ ...filters, page })}
          previous="Più recenti"
          next="Meno recenti"
        />
      </div>
    </>
  )
}

function NoMovements({
  filtered,
  clearHref,
  topUpHref,
}: {
  filtered: boolean
  clearHref: string
  topUpHref: string
}) {
  if (filtered)
    return (
      <EmptyState
        icon="search"
        title="Nessun movimento con questi filtri"
        action={
          <ButtonLink href={clearHref} look="secondary">
            Mostra tutti i movimenti
          </ButtonLink>
        }
      >
        <p>Prova un periodo più ampio o un altro tipo di movimento.</p>
      </EmptyState>
    )
  return (
    <EmptyState
      icon="wallet"
      title="Ancora nessun movimento"
      action={<ButtonLink href={topUpHref}>Ricarica</ButtonLink>}
    >
      <p>Qui vedrai le ricariche e, giorno per giorno, i pasti di ciascun figlio.</p>
    </EmptyState>
  )
}
