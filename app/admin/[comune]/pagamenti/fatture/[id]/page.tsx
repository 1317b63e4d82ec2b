import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { InvoiceSheet } from '#components/family/invoice-sheet.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { invoiceNumberText } from '#lib/invoices/invoice.ts'
import { invoiceInWords } from '#lib/invoices/invoice.words.ts'
import { GAP_WORDS } from '#lib/invoices/office/invoice-gap.words.ts'
import { officeInvoice } from '#lib/invoices/office/office-invoice.queries.ts'
import { env } from '#lib/kernel/env.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'

export const metadata: Metadata = { title: 'Fattura' }

type Props = { params: Promise<{ comune: string; id: string }> }

/** An invoice as the family reads it, and what it still waits for. */
export default async function OfficeInvoice({ params }: Props) {
  const { comune: municipalitySlug, id } = await params
  const viewer = await requireViewer(municipalitySlug)
  const invoice = await officeInvoice(viewer, id)
  if (!invoice) notFound()
  const { document, gaps, holderId, householdId } = invoice
  const says = invoiceInWords(document, env().DEMO, italian)
  const office = `/admin/${municipalitySlug}`
  return (
    <div className="max-w-4xl print:max-w-none">
      <Breadcrumb
        items={[
          {
            label: 'Pagamenti da sistemare',
            ...(allowedToStaff(viewer, 'money:adjust') ? { href: `${office}/pagamenti` } : {}),
          },
          { label: `Fattura ${invoiceNumberText(document.number)}` },
        ]}
      />
      <PageHeading
        title={`Fattura n. ${invoiceNumberText(document.number)}`}
        lead={dated`del ${numericDay(document.date)}`}
      />
      <div className="grid grid-cols-1 gap-6">
        {gaps.length > 0 && (
          <Notice kind="warning" title="Aspetta un dato, e non è ancora partita">
            <ul className="list-disc ps-5">
              {gaps.map((gap) => (
                <li key={gap}>{GAP_WORDS[gap]}</li>
              ))}
            </ul>
          </Notice>
        )}
        <InvoiceSheet says={says} supplierLabel="Emessa da" />
        <p className="print:hidden">
          <a href={`${office}/famiglie/${householdId}/persone/${holderId}`}>
            Apri la scheda di chi ha pagato
          </a>
        </p>
      </div>
    </div>
  )
}
