import Link from 'next/link'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { ROLE_NAMES } from '#lib/people/household.ts'
import type { OfficeHousehold } from '#lib/people/office/household.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { OfficePhone } from './office-phone.tsx'

/** Who answers for a household, with the way to correct the data of its people. */
export function HouseholdRoles({
  household,
  here,
  mayCorrect,
}: {
  household: OfficeHousehold
  /** The address of the household. */
  here: string
  mayCorrect: boolean
}) {
  return (
    <Card title="Chi ne risponde" titleId="ruoli">
      <DataList
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
                <Link href={`${here}/persone/${role.personId}`} prefetch={false} className="font-normal">
                  Correggi i dati di {role.name}
                </Link>
              )}
            </>
          ),
        }))}
      />
      {mayCorrect && (
        <ul className="mt-4 grid gap-2">
          {household.pupils.map((pupil) => (
            <li key={pupil.id}>
              <Link href={`${here}/alunni/${pupil.id}`} prefetch={false}>
                Correggi i dati di {pupil.name}, alunno
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
