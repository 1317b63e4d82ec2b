import type { ComponentProps, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export type ButtonLook = 'primary' | 'secondary' | 'danger' | 'quiet' | 'inverse'
export type ButtonSize = 'md' | 'lg'

const LOOKS: Record<ButtonLook, string> = {
  primary:
    'bg-primary text-white border-primary hover:bg-primary-dark hover:border-primary-dark hover:text-white',
  secondary: 'bg-white text-primary border-primary hover:bg-canvas hover:text-primary-deep',
  danger:
    'bg-danger-strong text-white border-danger-strong hover:bg-danger hover:border-danger hover:text-white',
  quiet: 'bg-transparent text-primary border-transparent hover:bg-primary-light hover:text-primary-deep',
  inverse: 'bg-white text-primary-dark border-white hover:bg-primary-light hover:text-primary-deep',
}

const SIZES: Record<ButtonSize, string> = {
  md: 'min-h-12 px-5 py-2 text-base',
  lg: 'min-h-14 px-6 py-3 text-lg',
}

/** The look of a button, for the rare element that is neither a `Button` nor a `ButtonLink`. */
export function buttonClass(look: ButtonLook = 'primary', size: ButtonSize = 'md', wide = false): string {
  return [
    'inline-flex items-center justify-center gap-2 rounded border-2 font-semibold no-underline text-center',
    'transition-colors aria-disabled:opacity-60',
    LOOKS[look],
    SIZES[size],
    wide ? 'w-full' : '',
  ].join(' ')
}

type Appearance = {
  look?: ButtonLook
  size?: ButtonSize
  wide?: boolean
  icon?: IconName
  children: ReactNode
}

/** A button does something here; a `ButtonLink` goes somewhere. `type` is "submit" unless told. */
export function Button({
  look,
  size,
  wide,
  icon,
  children,
  className = '',
  type = 'submit',
  ...rest
}: Appearance & ComponentProps<'button'>) {
  return (
    <button type={type} className={`${buttonClass(look, size, wide)} ${className}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

export function ButtonLink({
  look,
  size,
  wide,
  icon,
  children,
  className = '',
  ...rest
}: Appearance & ComponentProps<'a'>) {
  return (
    <a className={`${buttonClass(look, size, wide)} ${className}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  )
}
