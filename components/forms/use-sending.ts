'use client'

import { type FormEvent, useActionState, useState, useTransition } from 'react'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

export type FormAction<T> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>

/** Why something that was typed is still here and did not arrive. */
export type Trouble = 'offline' | 'signed-out' | 'too-big'

/** A server action takes 10 MB with everything around it. */
const MOST_BYTES = 9 * 1024 * 1024

const bytesOf = (form: FormData): number =>
  [...form.values()].reduce((sum, value) => sum + (value instanceof File ? value.size : 0), 0)

const digestOf = (error: unknown): string => String((error as { digest?: unknown })?.digest ?? '')

/**
 * Sends a form to its action and keeps what was typed after any failure: a connection that drops or a session that
 * ended leave the form as it is, with a word about it. Without JavaScript the browser sends it by itself.
 */
export function useSending<T>(action: FormAction<T>) {
  const [drawn, formAction] = useActionState(action, UNTOUCHED as FormState<T>)
  const [latest, setLatest] = useState<FormState<T> | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [pending, startTransition] = useTransition()
  const state = latest ?? drawn
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (pending) return
    const { submitter } = event.nativeEvent as SubmitEvent
    const data = new FormData(event.currentTarget, submitter)
    if (bytesOf(data) > MOST_BYTES) return setTrouble('too-big')
    startTransition(async () => {
      try {
        const answer = await action(state, data)
        setTrouble(null)
        setLatest(answer)
      } catch (error) {
        if (digestOf(error).startsWith('NEXT_REDIRECT')) throw error
        setTrouble(digestOf(error).includes('404') ? 'signed-out' : 'offline')
      }
    })
  }
  return { state, formAction, onSubmit, pending, trouble }
}
