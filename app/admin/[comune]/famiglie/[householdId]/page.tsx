import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Done } from '#components/office/done.tsx'
import { Fold } from '#components/office/fold.tsx'
import {
  HouseholdActs,
  MealReceipts,
  ReceivedCommunications,
  SentRequests,
} from '#components/office/household-history.tsx'
import { HouseholdMoney } from '#components/office/household-money.tsx'
import { HouseholdPupils, type PupilRights } from '#components/office/household-pupils.tsx'
import { HouseholdRoles } from '#components/office/household-roles.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { officeReceiptPath } from '#lib/meals/office/on-behalf.address.ts'
import { householdForOffice } from '#lib/people/office/household.queries.ts'
import type { OfficeHousehold as Household } from '#lib/people/office/household.ts'
import { householdSheet } from '#lib/people/office/household-sheet.queries.ts'
import type { HouseholdSheet } from '#lib/people/office/household-sheet.ts'
import { maySendTransfers } from '#lib/people/office/transfer.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Famiglia' }

type Props = {
  params: Promise<{ comune: string; householdId: string }>
  searchParams: Promise<SearchParams>
}

const DONE = {
  annullato: 'Il cambio dell’intestatario è annullato, e tutti e due hanno ricevuto un messaggio.',
  aggiunto: 'Fatto: l’alunno è nella famiglia, e chi ne risponde ha ricevuto un messaggio.',
  registrata: 'La famiglia è registrata: l’intestatario può entrare da subito con SPID o CIE.',
  tornata: 'Il cambio è annullato: è tutto com’era, e chi deve saperlo ha ricevuto un messaggio.',
  giorni: 'I giorni in cui mangia sono cambiati, e chi deve saperlo ha ricevuto un messaggio.',
  accolta: 'Il trasferimento è accolto: la famiglia ha ricevuto un messaggio e il Comune di prima lo legge.',
  divisi: 'Deciso di chi sono i pasti, e chi deve saperlo ha ricevuto un messaggio.',
  finita: 'L’ultimo giorno è deciso, e chi deve saperlo ha ricevuto un messaggio.',
  cancellato: 'L’alunno scritto per errore è cancellato.',
  corretti: 'I dati sono corretti, e chi deve saperlo ha ricevuto un messaggio.',
}

export default async function OfficeHousehold({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, householdId }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const household = await householdForOffice(viewer, householdId)
  const sheet = await householdSheet(viewer, householdId)
  if (!household || !sheet) notFound()
  const office = `/admin/${municipalitySlug}`
  const here = `${office}/famiglie/${householdId}`
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Famiglie', href: `${office}/famiglie` }, { label: `Famiglia ${household.name}` }]}
      />
      <PageHeading
        title={`Famiglia ${household.name}`}
        lead={dated`Nel portale dal ${longDate(sheet.since)}`}
        actions={
          <HouseholdLinks
            viewer={viewer}
            office={office}
            householdId={householdId}
            maySend={await maySendTransfers(viewer)}
          />
        }
      />
      <Done sentences={DONE} code={fatto} />
      <Sheet
        viewer={viewer}
        household={household}
        sheet={sheet}
        municipalitySlug={municipalitySlug}
        office={office}
        here={here}
        register={
          allowedToStaff(viewer, 'registers:read') ? `${office}/registro?famiglia=${householdId}` : null
        }
      />
    </>
  )
}

function HouseholdLinks({
  viewer,
  office,
  householdId,
  maySend,
}: {
  viewer: Viewer
  office: string
  householdId: string
  /** There is another municipality to which pupils may go. */
  maySend: boolean
}) {
  return (
    <>
      {allowedToStaff(viewer, 'communications:write') && (
        <ButtonLink
          href={`${office}/comunicazioni/nuova?famiglia=${householdId}`}
          look="secondary"
          icon="message-square-text"
        >
          Scrivi una comunicazione
        </ButtonLink>
      )}
      {allowedToStaff(viewer, 'family:look') && (
        <ButtonLink href={`${office}/famiglie/${householdId}/vista`} look="secondary" icon="eye">
          Vedi come la famiglia
        </ButtonLink>
      )}
      {maySend && (
        <ButtonLink
          href={`${office}/famiglie/${householdId}/trasferimento`}
          look="secondary"
          icon="arrow-right"
        >
          Trasferisci a un altro Comune
        </ButtonLink>
      )}
      {allowedToStaff(viewer, 'registry:erase') && (
        <ButtonLink href={`${office}/famiglie/${householdId}/cancella`} look="secondary" icon="trash-2">
          Cancella
        </ButtonLink>
      )}
    </>
  )
}

type SheetProps = {
  viewer: Viewer
  household: Household
  sheet: HouseholdSheet
  municipalitySlug: string
  office: string
  here: string
  /** Where all that was done is read; null: not by this reader. */
  register: string | null
}

const pupilRights = (viewer: Viewer): PupilRights => ({
  correct: allowedToStaff(viewer, 'registry:correct'),
  diets: allowedToStaff(viewer, 'diets:manage'),
  tariffs: allowedToStaff(viewer, 'tariffs:manage'),
  meals: allowedToStaff(viewer, 'meals:change'),
})

function Sheet({ viewer, household, sheet, municipalitySlug, office, here, register }: SheetProps) {
  const { money, receipts, communications, submissions } = sheet
  const rights = pupilRights(viewer)
  return (
    <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Column>
        <HouseholdPupils pupils={sheet.pupils} office={office} here={here} rights={rights} />
        {sheet.sharedPupils.length > 0 && (
          <ul className="list-disc ps-5">
            {sheet.sharedPupils.map(({ id, name, homeId, homeName }) => (
              <li key={id}>
                {name} ha qui alcuni giorni; è un alunno della{' '}
                <Link href={`${office}/famiglie/${homeId}`} prefetch={false}>
                  famiglia {homeName}
                </Link>
                .
              </li>
            ))}
          </ul>
        )}
        {rights.correct && (
          <p className="print:hidden">
            <ButtonLink href={`${here}/alunni/nuovo`} look="secondary" icon="plus">
              Aggiungi un alunno
            </ButtonLink>
          </p>
        )}
        {money && (
          <Fold label="Saldo e ricariche">
            <HouseholdMoney
              money={money}
              refunds={allowedToStaff(viewer, 'money:adjust') ? `${office}/rimborsi` : null}
              addresses={{ payments: `${office}/denaro`, account: `${here}/conto` }}
            />
          </Fold>
        )}
        {receipts && (
          <Fold label="Disdette e ripristini">
            <MealReceipts receipts={receipts} receiptPath={(id) => officeReceiptPath(municipalitySlug, id)} />
          </Fold>
        )}
        <Fold label="Chi ha fatto che cosa">
          <HouseholdActs acts={sheet.acts} register={register} />
        </Fold>
      </Column>
      <Column>
        <HouseholdRoles
          household={household}
          otherRoles={sheet.otherRoles}
          here={here}
          mayCorrect={rights.correct}
        />
        {submissions && (
          <Fold label="Domande mandate">
            <SentRequests submissions={submissions} office={office} />
          </Fold>
        )}
        {communications && (
          <Fold label="Comunicazioni ricevute">
            <ReceivedCommunications communications={communications} office={office} />
          </Fold>
        )}
      </Column>
    </div>
  )
}

const Column = ({ children }: { children: ReactNode }) => <div className="grid min-w-0 gap-6">{children}</div>
