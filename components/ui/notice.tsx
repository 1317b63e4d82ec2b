import type { ReactNode } from 'react'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { useWords } from '#words'
import { Icon, type IconName } from './icon.tsx'

export type NoticeKind = 'info' | 'success' | 'warning' | 'error'

const KINDS: Record<NoticeKind, { look: string; ink: string; icon: IconName; word: Phrase }> = {
  info: { look: 'border-info bg-white', ink: 'text-info', icon: 'info', word: phrase('Informazione') },
  success: {
    look: 'border-success-strong bg-white',
    ink: 'text-success',
    icon: 'circle-check',
    word: phrase('Fatto'),
  },
  warning: {
    look: 'border-warning-strong bg-white',
    ink: 'text-warning',
    icon: 'triangle-alert',
    word: phrase('Attenzione'),
  },
  error: {
    look: 'border-danger-strong bg-white',
    ink: 'text-danger',
    icon: 'circle-alert',
    word: phrase('Errore'),
  },
}

/**
 * A sentence that must be noticed. Static by default; `live` announces it when it appears: politely, an error immediately.
 */
export function Notice({
  kind = 'info',
  title,
  children,
  action,
  live = false,
  headingLevel: Heading = 'h2',
}: {
  kind?: NoticeKind
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  live?: boolean
  headingLevel?: 'h2' | 'h3'
}) {
  const t = useWords()
  const { look, ink, icon, word } = KINDS[kind]
  const role = live ? (kind === 'error' ? 'alert' : 'status') : undefined
  return (
    <div
      role={role}
      data-surface
      className={`flex gap-3 rounded-lg border border-s-[6px] p-4 shadow-low sm:gap-4 sm:p-5 ${look}`}
    >
      <Icon name={icon} size="lg" className={`mt-0.5 ${ink}`} label={t(word)} />
      <div className="min-w-0 flex-1">
        {title && <Heading className={`text-lg ${ink}`}>{title}</Heading>}
        {children && <div className={title ? 'mt-1' : ''}>{children}</div>}
        {action && <div className="mt-3 flex flex-wrap gap-3">{action}</div>}
      </div>
    </div>
  )
}
