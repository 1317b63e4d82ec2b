import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { supplierFields } from '#lib/invoices/office/supplier.fields.ts'
import { supplierForOffice } from '#lib/invoices/office/supplier.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { saveSupplier } from './actions.ts'

export const metadata: Metadata = { title: 'Dati del gestore' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = {
  salvati: 'I dati del gestore sono salvati. Le fatture che li aspettavano partono entro un minuto.',
}

/** Who issues the invoices: what the law wants on them. */
export default async function Supplier({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const supplier = await supplierForOffice(viewer)
  if (!supplier) notFound()
  const { state } = await resumedForm(municipalitySlug, viewer)
  const settings = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Breadcrumb
        items={[
          {
            label: 'Impostazioni',
            ...(allowedToStaff(viewer, 'settings:manage') ? { href: settings } : {}),
          },
          { label: 'Dati del gestore' },
        ]}
      />
      <PageHeading
        title="Dati del gestore"
        lead="Stanno su ogni fattura. Se uno manca o non torna, le fatture aspettano: correggilo qui e partono da sole."
      />
      <Done sentences={DONE} code={fatto} />
      <PreviewForm
        // A saved form is a new form: it is compared with what it shows.
        key={supplier.revision}
        action={saveSupplier}
        initial={state}
        hidden={{ municipalitySlug }}
        changes={{ revision: supplier.revision, here: `${settings}/gestore` }}
        fields={supplierFields(supplier.data)}
        label="Vedi che cosa cambia"
        confirm="Conferma e salva"
      />
    </>
  )
}
