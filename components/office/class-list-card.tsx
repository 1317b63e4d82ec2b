import { Card } from '#components/ui/card.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import { type ClassList, eating, type ListedState, listedState } from '#lib/meals/office/class-list.ts'

const DAYS: Readonly<Record<ClassList['day'], string>> = {
  open: 'Le famiglie possono ancora cambiare, fino al termine.',
  closed: 'Conteggio fatto: oggi non cambia più.',
  suspended: 'Oggi la mensa è sospesa per questa classe.',
  none: 'Oggi la mensa non c’è per questa classe.',
}

const STATES: Readonly<Record<ListedState, { tone: Tone; icon: IconName; word: string }>> = {
  present: { tone: 'success', icon: 'circle-check', word: 'Presente' },
  absent: { tone: 'danger', icon: 'circle-x', word: 'Assente' },
  'not-today': { tone: 'neutral', icon: 'calendar-off', word: 'Oggi non mangia' },
}

/** Who of a class eats today. */
export function ClassListCard({ list }: { list: ClassList }) {
  const { className, schoolName, serviceName, day, pupils } = list
  const hasCanteen = day === 'open' || day === 'closed'
  const title = `${className}, ${schoolName}`
  return (
    <Card flush title={title} titleId={`classe-${list.classId}-${serviceName.replace(/\W+/g, '-')}`}>
      <p className="px-4 pb-4 sm:px-6">
        {serviceName}.{' '}
        {hasCanteen && (
          <strong className="text-ink">
            Mangiano in {eating(list)} su {pupils.length}.
          </strong>
        )}{' '}
        {DAYS[day]}
      </p>
      {hasCanteen && (
        <Table caption={`Alunni di ${title}, ${serviceName}`} captionHidden>
          <thead>
            <tr>
              <th scope="col">Alunno</th>
              <th scope="col">Oggi</th>
            </tr>
          </thead>
          <tbody>
            {pupils.map((pupil) => {
              const { word, ...look } = STATES[listedState(pupil)]
              return (
                <tr key={pupil.pupilId}>
                  <th scope="row">
                    {pupil.familyName} {pupil.givenName}
                  </th>
                  <td>
                    <StatusChip {...look}>{word}</StatusChip>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </Table>
      )}
    </Card>
  )
}
