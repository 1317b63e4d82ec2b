import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { HandOverForm } from '#components/office/hand-over-form.tsx'
import { OfficePhone } from '#components/office/office-phone.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { ROLE_NAMES } from '#lib/people/household.ts'
import { householdForOffice } from '#lib/people/office/household.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { changeHolder } from './actions.ts'

export const metadata: Metadata = { title: 'Famiglia' }

type Props = { params: Promise<{ comune: string; householdId: string }> }

export default async function OfficeHousehold({ params }: Props) {
  const { comune: municipalitySlug, householdId } = await params
  const viewer = await requireViewer(municipalitySlug)
  const household = await householdForOffice(viewer, householdId)
  if (!household) notFound()
  const { state } = await resumedForm(municipalitySlug, viewer)
  const holder = household.roles.find(({ role }) => role === 'holder')
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: `/admin/${municipalitySlug}/famiglie` },
          { label: `Famiglia ${household.name}` },
        ]}
      />
      <PageHeading
        title={`Famiglia ${household.name}`}
        lead={`Alunni: ${household.pupils.join(', ')}`}
        actions={
          <ButtonLink
            href={`/admin/${municipalitySlug}/comunicazioni/nuova?famiglia=${householdId}`}
            look="secondary"
            icon="message-square-text"
          >
            Scrivi una comunicazione
          </ButtonLink>
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Card title="Chi ne risponde" titleId="ruoli">
          <DataList
            items={household.roles.map((role) => ({
              term: ROLE_NAMES[role.role],
              value: (
                <>
                  {role.name}, dal {numericDay(role.since)}
                  <span className="block font-normal">
                    Telefono: <OfficePhone phone={role.phone} isVerified={role.isPhoneVerified} />
                  </span>
                  <span className="block font-normal break-all">
                    E-mail: {role.email ?? 'non la conosciamo'}
                  </span>
                </>
              ),
            }))}
          />
        </Card>
        <Card title="Cambia l’intestatario" titleId="cambia">
          <div className="mb-4">
            <Notice kind="warning" headingLevel="h3" title="Vale da subito">
              <p>
                Il conto e il saldo restano alla famiglia. Ricariche e fatture già fatte restano visibili solo
                a chi le ha pagate; il nuovo intestatario vede i movimenti da adesso in poi.
              </p>
            </Notice>
          </div>
          <HandOverForm
            municipalitySlug={municipalitySlug}
            householdId={householdId}
            holderName={holder?.name ?? null}
            initial={state}
            action={changeHolder}
          />
        </Card>
      </div>
    </>
  )
}
