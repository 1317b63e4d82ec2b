import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { STATES, type StateKind, type StateTone } from '#lib/meals/states.ts'

const TONES: Record<StateTone, Tone> = {
  positive: 'success',
  negative: 'danger',
  settled: 'neutral',
  muted: 'neutral',
}

/** The state of a day as a chip: drawing, word, colour. */
export const StateChip = ({ kind }: { kind: StateKind }) => (
  <StatusChip tone={TONES[STATES[kind].tone]} icon={STATES[kind].icon as IconName}>
    {STATES[kind].label}
  </StatusChip>
)
