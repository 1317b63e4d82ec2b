import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { InvoiceDownloads } from '#components/family/invoice-list.tsx'
import { InvoiceSheet } from '#components/family/invoice-sheet.tsx'
import { BindingInItalian } from '#components/language/courtesy.tsx'
import { Said } from '#components/language/said.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { invoiceFacts } from '#lib/invoices/invoice.queries.ts'
import { invoiceNumberText } from '#lib/invoices/invoice.ts'
import { invoiceInWords } from '#lib/invoices/invoice.words.ts'
import { env } from '#lib/kernel/env.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readWords } from '#lib/words/words.request.ts'
import { asWritten } from '#lib/words/written.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Fattura') }
}

type Props = { params: Promise<{ comune: string; id: string }> }

/** An invoice as a page: what its PDF says, for who reads pages better. */
export default async function OwnInvoice({ params }: Props) {
  const [{ comune: municipalitySlug, id }, t] = await Promise.all([params, readWords()])
  const viewer = await requireViewer(municipalitySlug)
  const facts = await invoiceFacts(viewer, id)
  if (!facts) notFound()
  const says = invoiceInWords(facts.document, env().DEMO, t)
  const number = invoiceNumberText(facts.document.number)
  const money = `/${municipalitySlug}/pagamenti`
  return (
    <div className="mx-auto max-w-4xl print:max-w-none">
      <Breadcrumb
        items={[
          { label: t('Stato contabile'), ...(allowedToFamily(viewer, 'money:read') ? { href: money } : {}) },
          { label: t('Fatture'), href: `${money}/fatture` },
          { label: asWritten(number, t.language) },
        ]}
      />
      <PageHeading
        title={<Said text={`${says.title} ${says.number}`} />}
        lead={<Said text={says.day} />}
        actions={<InvoiceDownloads municipalitySlug={municipalitySlug} id={facts.id} number={number} />}
      />
      <div className="grid grid-cols-1 gap-6">
        <BindingInItalian address={`${money}/fatture/${facts.id}`} />
        <InvoiceSheet says={says} supplierLabel={t('Emessa da')} />
      </div>
    </div>
  )
}
