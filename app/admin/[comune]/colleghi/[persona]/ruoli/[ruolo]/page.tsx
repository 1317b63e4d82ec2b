import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RoleEndForm } from '#components/office/colleagues/role-end-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { colleagueForOffice } from '#lib/people/office/colleague.queries.ts'
import { roleState } from '#lib/people/office/colleague.ts'
import { heldInWords, roleInWords } from '#lib/people/office/colleague.words.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { endRole } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Togli un ruolo' }

type Props = { params: Promise<{ comune: string; persona: string; ruolo: string }> }

/** Ends a role or changes its end; a role that is over has no such page. */
export default async function OfficeColleagueRole({ params }: Props) {
  const { comune: municipalitySlug, persona, ruolo } = await params
  const viewer = await requireViewer(municipalitySlug)
  const found = await colleagueForOffice(viewer, persona)
  const role = found?.colleague.roles.find(({ id }) => id === ruolo)
  if (!found || !role || roleState(role, found.today) === 'over') notFound()
  const { colleague } = found
  const list = `/admin/${municipalitySlug}/colleghi`
  const { state } = await resumedForm(municipalitySlug, viewer)
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Colleghi', href: list },
          { label: colleague.name, href: `${list}/${colleague.personId}` },
          { label: 'Togli un ruolo' },
        ]}
      />
      <PageHeading
        title={`Togli un ruolo a ${colleague.name}`}
        lead={`${roleInWords(role)}, ${heldInWords(role)}.`}
      />
      <Card>
        <RoleEndForm
          municipalitySlug={municipalitySlug}
          roleId={role.id}
          lastDay={role.to}
          initial={state}
          action={endRole}
        />
      </Card>
    </>
  )
}
