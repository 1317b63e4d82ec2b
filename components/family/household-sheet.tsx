import { Said } from '#components/language/said.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList, type Datum } from '#components/ui/data-list.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import {
  type EnrolmentState,
  type Household,
  type HouseholdMember,
  type HouseholdPupil,
  type PupilEnrolment,
  ROLE_NAMES,
  ROLE_POWERS,
} from '#lib/people/household.ts'
import { readablePhone } from '#lib/people/phone.ts'
import { COMMON_DIET, isDecidedDiet, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { weekdaysInWords } from '#lib/school/schedule.words.ts'
import type { PriceNow, PriceStep } from '#lib/tariffs/price.ts'
import { capitalised, fromDay, priceInWords } from '#lib/tariffs/price.words.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { type Phrase, phrase, plural, type Words } from '#lib/words/language.ts'
import { keptTogether, written } from '#lib/words/written.ts'
import { useWords } from '#words'

const STATES: Record<EnrolmentState, { tone: Tone; icon: IconName; word: Phrase }> = {
  current: { tone: 'success', icon: 'circle-check', word: phrase('Iscrizione attiva') },
  coming: { tone: 'info', icon: 'clock', word: phrase('Iscrizione futura') },
  ended: { tone: 'neutral', icon: 'history', word: phrase('Iscrizione conclusa') },
}

const dietInWords = (t: Words, { dietCode, dietName, asked }: PupilEnrolment): string =>
  dietCode === UNDECIDED_DIET || (asked && dietCode === COMMON_DIET)
    ? t('da definire: l’ufficio non ha ancora deciso')
    : dietName
      ? t('{dietName} (codice {dietCode})', { dietName: written(dietName), dietCode })
      : t('codice {dietCode}', { dietCode })

const enrolmentData = (t: Words, enrolment: PupilEnrolment): Datum[] => {
  return [
    { term: t('Scuola'), value: <span lang="it">{enrolment.schoolName}</span> },
    { term: t('Classe'), value: <span lang="it">{enrolment.className}</span> },
    { term: t('Servizio'), value: <span lang="it">{enrolment.serviceName}</span> },
    ...(enrolment.weekdays
      ? [{ term: t('Giorni'), value: capitalised(weekdaysInWords(enrolment.weekdays, t)) }]
      : []),
    { term: t('Dieta'), value: <Said text={dietInWords(t, enrolment)} /> },
    ...(enrolment.asked && isDecidedDiet(enrolment.dietCode)
      ? [{ term: t('Altra dieta chiesta'), value: t('da definire: l’ufficio non ha ancora deciso') }]
      : []),
    ...(enrolment.severe ? [{ term: t('Reazione grave'), value: t('Rischio segnalato alla cucina') }] : []),
    {
      term: t('Iscrizione'),
      value: t('{yearName}, dal {from} al {to}', {
        yearName: enrolment.yearName,
        from: numericDay(enrolment.from, t.language),
        to: numericDay(enrolment.to, t.language),
      }),
    },
  ]
}

/** "3,20 € (fascia B) dal 1 settembre 2026", and what comes after. */
function PriceOfMeal({ price: { now, next } }: { price: PriceNow }) {
  const t = useWords()
  const amount = ({ cents, bandCode }: PriceStep) =>
    bandCode === null
      ? priceInWords(cents, t)
      : t('{price} (fascia {band})', { price: priceInWords(cents, t), band: bandCode })
  return (
    <>
      {amount(now)} {fromDay(now.from, t)}
      {next && (
        <span className="block font-normal">
          {capitalised(fromDay(next.from, t))}: {amount(next)}
        </span>
      )}
    </>
  )
}

/** What a meal costs, for the payer. Where a pupil has one service, its name adds nothing. */
const priceData = (t: Words, { givenName, prices }: HouseholdPupil): Datum[] =>
  prices.map(({ serviceName, price }) => ({
    term:
      prices.length === 1 ? (
        t('Prezzo del pasto di {name}', { name: givenName })
      ) : (
        <Said
          text={t('Prezzo del pasto di {name}, {serviceName}', {
            name: givenName,
            serviceName: written(serviceName),
          })}
        />
      ),
    value: <PriceOfMeal price={price} />,
  }))

function Pupil({ pupil, municipalitySlug }: { pupil: HouseholdPupil; municipalitySlug: string }) {
  const t = useWords()
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
            {t(state.word)}
          </StatusChip>
        )
      }
    >
      <DataList
        items={[
          { term: t('Data di nascita'), value: numericDay(pupil.birthDay, t.language) },
          ...(first
            ? enrolmentData(t, first)
            : [{ term: t('Iscrizione'), value: t('Nessuna iscrizione alla mensa') }]),
          ...priceData(t, pupil),
        ]}
      />
      {others.length > 0 && (
        <details className="group mt-4">
          <summary className="inline-flex min-h-11 list-none items-center gap-2 font-semibold text-primary">
            <Icon name="chevron-down" className="group-open:rotate-180" />
            {t(plural('Un’altra iscrizione', 'Altre {n} iscrizioni'), { n: others.length })}
          </summary>
          <div className="mt-2 grid gap-6 border-t border-line pt-4">
            {others.map((enrolment) => (
              <DataList
                key={`${enrolment.serviceName}-${enrolment.from}`}
                items={enrolmentData(t, enrolment)}
              />
            ))}
          </div>
        </details>
      )}
      {first?.state === 'current' && (
        <ButtonLink
          href={`/${municipalitySlug}/prenotazioni?figlio=${pupil.id}`}
          look="secondary"
          icon="calendar-days"
          className="mt-5"
        >
          {t('Apri il calendario')}
        </ButtonLink>
      )}
    </Card>
  )
}

function Powers({ member }: { member: HouseholdMember }) {
  const t = useWords()
  return (
    <ul className="grid gap-2" aria-label={t('Che cosa può fare {name}', { name: member.name })}>
      {ROLE_POWERS[member.role].map(({ may, sentence }) => (
        <li key={sentence} className="flex gap-2">
          <Icon
            name={may ? 'circle-check' : 'ban'}
            className={`mt-0.5 ${may ? 'text-success' : 'text-muted'}`}
          />
          <span>{t(sentence)}</span>
        </li>
      ))}
    </ul>
  )
}

function personalData(t: Words, member: HouseholdMember): Datum[] {
  const missing = <span className="font-normal text-muted">{t('non indicato')}</span>
  return member.personal
    ? [
        { term: t('Codice fiscale'), value: member.personal.fiscalCode },
        { term: t('Indirizzo'), value: member.personal.address ?? missing },
        { term: t('E-mail'), value: member.personal.email ?? missing },
        {
          term: t('Telefono'),
          value: member.personal.phone
            ? t(member.personal.phone.isVerified ? '{phone} (verificato)' : '{phone} (non verificato)', {
                phone: keptTogether(readablePhone(member.personal.phone.number)),
              })
            : missing,
        },
      ]
    : []
}

function Member({ member }: { member: HouseholdMember }) {
  const t = useWords()
  return (
    <Card
      title={member.name}
      titleId={`adulto-${member.personId}`}
      headingLevel="h3"
      aside={
        member.isViewer && (
          <StatusChip tone="info" icon="user">
            {t('Sei tu')}
          </StatusChip>
        )
      }
    >
      <div className="grid gap-5">
        <DataList
          items={[
            {
              term: t('Ruolo'),
              value: t('{value}, dal {since}', {
                value: t(ROLE_NAMES[member.role]),
                since: numericDay(member.since, t.language),
              }),
            },
            ...personalData(t, member),
          ]}
        />
        <Powers member={member} />
      </div>
    </Card>
  )
}

function OneHousehold({
  household,
  municipalitySlug,
  named,
}: {
  household: Household
  municipalitySlug: string
  /** True when there is more than one, so that headings say whose they are. */
  named: boolean
}) {
  const t = useWords()
  const titled = (title: string) =>
    named ? t('{title}, famiglia {name}', { title, name: household.name }) : title
  const alone = household.members.every((member) => member.role === 'holder')
  return (
    <div className="grid gap-10">
      <section aria-labelledby={`alunni-${household.id}`}>
        <h2 id={`alunni-${household.id}`} className="mb-4 text-2xl">
          {titled(t('Alunni'))}
        </h2>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          {household.pupils.map((pupil) => (
            <Pupil key={pupil.id} pupil={pupil} municipalitySlug={municipalitySlug} />
          ))}
        </div>
      </section>
      <section aria-labelledby={`adulti-${household.id}`}>
        <h2 id={`adulti-${household.id}`} className="mb-4 text-2xl">
          {titled(t('Genitori'))}
        </h2>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          {household.members.map((member) => (
            <Member key={member.personId} member={member} />
          ))}
        </div>
        {alone && <p className="mt-4">{t('Nessun altro genitore è delegato a disdire i pasti.')}</p>}
      </section>
    </div>
  )
}

/** *Utenti / Servizi*: who the pupils are for the canteen, who answers for them, and what each adult may do. */
export function HouseholdSheet({
  households,
  municipalitySlug,
}: {
  households: Household[]
  municipalitySlug: string
}) {
  const t = useWords()
  if (households.length === 0)
    return (
      <EmptyState icon="users" title={t('Nessun alunno collegato')}>
        <p>{t('Se tuo figlio è iscritto alla mensa, chiama il gestore: controlla i tuoi dati.')}</p>
      </EmptyState>
    )
  return (
    <div className="grid gap-12">
      {households.map((household) => (
        <OneHousehold
          key={household.id}
          household={household}
          municipalitySlug={municipalitySlug}
          named={households.length > 1}
        />
      ))}
    </div>
  )
}
