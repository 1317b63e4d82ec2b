import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { ActionForm } from '#components/office/menus/action-form.tsx'
import { MENU_DONE } from '#components/office/menus/done-words.ts'
import { SchoolOpinions } from '#components/office/menus/opinions.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { officeOpinions } from '#lib/menus/office/menu.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { monthName } from '#lib/words/format-day.ts'
import { showOpinions } from '../actions.ts'

export const metadata: Metadata = { title: 'Giudizi delle famiglie' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function Opinions({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const opinions = await officeOpinions(viewer)
  if (!opinions) notFound()
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Menù', href: `/admin/${municipalitySlug}/menu` }, { label: 'Giudizi' }]}
      />
      <Done sentences={MENU_DONE} code={fatto} />
      <PageHeading
        title="Giudizi delle famiglie"
        lead="Com’è andata a tavola, in questo anno scolastico. Solo somme, da cinque risposte in su, senza nomi."
        actions={<PrintButton />}
      />
      <div className="grid items-start gap-8 lg:grid-cols-[1fr_22rem] *:min-w-0">
        <div className="grid gap-6">
          {opinions.schools.map((school) => (
            <SchoolOpinions key={school.id} id={school.id} name={school.name} dishes={school.dishes} />
          ))}
        </div>
        <div className="grid gap-6">
          <Card title="Mostrarli alle famiglie?" titleId="mostrare" className="print:hidden">
            <p className="mb-4">
              {opinions.shown
                ? 'Ora ogni famiglia vede, accanto ai piatti, a quanti bambini della scuola sono piaciuti.'
                : 'Ora li vede solo l’ufficio.'}
            </p>
            <ActionForm
              action={showOpinions}
              hidden={{ municipalitySlug, show: opinions.shown ? 'no' : 'si' }}
              label={opinions.shown ? 'Non mostrarli più' : 'Mostrali alle famiglie'}
              look="secondary"
            />
          </Card>
          <Card title="Che cosa scrivono" titleId="commenti">
            {opinions.comments.length === 0 ? (
              <p>Ancora nessun commento.</p>
            ) : (
              <ul className="grid gap-3">
                {opinions.comments.map(({ schoolName, month, comment }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: comments have no identity on purpose, and are drawn once.
                  <li key={index}>
                    “{comment}”{' '}
                    <span className="block text-sm text-muted">
                      {schoolName}, {monthName(month)}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </div>
      </div>
    </>
  )
}
