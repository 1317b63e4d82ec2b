import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { InvoiceAddressForm } from '#components/family/invoice-address-form.tsx'
import { InvoiceList } from '#components/family/invoice-list.tsx'
import { BindingInItalian } from '#components/language/courtesy.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { invoicesOf } from '#lib/invoices/invoice.queries.ts'
import { countriesIn } from '#lib/invoices/place-code.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { inContext } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { giveAddress } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Fatture') }
}

export default async function Invoices({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'invoices:read')) notFound()
  const list = await invoicesOf(viewer)
  if (!list) notFound()
  const { invoices, address, addressMissing } = list
  const money = `/${municipalitySlug}/pagamenti`
  return (
    <>
      <Breadcrumb
        items={[
          { label: t('Stato contabile'), ...(allowedToFamily(viewer, 'money:read') ? { href: money } : {}) },
          { label: t('Fatture') },
        ]}
      />
      <PageHeading
        title={t('Fatture')}
        lead={t(
          'Una per ogni ricarica, a tuo nome. L’originale è il file XML; il PDF è la copia da leggere e stampare.',
        )}
        actions={
          invoices.length > 0 && (
            <ButtonLink href={`${money}/spese`} look="secondary" icon="file-text">
              {t('Spese per il 730')}
            </ButtonLink>
          )
        }
      />
      <div className="grid grid-cols-1 gap-6">
        <BindingInItalian address={`${money}/fatture`} />
        <InvoiceAddressForm
          municipalitySlug={municipalitySlug}
          needed={addressMissing}
          waiting={invoices.filter(({ gaps }) => gaps.includes('customer_address')).length}
          address={address}
          countries={countriesIn(t.language)}
          action={giveAddress}
        />
        {invoices.length > 0 ? (
          <InvoiceList municipalitySlug={municipalitySlug} invoices={invoices} />
        ) : (
          <EmptyState
            icon="receipt-text"
            title={t('Ancora nessuna fattura')}
            action={<ButtonLink href={`${money}/ricarica`}>{t(inContext('button', 'Ricarica'))}</ButtonLink>}
          >
            <p>{t('Arriva qui da sola appena una ricarica è pagata: non devi chiederla.')}</p>
          </EmptyState>
        )}
      </div>
    </>
  )
}
