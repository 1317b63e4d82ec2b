import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RoleTable } from '#components/office/colleagues/colleague-table.tsx'
import { GiveRoleForm } from '#components/office/colleagues/give-role-form.tsx'
import { Done } from '#components/office/done.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { colleagueForOffice, rolePlaces } from '#lib/people/office/colleague.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { giveRoles } from '../actions.ts'

export const metadata: Metadata = { title: 'Collega' }

type Props = {
  params: Promise<{ comune: string; persona: string }>
  searchParams: Promise<SearchParams>
}

const DONE = {
  invitato: 'Il ruolo è dato: entra con SPID o CIE.',
  'invitato-con-messaggio': 'Il ruolo è dato, e l’e-mail con l’indirizzo da cui entrare è in partenza.',
  dato: 'Il ruolo è dato.',
  tolto: 'Il ruolo è tolto da subito.',
  fine: 'La fine del ruolo è cambiata.',
}

export default async function OfficeColleague({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, persona }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const found = await colleagueForOffice(viewer, persona)
  if (!found) notFound()
  const { today, colleague } = found
  const list = `/admin/${municipalitySlug}/colleghi`
  const [places, { state }] = await Promise.all([rolePlaces(viewer), resumedForm(municipalitySlug, viewer)])
  return (
    <>
      <Breadcrumb items={[{ label: 'Colleghi', href: list }, { label: colleague.name }]} />
      <PageHeading title={colleague.name} />
      <Done sentences={DONE} code={fatto} />
      <div className="grid gap-6">
        <RoleTable colleague={colleague} today={today} here={`${list}/${colleague.personId}`} />
        <Card title="Dai un altro ruolo" titleId="dai">
          <GiveRoleForm
            municipalitySlug={municipalitySlug}
            personId={colleague.personId}
            today={today}
            places={places ?? { schools: [], kitchens: [] }}
            initial={state}
            action={giveRoles}
          />
        </Card>
      </div>
    </>
  )
}
