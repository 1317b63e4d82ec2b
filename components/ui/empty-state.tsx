import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

/** Nothing here: why, and the one thing that can be done about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: IconName
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div
      data-surface
      className="rounded-lg border border-line bg-white px-6 py-10 text-center shadow-low sm:py-14"
    >
      <span className="mx-auto flex size-16 items-center justify-center rounded-full bg-primary-light text-info">
        <Icon name={icon} size="xl" />
      </span>
      <h2 className="mt-4 text-2xl">{title}</h2>
      {children && <div className="mx-auto mt-2 max-w-xl text-ink">{children}</div>}
      {action && <div className="mt-6 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  )
}
