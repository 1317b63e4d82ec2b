import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { AdultMergeForm, AdultPairTable, UndoAdultMergeForm } from '#components/office/person-merge.tsx'
import { ApartForm } from '#components/office/told-apart.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { adultPairForOffice } from '#lib/people/office/person-merge.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { apart, mergePeople, splitPeople } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Due adulti a confronto' }

type Props = {
  params: Promise<{ comune: string; uno: string; altro: string }>
  searchParams: Promise<SearchParams>
}

const DONE = { uniti: 'I due adulti sono uno solo. Se era un errore, da qui si annulla.' }

/** Two adults side by side, and the ways to make them one and to take that back. */
export default async function Adults({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, uno, altro }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const opened = await adultPairForOffice(viewer, uno, altro)
  if (!opened) notFound()
  const { facts, merge: done, mayMerge } = opened
  const { state } = await resumedForm(municipalitySlug, viewer)
  const families = `/admin/${municipalitySlug}/famiglie`
  const hidden = { municipalitySlug, oneId: uno, otherId: altro }
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: 'Alunni doppi', href: `${families}/doppi` },
          { label: 'Confronto' },
        ]}
      />
      <PageHeading
        title={done ? 'Due adulti uniti' : 'Due adulti a confronto'}
        lead="Se sono la stessa persona, scegli chi resta e con quale codice entra. Chi unisce dà a una persona le famiglie dell’altra: guarda un documento."
      />
      <Done sentences={DONE} code={fatto} />
      <div className="grid grid-cols-1 gap-6">
        <AdultPairTable families={families} facts={facts} goneId={done?.goneId ?? null} />
        {!mayMerge && (
          <Notice kind="info" title="Li unisce chi è responsabile">
            <p>Tu puoi guardarli, e segnare che sono due diversi.</p>
          </Notice>
        )}
        {mayMerge && done && (
          <UndoAdultMergeForm
            hidden={{ ...hidden, mergeId: done.id }}
            merge={done}
            initial={state}
            action={splitPeople}
          />
        )}
        {mayMerge && !done && (
          <AdultMergeForm hidden={hidden} facts={facts} initial={state} action={mergePeople} />
        )}
        {!done && <ApartForm hidden={{ ...hidden, kind: 'person' }} action={apart} />}
      </div>
    </>
  )
}
