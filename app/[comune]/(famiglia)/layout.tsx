import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { requestPath } from '#app/request-path.ts'
import { NeverKept } from '#components/installed/not-kept.tsx'
import { OfflineNotice } from '#components/installed/offline-notice.tsx'
import { OfflineReader } from '#components/installed/offline-reader.tsx'
import { Shell } from '#components/shell/shell.tsx'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'

type Props = { children: ReactNode; params: Promise<{ comune: string }> }

/** The column of a family's pages, with help at its foot. It shows and does not protect. */
export default async function FamilyLayout({ children, params }: Props) {
  const { comune: municipalitySlug } = await params
  const [municipality, path, viewer] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    requestPath(),
    currentViewer(municipalitySlug),
  ])
  if (!municipality) notFound()
  const { operator } = municipality
  /** What a colleague looks at stays in no browser. */
  const isLooked = viewer?.look !== undefined
  const kept = [`/${municipalitySlug}/oggi`, `/${municipalitySlug}/prenotazioni`]
  return (
    <div className="container-page py-6 sm:py-10">
      {isLooked && <NeverKept />}
      {!isLooked && kept.includes(path) && <OfflineNotice madeAt={new Date()} />}
      {children}
      <Shell
        part="help"
        municipalitySlug={municipalitySlug}
        operator={{ name: operator.name, phone: operator.phone }}
      />
      {!isLooked && <OfflineReader paths={kept} />}
    </div>
  )
}
