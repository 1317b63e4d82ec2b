import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { StepList } from '#components/office/structure/step-list.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { readinessOf } from '#lib/school/office/readiness.queries.ts'
import { missingSteps, stepsOf } from '#lib/school/office/readiness.ts'
import { currentSession, requireViewer, resumedForm } from '#lib/session/session.request.ts'
import type { FormState } from '#lib/web/form-state.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { open, takeBack } from './actions.ts'

export const metadata: Metadata = { title: 'Primo avvio' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE: Readonly<Record<string, string>> = {
  aperto: 'Apertura decisa',
  ritirato: 'L’apertura è ritirata: le famiglie non entrano finché non scegli un altro giorno',
}

/** What is still missing before families may enter, computed from what is there: it can be left and taken up again. */
export default async function FirstStart({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [facts, session, { state }] = await Promise.all([
    readinessOf(viewer),
    currentSession(municipalitySlug),
    resumedForm(municipalitySlug, viewer),
  ])
  if (!facts) notFound()
  const office = `/admin/${municipalitySlug}`
  const missing = missingSteps(facts)
  return (
    <>
      <Done sentences={DONE} code={fatto} />
      <Breadcrumb
        items={[{ label: 'Impostazioni', href: `${office}/impostazioni` }, { label: 'Primo avvio' }]}
      />
      <PageHeading
        title="Primo avvio"
        lead={
          facts.isOpen
            ? 'Il Comune è aperto alle famiglie. Qui resta scritto che cosa ha.'
            : 'Che cosa serve prima che entrino le famiglie. Puoi uscire e tornare quando vuoi: l’elenco si aggiorna da solo.'
        }
      />
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-2">
        <Card title="Che cosa c’è e che cosa manca" titleId="elenco">
          <StepList steps={stepsOf(facts)} office={office} />
        </Card>
        <div className="grid gap-8">
          <Card title="Prova d’accesso e collegamenti" titleId="prova">
            <ul className="grid list-disc gap-3 ps-5">
              <li>
                L’accesso con {session?.method === 'cie' ? 'la CIE' : 'SPID'} funziona: l’hai appena usato.
                Che cosa non va nel ponte lo dice <code>npm run identity:doctor</code>, sul server.
              </li>
              <li>
                Chiedi a un genitore di entrare da <code>/{municipalitySlug}/accesso</code>:{' '}
                {facts.isOpen
                  ? 'deve vedere i suoi figli.'
                  : 'finché non apri, deve leggere che la mensa non è ancora attiva.'}
              </li>
              <li>
                Le e-mail partite e quelle non arrivate sono in <a href={`${office}/invii`}>Invii</a>.
              </li>
              <li>
                I pagamenti da guardare sono in <a href={`${office}/pagamenti`}>Pagamenti da sistemare</a>:
                fai una prima ricarica piccola, dopo l’apertura.
              </li>
            </ul>
          </Card>
          <Opening
            municipalitySlug={municipalitySlug}
            facts={facts}
            missing={missing.map(({ title }) => title)}
            initial={state}
          />
        </div>
      </div>
    </>
  )
}

function Opening({
  municipalitySlug,
  facts: { isOpen, opensOn },
  missing,
  initial,
}: {
  municipalitySlug: string
  facts: { isOpen: boolean; opensOn: string | null }
  missing: readonly string[]
  initial: FormState<never>
}) {
  if (isOpen) return null
  return (
    <Card title="Apri alle famiglie" titleId="apertura">
      {opensOn && (
        <div className="mb-5 grid gap-4">
          <Notice title={dated`Le famiglie entrano dal ${longDayWithYear(opensOn)}`}>
            <p>Fino ad allora puoi scegliere un altro giorno, o ritirare l’apertura.</p>
          </Notice>
          <PreviewForm
            action={takeBack}
            hidden={{ municipalitySlug, sure: 'si' }}
            fields={[]}
            label="Ritira l’apertura"
            look="secondary"
          />
        </div>
      )}
      {missing.length > 0 ? (
        <p>Si apre quando non manca più niente di necessario.</p>
      ) : (
        <PreviewForm
          action={open}
          hidden={{ municipalitySlug }}
          fields={[
            {
              kind: 'day',
              name: 'day',
              label: 'Le famiglie entrano dal',
              ...(opensOn ? { value: opensOn } : {}),
            },
          ]}
          label="Mostra che cosa succederà"
          confirm="Apri alle famiglie"
          initial={initial}
        />
      )}
    </Card>
  )
}
