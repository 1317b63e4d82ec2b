import Link from 'next/link'
import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import type { EnrolmentState } from '#lib/people/household.ts'
import type { SheetEnrolment, SheetPupil } from '#lib/people/office/household-sheet.ts'
import { weekdaysInWords } from '#lib/school/schedule.words.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate, numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'

/** What this reader may do with the pupils of a household. */
export type PupilRights = { correct: boolean; diets: boolean; tariffs: boolean; meals: boolean }

const STATES: Record<EnrolmentState, { tone: Tone; icon: IconName; word: string }> = {
  current: { tone: 'success', icon: 'circle-check', word: 'In corso' },
  coming: { tone: 'info', icon: 'clock', word: 'Deve cominciare' },
  ended: { tone: 'neutral', icon: 'calendar-off', word: 'Finita' },
}

/** The pupils of a household, each with its enrolments, its fare, and the ways to change them. */
export function HouseholdPupils({
  pupils,
  office,
  here,
  rights,
}: {
  pupils: readonly SheetPupil[]
  /** The address of the office of this municipality. */
  office: string
  /** The address of the household. */
  here: string
  rights: PupilRights
}) {
  return pupils.map((pupil) => (
    <Card
      key={pupil.id}
      flush
      title={pupil.name}
      titleId={`alunno-${pupil.id}`}
      aside={
        <p className="text-muted">
          {dated`Data di nascita: ${numericDay(pupil.birthDay)}`} ·{' '}
          {pupil.fiscalCode ?? 'senza codice fiscale'}
        </p>
      }
    >
      {pupil.enrolments.length === 0 ? (
        <p className="px-4 pb-4 sm:px-6">Non è iscritto a nessun servizio.</p>
      ) : (
        <Enrolments name={pupil.name} enrolments={pupil.enrolments} withDiets={rights.diets} />
      )}
      {pupil.sharing.length > 0 && (
        <p className="px-4 pt-4 sm:px-6">
          Pasti tra due famiglie: {pupil.sharing.join(', ')} ha i suoi giorni.
        </p>
      )}
      <Prices prices={pupil.prices} />
      <PupilLinks pupil={pupil} office={office} here={here} rights={rights} />
    </Card>
  ))
}

type LinksProps = { pupil: SheetPupil; office: string; here: string; rights: PupilRights }

/** The ways to what this reader may do with a pupil. */
const PupilLinks = ({ pupil, office, here, rights }: LinksProps) => (
  <p className="flex flex-wrap gap-x-6 px-4 py-2 sm:gap-y-1 sm:px-6 sm:py-4 print:hidden">
    {rights.meals && pupil.enrolments.length > 0 && (
      <Link href={`${office}/famiglie/pasti/${pupil.id}`} prefetch={false} className="tap font-semibold">
        Disdici o ripristina un pasto<Whose> di {pupil.name}</Whose>
      </Link>
    )}
    {rights.correct && (
      <Link href={`${here}/alunni/${pupil.id}`} prefetch={false} className="tap">
        Correggi i dati<Whose> di {pupil.name}</Whose>
      </Link>
    )}
    {rights.correct && <ChangesOfEnrolment pupil={pupil} office={office} here={here} />}
    {rights.correct && pupil.hasWayBack && (
      <Link href={`${here}/alunni/${pupil.id}/annulla`} prefetch={false} className="tap">
        Annulla l’ultimo cambio<Whose> di {pupil.name}</Whose>
      </Link>
    )}
    {rights.diets && (
      <Link href={`${office}/diete/alunni/${pupil.id}`} prefetch={false} className="tap">
        Dieta<Whose> di {pupil.name}</Whose>
      </Link>
    )}
    {rights.tariffs &&
      pupil.prices.map(({ serviceCode, serviceName }) => (
        <Link
          key={serviceCode}
          href={`${office}/tariffe/${serviceCode}/alunni/${pupil.id}`}
          prefetch={false}
          className="tap"
        >
          Tariffa<Whose> di {pupil.name}</Whose>: {serviceName}
        </Link>
      ))}
  </p>
)

/** Under the name of a pupil the eye needs it no second time; a list of links that is heard does. */
const Whose = ({ children }: { children: ReactNode }) => <span className="sr-only">{children}</span>

/** The ways to move a pupil to another class and to end an enrolment. */
function ChangesOfEnrolment({ pupil, office, here }: { pupil: SheetPupil; office: string; here: string }) {
  const going = pupil.enrolments.filter(({ state }) => state !== 'ended')
  const [now] = going
  if (!now) return null
  return (
    <>
      <Link
        href={`${office}/famiglie/classi?classe=${now.classId}&servizio=${now.serviceId}&alunno=${pupil.id}`}
        prefetch={false}
        className="tap"
      >
        Cambia la classe<Whose> di {pupil.name}</Whose>
      </Link>
      <Link href={`${here}/alunni/${pupil.id}/fine`} prefetch={false} className="tap">
        Ultimo giorno<Whose> di {pupil.name}</Whose>
      </Link>
      <Link href={`${here}/alunni/${pupil.id}/giorni`} prefetch={false} className="tap">
        Giorni in cui mangia<Whose> {pupil.name}</Whose>
      </Link>
      <Link href={`${here}/alunni/${pupil.id}/pasti`} prefetch={false}>
        Pasti di {pupil.name} tra due famiglie
      </Link>
    </>
  )
}

function Enrolments({
  name,
  enrolments,
  withDiets,
}: {
  name: string
  enrolments: readonly SheetEnrolment[]
  withDiets: boolean
}) {
  return (
    <Table caption={`Iscrizioni di ${name}`} captionHidden stacks>
      <thead>
        <tr>
          <th scope="col">Scuola e classe</th>
          <th scope="col">Stato</th>
          <th scope="col">Dal</th>
          <th scope="col">Al</th>
          {withDiets && <th scope="col">Dieta</th>}
          <th scope="col">Servizio</th>
        </tr>
      </thead>
      <tbody>
        {enrolments.map(({ id, state, ...enrolment }) => (
          <tr key={id}>
            <th scope="row">
              {enrolment.className}
              <span className="block font-normal">{enrolment.schoolName}</span>
            </th>
            <td>
              <StatusChip tone={STATES[state].tone} icon={STATES[state].icon}>
                {STATES[state].word}
              </StatusChip>
            </td>
            <td data-label="dal">{numericDay(enrolment.from)}</td>
            <td data-label="al">{numericDay(enrolment.to)}</td>
            {withDiets && (
              <td data-label="Dieta">
                {enrolment.dietCode}
                {enrolment.severe && (
                  <span className="block text-sm font-semibold text-danger">Rischia una reazione grave</span>
                )}
              </td>
            )}
            <td>
              {enrolment.serviceName}
              <span className="block text-sm text-muted">{enrolment.yearName}</span>
              {enrolment.weekdays && (
                <span className="block text-sm">Solo {weekdaysInWords(enrolment.weekdays)}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function Prices({ prices }: Pick<SheetPupil, 'prices'>) {
  if (prices.length === 0) return null
  const band = (code: string | null) => (code ? ` (fascia ${code})` : '')
  return (
    <ul className="border-t border-line px-4 pt-4 sm:px-6">
      {prices.map(({ serviceCode, serviceName, price: { now, next } }) => (
        <li key={serviceCode}>
          {serviceName}: <strong className="text-ink">{formatEuro(now.cents)}</strong> a pasto
          {band(now.bandCode)}
          {next && dated`; dal ${longDate(next.from)}: ${formatEuro(next.cents)}${band(next.bandCode)}`}
        </li>
      ))}
    </ul>
  )
}
