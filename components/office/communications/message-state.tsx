import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { type CommunicationState, STATES_IN_WORDS } from '#lib/communications/communication.ts'

const LOOKS: Record<CommunicationState, { tone: Tone; icon: IconName }> = {
  draft: { tone: 'neutral', icon: 'pencil' },
  submitted: { tone: 'warning', icon: 'users' },
  scheduled: { tone: 'info', icon: 'calendar-clock' },
  published: { tone: 'success', icon: 'send' },
  expired: { tone: 'neutral', icon: 'clock' },
  withdrawn: { tone: 'danger', icon: 'archive' },
}

export const MessageStateChip = ({ state }: { state: CommunicationState }) => (
  <StatusChip tone={LOOKS[state].tone} icon={LOOKS[state].icon}>
    {STATES_IN_WORDS[state]}
  </StatusChip>
)
