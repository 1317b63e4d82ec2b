import { type PreviewAction, PreviewForm } from '#components/office/preview-form.tsx'
import { weekInWords } from '#lib/school/office/schedule.words.ts'
import { writtenWeekdays } from '#lib/school/office/structure.input.ts'
import type { Week } from '#lib/school/schedule-change.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear, numericDay } from '#lib/words/format-day.ts'

type Planned = {
  serviceId: string
  week: Week | null
  waiting: (Week & { from: string }) | null
  served: { from: string; to: string } | null
}

const USUAL: Week = { weekdays: [1, 2, 3, 4, 5], cutoffTime: '09:30', cutoffDaysBefore: 0 }

/** The days and the cutoff of a school in one year: as they are, and from when they change. */
export function WeekForm<T>({
  action,
  municipalitySlug,
  schoolId,
  year,
  week: { serviceId, week, waiting, served },
}: {
  action: PreviewAction<T>
  municipalitySlug: string
  schoolId: string
  year: { id: string; startsOn: string; endsOn: string }
  week: Planned
}) {
  const shown = waiting ?? week ?? USUAL
  return (
    <>
      {week && served ? (
        <p className="mb-5">
          {dated`Dal ${numericDay(served.from)} al ${numericDay(served.to)}: `}
          {weekInWords(week)}.
          {waiting && (
            <span className="mt-2 block font-semibold">
              {dated`Dal ${longDayWithYear(waiting.from)}: `}
              {weekInWords(waiting)}.
            </span>
          )}
        </p>
      ) : (
        <p className="mb-5">In questa scuola il servizio non c’è ancora.</p>
      )}
      <PreviewForm
        action={action}
        hidden={{ municipalitySlug, schoolId, serviceId, yearId: year.id }}
        fields={fieldsOf(shown, week ? null : year)}
        label="Mostra che cosa succederà"
        confirm={week ? 'Cambia da quel giorno' : 'Comincia il servizio'}
      />
    </>
  )
}

const fieldsOf = (week: Week, first: { startsOn: string; endsOn: string } | null): OfficeField[] => [
  {
    kind: 'line',
    name: 'weekdays',
    label: 'Giorni',
    hint: 'Per esempio: lun mar gio.',
    max: 60,
    value: writtenWeekdays(week.weekdays),
  },
  { kind: 'line', name: 'cutoffTime', label: 'Si disdice entro le', max: 5, value: week.cutoffTime },
  {
    kind: 'line',
    name: 'cutoffDaysBefore',
    label: 'Di quanti giorni prima',
    hint: '0 è il giorno stesso, 1 il giorno prima.',
    max: 2,
    value: String(week.cutoffDaysBefore),
  },
  {
    kind: 'day',
    name: 'from',
    label: first ? 'Primo giorno' : 'Dal giorno',
    ...(first ? { value: first.startsOn } : {}),
  },
  ...(first ? [{ kind: 'day', name: 'to', label: 'Ultimo giorno', value: first.endsOn } as const] : []),
]
