import Link from 'next/link'
import { Card } from '#components/ui/card.tsx'
import type { OfficeHousehold } from '#lib/people/office/household.ts'
import { OfficePhone } from './office-phone.tsx'

const ROLES = { holder: 'intestatario', delegate: 'delegato' } as const

/** Who may ask for changes of the meals of a child, with the number to check who is speaking. */
export function FamilyOnPhone({ roles, href }: { roles: OfficeHousehold['roles']; href: string }) {
  return (
    <Card title="Con chi parli" titleId="adulti">
      <ul className="grid gap-3">
        {roles.map(({ personId, name, role, phone, isPhoneVerified }) => (
          <li key={personId}>
            <span className="font-semibold text-ink">{name}</span>, {ROLES[role]}
            <span className="block text-sm">
              Telefono: <OfficePhone phone={phone} isVerified={isPhoneVerified} />
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-4">
        <Link href={href} prefetch={false}>
          Tutta la scheda della famiglia
        </Link>
      </p>
    </Card>
  )
}
