import type { ConcurrentEdit } from '#lib/kernel/form-merge.ts'

export type FormError = { message: string; fields: Record<string, string> }

/** The state of a form after it was sent: `ok` is null before the first time. What was typed is never lost. */
export type FormState<T = unknown> = {
  ok: boolean | null
  value?: T
  error?: FormError
  /** Another person saved since the form was opened. */
  concurrentEdit?: ConcurrentEdit
  typed: Record<string, string>
}

export const UNTOUCHED: FormState<never> = { ok: null, typed: {} }
