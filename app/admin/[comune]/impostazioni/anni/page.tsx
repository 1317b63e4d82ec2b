import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { NewYearForm } from '#components/office/structure/new-year-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import type { PatronSaint } from '#lib/school/holidays.ts'
import { patronOf, type YearLine, yearLines } from '#lib/school/office/school-year.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay, shortDay } from '#lib/words/format-day.ts'
import { changePatron, closeDays, correctSpan, correctYear, newYear, openDay } from './actions.ts'

export const metadata: Metadata = { title: 'Anni scolastici' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE: Readonly<Record<string, string>> = {
  creato: 'Anno creato, con feste, giorni e classi',
  chiuso: 'Giorni chiusi: chi mangiava è avvisato',
  patrono: 'Patrono salvato: vale per gli anni che crei da adesso',
  corretto: 'Primo e ultimo giorno dell’anno salvati',
  mensa: 'Giorni della mensa corretti: le famiglie ricevono un avviso',
  riaperto: 'Il giorno è di nuovo nel calendario',
}

/** The school years with their holidays, and a new one. */
export default async function SchoolYears({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [years, patron] = await Promise.all([yearLines(viewer), patronOf(viewer)])
  if (!years) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Done sentences={DONE} code={fatto} />
      <Breadcrumb items={[{ label: 'Impostazioni', href: here }, { label: 'Anni scolastici' }]} />
      <PageHeading
        title="Anni scolastici"
        lead="Feste nazionali, patrono e Pasqua si calcolano da soli; le chiusure della Regione si confrontano con la delibera."
      />
      <div className="sheet-columns">
        {years.map((year) => (
          <Year key={year.id} municipalitySlug={municipalitySlug} year={year} />
        ))}
        <Card title="Nuovo anno" titleId="nuovo">
          <NewYearForm municipalitySlug={municipalitySlug} action={newYear} />
          <p className="mt-5">
            Dopo, gli alunni passano di classe in{' '}
            <Link href={`/admin/${municipalitySlug}/famiglie/passaggio`} prefetch={false}>
              Famiglie, Nuovo anno
            </Link>
            .
          </p>
        </Card>
        <Patron municipalitySlug={municipalitySlug} patron={patron} />
      </div>
    </>
  )
}

function Patron({ municipalitySlug, patron }: { municipalitySlug: string; patron: PatronSaint | null }) {
  const day = patron?.day ?? ''
  return (
    <Card title="Santo patrono" titleId="patrono">
      <p className="mb-5 text-muted">È festa negli anni che crei da adesso. Vuoto, se non ferma le scuole.</p>
      <PreviewForm
        key={day}
        action={changePatron}
        hidden={{ municipalitySlug, seen: day }}
        fields={[
          { kind: 'line', name: 'name', label: 'Nome', max: 80, value: patron?.name ?? '' },
          {
            kind: 'line',
            name: 'day',
            label: 'Giorno',
            hint: 'gg/mm, per esempio 29/06.',
            max: 5,
            value: day.split('-').reverse().join('/'),
          },
        ]}
        label="Salva"
      />
    </Card>
  )
}

function Year({ municipalitySlug, year }: { municipalitySlug: string; year: YearLine }) {
  return (
    <Card title={`Anno ${year.name}`} titleId={`anno-${year.id}`}>
      <p>
        {dated`Dal ${numericDay(year.startsOn)} al ${numericDay(year.endsOn)}: `}
        {`${year.classes} classi, ${year.days} giorni di servizio sommando le scuole.`}
      </p>
      <details className="mt-4">
        <summary>{`Feste e chiusure: ${year.holidays.length}`}</summary>
        <ul className="mt-3 grid gap-1">
          {year.holidays.map(({ id, from, to, reason }) => (
            <li key={id}>
              {from === to ? shortDay(from) : `${shortDay(from)} – ${shortDay(to)}`}: {reason}
            </li>
          ))}
        </ul>
      </details>
      {!year.isOver && <HolidayForms municipalitySlug={municipalitySlug} yearId={year.id} />}
      {!year.isOver && <DayForms municipalitySlug={municipalitySlug} year={year} />}
    </Card>
  )
}

function HolidayForms({ municipalitySlug, yearId }: { municipalitySlug: string; yearId: string }) {
  const hidden = { municipalitySlug, yearId }
  return (
    <>
      <details className="mt-4">
        <summary>Chiudi giorni in tutte le scuole</summary>
        <div className="mt-3">
          <PreviewForm
            action={closeDays}
            hidden={hidden}
            fields={[
              { kind: 'day', name: 'from', label: 'Dal' },
              { kind: 'day', name: 'to', label: 'Al (vuoto: un giorno solo)' },
              { kind: 'line', name: 'reason', label: 'Motivo, lo leggono le famiglie', max: 200 },
            ]}
            label="Mostra che cosa succederà"
            confirm="Chiudi questi giorni"
          />
        </div>
      </details>
      <details className="mt-4">
        <summary>Togli una festa o chiusura dal calendario</summary>
        <div className="mt-3">
          <PreviewForm
            action={openDay}
            hidden={hidden}
            fields={[{ kind: 'day', name: 'day', label: 'Giorno' }]}
            label="Mostra che cosa succederà"
            confirm="Rimetti la mensa quel giorno"
          />
        </div>
      </details>
    </>
  )
}

/** The first and the last day: of the canteen, with what that moves, and of the year itself. */
function DayForms({ municipalitySlug, year }: { municipalitySlug: string; year: YearLine }) {
  const hidden = { municipalitySlug, yearId: year.id, revision: year.revision }
  const schools = year.schools.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <>
      {year.served && (
        <details className="mt-4">
          <summary>Correggi quando comincia e finisce la mensa</summary>
          <div className="mt-3">
            <PreviewForm
              key={year.revision}
              action={correctSpan}
              hidden={hidden}
              fields={[
                {
                  kind: 'choice',
                  name: 'schoolId',
                  label: 'Scuola',
                  options: [{ value: '', label: 'Tutte le scuole' }, ...schools],
                },
                { kind: 'day', name: 'serviceFrom', label: 'La mensa comincia', value: year.served.from },
                { kind: 'day', name: 'serviceTo', label: 'La mensa finisce', value: year.served.to },
              ]}
              label="Mostra che cosa succederà"
              confirm="Correggi questi giorni"
            />
          </div>
        </details>
      )}
      <details className="mt-4">
        <summary>Correggi il primo e l’ultimo giorno dell’anno</summary>
        <div className="mt-3">
          <p className="mb-5 text-muted">
            Si spostano finché nessun giorno di mensa e nessuna iscrizione ne resta fuori.
          </p>
          <PreviewForm
            key={year.revision}
            action={correctYear}
            hidden={hidden}
            fields={[
              { kind: 'day', name: 'startsOn', label: 'Comincia', value: year.startsOn },
              { kind: 'day', name: 'endsOn', label: 'Finisce', value: year.endsOn },
            ]}
            label="Salva"
          />
        </div>
      </details>
    </>
  )
}
