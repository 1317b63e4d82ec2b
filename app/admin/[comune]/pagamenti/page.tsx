import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OpenAlarm, SettledAlarms } from '#components/office/payment-alarms.tsx'
import { WaitingInvoices } from '#components/office/waiting-invoices.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { waitingInvoices } from '#lib/invoices/office/waiting-invoice.queries.ts'
import { paymentDesk } from '#lib/payments/office/payment-alarm.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { settle } from './actions.ts'

export const metadata: Metadata = { title: 'Pagamenti da sistemare' }

/** What the portal found in payments and cannot put right by itself, and the invoices that wait for data. */
export default async function PaymentsToSettle({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToStaff(viewer, 'money:adjust')) notFound()
  const [desk, invoices] = await Promise.all([paymentDesk(viewer), waitingInvoices(viewer)])
  if (!desk || !invoices) notFound()
  return (
    <>
      <PageHeading
        title="Pagamenti da sistemare"
        lead="Pagamenti presi due volte, restituiti o che non tornano: il portale li trova e non tocca i soldi da solo."
      />
      <div className="grid grid-cols-1 gap-6">
        {desk.open.length === 0 && (
          <EmptyState icon="circle-check" title="Nessun pagamento da sistemare">
            <p>Quando il portale ne trova uno, lo leggi qui e nei Conteggi.</p>
          </EmptyState>
        )}
        {desk.open.map((alarm) => (
          <OpenAlarm key={alarm.id} municipalitySlug={municipalitySlug} alarm={alarm} action={settle} />
        ))}
        {invoices.length > 0 && (
          <section aria-labelledby="fatture-ferme" className="grid grid-cols-1 gap-4">
            <h2 id="fatture-ferme" className="text-2xl">
              Fatture che aspettano un dato
            </h2>
            <WaitingInvoices municipalitySlug={municipalitySlug} invoices={invoices} />
          </section>
        )}
        {desk.settled.length > 0 && (
          <section aria-labelledby="sistemati" className="grid grid-cols-1 gap-4">
            <h2 id="sistemati" className="text-2xl">
              Sistemati
            </h2>
            <SettledAlarms alarms={desk.settled} />
          </section>
        )}
      </div>
    </>
  )
}
