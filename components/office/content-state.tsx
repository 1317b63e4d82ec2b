import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { type ContentKind, type ContentState, STATES_IN_WORDS } from '#lib/content/content.ts'

const LOOKS: Record<ContentState, { tone: Tone; icon: IconName }> = {
  draft: { tone: 'neutral', icon: 'pencil' },
  review: { tone: 'info', icon: 'users' },
  scheduled: { tone: 'info', icon: 'calendar-clock' },
  published: { tone: 'success', icon: 'eye' },
  expired: { tone: 'neutral', icon: 'clock' },
  withdrawn: { tone: 'danger', icon: 'archive' },
}

/** "Pubblicata", "Pubblicato": the state of a news item or of a document, in its own gender. */
export const stateInWords = (kind: ContentKind, state: ContentState): string =>
  kind === 'document' ? STATES_IN_WORDS[state].replace(/(at|ut)a$/, '$1o') : STATES_IN_WORDS[state]

export function ContentStateChip({ kind, state }: { kind: ContentKind; state: ContentState }) {
  return (
    <StatusChip tone={LOOKS[state].tone} icon={LOOKS[state].icon}>
      {stateInWords(kind, state)}
    </StatusChip>
  )
}
