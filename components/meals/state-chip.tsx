import { Icon, type IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { STATES, type StateKind, type StateTone } from '#lib/meals/meal-state.ts'
import { useWords } from '#words'

const TONES: Record<StateTone, Tone> = {
  positive: 'success',
  negative: 'danger',
  settled: 'neutral',
  muted: 'neutral',
}

/** The state of a day as a chip: drawing, word, colour. */
export function StateChip({ kind }: { kind: StateKind }) {
  const t = useWords()
  return (
    <StatusChip tone={TONES[STATES[kind].tone]} icon={STATES[kind].icon as IconName}>
      {t(STATES[kind].label)}
    </StatusChip>
  )
}

const INKS: Record<StateTone, string> = {
  positive: 'text-success',
  negative: 'text-danger',
  settled: 'text-ink',
  muted: 'text-muted',
}

/** The same without a background, where many stand in a table on a phone. */
export function StateWord({ kind }: { kind: StateKind }) {
  const t = useWords()
  return (
    <span className={`inline-flex items-center gap-1 text-sm font-semibold ${INKS[STATES[kind].tone]}`}>
      <Icon name={STATES[kind].icon as IconName} size="sm" />
      {t(STATES[kind].label)}
    </span>
  )
}
