import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FrameForm } from '#components/office/menus/frame-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { frameFields } from '#lib/menus/office/menu.fields.ts'
import { officeMenuChoices } from '#lib/menus/office/menu.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { newMenu } from '../actions.ts'

export const metadata: Metadata = { title: 'Nuovo menù' }

const USUAL_WEEKS = 4

export default async function NewMenu({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const choices = await officeMenuChoices(viewer)
  if (!choices) notFound()
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Menù', href: `/admin/${municipalitySlug}/menu` }, { label: 'Nuovo menù' }]}
      />
      <PageHeading
        title="Nuovo menù"
        lead="Una rotazione di settimane, che ricomincia da capo finché il menù vale. Le famiglie lo vedono solo quando lo pubblichi."
      />
      <FrameForm
        hidden={{ municipalitySlug }}
        version={0}
        frame={frameFields({
          name: '',
          startsOn: '',
          endsOn: '',
          weeks: USUAL_WEEKS,
          firstWeek: 1,
          schoolIds: choices.schools.map(({ id }) => id),
        })}
        here={`/admin/${municipalitySlug}/menu/nuovo`}
        schools={choices.schools}
        label="Crea il menù"
        action={newMenu}
      />
    </>
  )
}
