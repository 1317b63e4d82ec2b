import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { YearChoice, YearSheet } from '#components/family/year-expenses.tsx'
import { BindingInItalian } from '#components/language/courtesy.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { yearExpensesOf } from '#lib/invoices/year-expenses.queries.ts'
import { readYear } from '#lib/invoices/year-expenses.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Spese per il 730') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function YearExpensesPage({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, { anno }] = await Promise.all([params, searchParams])
  const [viewer, municipality] = await Promise.all([
    requireViewer(municipalitySlug),
    municipalityBySlug(municipalitySlug),
  ])
  if (!municipality || !allowedToFamily(viewer, 'invoices:read')) notFound()
  const asked = anno === undefined ? null : readYear([anno].flat()[0])
  if (anno !== undefined && asked === null) notFound()
  const expenses = await yearExpensesOf(viewer, asked)
  if (!expenses) notFound()
  const { year, years, payments, returns } = expenses
  const isEmpty = payments.length === 0 && returns.length === 0
  const money = `/${municipalitySlug}/pagamenti`
  const pays = allowedToFamily(viewer, 'money:read')
  return (
    <>
      <Breadcrumb
        items={[
          { label: t('Stato contabile'), ...(pays ? { href: money } : {}) },
          { label: t('Spese per il 730') },
        ]}
      />
      <PageHeading
        title={t('Spese per il 730')}
        lead={t(
          'Quello che hai pagato per la mensa nel {year}, da stampare per la dichiarazione dei redditi.',
          { year },
        )}
        actions={!isEmpty && <PrintButton />}
      />
      <div className="grid grid-cols-1 gap-6">
        <BindingInItalian address={`${money}/spese?anno=${year}`} />
        {years.length > 1 && <YearChoice here={`${money}/spese`} years={years} current={year} />}
        {isEmpty ? (
          <EmptyState icon="receipt-text" title={t('Nel {year} non risultano pagamenti', { year })}>
            <p>{t('Contano le ricariche pagate da te in quell’anno da questo portale.')}</p>
          </EmptyState>
        ) : (
          <>
            <YearSheet expenses={expenses} municipality={municipality.name} />
            <p className="max-w-3xl">
              {t(
                'Il saldo iniziale e gli accrediti dell’ufficio non sono pagamenti tuoi e qui non contano. Tieni anche le fatture: una per ogni ricarica.',
              )}
            </p>
            <div className="print:hidden">
              <ButtonLink href={`${money}/fatture`} look="secondary" icon="receipt-text">
                {t('Vai alle fatture')}
              </ButtonLink>
            </div>
          </>
        )}
      </div>
    </>
  )
}
