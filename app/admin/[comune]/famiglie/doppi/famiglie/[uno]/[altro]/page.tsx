import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import {
  HouseholdMergeForm,
  HouseholdPairTable,
  UndoHouseholdMergeForm,
} from '#components/office/household-merge.tsx'
import { ApartForm } from '#components/office/told-apart.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { householdPairForOffice } from '#lib/people/office/household-merge.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { apart, mergeFamilies, splitFamilies } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Due famiglie a confronto' }

type Props = {
  params: Promise<{ comune: string; uno: string; altro: string }>
  searchParams: Promise<SearchParams>
}

const DONE = { unite: 'Le due famiglie sono una sola. Se era un errore, da qui si annulla.' }

/** Two households side by side, and the ways to make them one and to take that back. */
export default async function Households({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, uno, altro }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const opened = await householdPairForOffice(viewer, uno, altro)
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
        title={done ? 'Due famiglie unite' : 'Due famiglie a confronto'}
        lead="Se sono la stessa famiglia, scegli quale resta: gli alunni dell’altra ci passano, con i loro delegati. Conti, fatture e ricevute restano dove sono."
      />
      <Done sentences={DONE} code={fatto} />
      <div className="grid grid-cols-1 gap-6">
        <HouseholdPairTable families={families} facts={facts} goneId={done?.goneId ?? null} />
        {!mayMerge && (
          <Notice kind="info" title="Le unisce chi è responsabile">
            <p>Tu puoi guardarle, e segnare che sono due diverse.</p>
          </Notice>
        )}
        {mayMerge && done && (
          <UndoHouseholdMergeForm
            hidden={{ ...hidden, mergeId: done.id }}
            merge={done}
            initial={state}
            action={splitFamilies}
          />
        )}
        {mayMerge && !done && (
          <HouseholdMergeForm hidden={hidden} facts={facts} initial={state} action={mergeFamilies} />
        )}
        {!done && <ApartForm hidden={{ ...hidden, kind: 'household' }} action={apart} />}
      </div>
    </>
  )
}
