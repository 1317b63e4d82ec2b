import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DietCodeForm } from '#components/office/diets/diet-code-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { dietCodes } from '#lib/diets/office/diet-code.queries.ts'
import { isDecidedDiet } from '#lib/school/diet.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { createCode } from '../actions.ts'

export const metadata: Metadata = { title: 'Nuova dieta' }

type Props = { params: Promise<{ comune: string }> }

export default async function NewDiet({ params }: Props) {
  const { comune: municipalitySlug } = await params
  const codes = await dietCodes(await requireViewer(municipalitySlug))
  if (!codes) notFound()
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Diete', href: `/admin/${municipalitySlug}/diete` }, { label: 'Nuova dieta' }]}
      />
      <PageHeading title="Nuova dieta" />
      <DietCodeForm
        municipalitySlug={municipalitySlug}
        diet={null}
        others={codes.filter(({ code, parts }) => isDecidedDiet(code) && parts.length === 0)}
        action={createCode}
      />
    </>
  )
}
