import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CommunicationForm } from '#components/office/communications/communication-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { audienceChoices, chosenHouseholds } from '#lib/communications/audience.queries.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readEvery, type SearchParams } from '#lib/web/query-params.ts'
import { addPicture, save } from '../actions.ts'

export const metadata: Metadata = { title: 'Nuova comunicazione' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

/** An empty sheet; `?famiglia=`, once or more, starts it for these households. */
export default async function NewCommunication({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { famiglia }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToStaff(viewer, 'communications:write')) notFound()
  const [choices, households] = await Promise.all([
    audienceChoices(viewer),
    chosenHouseholds(viewer, { to: 'households', ids: readEvery(famiglia).filter(isUuid) }),
  ])
  if (!choices) notFound()
  const ids = households.map(({ id }) => id)
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Comunicazioni', href: `/admin/${municipalitySlug}/comunicazioni` },
          { label: 'Nuova comunicazione' },
        ]}
      />
      <PageHeading
        title="Nuova comunicazione"
        lead="Prima si salva una bozza, poi si fa la prova e si chiede l’approvazione."
      />
      <div className="max-w-3xl">
        <CommunicationForm
          municipalitySlug={municipalitySlug}
          content={{
            id: null,
            version: 0,
            kind: 'notice',
            about: 'service',
            title: '',
            body: '',
            to: ids.length > 0 ? 'households' : 'everybody',
            ids,
            inDebt: false,
            acknowledgement: 'none',
            acknowledgeBy: '',
            expiresAt: '',
            reason: '',
            files: [],
          }}
          options={{ ...choices, households }}
          isOut={false}
          save={save}
          upload={addPicture}
        />
      </div>
    </>
  )
}
