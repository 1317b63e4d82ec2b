import { StatusChip } from '#components/ui/status-chip.tsx'

type State = 'draft' | 'published' | 'withdrawn'

/** What families see of a menu: nothing, all of it, or an older version. */
export function MenuStateChip({ state, pending = false }: { state: State; pending?: boolean }) {
  if (state === 'withdrawn')
    return (
      <StatusChip tone="danger" icon="archive">
        Ritirato
      </StatusChip>
    )
  if (state === 'draft')
    return (
      <StatusChip tone="neutral" icon="pencil">
        Bozza
      </StatusChip>
    )
  return pending ? (
    <StatusChip tone="warning" icon="pencil">
      Modifiche non pubblicate
    </StatusChip>
  ) : (
    <StatusChip tone="success" icon="eye">
      Pubblicato
    </StatusChip>
  )
}
