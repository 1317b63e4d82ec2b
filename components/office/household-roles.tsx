import Link from 'next/link'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { ROLE_NAMES } from '#lib/people/household.ts'
import type { OfficeHousehold } from '#lib/people/office/household.ts'
import type { OtherRole } from '#lib/people/office/household-sheet.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { OfficePhone } from './office-phone.tsx'

/** Who answers for a household and who did before, with the ways to correct their data and to change the holder. */
export function HouseholdRoles({
  household,
  otherRoles,
  here,
  mayCorrect,
}: {
  household: OfficeHousehold
  otherRoles: readonly OtherRole[]
  /** The address of the household. */
  here: string
  mayCorrect: boolean
}) {
  return (
    <Card title="Chi ne risponde" titleId="ruoli">
      <DataList
        narrow
        items={household.roles.map((role) => ({
          term: ROLE_NAMES[role.role],
          value: (
            <>
              {role.name}, {dated`dal ${numericDay(role.since)}`}
              <span className="block font-normal">
                Telefono: <OfficePhone phone={role.phone} isVerified={role.isPhoneVerified} />
              </span>
              <span className="block font-normal break-all">E-mail: {role.email ?? 'non la conosciamo'}</span>
              {mayCorrect && (
                <Link href={`${here}/persone/${role.personId}`} prefetch={false} className="tap font-normal">
                  Correggi i dati di {role.name}
                </Link>
              )}
            </>
          ),
        }))}
      />
      {household.roles.length === 0 && <p>Nessuno: nessuna persona può entrare per questa famiglia.</p>}
      {otherRoles.length > 0 && (
        <ul className="mt-4 grid gap-1 border-t border-line pt-4 text-sm text-muted">
          {otherRoles.map(({ name, role, from, to }) => (
            <li key={`${name} ${role} ${from} ${to}`}>
              {name}, {ROLE_NAMES[role].toLowerCase()} {dated`dal ${numericDay(from)}`}
              {to && dated` al ${numericDay(to)}`}
            </li>
          ))}
        </ul>
      )}
      <p className="mt-4 print:hidden">
        <Link href={`${here}/intestatario`} prefetch={false} className="tap">
          Cambia l’intestatario
        </Link>
      </p>
    </Card>
  )
}
