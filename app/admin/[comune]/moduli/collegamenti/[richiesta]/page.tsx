import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ActForm } from '#components/office/forms/act-form.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { type LinkRequest, linkRequestOf } from '#lib/people/office/link-request.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { decideLink, refuse } from '../actions.ts'

export const metadata: Metadata = { title: 'Richiesta di collegamento' }

type Props = { params: Promise<{ comune: string; richiesta: string }> }

/** One request to be linked: what was written, who may be meant, and the decision. */
export default async function LinkRequestPage({ params }: Props) {
  const { comune: municipalitySlug, richiesta } = await params
  const asked = await linkRequestOf(await requireViewer(municipalitySlug), richiesta)
  if (!asked) notFound()
  const base = `/admin/${municipalitySlug}/moduli`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Moduli e domande', href: base },
          { label: 'Richieste di collegamento', href: `${base}/collegamenti` },
          { label: asked.name },
        ]}
      />
      <PageHeading title={asked.name} lead={`Chiede di seguire ${asked.childName}.`} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Card title="La richiesta" titleId="richiesta">
          <DataList
            narrow
            items={[
              { term: 'Codice fiscale di chi chiede', value: asked.fiscalCode },
              { term: 'E-mail', value: asked.email ?? 'Non l’ha scritta' },
              { term: 'Bambino', value: asked.childName },
              { term: 'Codice fiscale del bambino', value: asked.childCode ?? 'Non l’ha scritto' },
              { term: 'Scuola e classe', value: asked.childClass || 'Non le ha scritte' },
              { term: 'Chi è per il bambino', value: asked.words || 'Non l’ha scritto' },
              { term: 'Inviata', value: instantInWords(asked.sentAt) },
            ]}
          />
        </Card>
        {asked.state === 'sent' ? (
          <Decide asked={asked} municipalitySlug={municipalitySlug} />
        ) : (
          <Notice kind="info" title={asked.state === 'linked' ? 'Collegato' : 'Respinta'}>
            <p>
              L’ha deciso {asked.decidedBy}. {asked.reason}
            </p>
          </Notice>
        )}
      </div>
    </>
  )
}

function Decide({ asked, municipalitySlug }: { asked: LinkRequest; municipalitySlug: string }) {
  const hidden = { municipalitySlug, id: asked.id }
  return (
    <div className="grid gap-6 print:hidden">
      <Card title="Collega" titleId="collega">
        {asked.candidates.length === 0 ? (
          <p>
            Nell’anagrafe non c’è un alunno con questo codice o con questo nome. Se il bambino è nuovo,
            respingi e scrivi di chiedere l’iscrizione.
          </p>
        ) : (
          <PreviewForm
            action={decideLink}
            hidden={hidden}
            label="Che cosa succede"
            confirm="Conferma e collega"
            fields={[
              {
                kind: 'choice',
                name: 'pupilId',
                label: 'A quale alunno',
                value: asked.candidates.length === 1 ? (asked.candidates[0]?.pupilId ?? '') : '',
                options: [
                  { value: '', label: 'Scegli…' },
                  ...asked.candidates.map(({ pupilId, name, familyName, where, why }) => ({
                    value: pupilId,
                    label: `${name}, famiglia ${familyName}${where && `, ${where}`} (${why === 'code' ? 'codice uguale' : 'solo il nome'})`,
                  })),
                ],
              },
            ]}
          />
        )}
      </Card>
      <Card title="Respingi" titleId="respingi">
        <ActForm
          hidden={hidden}
          action={refuse}
          look="danger"
          icon="circle-x"
          label="Respingi la richiesta"
          fields={[
            {
              kind: 'text',
              name: 'reason',
              label: 'Motivo',
              hint: 'Lo legge chi ha chiesto: non dire se il bambino è iscritto, se non lo sa già.',
              max: 1_000,
            },
          ]}
        />
      </Card>
    </div>
  )
}
