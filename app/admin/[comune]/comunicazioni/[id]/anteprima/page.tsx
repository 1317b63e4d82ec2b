import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CommunicationSheet, sheetEyebrow } from '#components/communications/communication-sheet.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { merged } from '#lib/communications/communication.ts'
import {
  officeCommunication,
  officeCommunicationVersion,
} from '#lib/communications/office/communication.queries.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'

export const metadata: Metadata = { title: 'Anteprima' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

/** An example balance: what a family in debt would read. */
const EXAMPLE = { givenName: 'Laura', balances: [-1_620] }

/** A version as a family would read it. */
export default async function CommunicationPreview({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { versione }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const communication = await officeCommunication(viewer, id)
  const version =
    communication &&
    (await officeCommunicationVersion(
      viewer,
      id,
      versione === undefined ? communication.latestVersion : Number(versione),
    ))
  if (!version) notFound()
  return (
    <>
      <div className="mb-8 print:hidden">
        <Notice
          kind="info"
          title={`Anteprima della versione ${version.number}`}
          action={
            <ButtonLink
              href={`/admin/${municipalitySlug}/comunicazioni/${id}`}
              look="secondary"
              icon="arrow-left"
            >
              Torna alla comunicazione
            </ButtonLink>
          }
        >
          <p>
            {version.author && `Scritta da ${version.author}, `}
            {instantInWords(version.savedAt)}. Nome e saldo sono un esempio: ogni famiglia legge i propri.
          </p>
        </Notice>
      </div>
      <PageHeading
        title={version.title}
        eyebrow={sheetEyebrow(version.kind, communication?.publishedAt ?? version.savedAt, italian)}
      />
      <CommunicationSheet
        municipalitySlug={municipalitySlug}
        path=""
        text={{
          version: version.number,
          isCurrent: true,
          kind: version.kind,
          body: merged(cleanHtml(version.body), EXAMPLE),
          files: version.files.filter((file) => file.role === 'attachment'),
          expiresAt: version.expiresAt,
          isExpired: false,
          acknowledgement: version.acknowledgement === 'none' ? 'not-asked' : 'asked',
          mode: version.acknowledgement,
          acknowledgeBy: version.acknowledgeBy,
          acknowledged: null,
        }}
        versions={[]}
      />
    </>
  )
}
