import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { RegistrationForm } from '#components/office/registration-form.tsx'
import {
  ArrivalFacts,
  DepartureFacts,
  FamiliesHere,
  RefuseForm,
  WithdrawForm,
} from '#components/office/transfers.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { type OpenedTransfer, transferForOffice } from '#lib/people/office/transfer.queries.ts'
import { registrationOf } from '#lib/people/office/transfer.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readFirst, type SearchParams } from '#lib/web/query-params.ts'
import { registerFamily } from '../../nuova/actions.ts'
import { refuse, withdraw } from '../actions.ts'

export const metadata: Metadata = { title: 'Trasferimento' }

type Props = {
  params: Promise<{ comune: string; trasferimento: string }>
  searchParams: Promise<SearchParams>
}

const DONE = {
  mandato: 'Gli alunni sono mandati all’altro Comune, e gli adulti hanno ricevuto un messaggio.',
  chiuso: 'Il trasferimento è chiuso.',
  rifiutato: 'Il trasferimento non è accolto: l’altro Comune lo legge, con il motivo.',
}

/** One transfer: what was sent and what became of it, or what arrives and how it is accepted or refused. */
export default async function Transfer({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, trasferimento }, query] = await Promise.all([params, searchParams])
  const opened = await transferForOffice(await requireViewer(municipalitySlug), trasferimento)
  if (!opened) notFound()
  const families = `/admin/${municipalitySlug}/famiglie`
  const { townName } = 'departure' in opened ? opened.departure : opened.arrival
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: 'Trasferimenti', href: `${families}/trasferimenti` },
          { label: townName },
        ]}
      />
      <PageHeading
        title={'departure' in opened ? `Trasferimento a ${townName}` : `Trasferimento da ${townName}`}
        lead={
          'departure' in opened
            ? 'Finché l’altro Comune non accoglie gli alunni, da qui li riprendi.'
            : 'Guarda che cosa è stato mandato e chi c’è già qui, poi registra gli alunni o di’ di no con un motivo.'
        }
      />
      <Done sentences={DONE} code={query.fatto} />
      {'departure' in opened ? (
        <div className="grid grid-cols-1 gap-6">
          <DepartureFacts departure={opened.departure} families={families} />
          <WithdrawForm departure={opened.departure} hidden={{ municipalitySlug }} action={withdraw} />
        </div>
      ) : (
        <Arriving
          opened={opened}
          municipalitySlug={municipalitySlug}
          householdId={readFirst(query.famiglia) ?? ''}
        />
      )}
    </>
  )
}

function Arriving({
  opened: { arrival, offer, families: here, today },
  municipalitySlug,
  householdId,
}: {
  opened: Extract<OpenedTransfer, { arrival: unknown }>
  municipalitySlug: string
  householdId: string
}) {
  const families = `/admin/${municipalitySlug}/famiglie`
  const chosen = here.find(({ id }) => id === householdId)
  const { id, content, last } = arrival
  return (
    <div className="grid grid-cols-1 gap-6">
      <ArrivalFacts arrival={arrival} families={families} />
      {content && (
        <>
          <FamiliesHere
            here={here}
            families={families}
            address={`${families}/trasferimenti/${id}`}
            chosen={chosen}
          />
          <RegistrationForm
            key={chosen?.id ?? 'nuova'}
            municipalitySlug={municipalitySlug}
            householdId={chosen?.id ?? null}
            transfer={{ id, sent: registrationOf(content, { last, today }) }}
            offer={offer}
            action={registerFamily}
          />
          <Card title="Non accogliere" titleId="rifiuto">
            <RefuseForm hidden={{ municipalitySlug, id }} action={refuse} />
          </Card>
        </>
      )}
    </div>
  )
}
