import Link from 'next/link'
import { Card } from '#components/ui/card.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { type OfficeColleague, type RoleState, roleState } from '#lib/people/office/colleague.ts'
import { heldInWords, roleInWords } from '#lib/people/office/colleague.words.ts'

export function RoleChip({ state }: { state: RoleState }) {
  if (state === 'now')
    return (
      <StatusChip tone="success" icon="circle-check">
        In vigore
      </StatusChip>
    )
  if (state === 'coming')
    return (
      <StatusChip tone="info" icon="clock">
        Da venire
      </StatusChip>
    )
  return (
    <StatusChip tone="neutral" icon="history">
      Finito
    </StatusChip>
  )
}

/** All roles of a colleague, with the way to end or change each that is not over. */
export function RoleTable({
  colleague,
  today,
  here,
}: {
  colleague: OfficeColleague
  today: Day
  here: string
}) {
  return (
    <Card flush>
      <Table caption={`Ruoli di ${colleague.name}`} stacks>
        <thead>
          <tr>
            <th scope="col">Ruolo</th>
            <th scope="col">Fine</th>
            <th scope="col">Stato</th>
            <th scope="col">Da quando a quando</th>
          </tr>
        </thead>
        <tbody>
          {colleague.roles.map((role) => {
            const state = roleState(role, today)
            return (
              <tr key={role.id}>
                <th scope="row">{roleInWords(role)}</th>
                <td>
                  {state !== 'over' && (
                    <Link href={`${here}/ruoli/${role.id}`} prefetch={false} className="tap">
                      Togli o cambia la fine<span className="sr-only">: {roleInWords(role)}</span>
                    </Link>
                  )}
                </td>
                <td>
                  <RoleChip state={state} />
                </td>
                <td>{heldInWords(role)}</td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </Card>
  )
}
