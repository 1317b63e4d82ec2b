import type { IconName } from './icon-names.ts'

export type { IconName } from './icon-names.ts'

const SIZES = { sm: 'size-4', md: 'size-5', lg: 'size-6', xl: 'size-8' } as const

/**
 * A drawing from the sprite. It is decoration beside words unless `label` gives it a name of its own.
 */
export function Icon({
  name,
  size = 'md',
  label,
  className = '',
}: {
  name: IconName
  size?: keyof typeof SIZES
  label?: string
  className?: string
}) {
  return (
    <svg
      className={`inline-block shrink-0 ${SIZES[size]} ${className}`}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      focusable="false"
    >
      <use href={`/icons.svg#${name}`} />
    </svg>
  )
}
