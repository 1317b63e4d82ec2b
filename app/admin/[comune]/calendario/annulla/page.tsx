import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ComponentProps } from 'react'
import { ReopeningTable } from '#components/office/reopening-table.tsx'
import { UndoClosureForm } from '#components/office/undo-closure-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { reopeningOf, sumOfReopening, TAKE_UP_DAYS } from '#lib/school/closure.ts'
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
  const sums = sumOfReopening(effects, now)
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
        {sums.schools > 0 ? (
          <>
            <AfterConfirming effects={effects} now={now} />
            <UndoClosureForm
              action={confirmUndoing}
              hidden={{ municipalitySlug, closureId, ...sums }}
              label={sums.schools === 1 ? 'Riapri la mensa' : `Riapri la mensa in ${sums.schools} scuole`}
              backHref={path}
            />
          </>
        ) : (
          <Notice kind="info" title="Nessuna scuola si può riaprire">
            <p>
              Un pasto che non si poteva più disdire si addebita solo se era stato contato, una volta, entro{' '}
              {TAKE_UP_DAYS} giorni. Per altri casi serve una rettifica del conto.
            </p>
          </Notice>
        )}
      </div>
    </>
  )
}

/** What the families read, and what the office answers for, by what becomes of the schools. */
function AfterConfirming({ effects, now }: Pick<ComponentProps<typeof ReopeningTable>, 'effects' | 'now'>) {
  const becomes = effects.map((effect) => reopeningOf(effect, now))
  return (
    <Notice kind="warning" title="Dopo la conferma">
      <ul className="list-disc ps-5">
        {becomes.includes('opens') && (
          <li>
            Dove riapre, le famiglie ricevono un messaggio: la mensa c’è, e il pasto si paga se non lo
            disdicono entro il termine. Quello che avevano già disdetto resta disdetto.
          </li>
        )}
        {becomes.includes('taken-up') && (
          <li>
            Dove riprende, i pasti restituiti sono subito di nuovo addebitati e la cucina riceve di nuovo il
            suo conteggio. <strong>Conferma solo se i bambini hanno mangiato, o mangiano, a mensa</strong>: le
            famiglie ricevono un messaggio, e chi non ha mangiato può scriverti.
          </li>
        )}
      </ul>
    </Notice>
  )
}
