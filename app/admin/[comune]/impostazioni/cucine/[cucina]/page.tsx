import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { kitchenFormFields } from '#components/office/structure/kitchen-fields.ts'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { type KitchenSheet, kitchenSheet } from '#lib/kitchen/office/kitchen.queries.ts'
import { servedInWords } from '#lib/kitchen/office/kitchen.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { exactTimeInRome, numericDay, shortDay } from '#lib/words/format-day.ts'
import { saveKitchen, serveSchool, takeBack } from '../actions.ts'

export const metadata: Metadata = { title: 'Cucina' }

type Props = { params: Promise<{ comune: string; cucina: string }>; searchParams: Promise<SearchParams> }

const DONE: Readonly<Record<string, string>> = {
  creata: 'Cucina creata: adesso scegli quali scuole serve',
  salvata: 'Cucina salvata',
  scuola: 'Deciso: da quel giorno il conteggio della scuola va qui',
  ritirato: 'Cambio ritirato: la scuola resta alla cucina di prima',
}

/** One kitchen: what it is called, where its counts go, which schools it serves and since when. */
export default async function OneKitchen({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, cucina }, { fatto }] = await Promise.all([params, searchParams])
  const kitchen = await kitchenSheet(await requireViewer(municipalitySlug), cucina)
  if (!kitchen) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  const schools = kitchen.schools.map(({ id, name, kitchenName }) => ({
    value: id,
    label: `${name} (${kitchenName ? `oggi: ${kitchenName}` : 'oggi senza cucina'})`,
  }))
  return (
    <>
      <Done sentences={DONE} code={fatto} />
      <Breadcrumb
        items={[
          { label: 'Impostazioni', href: here },
          { label: 'Cucine', href: `${here}/cucine` },
          { label: kitchen.name },
        ]}
      />
      <PageHeading title={kitchen.name} />
      <div className="sheet-columns">
        <Card title="Scuole che serve" titleId="scuole">
          <Served kitchen={kitchen} municipalitySlug={municipalitySlug} />
        </Card>
        <Card title="Serve una scuola da un giorno" titleId="servi">
          <p className="mb-5 text-muted">
            Fino al giorno prima il conteggio va alla cucina di adesso. Con un ultimo giorno, dopo torna a
            quella.
          </p>
          <PreviewForm
            action={serveSchool}
            hidden={{ municipalitySlug, kitchenId: kitchen.id }}
            fields={[
              { kind: 'choice', name: 'schoolId', label: 'Scuola', options: schools },
              { kind: 'day', name: 'from', label: 'Dal giorno' },
              { kind: 'day', name: 'to', label: 'Ultimo giorno (vuoto: senza fine)' },
            ]}
            label="Mostra che cosa succederà"
            confirm="Manda qui il conteggio"
          />
        </Card>
        <Card title="Nome e indirizzi" titleId="parole">
          <PreviewForm
            key={kitchen.revision}
            action={saveKitchen}
            hidden={{ municipalitySlug, kitchenId: kitchen.id }}
            fields={kitchenFormFields(kitchen)}
            changes={{ revision: kitchen.revision, here: `${here}/cucine/${kitchen.id}` }}
            label="Salva"
          />
        </Card>
        <Card title="Chi vede i conteggi" titleId="persone">
          <People people={kitchen.people} colleagues={`/admin/${municipalitySlug}/colleghi`} />
        </Card>
        <Card title="Ultimi conteggi mandati" titleId="mandati">
          <Mails mails={kitchen.mails} />
        </Card>
      </div>
    </>
  )
}

function Served({ kitchen, municipalitySlug }: { kitchen: KitchenSheet; municipalitySlug: string }) {
  if (kitchen.served.length === 0) return <p>Non serve ancora nessuna scuola.</p>
  return (
    <ul className="grid gap-4">
      {kitchen.served.map(({ schoolId, schoolName, from, to, mayTakeBack }) => (
        <li key={`${schoolId} ${from}`}>
          <p>
            <span className="font-semibold text-ink">{schoolName}</span>,{' '}
            {servedInWords({ from, to }, numericDay)}
          </p>
          {mayTakeBack && (
            <PreviewForm
              action={takeBack}
              hidden={{ municipalitySlug, kitchenId: kitchen.id, schoolId, from }}
              fields={[]}
              label="Ritira"
              title={`Ritira il cambio di ${schoolName}`}
              look="secondary"
              confirm="Ritira il cambio"
            />
          )}
        </li>
      ))}
    </ul>
  )
}

function People({ people, colleagues }: Pick<KitchenSheet, 'people'> & { colleagues: string }) {
  return (
    <>
      {people.length === 0 ? (
        <p>Nessuno ha ancora il ruolo di questa cucina: il conteggio arriva solo per e-mail.</p>
      ) : (
        <ul className="grid gap-1">
          {people.map(({ personId, name }) => (
            <li key={personId}>
              <a href={`${colleagues}/${personId}`}>{name}</a>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-4">
        <a href={`${colleagues}/nuovo`}>Invita un collega</a>, con il ruolo «Cucina» solo per questa cucina:
        vede i pasti delle scuole che serve in quel giorno, senza nomi.
      </p>
    </>
  )
}

function Mails({ mails }: Pick<KitchenSheet, 'mails'>) {
  if (mails.length === 0)
    return <p>Nessuno ancora: il primo parte quando un giorno si chiude e c’è un’e-mail.</p>
  return (
    <ul className="grid gap-1">
      {mails.map(({ day, writtenAt, schools }) => (
        <li key={`${day} ${writtenAt.toISOString()}`}>
          {shortDay(day)}: alle {exactTimeInRome(writtenAt)},{' '}
          {schools === 1 ? 'una scuola' : `${schools} scuole`}
        </li>
      ))}
    </ul>
  )
}
