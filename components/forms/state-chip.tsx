import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { STATES_IN_WORDS, type SubmissionState } from '#lib/forms/submission.ts'
import { useWords } from '#words'

const LOOKS: Record<SubmissionState, [Tone, IconName]> = {
  submitted: ['info', 'send'],
  in_review: ['info', 'clock'],
  integration: ['warning', 'triangle-alert'],
  accepted: ['success', 'circle-check'],
  rejected: ['danger', 'circle-x'],
  withdrawn: ['neutral', 'undo-2'],
}

/** The state of a request: drawing, word and colour. */
export function SubmissionChip({ state }: { state: SubmissionState }) {
  const t = useWords()
  const [tone, icon] = LOOKS[state]
  return (
    <StatusChip tone={tone} icon={icon}>
      {t(STATES_IN_WORDS[state])}
    </StatusChip>
  )
}
