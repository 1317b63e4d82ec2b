import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ClosureConfirm } from '#components/office/closure-confirm.tsx'
import { ClosureForm } from '#components/office/closure-form.tsx'
import { ClosureList } from '#components/office/closure-list.tsx'
import { Done } from '#components/office/done.tsx'
import { EffectsTable } from '#components/office/effects-table.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import type { Viewer } from '#lib/access/viewer.ts'
import { type ClosureEffect, sumOfEffects } from '#lib/school/closure.ts'
import { type ClosureRequest, readClosureRequest } from '#lib/school/office/closure.address.ts'
import { closuresOf, previewClosure, schoolsToClose } from '#lib/school/office/closure.queries.ts'
import { decidedInWords, KIND_NAMES } from '#lib/school/office/closure.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readPage } from '#lib/web/pagination.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { confirmClosure } from './actions.ts'

export const metadata: Metadata = { title: 'Giorno senza mensa' }

const DONE = {
  annullata: 'La sospensione è annullata: la mensa c’è, e le famiglie hanno ricevuto un messaggio.',
}

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

function WhatWillHappen({ request, effects }: { request: ClosureRequest; effects: ClosureEffect[] }) {
  const { refundCents } = sumOfEffects(effects)
  const when = longDayWithYear(request.day)
  return (
    <>
      <h2 className="text-2xl first-letter:uppercase">{when}</h2>
      <p className="text-lg">
        {KIND_NAMES[request.kind]}: “{request.reason}”
      </p>
      <EffectsTable caption={`Effetti della sospensione di ${when}`} effects={effects} />
      <Notice kind="warning" title="Dopo la conferma" headingLevel="h3">
        <p>
          Le famiglie ricevono un messaggio e vedono il giorno chiuso, con il motivo.{' '}
          {refundCents > 0
            ? `Sui loro conti tornano in tutto ${formatEuro(refundCents)} e la cucina riceve una nuova versione del conteggio.`
            : 'Nessun pasto di questo giorno sarà addebitato.'}
        </p>
      </Notice>
    </>
  )
}

async function Preview({
  viewer,
  municipalitySlug,
  request,
}: {
  viewer: Viewer
  municipalitySlug: string
  request: ClosureRequest
}) {
  const path = `/admin/${municipalitySlug}/calendario`
  const effects = await previewClosure(viewer, request)
  if (!effects) notFound()
  const live = effects.filter((effect) => effect.status !== 'suspended')
  const { meals, refundCents } = sumOfEffects(effects)
  return (
    <ClosureConfirm
      action={confirmClosure}
      label={live.length === 1 ? 'Sospendi la mensa' : `Sospendi la mensa in ${live.length} scuole`}
      backHref={path}
      countsHref={`/admin/${municipalitySlug}/conteggi?giorno=${request.day}`}
      possible={live.length > 0}
      hidden={{
        municipalitySlug,
        day: request.day,
        schoolId: request.schoolId ?? '',
        kind: request.kind,
        reason: request.reason,
        meals,
        refundCents,
      }}
    >
      {live.length > 0 ? (
        <WhatWillHappen request={request} effects={effects} />
      ) : (
        <Notice kind="warning" title="Non c’è niente da sospendere">
          <p>
            {effects.length === 0
              ? `La mensa non è prevista: ${longDayWithYear(request.day)}.`
              : `La mensa è già sospesa: ${longDayWithYear(request.day)}.`}
          </p>
          <ul className="list-disc ps-5">
            {effects.map(
              ({ schoolId, schoolName, decided }) =>
                decided && <li key={schoolId}>{`${schoolName}. ${decidedInWords(decided)}`}</li>,
            )}
          </ul>
        </Notice>
      )}
    </ClosureConfirm>
  )
}

export default async function ClosurePage({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const page = readPage(typed.pagina)
  const [schools, coming, past] = await Promise.all([
    schoolsToClose(viewer),
    closuresOf(viewer, { when: 'coming', page: 1 }),
    closuresOf(viewer, { when: 'past', page }),
  ])
  if (!schools || !coming || !past) notFound()
  const path = `/admin/${municipalitySlug}/calendario`
  const read = readClosureRequest(typed, schools)
  return (
    <>
      <Done sentences={DONE} code={typed.fatto} />
      <PageHeading
        title="Giorno senza mensa"
        lead="Sciopero, chiusura o uscita: per una scuola o per tutte, anche a pasti già addebitati."
      />
      {read.state === 'asked' ? (
        <Preview viewer={viewer} municipalitySlug={municipalitySlug} request={read.request} />
      ) : (
        <div className="grid items-start gap-12 lg:grid-cols-2">
          <ClosureForm
            path={path}
            schools={schools}
            problems={read.state === 'wrong' ? read.problems : {}}
            typed={{
              giorno: readText(typed.giorno),
              scuola: readText(typed.scuola),
              tipo: readText(typed.tipo),
              motivo: readText(typed.motivo),
            }}
          />
          <section aria-labelledby="gia-decisi">
            <h2 id="gia-decisi" className="mb-4 text-2xl">
              Già decisi
            </h2>
            <ClosureList closures={coming.closures} undoPath={`${path}/annulla?chiusura=`} />
            <h2 id="passati" className="mt-10 mb-4 text-2xl">
              Passati
            </h2>
            <ClosureList closures={past.closures} />
            <Pagination
              label="Pagine dei giorni passati"
              page={page}
              pages={past.pages}
              hrefOf={(number) => `?pagina=${number}#passati`}
            />
          </section>
        </div>
      )}
    </>
  )
}
