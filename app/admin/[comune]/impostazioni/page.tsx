import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { SettingsForm } from '#components/admin/settings-form.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/auth/roles.ts'
import { requireViewer } from '#lib/auth/session.ts'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'
import { missingStatutory } from '#lib/municipalities/settings.ts'
import { changeSettings } from './actions.ts'

export const metadata: Metadata = { title: 'Impostazioni' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<{ fatto?: string | string[] }> }

export default async function Settings({ params, searchParams }: Props) {
  const [{ comune }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(comune)
  if (!allowedToStaff(viewer, 'settings:manage')) notFound()
  const municipality = await municipalityBySlug(comune)
  if (!municipality) notFound()
  const { name, street, postcode, phone, email, pec, settings } = municipality
  const missing = missingStatutory(settings)
  return (
    <>
      <PageHeading
        title="Impostazioni"
        lead="Nome, contatti, collegamenti e aspetto: si leggono in fondo a ogni pagina."
      />
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
        comune={comune}
        save={changeSettings}
        values={{ ...settings, name, street, postcode, phone, email, pec, colour: settings.colour ?? '' }}
      />
    </>
  )
}
