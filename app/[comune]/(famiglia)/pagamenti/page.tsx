import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BalanceCard } from '#components/family/balance-card.tsx'
import { StatementTable } from '#components/family/statement-table.tsx'
import { LinkList } from '#components/shell/link-list.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { balanceState } from '#lib/ledger/balance.ts'
import { NO_FILTERS, statementFilterQuery } from '#lib/ledger/statement.address.ts'
import { moneyOverview } from '#lib/ledger/statement.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { fill } from '#lib/words/fill.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Stato contabile') }
}

export default async function Accounts({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'money:read')) notFound()
  const overview = await moneyOverview(viewer)
  if (!overview) notFound()
  const { cards, latest } = overview
  const here = `/${municipalitySlug}/pagamenti`
  const one = cards.length === 1
  return (
    <>
      <PageHeading
        title={t('Stato contabile')}
        lead={t('Il saldo dei servizi che paghi, i movimenti e le fatture.')}
      />
      {cards.length === 0 ? (
        <EmptyState icon="wallet" title={t('Non c’è ancora un conto')}>
          <p>
            {t(
              'Il conto si apre con l’iscrizione di un figlio alla mensa. Se è già iscritto, contatta il gestore.',
            )}
          </p>
        </EmptyState>
      ) : (
        <div className="grid grid-cols-1 gap-6 lg:grid-cols-[3fr_2fr] lg:items-start">
          <div className="grid grid-cols-1 gap-6">
            {cards.map((card) => {
              const account = statementFilterQuery({ ...NO_FILTERS, accountId: one ? null : card.accountId })
              const { children, ...shown } = card
              return (
                <BalanceCard
                  key={card.accountId}
                  id={`saldo-${card.accountId}`}
                  {...shown}
                  prices={children}
                  householdName={one ? undefined : card.householdName}
                  state={balanceState(card.balanceCents, card.unitCents, card.outlook)}
                  topUpHref={`${here}/ricarica${account}`}
                  detailsHref={`${here}/movimenti${account}`}
                />
              )
            })}
            <LinkList
              label={t('Documenti dei pagamenti')}
              links={[
                { href: `${here}/fatture`, label: t('Fatture'), icon: 'receipt-text' },
                { href: `${here}/spese`, label: t('Spese per il 730'), icon: 'file-text' },
              ]}
            />
          </div>
          {latest.length > 0 && (
            <Card
              title={t('Ultimi movimenti')}
              titleId="ultimi"
              flush
              aside={
                <a href={`${here}/movimenti`}>
                  {fill(t('Tutti {part}'), {
                    part: (
                      <span key="part" className="sr-only">
                        {t('i movimenti')}
                      </span>
                    ),
                  })}
                </a>
              }
            >
              <StatementTable caption={t('Ultimi movimenti')} movements={latest} compact />
            </Card>
          )}
        </div>
      )}
    </>
  )
}
