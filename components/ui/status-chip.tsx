import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'success' | 'danger' | 'warning' | 'info' | 'neutral'

const TONES: Record<Tone, string> = {
  success: 'bg-success-light text-success',
  danger: 'bg-danger-light text-danger ring-1 ring-inset ring-danger-strong/30',
  warning: 'bg-warning-light text-warning',
  info: 'bg-info-light text-info',
  neutral: 'bg-muted-surface text-ink ring-1 ring-inset ring-line',
}

/** A state: always a drawing, a word and a colour, never the colour alone. */
export function StatusChip({ tone, icon, children }: { tone: Tone; icon: IconName; children: ReactNode }) {
  return (
    <span
      data-surface
      className={`inline-flex items-center gap-1.5 rounded-full px-3 py-1 text-sm font-semibold whitespace-nowrap ${TONES[tone]}`}
    >
      <Icon name={icon} size="sm" />
      {children}
    </span>
  )
}
