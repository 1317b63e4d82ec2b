import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AccountChoice } from '#components/family/account-choice.tsx'
import { StatementFiltersForm } from '#components/family/statement-filters.tsx'
import { StatementTable } from '#components/family/statement-table.tsx'
import { UnchargedMeals } from '#components/family/uncharged-meals.tsx'
import { Amount } from '#components/ui/amount.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink, buttonClass } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import {
  isStatementFiltered,
  NO_FILTERS,
  readStatementFilters,
  statementFilterQuery,
} from '#lib/ledger/statement.address.ts'
import { STATEMENT_PAGE_SIZE, statementOf } from '#lib/ledger/statement.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { fill } from '#lib/words/fill.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { inContext, plural } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { useWords } from '#words'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Movimenti') }
}

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export default async function StatementPage({ params, searchParams }: Props) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'money:read')) notFound()
  const asked = readStatementFilters(await searchParams)
  if (!asked.found) notFound()
  const { filters, problems } = asked
  const statement = await statementOf(viewer, filters)
  if (!statement) notFound()

  const { account, accounts, movements, total } = statement
  const money = `/${municipalitySlug}/pagamenti`
  const here = `${money}/movimenti`
  const several = accounts.length > 1
  const clearHref = here + statementFilterQuery({ ...NO_FILTERS, accountId: filters.accountId })
  const pages = Math.ceil(total / STATEMENT_PAGE_SIZE)
  const filtered = isStatementFiltered(filters)
  return (
    <>
      <Breadcrumb items={[{ label: t('Stato contabile'), href: money }, { label: t('Movimenti') }]} />
      <PageHeading
        eyebrow={<span lang="it">{statement.serviceName}</span>}
        title={t('Movimenti')}
        lead={fill(t('Saldo {strong}, aggiornato al {asOf}', { asOf: instantInWords(statement.asOf, t) }), {
          strong: (
            <strong key="strong">
              <Amount cents={account.balanceCents} />
            </strong>
          ),
        })}
        actions={
          total > 0 && (
            <>
              <PrintButton />
              <a
                href={`/api/${municipalitySlug}/movimenti.csv${statementFilterQuery({ ...filters, page: 1 })}`}
                download
                className={buttonClass('secondary')}
              >
                <Icon name="download" />
                {t('Scarica per Excel (CSV)')}
              </a>
            </>
          )
        }
      />
      <div className="grid grid-cols-1 gap-6">
        <UnchargedMeals meals={statement.uncharged} />
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
              {t(
                filtered
                  ? plural('{n} movimento con questi filtri', '{n} movimenti con questi filtri')
                  : plural('{n} movimento', '{n} movimenti'),
                { n: total },
              )}
            </p>
            <StatementTable
              caption={t('Movimenti di {serviceName}', { serviceName: statement.serviceName })}
              movements={movements}
            />
          </Card>
        ) : (
          <NoMovements
            filtered={filtered || filters.page > 1}
            clearHref={clearHref}
            topUpHref={`${money}/ricarica`}
          />
        )}
        <Pagination
          label={t('Pagine dei movimenti')}
          page={filters.page}
          pages={pages}
          hrefOf={(page) => here + statementFilterQuery({ ...filters, page })}
          previous={t('Più recenti')}
          next={t('Meno recenti')}
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
  const t = useWords()
  if (filtered)
    return (
      <EmptyState
        icon="search"
        title={t('Nessun movimento con questi filtri')}
        action={
          <ButtonLink href={clearHref} look="secondary">
            {t('Mostra tutti i movimenti')}
          </ButtonLink>
        }
      >
        <p>{t('Prova un periodo più ampio o un altro tipo di movimento.')}</p>
      </EmptyState>
    )
  return (
    <EmptyState
      icon="wallet"
      title={t('Ancora nessun movimento')}
      action={<ButtonLink href={topUpHref}>{t(inContext('button', 'Ricarica'))}</ButtonLink>}
    >
      <p>{t('Qui vedrai le ricariche e, giorno per giorno, i pasti di ciascun figlio.')}</p>
    </EmptyState>
  )
}
