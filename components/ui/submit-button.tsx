'use client'

import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { useFormStatus } from 'react-dom'
import { useWords } from '#words'
import { Button } from './button.tsx'

/**
 * The button of a form. It is never disabled: before sending, the form itself says what is missing; while sending, the
 * text says so and a second press does nothing.
 */
export function SubmitButton({
  children,
  pendingLabel,
  ...rest
}: ComponentProps<typeof Button> & { pendingLabel?: ReactNode }) {
  const t = useWords()
  const { pending } = useFormStatus()
  const swallowWhilePending = (event: MouseEvent<HTMLButtonElement>) => {
    if (pending) event.preventDefault()
    else rest.onClick?.(event)
  }
  return (
    <Button {...rest} type="submit" aria-disabled={pending || undefined} onClick={swallowWhilePending}>
      {pending ? (pendingLabel ?? t('Salvataggio…')) : children}
    </Button>
  )
}
