import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DietCodeForm } from '#components/office/diets/diet-code-form.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { dietCodes } from '#lib/diets/office/diet-code.queries.ts'
import { isDecidedDiet } from '#lib/school/diet.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { changeCode, endCode } from '../../actions.ts'

export const metadata: Metadata = { title: 'Dieta' }

type Props = { params: Promise<{ comune: string; codice: string }> }

/** One code: what it stands for, and its end. */
export default async function OneDiet({ params }: Props) {
  const { comune: municipalitySlug, codice } = await params
  const codes = await dietCodes(await requireViewer(municipalitySlug))
  const diet = codes?.find(({ code }) => code === codice && isDecidedDiet(code))
  if (!codes || !diet) notFound()
  const others = codes.filter(({ code }) => code !== diet.code)
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Diete', href: `/admin/${municipalitySlug}/diete` }, { label: diet.code }]}
      />
      <PageHeading
        eyebrow={diet.pupils === 1 ? 'Ce l’ha un alunno' : `Ce l’hanno ${diet.pupils} alunni`}
        title={`${diet.code} · ${diet.name}`}
      />
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-2">
        <Card title="Che cosa vuol dire" titleId="parole">
          <DietCodeForm
            municipalitySlug={municipalitySlug}
            diet={diet}
            others={others.filter(({ code, parts }) => isDecidedDiet(code) && parts.length === 0)}
            action={changeCode}
          />
        </Card>
        <Card title="Chiudi la dieta" titleId="fine" className="print:hidden">
          <p className="mb-5 text-muted">
            Dal giorno dopo non si dà più. Chi ce l’ha ancora passa alla dieta che scegli: prima di confermare
            leggi chi.
          </p>
          <PreviewForm
            action={endCode}
            hidden={{ municipalitySlug, code: diet.code }}
            fields={[
              { kind: 'day', name: 'to', label: 'Ultimo giorno', ...(diet.to ? { value: diet.to } : {}) },
              {
                kind: 'choice',
                name: 'successor',
                label: 'Chi ce l’ha ancora passa a',
                options: [
                  { value: '', label: 'Nessuna: nessuno deve averla' },
                  ...others.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` })),
                ],
              },
            ]}
            label="Mostra chi la ha"
            confirm="Chiudi la dieta"
          />
        </Card>
      </div>
    </>
  )
}
