import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { classTitle } from '#lib/school/class-name.ts'
import { classSheet } from '#lib/school/office/structure.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { closeClass, saveClass } from '../../actions.ts'

export const metadata: Metadata = { title: 'Classe' }

/** One class: what it is called, and its end. */
export default async function OneClass({ params }: { params: Promise<{ comune: string; classe: string }> }) {
  const { comune: municipalitySlug, classe } = await params
  const found = await classSheet(await requireViewer(municipalitySlug), classe)
  if (!found) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Impostazioni', href: here },
          { label: 'Scuole e classi', href: `${here}/scuole` },
          { label: found.schoolName, href: `${here}/scuole/${found.schoolId}` },
          { label: found.name },
        ]}
      />
      <PageHeading
        eyebrow={`${found.schoolName}, ${found.yearName}`}
        title={classTitle(found.name)}
        lead={found.pupils === 1 ? 'Ha un alunno.' : `Ha ${found.pupils} alunni.`}
      />
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-2">
        <Card title="Nome" titleId="nome">
          <PreviewForm
            key={found.revision}
            action={saveClass}
            hidden={{ municipalitySlug, classId: found.id, revision: found.revision }}
            fields={[{ kind: 'line', name: 'name', label: 'Nome della classe', max: 40, value: found.name }]}
            label="Salva"
          />
        </Card>
        <Card title="Chiudi la classe" titleId="fine">
          <p className="mb-5 text-muted">Quando non c’è più, o è stata scritta per errore.</p>
          <PreviewForm
            action={closeClass}
            hidden={{ municipalitySlug, classId: found.id }}
            fields={[
              {
                kind: 'day',
                name: 'to',
                label: 'Ultimo giorno',
                ...(found.validTo ? { value: found.validTo } : {}),
              },
            ]}
            label="Mostra che cosa succederà"
            confirm="Chiudi la classe"
          />
        </Card>
      </div>
    </>
  )
}
