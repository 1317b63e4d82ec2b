import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { NoticesForm } from '#components/office/desk/notices-form.tsx'
import { Done } from '#components/office/done.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { WAITING_NAMES } from '#lib/desk/waiting-work.words.ts'
import { ownNotices } from '#lib/desk/work-notice.queries.ts'
import { urgentKindsFor } from '#lib/desk/work-notice.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { save } from './actions.ts'

export const metadata: Metadata = { title: 'Avvisi del lavoro' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = { scelti: 'Le tue scelte sono salvate.' }

/** How the reader hears of what waits in the office. */
export default async function WorkNoticesPage({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const own = await ownNotices(viewer)
  if (!own) notFound()
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Oggi', href: `/admin/${municipalitySlug}/oggi` }, { label: 'Avvisi del lavoro' }]}
      />
      <PageHeading
        title="Avvisi del lavoro"
        lead="Che cosa aspetta l’ufficio lo leggi sempre in Oggi. Qui scegli se saperlo anche per e-mail. Nei messaggi non c’è nessun nome di famiglie."
      />
      <Done sentences={DONE} code={fatto} />
      <Card className="max-w-2xl">
        <NoticesForm
          municipalitySlug={municipalitySlug}
          notices={own.notices}
          address={own.address}
          urgent={urgentKindsFor(viewer).map((kind) => WAITING_NAMES[kind])}
          action={save}
        />
      </Card>
    </>
  )
}
