import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FrameForm } from '#components/office/menus/frame-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { frameFields } from '#lib/menus/office/menu.fields.ts'
import { officeMenu } from '#lib/menus/office/menu.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { keepFrame } from '../../actions.ts'

export const metadata: Metadata = { title: 'Date e scuole del menù' }

export default async function MenuFramePage({ params }: { params: Promise<{ comune: string; id: string }> }) {
  const { comune: municipalitySlug, id } = await params
  const viewer = await requireViewer(municipalitySlug)
  const menu = isUuid(id) ? await officeMenu(viewer, id) : null
  if (!menu) notFound()
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Menù', href: `/admin/${municipalitySlug}/menu` },
          { label: menu.plan.name, href: `/admin/${municipalitySlug}/menu/${id}` },
          { label: 'Date e scuole' },
        ]}
      />
      <PageHeading
        title="Date e scuole"
        lead="Se accorci la rotazione, le settimane in più vengono tolte. Le famiglie vedono le modifiche quando pubblichi."
      />
      <FrameForm
        key={menu.number}
        hidden={{ municipalitySlug, id }}
        version={menu.number}
        frame={frameFields(menu.plan)}
        here={`/admin/${municipalitySlug}/menu/${id}/dati`}
        schools={menu.schools}
        label="Salva"
        action={keepFrame}
      />
    </>
  )
}
