import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { dietDecisionFields } from '#lib/diets/office/diet-decision.fields.ts'
import { pupilDiets } from '#lib/diets/office/diet-desk.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { decide } from '../../actions.ts'

export const metadata: Metadata = { title: 'Dieta di un alunno' }

type Props = { params: Promise<{ comune: string; alunno: string }> }

/** One pupil: the diets with their days, and the decision about the next. */
export default async function PupilDiet({ params }: Props) {
  const { comune: municipalitySlug, alunno } = await params
  const found = await pupilDiets(await requireViewer(municipalitySlug), alunno)
  if (!found) notFound()
  const { facts, requests } = found
  const nameOf = (code: string) => facts.diets.find((diet) => diet.code === code)?.name ?? code
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Diete', href: `/admin/${municipalitySlug}/diete` }, { label: facts.pupil.name }]}
      />
      <PageHeading eyebrow={facts.enrolments.at(-1)?.where} title={facts.pupil.name} />
      {requests.length > 0 && (
        <div className="mb-6">
          <Notice kind="warning" title="C’è una domanda da decidere">
            <p>
              Finché non la decidi, la cucina chiede prima di servire, e la dieta di adesso resta:{' '}
              {requests.map(({ id, formId, protocol }, at) => (
                <span key={id}>
                  {at > 0 && ', '}
                  <a href={`/admin/${municipalitySlug}/moduli/${formId}/domande/${id}`}>domanda {protocol}</a>
                </span>
              ))}
              .
            </p>
          </Notice>
        </div>
      )}
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-2">
        <Card flush title="Diete" titleId="diete">
          <Table caption={`Diete di ${facts.pupil.name}`} captionHidden>
            <thead>
              <tr>
                <th scope="col">Dieta</th>
                <th scope="col">Dal</th>
                <th scope="col">Al</th>
              </tr>
            </thead>
            <tbody>
              {facts.enrolments.toReversed().map((line) => (
                <tr key={line.id}>
                  <th scope="row">
                    {line.dietCode} · {nameOf(line.dietCode)}
                    {line.severe && (
                      <span className="block text-sm font-semibold text-danger">
                        Rischia una reazione grave
                      </span>
                    )}
                  </th>
                  <td>{numericDay(line.from)}</td>
                  <td>{numericDay(line.to)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
        <Card title="Decidi la dieta" titleId="decidi" className="print:hidden">
          <PreviewForm
            action={decide}
            hidden={{ municipalitySlug, pupilId: alunno }}
            fields={dietDecisionFields(facts)}
            label="Mostra che cosa succederà"
            confirm="Conferma"
          />
        </Card>
      </div>
    </>
  )
}
