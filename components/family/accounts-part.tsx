import { LinkList } from '#components/shell/link-list.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import type { Cents } from '#lib/kernel/money.ts'
import { balanceState, type Outlook } from '#lib/ledger/balance.ts'
import { NO_FILTERS, statementFilterQuery } from '#lib/ledger/statement.address.ts'
import type { Movement } from '#lib/ledger/statement.ts'
import type { PaymentToSettle } from '#lib/payments/payment-alarm.ts'
import type { ChildPrice, PriceVersion } from '#lib/tariffs/price.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { plural } from '#lib/words/language.ts'
import { useWords } from '#words'
import { BalanceCard } from './balance-card.tsx'
import { StatementTable } from './statement-table.tsx'

type Account = {
  accountId: string
  householdName: string
  serviceName: string
  isServed: boolean
  balanceCents: Cents
  asOf: Date
  mealPriceCents: Cents
  nextPrice: PriceVersion | null
  children: readonly ChildPrice[]
  unitCents: Cents
  meals: number
  outlook: Outlook
  uncharged: number
}

type Props = {
  municipalitySlug: string
  accounts: readonly Account[]
  latest: readonly Movement[]
  /** Payments that were taken twice or given back. */
  toSettle: readonly PaymentToSettle[]
}

/** *Stato contabile*: nothing in it needs a script. */
export default function AccountsPart({ municipalitySlug, accounts, latest, toSettle }: Props) {
  const t = useWords()
  const here = `/${municipalitySlug}/pagamenti`
  return (
    <>
      <PageHeading
        title={t('Stato contabile')}
        lead={t('Il saldo dei servizi che paghi, i movimenti e le fatture.')}
      />
      {toSettle.length > 0 && <ToSettle payments={toSettle} here={here} />}
      {accounts.length === 0 ? (
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
            {accounts.map((account) => (
              <AccountCard
                key={account.accountId}
                account={account}
                isOnly={accounts.length === 1}
                here={here}
              />
            ))}
            <LinkList
              label={t('Documenti dei pagamenti')}
              links={[
                { href: `${here}/fatture`, label: t('Fatture'), icon: 'receipt-text' },
                { href: `${here}/spese`, label: t('Spese per il 730'), icon: 'file-text' },
              ]}
            />
          </div>
          {latest.length > 0 && <Latest movements={latest} here={here} />}
        </div>
      )}
    </>
  )
}

function ToSettle({ payments, here }: { payments: readonly PaymentToSettle[]; here: string }) {
  const t = useWords()
  return (
    <div className="mb-6">
      <Notice
        kind="warning"
        title={t(plural('Un pagamento è da sistemare', '{n} pagamenti sono da sistemare'), {
          n: payments.length,
        })}
      >
        <ul>
          {payments.map(({ topUpId, kind, cents }) => {
            const amount = formatEuro(cents, t.language)
            return (
              <li key={`${topUpId}-${kind}`}>
                <a href={`${here}/ricarica/${topUpId}`}>
                  {kind === 'taken-twice'
                    ? t('Ti sono stati presi {amount} in più', { amount })
                    : t('Ti sono stati restituiti {amount}', { amount })}
                </a>
              </li>
            )
          })}
        </ul>
      </Notice>
    </div>
  )
}

function AccountCard({ account, isOnly, here }: { account: Account; isOnly: boolean; here: string }) {
  const { accountId, householdName, children, isServed, ...shown } = account
  const query = statementFilterQuery({ ...NO_FILTERS, accountId: isOnly ? null : accountId })
  return (
    <BalanceCard
      id={`saldo-${accountId}`}
      {...shown}
      prices={children}
      householdName={isOnly ? undefined : householdName}
      state={balanceState(shown.balanceCents, shown.unitCents, shown.outlook)}
      topUpHref={isServed ? `${here}/ricarica${query}` : null}
      detailsHref={`${here}/movimenti${query}`}
    />
  )
}

function Latest({ movements, here }: { movements: readonly Movement[]; here: string }) {
  const t = useWords()
  return (
    <Card
      title={t('Ultimi movimenti')}
      titleId="ultimi"
      flush
      aside={<a href={`${here}/movimenti`}>{t('Tutti i movimenti')}</a>}
    >
      <StatementTable caption={t('Ultimi movimenti')} movements={movements} compact />
    </Card>
  )
}
