import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { MergeForm, PairTable, UndoMergeForm } from '#components/office/pupil-merge.tsx'
import { ApartForm } from '#components/office/told-apart.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { pairForOffice } from '#lib/people/office/pupil-merge.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { apart, merge, undo } from '../../actions.ts'

export const metadata: Metadata = { title: 'Due alunni a confronto' }

type Props = {
  params: Promise<{ comune: string; uno: string; altro: string }>
  searchParams: Promise<SearchParams>
}

const DONE = { uniti: 'I due alunni sono uno solo. Se era un errore, da qui si annulla.' }

/** Two pupils side by side, and the ways to make them one and to take that back. */
export default async function Pair({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, uno, altro }, { fatto }] = await Promise.all([params, searchParams])
  const opened = await pairForOffice(await requireViewer(municipalitySlug), uno, altro)
  if (!opened) notFound()
  const { facts, merge: done } = opened
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
        title={done ? 'Due alunni uniti' : 'Due alunni a confronto'}
        lead="Se sono lo stesso bambino, scegli chi resta e con quali dati. Quello che è già contato o pagato non cambia."
      />
      <Done sentences={DONE} code={fatto} />
      <div className="grid grid-cols-1 gap-6">
        <PairTable families={families} facts={facts} goneId={done?.goneId ?? null} />
        {done ? (
          <UndoMergeForm hidden={{ ...hidden, mergeId: done.id }} merge={done} action={undo} />
        ) : (
          <>
            <MergeForm hidden={hidden} facts={facts} action={merge} />
            <ApartForm hidden={{ ...hidden, kind: 'pupil' }} action={apart} />
          </>
        )}
      </div>
    </>
  )
}
