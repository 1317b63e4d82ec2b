import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AccountChoice } from '#components/family/account-choice.tsx'
import { PriceNotes } from '#components/family/price-notes.tsx'
import { type ChooserError, TopUpChooser } from '#components/family/top-up-chooser.tsx'
import { TopUpRecap } from '#components/family/top-up-recap.tsx'
import { Amount } from '#components/ui/amount.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import type { Result } from '#lib/kernel/result.ts'
import { type AskedTopUp, readTopUpAddress, topUpAddress } from '#lib/payments/top-up.address.ts'
import { type OpenTopUp, topUpOffer } from '#lib/payments/top-up.queries.ts'
import { type TopUpRefusal, topUpRefusalInWords } from '#lib/payments/top-up.refusals.ts'
import { type Purchase, readPurchase } from '#lib/payments/top-up.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { fill } from '#lib/words/fill.ts'
import { timeInRome } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import type { Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { useWords } from '#words'
import { pay } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Ricarica') }
}

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export default async function TopUpPage({ params, searchParams }: Props) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const offer = await topUpOffer(viewer)
  if (!offer) notFound()
  const asked = readTopUpAddress(await searchParams)
  const { accounts, open } = offer
  const account = asked.accountId ? accounts.find((one) => one.accountId === asked.accountId) : accounts[0]
  if (asked.accountId && !account) notFound()
  const here = `/${municipalitySlug}/pagamenti/ricarica`
  const choices = accounts.map(({ accountId, serviceName, householdName }) => ({
    accountId,
    name: `${serviceName}, ${householdName}`,
  }))

  if (accounts.length > 1 && !asked.accountId) {
    return (
      <Frame
        municipalitySlug={municipalitySlug}
        title={t('Ricarica')}
        lead={t('Paghi per più di un conto: scegli quale vuoi ricaricare.')}
      >
        <AccountChoice here={here} current={null} accounts={choices} />
        <OpenTopUps municipalitySlug={municipalitySlug} open={open} />
      </Frame>
    )
  }

  if (!account || account.unitCents === null) {
    return (
      <Frame municipalitySlug={municipalitySlug} title={t('Ricarica')}>
        <NothingToTopUp municipalitySlug={municipalitySlug} hasAccount={account !== undefined} />
      </Frame>
    )
  }

  const purchase = asked.isAsked ? readPurchase(asked, account.unitCents) : null
  if (purchase?.ok && asked.method) {
    const chosen = { accountId: account.accountId, meals: purchase.value.meals, method: asked.method }
    return (
      <Frame municipalitySlug={municipalitySlug} title={t('Controlla e paga')}>
        <OpenTopUps municipalitySlug={municipalitySlug} open={open} />
        <TopUpRecap
          municipalitySlug={municipalitySlug}
          accountId={account.accountId}
          serviceName={account.serviceName}
          householdName={accounts.length > 1 ? account.householdName : null}
          purchase={purchase.value}
          method={asked.method}
          balanceCents={account.balanceCents}
          payerName={viewer.name}
          clientKey={randomUUID()}
          editHref={topUpAddress(municipalitySlug, { accountId: account.accountId })}
          refreshHref={topUpAddress(municipalitySlug, chosen)}
          action={pay}
        />
      </Frame>
    )
  }

  return (
    <Frame
      municipalitySlug={municipalitySlug}
      title={t('Ricarica')}
      lead={
        <AccountLead
          serviceName={
            accounts.length > 1 ? `${account.serviceName}, ${account.householdName}` : account.serviceName
          }
          balanceCents={account.balanceCents}
        />
      }
    >
      {accounts.length > 1 && <AccountChoice here={here} current={account.accountId} accounts={choices} />}
      <OpenTopUps municipalitySlug={municipalitySlug} open={open} />
      <Card>
        <PriceNotes
          mealPriceCents={account.unitCents}
          nextPrice={account.nextPrice}
          prices={account.children}
        />
        <TopUpChooser
          here={here}
          accountId={account.accountId}
          unitCents={account.unitCents}
          typed={asked}
          error={errorOf(t, asked, purchase)}
        />
      </Card>
    </Frame>
  )
}

function NothingToTopUp({ municipalitySlug, hasAccount }: { municipalitySlug: string; hasAccount: boolean }) {
  const t = useWords()
  return (
    <EmptyState
      icon="wallet"
      title={hasAccount ? t('Per ora non si può ricaricare') : t('Non c’è ancora un conto da ricaricare')}
      action={
        <ButtonLink href={`/${municipalitySlug}/pagamenti`}>{t('Torna allo stato contabile')}</ButtonLink>
      }
    >
      <p>
        {hasAccount
          ? t('Il prezzo del pasto non è ancora stato pubblicato: per ora non si può ricaricare.')
          : t('Il conto si apre con l’iscrizione di un figlio alla mensa.')}
      </p>
    </EmptyState>
  )
}

function AccountLead({ serviceName, balanceCents }: { serviceName: string; balanceCents: number }) {
  const t = useWords()
  return (
    <>
      {fill(t('{serviceName}, saldo {strong}'), {
        serviceName: (
          <span key="service" lang="it">
            {serviceName}
          </span>
        ),
        strong: (
          <strong key="strong">
            <Amount cents={balanceCents} />
          </strong>
        ),
      })}
    </>
  )
}

function Frame({
  municipalitySlug,
  title,
  lead,
  children,
}: {
  municipalitySlug: string
  title: string
  lead?: React.ReactNode
  children: React.ReactNode
}) {
  const t = useWords()
  return (
    <div className="mx-auto max-w-3xl">
      <Breadcrumb
        items={[
          { label: t('Stato contabile'), href: `/${municipalitySlug}/pagamenti` },
          { label: t('Ricarica') },
        ]}
      />
      <PageHeading title={title} lead={lead} />
      <div className="grid gap-6">{children}</div>
    </div>
  )
}

/** A payment begun a few minutes ago may still arrive: a person who pays again without knowing pays twice. */
function OpenTopUps({ municipalitySlug, open }: { municipalitySlug: string; open: OpenTopUp[] }) {
  const t = useWords()
  const [latest] = open
  if (!latest) return null
  return (
    <Notice kind="warning" title={t('Hai già una ricarica in corso')}>
      <p>
        {t(
          'Alle {createdAt} hai cominciato una ricarica di {amountCents}, e non sappiamo ancora com’è finita. Se l’hai già pagata, non pagare di nuovo.',
          {
            createdAt: timeInRome(latest.createdAt, t.language),
            amountCents: formatEuro(latest.amountCents, t.language),
          },
        )}
      </p>
      <p className="mt-2">
        <a href={`/${municipalitySlug}/pagamenti/ricarica/${latest.id}`}>{t('Guarda a che punto è')}</a>
      </p>
    </Notice>
  )
}

function errorOf(
  t: Words,
  asked: AskedTopUp,
  purchase: Result<Purchase, TopUpRefusal> | null,
): ChooserError | null {
  if (!purchase) return null
  if (purchase.ok) return { field: 'metodo', message: t('Scegli come vuoi pagare.') }
  return {
    field: asked.amount === '' ? 'pasti' : 'importo',
    message: topUpRefusalInWords(purchase, t),
    refusal: purchase,
  }
}
