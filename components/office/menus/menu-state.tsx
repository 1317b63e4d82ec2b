import { PublicationChip } from '#components/office/publication-chip.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import type { PublicationState } from '#lib/publishing/lifecycle.ts'

/** What families see of a menu: nothing, all of it, or an older version. */
export const MenuStateChip = ({ state, pending = false }: { state: PublicationState; pending?: boolean }) =>
  pending && state === 'published' ? (
    <StatusChip tone="warning" icon="pencil">
      Modifiche non pubblicate
    </StatusChip>
  ) : (
    <PublicationChip kind="menu" state={state} />
  )
