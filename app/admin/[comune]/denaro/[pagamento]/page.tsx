import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PaymentActs, PaymentFacts } from '#components/office/payment-facts.tsx'
import {
  PaymentAlarms,
  PaymentEntries,
  PaymentMessages,
  PaymentMoves,
  PaymentNotes,
  ProviderSide,
} from '#components/office/payment-sides.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { paymentFile } from '#lib/payments/office/payment.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { ask, note } from '../actions.ts'

export const metadata: Metadata = { title: 'Pagamento' }

type Props = { params: Promise<{ comune: string; pagamento: string }>; searchParams: Promise<SearchParams> }

const DONE = {
  chiesto: 'Il portale chiede di nuovo al gestore dei pagamenti: fra qualche secondo ricarica la pagina.',
  scritto: 'La nota è scritta.',
}

/** One payment with everything that was seen of it on both sides. */
export default async function Payment({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, pagamento }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const file = await paymentFile(viewer, pagamento)
  if (!file) notFound()
  const { payment } = file
  const office = `/admin/${municipalitySlug}`
  const mayAdjust = allowedToStaff(viewer, 'money:adjust')
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Ricariche e pagamenti', href: `${office}/denaro` }, { label: payment.orderId }]}
      />
      <PageHeading
        eyebrow={`Ordine ${payment.orderId}`}
        title={`Ricarica di ${formatEuro(payment.amountCents)}: famiglia ${payment.householdName}`}
        actions={<PrintButton />}
      />
      <Done sentences={DONE} code={fatto} />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
        <div className="grid min-w-0 gap-6">
          <PaymentFacts payment={payment} office={office} />
          {mayAdjust && (
            <PaymentActs municipalitySlug={municipalitySlug} id={payment.id} actions={{ ask, note }} />
          )}
        </div>
        <div className="grid min-w-0 gap-6">
          <PaymentAlarms alarms={file.alarms} toSettle={mayAdjust ? `${office}/pagamenti` : null} />
          <PaymentNotes notes={file.notes} />
          <PaymentEntries entries={file.entries} />
          <ProviderSide operations={file.operations} notifications={file.notifications} />
          <PaymentMoves moves={file.moves} />
          <PaymentMessages messages={file.messages} />
        </div>
      </div>
    </>
  )
}
