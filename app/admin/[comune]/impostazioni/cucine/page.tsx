import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { isReachable } from '#lib/kitchen/kitchen.ts'
import { type KitchenSetting, SEEN_CHOICES } from '#lib/kitchen/kitchen-setting.ts'
import { type KitchenLine, kitchenLines } from '#lib/kitchen/office/kitchen.queries.ts'
import { servedInWords } from '#lib/kitchen/office/kitchen.words.ts'
import { kitchenSetting } from '#lib/kitchen/office/kitchen-setting.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { listInWords } from '#lib/words/list.ts'
import { saveSetting } from './actions.ts'

export const metadata: Metadata = { title: 'Cucine' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE: Readonly<Record<string, string>> = {
  attesa: 'Salvato',
}

/** The kitchens with the schools they serve and where their counts go. */
export default async function Kitchens({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [found, setting] = await Promise.all([kitchenLines(viewer), kitchenSetting(viewer)])
  if (!found || !setting) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  const unserved = found.schools.filter(({ kitchenName }) => kitchenName === null)
  return (
    <>
      <Done sentences={DONE} code={fatto} />
      <Breadcrumb items={[{ label: 'Impostazioni', href: here }, { label: 'Cucine' }]} />
      <PageHeading
        title="Cucine"
        lead="Chi prepara per quali scuole, e dove va il conteggio appena è definitivo."
        actions={
          <ButtonLink href={`${here}/cucine/nuova`} icon="plus">
            Nuova cucina
          </ButtonLink>
        }
      />
      {unserved.length > 0 && (
        <div className="mb-6 max-w-4xl">
          <Notice kind="warning" title="Oggi senza cucina">
            <p>
              Il conteggio di{' '}
              {listInWords(
                unserved.map(({ name }) => name),
                'it',
              )}{' '}
              non va a nessuna cucina.
            </p>
          </Notice>
        </div>
      )}
      {found.kitchens.length === 0 ? (
        <p>Non c’è ancora nessuna cucina: i conteggi si leggono solo qui nel portale.</p>
      ) : (
        <Card flush>
          <Table caption="Cucine" captionHidden stacks>
            <thead>
              <tr>
                <th scope="col">Cucina</th>
                <th scope="col">Il conteggio va a</th>
                <th scope="col">Scuole</th>
              </tr>
            </thead>
            <tbody>
              {found.kitchens.map((kitchen) => (
                <Line key={kitchen.id} kitchen={kitchen} href={`${here}/cucine/${kitchen.id}`} />
              ))}
            </tbody>
          </Table>
        </Card>
      )}
      <Expected setting={setting} municipalitySlug={municipalitySlug} here={here} />
    </>
  )
}

/** What the municipality expects of its kitchens. */
function Expected({
  setting,
  municipalitySlug,
  here,
}: {
  setting: KitchenSetting
  municipalitySlug: string
  here: string
}) {
  return (
    <div className="mt-6">
      <Card title="Presa visione ed etichette" titleId="attesa">
        <p className="mb-5 max-w-2xl text-muted">
          Chi ha il ruolo «Cucina» preme «Ho visto» in Conteggi, per ogni versione. Passato questo tempo
          l’ufficio lo trova in Oggi e riceve l’avviso urgente; dove nessuno ha il ruolo non si aspetta.
        </p>
        <PreviewForm
          key={setting.revision}
          action={saveSetting}
          hidden={{ municipalitySlug }}
          fields={[
            {
              kind: 'choice',
              name: 'seenMinutes',
              label: 'Avvisa l’ufficio',
              value: String(setting.seenMinutes ?? ''),
              options: [
                { value: '', label: 'Mai' },
                ...SEEN_CHOICES.map((minutes) => ({
                  value: String(minutes),
                  label: `Dopo ${minutes} minuti`,
                })),
              ],
            },
            {
              kind: 'choice',
              name: 'namesOnLabels',
              label: 'Sulle etichette delle diete',
              hint: 'Le legge chiunque vede il vassoio: il nome solo se serve davvero.',
              value: setting.namesOnLabels ? 'yes' : 'no',
              options: [
                { value: 'no', label: 'Codice e classe' },
                { value: 'yes', label: 'Codice, classe e nome, senza cognome' },
              ],
            },
          ]}
          changes={{ revision: setting.revision, here: `${here}/cucine` }}
          label="Salva"
        />
      </Card>
    </div>
  )
}

function Line({ kitchen, href }: { kitchen: KitchenLine; href: string }) {
  return (
    <tr>
      <th scope="row">
        <a href={href}>{kitchen.name}</a>
      </th>
      <td>
        {isReachable(kitchen) ? (
          <>
            {kitchen.emails.map((email) => (
              <span key={email} className="block">
                {email}
              </span>
            ))}
            {kitchen.phone}
          </>
        ) : (
          'Nessun indirizzo'
        )}
      </td>
      <td>
        {kitchen.schools.length === 0 ? (
          'Nessuna'
        ) : (
          <ul>
            {kitchen.schools.map((school) => (
              <li key={`${school.schoolId} ${school.from}`}>
                {school.schoolName}, {servedInWords(school, numericDay)}
              </li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  )
}
