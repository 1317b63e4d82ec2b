import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ReopeningTable } from '#components/office/reopening-table.tsx'
import { UndoClosureForm } from '#components/office/undo-closure-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { sumOfReopening } from '#lib/school/closure.ts'
import { previewUndoing } from '#lib/school/office/closure.queries.ts'
import { decidedInWords } from '#lib/school/office/closure.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { confirmUndoing } from '../actions.ts'

export const metadata: Metadata = { title: 'Annulla una sospensione' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** What taking a closure back would do, school by school, and the press that does it. */
export default async function UndoClosure({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { chiusura }] = await Promise.all([params, searchParams])
  const closureId = readText(chiusura)
  const undoing = await previewUndoing(await requireViewer(municipalitySlug), closureId)
  if (!undoing) notFound()
  const { day, effects, now } = undoing
  const { schools, meals } = sumOfReopening(effects, now)
  const path = `/admin/${municipalitySlug}/calendario`
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Giorno senza mensa', href: path }, { label: 'Annulla una sospensione' }]}
      />
      <PageHeading title="Annulla una sospensione" lead={longDayWithYear(day)} />
      <div className="grid gap-6">
        <p className="text-lg">{decidedInWords(undoing)}</p>
        <ReopeningTable effects={effects} now={now} />
        {schools > 0 ? (
          <>
            <Notice kind="warning" title="Dopo la conferma">
              <p>
                Le famiglie ricevono un messaggio: la mensa c’è, e il pasto si paga se non lo disdicono entro
                il termine. Quello che avevano già disdetto resta disdetto.
              </p>
            </Notice>
            <UndoClosureForm
              action={confirmUndoing}
              hidden={{ municipalitySlug, closureId, schools, meals }}
              label={schools === 1 ? 'Riapri la mensa' : `Riapri la mensa in ${schools} scuole`}
              backHref={path}
            />
          </>
        ) : (
          <Notice kind="info" title="Nessuna scuola si può riaprire">
            <p>
              Dopo il termine le famiglie non possono più disdire, e i pasti già restituiti non si addebitano
              di nuovo.
            </p>
          </Notice>
        )}
      </div>
    </>
  )
}
