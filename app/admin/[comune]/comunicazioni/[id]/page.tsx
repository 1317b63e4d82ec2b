import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ApproveForm, OneButtonForm, SubmitForm } from '#components/office/communications/approval-forms.tsx'
import { CommunicationForm } from '#components/office/communications/communication-form.tsx'
import { DryRunCard } from '#components/office/communications/dry-run-card.tsx'
import { figuresInWords } from '#components/office/communications/figures.ts'
import { Done } from '#components/office/done.tsx'
import { Findings } from '#components/office/findings.tsx'
import { PublicationChip } from '#components/office/publication-chip.tsx'
import { NoteForm } from '#components/office/publish-panel.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList, type Datum } from '#components/ui/data-list.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import {
  audienceChoices,
  chosenHouseholds,
  type DryRun,
  runDry,
} from '#lib/communications/audience.queries.ts'
import { COMMUNICATION_KINDS } from '#lib/communications/communication.ts'
import { communicationValues } from '#lib/communications/office/communication.fields.ts'
import {
  type OfficeCommunication,
  officeCommunication,
} from '#lib/communications/office/communication.queries.ts'
import { instantForField } from '#lib/kernel/instant-field.ts'
import { accessibilityFindings, isBlocking } from '#lib/publishing/accessibility.ts'
import { hasChanges, isSubmitted, mayHappen } from '#lib/publishing/lifecycle.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'
import { addPicture, approve, remind, save, sendBack, submit, unschedule, withdraw } from '../actions.ts'

export const metadata: Metadata = { title: 'Comunicazione' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

const DONE: Record<string, string> = {
  salvata: 'Salvata. Quello che le famiglie leggono non è cambiato.',
  chiesta: 'Richiesta inviata: la responsabile la vede nell’elenco.',
  rimandata: 'Rimandata a chi l’ha scritta, con la tua nota.',
  pubblicata: 'Fatto: le famiglie la leggono da adesso.',
  programmata: 'Programmata: esce da sola al momento scelto.',
  annullata: 'Programmazione annullata: è tornata tra le bozze.',
  ritirata: 'Ritirata: chi l’aveva letta vede che non vale più e perché.',
  ricordata: 'Promemoria inviato a chi mancava.',
}

const path = (municipalitySlug: string, id = '', tail = '') =>
  [`/admin/${municipalitySlug}/comunicazioni`, id, tail].filter(Boolean).join('/')

/** Where it stands in its life, and how far it has come. */
function StateCard({
  municipalitySlug,
  communication,
  writes,
}: {
  municipalitySlug: string
  communication: OfficeCommunication
  writes: boolean
}) {
  const { figures } = communication
  const facts: Datum[] = [
    ...(communication.publishedAt
      ? [{ term: 'Uscita', value: instantInWords(communication.publishedAt) }]
      : []),
    ...(communication.dueAt ? [{ term: 'Esce da sola', value: instantInWords(communication.dueAt) }] : []),
    ...(communication.approvedBy ? [{ term: 'Approvata da', value: communication.approvedBy }] : []),
    ...(communication.closesAt ? [{ term: 'Scade', value: instantInWords(communication.closesAt) }] : []),
    ...(communication.withdrawnAt
      ? [{ term: 'Ritirata', value: instantInWords(communication.withdrawnAt) }]
      : []),
    ...(communication.withdrawnReason ? [{ term: 'Motivo', value: communication.withdrawnReason }] : []),
    ...(figures ? figuresInWords(figures) : []),
  ]
  return (
    <Card title="Stato" aside={<PublicationChip kind="communication" state={communication.state} />}>
      {facts.length > 0 ? <DataList narrow items={facts} /> : <p>Per ora la vede solo chi lavora qui.</p>}
      <div className="mt-4 flex flex-wrap gap-3">
        <ButtonLink href={path(municipalitySlug, communication.id, 'anteprima')} look="secondary" icon="eye">
          Anteprima
        </ButtonLink>
        {figures && writes && (
          <ButtonLink
            href={path(municipalitySlug, communication.id, 'destinatari')}
            look="secondary"
            icon="users"
          >
            Chi l’ha letta
          </ButtonLink>
        )}
      </div>
    </Card>
  )
}

function ApprovalCard({
  municipalitySlug,
  communication,
  facts,
  approves,
  blocked,
}: {
  municipalitySlug: string
  communication: OfficeCommunication
  facts: DryRun
  approves: boolean
  blocked: boolean
}) {
  const panel = { municipalitySlug, id: communication.id, version: communication.latestVersion }
  const waiting = isSubmitted(communication)
  const isOut = communication.publishedVersion !== null
  return (
    <Card title={isOut ? 'Approva la correzione' : 'Approvazione'}>
      <div className="grid gap-4">
        {waiting && (
          <p>
            {communication.submittedBy} chiede di approvare questa versione
            {communication.note ? `: “${communication.note}”` : '.'}
          </p>
        )}
        {!waiting && communication.note && <p>Nota: “{communication.note}”</p>}
        {blocked && <p className="font-semibold text-danger">Prima correggi i punti segnalati qui sopra.</p>}
        {approves ? (
          <>
            <ApproveForm
              communication={panel}
              action={approve}
              isOut={isOut}
              seen={{ households: facts.households, persons: facts.persons }}
              wantedAt={instantForField(communication.wantedAt)}
            />
            {waiting && (
              <NoteForm
                item={{ ...panel, kind: '' }}
                action={sendBack}
                field="rimanda"
                label="Che cosa va cambiato"
                button="Rimanda"
                icon="undo-2"
              />
            )}
          </>
        ) : waiting ? (
          <p className="text-muted">In attesa: la approva la responsabile.</p>
        ) : (
          <SubmitForm communication={panel} action={submit} isOut={isOut} />
        )}
      </div>
    </Card>
  )
}

function ReminderCard({
  municipalitySlug,
  communication,
}: {
  municipalitySlug: string
  communication: OfficeCommunication
}) {
  const { figures, reminders } = communication
  if (!figures) return null
  const unread = figures.persons - figures.read
  const isComplete = unread <= 0 && figures.acknowledged >= figures.asked
  return (
    <Card title="Promemoria">
      <p className={isComplete ? '' : 'mb-4'}>
        {isComplete
          ? 'Non serve: nessuno manca.'
          : 'Parte solo a chi manca, e al massimo una volta al giorno.'}
      </p>
      <div className="grid gap-3">
        {unread > 0 && (
          <OneButtonForm
            hidden={{ municipalitySlug, id: communication.id, target: 'unread' }}
            action={remind}
            icon="mail"
          >
            Ricorda a chi non ha letto
          </OneButtonForm>
        )}
        {figures.acknowledged < figures.asked && (
          <OneButtonForm
            hidden={{ municipalitySlug, id: communication.id, target: 'unacknowledged' }}
            action={remind}
            icon="mail"
          >
            Ricorda a chi non ha confermato
          </OneButtonForm>
        )}
      </div>
      {reminders.length > 0 && (
        <ul className="mt-4 grid gap-1 text-sm text-muted">
          {reminders.map((reminder) => (
            <li key={reminder.sentAt.toISOString()}>
              {instantInWords(reminder.sentAt)}, {reminder.sentBy}: a{' '}
              {italian(plural('{n} persona', '{n} persone'), { n: reminder.persons })}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function VersionsCard({
  municipalitySlug,
  communication,
}: {
  municipalitySlug: string
  communication: OfficeCommunication
}) {
  return (
    <Card title="Versioni">
      <ol className="divide-y divide-line">
        {communication.versions.map((version) => (
          <li key={version.number} className="py-3">
            <a
              href={`${path(municipalitySlug, communication.id, 'anteprima')}?versione=${version.number}`}
              className="font-semibold"
            >
              Versione {version.number}
            </a>
            <span className="block text-sm text-muted">
              {[version.author, instantInWords(version.savedAt)].filter(Boolean).join(', ')}
            </span>
            {version.publishedAt && (
              <span className="block text-sm font-semibold text-success">
                Uscita {dated`il ${instantInWords(version.publishedAt)}`}
              </span>
            )}
            {version.reason && <span className="block text-sm">Motivo: {version.reason}</span>}
          </li>
        ))}
      </ol>
    </Card>
  )
}

async function Editing({
  municipalitySlug,
  viewer,
  communication,
}: {
  municipalitySlug: string
  viewer: Viewer
  communication: OfficeCommunication
}) {
  const { latest } = communication
  const [choices, households, facts] = await Promise.all([
    audienceChoices(viewer),
    chosenHouseholds(viewer, latest.audience),
    runDry(viewer, communication.id),
  ])
  if (!choices || !facts) notFound()
  const isOut = communication.publishedVersion !== null
  const attachments = latest.files.filter((file) => file.role === 'attachment')
  const findings = accessibilityFindings({ ...latest, summary: latest.title, attachments })
  const approves = allowedToStaff(viewer, 'communications:approve')
  const open = !isOut || hasChanges(communication)
  const panel = { municipalitySlug, kind: '', id: communication.id, version: communication.latestVersion }
  const editor = (
    <div key="text" className="min-w-0 lg:col-start-1 lg:row-start-1">
      <CommunicationForm
        // A new version on the server is a new form: what it shows is what it will be compared with.
        key={latest.number}
        municipalitySlug={municipalitySlug}
        content={{
          id: communication.id,
          version: latest.number,
          ...communicationValues(latest),
          reason: isOut && latest.number === communication.publishedVersion ? '' : latest.reason,
        }}
        options={{ ...choices, households }}
        isOut={isOut}
        save={save}
        upload={addPicture}
      />
    </div>
  )
  const life = (
    <div key="life" className="grid content-start gap-6 lg:col-start-2 lg:row-start-1">
      <StateCard municipalitySlug={municipalitySlug} communication={communication} writes />
      {open && (
        <Card title="Controllo di accessibilità">
          <Findings findings={findings} />
          <p className="mt-3 text-sm text-muted">
            Vale per la versione salvata: salva per controllare di nuovo.
          </p>
        </Card>
      )}
      {!isOut && <DryRunCard facts={facts} />}
      {approves && mayHappen('communication', 'takeBack', communication.state) && (
        <Card title="Programmata">
          <OneButtonForm
            hidden={{ municipalitySlug, id: communication.id }}
            action={unschedule}
            icon="calendar-off"
          >
            Annulla la programmazione
          </OneButtonForm>
        </Card>
      )}
      {open && communication.state !== 'scheduled' && (
        <ApprovalCard
          municipalitySlug={municipalitySlug}
          communication={communication}
          facts={facts}
          approves={approves}
          blocked={findings.some(isBlocking)}
        />
      )}
      {mayHappen('communication', 'remind', communication.state) && (
        <ReminderCard municipalitySlug={municipalitySlug} communication={communication} />
      )}
      {approves && mayHappen('communication', 'withdraw', communication.state) && (
        <Card title="Ritira">
          <NoteForm
            item={panel}
            action={withdraw}
            field="ritira"
            label="Motivo"
            hint="Lo legge chi l’aveva già aperta."
            button="Ritira la comunicazione"
            icon="archive"
            danger
          />
        </Card>
      )}
      <VersionsCard municipalitySlug={municipalitySlug} communication={communication} />
    </div>
  )
  // On a phone the approval and the figures come first, and not under the whole text.
  const isFollowed = isOut || isSubmitted(communication) || communication.state === 'scheduled'
  return (
    <div className="grid gap-8 lg:grid-cols-[1fr_24rem]">{isFollowed ? [life, editor] : [editor, life]}</div>
  )
}

export default async function EditCommunication({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const communication = await officeCommunication(viewer, id)
  if (!communication) notFound()
  const writes = allowedToStaff(viewer, 'communications:write')
  const { latest } = communication
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Comunicazioni', href: path(municipalitySlug) }, { label: latest.title }]}
      />
      <PageHeading
        eyebrow={`${COMMUNICATION_KINDS[latest.kind].one}, versione ${latest.number}`}
        title={latest.title}
      />
      <Done sentences={DONE} code={fatto} />
      {writes && !communication.withdrawnAt ? (
        <Editing municipalitySlug={municipalitySlug} viewer={viewer} communication={communication} />
      ) : (
        <div className="grid max-w-3xl gap-6">
          <StateCard municipalitySlug={municipalitySlug} communication={communication} writes={writes} />
          <VersionsCard municipalitySlug={municipalitySlug} communication={communication} />
        </div>
      )}
    </>
  )
}
