import type { ReactNode } from 'react'
import { Countdown } from '#components/ui/countdown.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import type { Day } from '#lib/kernel/day.ts'
import type { ChargeState } from '#lib/kitchen/charge.ts'
import { mealsByDiet, type SchoolCount, warningsOf } from '#lib/kitchen/count.ts'
import { warningInWords } from '#lib/kitchen/count.words.ts'
import { countMatrix } from '#lib/kitchen/count-matrix.ts'
import type { DayTotals } from '#lib/kitchen/count-page.ts'
import { exactTimeInRome, longDayWithYear, timeInRome } from '#lib/words/format-day.ts'
import { AutoRefresh, type Watched } from './auto-refresh.tsx'
import { CountsTable } from './counts-table.tsx'

const CHIPS: Record<SchoolCount['state'], { tone: Tone; icon: IconName; word: string }> = {
  provisional: { tone: 'warning', icon: 'clock', word: 'Provvisorio' },
  definitive: { tone: 'success', icon: 'badge-check', word: 'Definitivo' },
  suspended: { tone: 'neutral', icon: 'calendar-off', word: 'Mensa sospesa' },
}

function Chip({ state }: { state: SchoolCount['state'] }) {
  const { tone, icon, word } = CHIPS[state]
  return (
    <StatusChip tone={tone} icon={icon}>
      {word}
    </StatusChip>
  )
}

/** The meals are counted and the families' accounts do not know it yet: a few seconds, or a fault. */
function ChargeChip({ charge }: { charge: ChargeState }) {
  if (charge === null || charge === 'done') return null
  return charge.failures === 0 ? (
    <StatusChip tone="info" icon="clock">
      Da addebitare
    </StatusChip>
  ) : (
    <StatusChip tone="danger" icon="triangle-alert">
      Addebito non riuscito
    </StatusChip>
  )
}

/** What is still to come after the count: nothing, once the charges are written. */
function chargeInWords({ charge }: SchoolCount): string {
  if (charge === null || charge === 'done') return ''
  if (charge.failures === 0) return '. Addebito in corso'
  const times = charge.failures === 1 ? 'una volta' : `${charge.failures} volte`
  return `. Addebito non riuscito ${times}: si riprova alle ${exactTimeInRome(charge.nextTryAt)}`
}

/** "versione 1, delle 09:30:03" or until when the numbers may still move. */
function stateInWords(school: SchoolCount, now: Date): string {
  if (school.state === 'suspended') return school.reason
  if (school.state === 'definitive' && school.frozenAt)
    return `Versione ${school.version}, delle ${exactTimeInRome(school.frozenAt)}${school.reason ? `: ${school.reason}` : ''}${chargeInWords(school)}`
  return school.cutoffAt > now
    ? `Le famiglie possono cambiare fino alle ${timeInRome(school.cutoffAt)}`
    : `Termine delle ${timeInRome(school.cutoffAt)} passato: il conteggio definitivo arriva fra pochi secondi`
}

function Diets({ diets }: Pick<DayTotals, 'diets'>) {
  return (
    <dl className="flex flex-wrap gap-3">
      {diets.map(({ dietCode, meals }) => (
        <div key={dietCode} data-surface className="min-w-24 rounded-lg bg-canvas px-4 py-2 text-center">
          <dt className="text-sm text-muted">
            <span className="sr-only">Dieta </span>
            {dietCode}
          </dt>
          <dd className="text-2xl font-semibold text-ink tabular-nums">{meals}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What the kitchen reads first: how many in all, how sure that is, how many of each diet. */
function Headline({ totals, now, watched }: { totals: DayTotals; now: Date; watched: Watched }) {
  const { state, cutoffAt: cutoff, meals: total } = totals
  return (
    <section
      aria-labelledby="pasti-in-tutto"
      data-surface
      className="mb-8 grid items-center gap-6 rounded-lg border border-line bg-white p-5 shadow-low sm:p-6 lg:grid-cols-[auto_1fr] lg:gap-12 print:grid-cols-[auto_1fr] print:gap-12"
    >
      <div>
        <h2 id="pasti-in-tutto" className="text-lg">
          Pasti da preparare
        </h2>
        <p className="text-[4.5rem] leading-none font-semibold text-ink tabular-nums">{total}</p>
      </div>
      <div className="grid gap-4">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          {state !== 'none' && <Chip state={state} />}
          {state === 'provisional' && (
            <p>
              Aggiornato alle {exactTimeInRome(now)}
              {cutoff && (
                <>
                  , <Countdown millisLeft={cutoff.getTime() - now.getTime()} over="termine passato" />
                  {cutoff > now && ' al termine'}
                </>
              )}
            </p>
          )}
        </div>
        <Diets diets={totals.diets} />
        {state === 'provisional' ? (
          <AutoRefresh watched={watched} sees="una disdetta si vede entro un secondo" />
        ) : (
          totals.isChargeDue && (
            <AutoRefresh watched={watched} sees="si vede quando i pasti sono addebitati" />
          )
        )}
      </div>
    </section>
  )
}

/** What must not be missed at the counter: it stands above the numbers, and is printed with them. */
function Warnings({ lines }: Pick<SchoolCount, 'lines'>) {
  const warnings = warningsOf(lines)
  if (warnings.length === 0) return null
  return (
    <div className="px-4 pb-4 sm:px-5">
      <Notice kind="warning" title="Attenzione">
        <ul className="list-disc ps-5">
          {warnings.map((warning) => (
            <li key={`${warning.className} ${warning.dietCode}`}>{warningInWords(warning)}</li>
          ))}
        </ul>
      </Notice>
    </div>
  )
}

function School({
  school,
  day,
  now,
  diets,
  isNamed,
}: {
  school: SchoolCount
  day: Day
  now: Date
  diets: string[]
  /** There are several services: this one is named. */
  isNamed: boolean
}) {
  const id = `scuola-${school.schoolId}-${school.serviceId}`
  const name = isNamed ? `${school.schoolName}, ${school.serviceName}` : school.schoolName
  return (
    <section
      aria-labelledby={id}
      data-surface
      className="overflow-hidden rounded-lg border border-line bg-white shadow-low print:overflow-visible"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-4 sm:px-5">
        <div>
          <h2 id={id} className="text-xl">
            {name}
          </h2>
          <p className="text-sm text-muted">{stateInWords(school, now)}</p>
          {school.isCooked && school.kitchenName && (
            <p className="text-sm text-muted">Cucina: {school.kitchenName}</p>
          )}
        </div>
        <div className="flex flex-wrap gap-2">
          <ChargeChip charge={school.charge} />
          <Chip state={school.state} />
        </div>
      </div>
      {school.state !== 'suspended' && <Warnings lines={school.lines} />}
      {school.state !== 'suspended' &&
        (school.lines.length > 0 ? (
          <CountsTable
            caption={`Pasti di ${name} per classe e dieta`}
            printedHead={`${name}, ${longDayWithYear(day)}`}
            matrix={countMatrix(school.lines, diets)}
          />
        ) : (
          <p className="border-t border-line px-4 py-4 sm:px-5">Nessun alunno iscritto in questo giorno.</p>
        ))}
    </section>
  )
}

type Props = {
  /** Those of the page, whose tables are drawn. */
  schools: readonly SchoolCount[]
  /** Of all schools of the day. */
  totals: DayTotals
  /** How many services the day has: of several each is named. */
  services: number
  day: Day
  now: Date
  watched: Watched
  /** Between the totals and the schools: how to come to others. */
  children?: ReactNode
}

/** *Conteggi di oggi*: the meals of a day, in all, and by school, class and diet. */
export function CountsBoard({ schools, totals, services, day, now, watched, children }: Props) {
  if (services === 0)
    return (
      <EmptyState icon="utensils-crossed" title="In questo giorno la mensa non c’è">
        <p>Nessuna scuola ha la mensa: è un giorno senza lezioni, o fuori dall’anno scolastico.</p>
      </EmptyState>
    )
  // The columns of every school have one order, also where another service has diets that are not cooked.
  const known = totals.diets.map(({ dietCode }) => dietCode)
  const others = mealsByDiet(schools.flatMap((school) => school.lines)).map(({ dietCode }) => dietCode)
  const diets = [...new Set([...known, ...others])]
  return (
    <>
      <Headline totals={totals} now={now} watched={watched} />
      {children}
      <div className="grid gap-6">
        {schools.map((school) => (
          <School
            key={`${school.schoolId} ${school.serviceId}`}
            school={school}
            day={day}
            now={now}
            diets={diets}
            isNamed={services > 1}
          />
        ))}
      </div>
    </>
  )
}
