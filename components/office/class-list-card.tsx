import { Card } from '#components/ui/card.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import { type ClassList, eating } from '#lib/meals/office/class-list.ts'

const DAYS: Readonly<Record<ClassList['day'], string>> = {
  open: 'Le famiglie possono ancora cambiare, fino al termine.',
  closed: 'Conteggio fatto: oggi non cambia più.',
  suspended: 'Oggi la mensa è sospesa per questa classe.',
  none: 'Oggi la mensa non c’è per questa classe.',
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
            {pupils.map(({ pupilId, givenName, familyName, isAbsent }) => (
              <tr key={pupilId}>
                <th scope="row">
                  {familyName} {givenName}
                </th>
                <td>
                  <StatusChip
                    tone={isAbsent ? 'danger' : 'success'}
                    icon={isAbsent ? 'circle-x' : 'circle-check'}
                  >
                    {isAbsent ? 'Assente' : 'Presente'}
                  </StatusChip>
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}
