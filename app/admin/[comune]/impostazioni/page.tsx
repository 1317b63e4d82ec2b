import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { SettingsForm } from '#components/office/settings-form.tsx'
import { LinkList } from '#components/shell/link-list.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { municipalityBySlug, settingsNow } from '#lib/school/municipality.queries.ts'
import { settingsFields } from '#lib/school/office/settings.fields.ts'
import { missingStatutory } from '#lib/school/settings.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { changeSettings } from './actions.ts'

export const metadata: Metadata = { title: 'Impostazioni' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const structureLinks = (here: string) => [
  { href: `${here}/avvio`, label: 'Primo avvio', icon: 'circle-check' as const },
  { href: `${here}/scuole`, label: 'Scuole e classi', icon: 'school' as const },
  { href: `${here}/servizi`, label: 'Servizi', icon: 'utensils' as const },
  { href: `${here}/cucine`, label: 'Cucine', icon: 'utensils-crossed' as const },
  { href: `${here}/anni`, label: 'Anni scolastici', icon: 'calendar-days' as const },
  { href: `${here}/esportazione`, label: 'Esporta tutto', icon: 'download' as const },
]

export default async function Settings({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [now, municipality] = await Promise.all([settingsNow(viewer), municipalityBySlug(municipalitySlug)])
  if (!now || !municipality) notFound()
  const missing = missingStatutory(now.own)
  return (
    <>
      <PageHeading
        title="Impostazioni"
        lead="Nome, contatti, collegamenti e aspetto: si leggono in fondo a ogni pagina."
        actions={
          allowedToStaff(viewer, 'supplier:manage') && (
            <ButtonLink
              href={`/admin/${municipalitySlug}/impostazioni/gestore`}
              look="secondary"
              icon="receipt-text"
            >
              Dati del gestore
            </ButtonLink>
          )
        }
      />
      {allowedToStaff(viewer, 'structure:manage') && (
        <div className="mb-8 max-w-4xl">
          <LinkList
            label="Altre impostazioni"
            links={structureLinks(`/admin/${municipalitySlug}/impostazioni`)}
          />
        </div>
      )}
      <div className="mb-6 grid max-w-4xl gap-4">
        {fatto === 'salvate' && (
          <Notice kind="success" live>
            <p>Impostazioni salvate. Entro un secondo le vedono tutti.</p>
          </Notice>
        )}
        {missing.length > 0 && (
          <Notice kind="warning" title="Mancano dati che la legge chiede">
            <ul className="list-disc ps-6">
              {missing.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </Notice>
        )}
      </div>
      <SettingsForm
        // A saved form is a new form: it is compared with what it shows.
        key={now.revision}
        municipalitySlug={municipalitySlug}
        revision={now.revision}
        values={settingsFields(now.own)}
        coatOfArms={municipality.settings.coatOfArms}
        save={changeSettings}
      />
    </>
  )
}
