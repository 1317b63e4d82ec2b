import type { ReactNode } from 'react'
import { Icon, type IconName } from '#components/ui/icon.tsx'

/** A page that could not be what was asked: what happened, what to do. */
export function Trouble({
  icon,
  title,
  children,
  actions,
}: {
  icon: IconName
  title: string
  children: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className="container-page py-10 sm:py-16">
      <div className="max-w-2xl">
        <span className="flex size-16 items-center justify-center rounded-full bg-primary-light text-info">
          <Icon name={icon} size="xl" />
        </span>
        <h1 className="mt-5 text-3xl sm:text-4xl">{title}</h1>
        <div className="mt-3 grid gap-3 text-lg">{children}</div>
        {actions && <div className="mt-6 flex flex-wrap gap-3">{actions}</div>}
      </div>
    </div>
  )
}
