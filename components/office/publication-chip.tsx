import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import type { PublicationState, PublishedKind } from '#lib/publishing/lifecycle.ts'
import { publicationStateInWords } from '#lib/publishing/lifecycle.words.ts'

type Look = { tone: Tone; icon: IconName }

const LOOKS: Record<PublicationState, Look> = {
  draft: { tone: 'neutral', icon: 'pencil' },
  submitted: { tone: 'info', icon: 'users' },
  scheduled: { tone: 'info', icon: 'calendar-clock' },
  published: { tone: 'success', icon: 'eye' },
  expired: { tone: 'neutral', icon: 'clock' },
  withdrawn: { tone: 'danger', icon: 'archive' },
}

/** Where a kind looks different: a communication waits for its approval, a form or a questionnaire closes. */
const OWN_LOOKS: Partial<Record<PublishedKind, Partial<typeof LOOKS>>> = {
  communication: {
    submitted: { tone: 'warning', icon: 'users' },
    published: { tone: 'success', icon: 'send' },
  },
  questionnaire: { expired: { tone: 'neutral', icon: 'lock' } },
  form: {
    published: { tone: 'success', icon: 'circle-check' },
    expired: { tone: 'neutral', icon: 'archive' },
    withdrawn: { tone: 'warning', icon: 'circle-pause' },
  },
}

/** The state of something that the office publishes. */
export function PublicationChip({ kind, state }: { kind: PublishedKind; state: PublicationState }) {
  const { tone, icon } = OWN_LOOKS[kind]?.[state] ?? LOOKS[state]
  return (
    <StatusChip tone={tone} icon={icon}>
      {publicationStateInWords(kind, state)}
    </StatusChip>
  )
}
