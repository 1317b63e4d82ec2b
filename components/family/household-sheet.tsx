import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList, type Datum } from '#components/ui/data-list.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { numericDay } from '#lib/day.ts'
import {
  type EnrolmentState,
  type Household,
  type HouseholdMember,
  type HouseholdPupil,
  type PupilEnrolment,
  ROLE_NAMES,
  ROLE_POWERS,
} from '#lib/households/household.ts'

const STATES: Record<EnrolmentState, { tone: Tone; icon: IconName; word: string }> = {
  current: { tone: 'success', icon: 'circle-check', word: 'Iscrizione attiva' },
  coming: { tone: 'info', icon: 'clock', word: 'Iscrizione futura' },
  ended: { tone: 'neutral', icon: 'history', word: 'Iscrizione conclusa' },
}

const dietInWords = ({ dietCode, dietName }: PupilEnrolment): string =>
  dietName ? `${dietName} (codice ${dietCode})` : `codice ${dietCode}`

const enrolmentData = (enrolment: PupilEnrolment): Datum[] => [
  { term: 'Scuola', value: enrolment.schoolName },
  { term: 'Classe', value: enrolment.className },
  { term: 'Servizio', value: enrolment.serviceName },
  { term: 'Dieta', value: dietInWords(enrolment) },
  {
    term: 'Iscrizione',
    value: `${enrolment.yearName}, dal ${numericDay(enrolment.from)} al ${numericDay(enrolment.to)}`,
  },
]

function Pupil({ pupil, comune }: { pupil: HouseholdPupil; comune: string }) {
  const [first, ...others] = pupil.enrolments
  const state = first && STATES[first.state]
  return (
    <Card
      title={pupil.name}
      titleId={`alunno-${pupil.id}`}
      headingLevel="h3"
      aside={
        state && (
          <StatusChip tone={state.tone} icon={state.icon}>
            {state.word}
          </StatusChip>
        )
      }
    >
      <DataList
        items={[
          { term: 'Data di nascita', value: numericDay(pupil.birthDay) },
          ...(first
            ? enrolmentData(first)
            : [{ term: 'Iscrizione', value: 'Nessuna iscrizione alla mensa' }]),
        ]}
      />
      {others.length > 0 && (
        <details className="group mt-4">
          <summary className="inline-flex min-h-11 list-none items-center gap-2 font-semibold text-primary">
            <Icon name="chevron-down" className="group-open:rotate-180" />
            {others.length === 1 ? 'Un’altra iscrizione' : `Altre ${others.length} iscrizioni`}
          </summary>
          <div className="mt-2 grid gap-6 border-t border-line pt-4">
            {others.map((enrolment) => (
              <DataList key={`${enrolment.serviceName}-${enrolment.from}`} items={enrolmentData(enrolment)} />
            ))}
          </div>
        </details>
      )}
      {first?.state === 'current' && (
        <ButtonLink
          href={`/${comune}/prenotazioni?figlio=${pupil.id}`}
          look="secondary"
          icon="calendar-days"
          className="mt-5"
        >
          Apri il calendario
        </ButtonLink>
      )}
    </Card>
  )
}

function Powers({ member }: { member: HouseholdMember }) {
  return (
    <ul className="grid gap-2" aria-label={`Che cosa può fare ${member.name}`}>
      {ROLE_POWERS[member.role].map(({ may, what }) => (
        <li key={what} className="flex gap-2">
          <Icon
            name={may ? 'circle-check' : 'ban'}
            className={`mt-0.5 ${may ? 'text-success' : 'text-muted'}`}
          />
          <span>
            {may ? 'Può ' : 'Non può '}
            {what}
          </span>
        </li>
      ))}
    </ul>
  )
}

const MISSING = <span className="font-normal text-muted">non indicato</span>

const personalData = (member: HouseholdMember): Datum[] =>
  member.personal
    ? [
        { term: 'Codice fiscale', value: member.personal.fiscalCode },
        { term: 'Indirizzo', value: member.personal.address ?? MISSING },
        { term: 'E-mail', value: member.personal.email ?? MISSING },
        { term: 'Telefono', value: member.personal.phone ?? MISSING },
      ]
    : []

function Member({ member }: { member: HouseholdMember }) {
  return (
    <Card
      title={member.name}
      titleId={`adulto-${member.personId}`}
      headingLevel="h3"
      aside={
        member.isViewer && (
          <StatusChip tone="info" icon="user">
            Sei tu
          </StatusChip>
        )
      }
    >
      <div className="grid gap-5">
        <DataList
          items={[
            { term: 'Ruolo', value: `${ROLE_NAMES[member.role]}, dal ${numericDay(member.since)}` },
            ...personalData(member),
          ]}
        />
        <Powers member={member} />
      </div>
    </Card>
  )
}

function OneHousehold({
  household,
  comune,
  named,
}: {
  household: Household
  comune: string
  /** True when there is more than one, so that headings say whose they are. */
  named: boolean
}) {
  const whose = named ? `, famiglia ${household.name}` : ''
  const alone = household.members.every((member) => member.role === 'holder')
  return (
    <div className="grid gap-10">
      <section aria-labelledby={`alunni-${household.id}`}>
        <h2 id={`alunni-${household.id}`} className="mb-4 text-2xl">
          Alunni{whose}
        </h2>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          {household.pupils.map((pupil) => (
            <Pupil key={pupil.id} pupil={pupil} comune={comune} />
          ))}
        </div>
      </section>
      <section aria-labelledby={`adulti-${household.id}`}>
        <h2 id={`adulti-${household.id}`} className="mb-4 text-2xl">
          Genitori{whose}
        </h2>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          {household.members.map((member) => (
            <Member key={member.personId} member={member} />
          ))}
        </div>
        {alone && <p className="mt-4">Nessun altro genitore è delegato a disdire i pasti.</p>}
      </section>
    </div>
  )
}

/** *Utenti / Servizi*: who the pupils are for the canteen, who answers for them, and what each adult may do. */
export function HouseholdSheet({ households, comune }: { households: Household[]; comune: string }) {
  if (households.length === 0)
    return (
      <EmptyState icon="users" title="Nessun alunno collegato">
        <p>Se tuo figlio è iscritto alla mensa, chiama il gestore: controlla come sei registrato.</p>
      </EmptyState>
    )
  return (
    <div className="grid gap-12">
      {households.map((household) => (
        <OneHousehold
          key={household.id}
          household={household}
          comune={comune}
          named={households.length > 1}
        />
      ))}
    </div>
  )
}
