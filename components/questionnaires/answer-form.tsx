'use client'

import { type FormEvent, useActionState, useState, useTransition } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { AskedQuestion } from '#lib/questionnaires/questionnaire.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'
import { type Given, QuestionFields } from './question-fields.tsx'

type Act = (previous: FormState, form: FormData) => Promise<FormState>

/**
 * The questions on one page. Without JavaScript a plain form; with it the answer is sent without leaving the page, so that a
 * lost line, an ended session or a refusal leave every field as it was.
 */
export function AnswerForm({
  hidden,
  questions,
  own,
  label,
  action,
}: {
  hidden: Readonly<Record<string, string>>
  questions: readonly AskedQuestion[]
  /** What was answered before, to change it. */
  own: Given
  label: string
  action: Act
}) {
  const t = useWords()
  const [posted, send] = useActionState(action, UNTOUCHED)
  const [answered, setAnswered] = useState<FormState | null>(null)
  const [pending, start] = useTransition()
  const [isRefused, setRefused] = useState<'' | 'offline' | 'signed-out'>('')
  const state = answered ?? posted

  const sendInPlace = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (pending) return
    const form = new FormData(event.currentTarget)
    setRefused('')
    start(async () => {
      try {
        setAnswered(await action(UNTOUCHED, form))
      } catch (error) {
        // What the router does by itself (a redirect to the thanks) is not ours to stop.
        const digest = String((error as { digest?: unknown }).digest ?? '')
        if (digest.startsWith('NEXT_REDIRECT')) throw error
        setRefused(digest.includes('404') ? 'signed-out' : 'offline')
      }
    })
  }

  const message =
    isRefused === 'offline'
      ? t(
          'Non c’è rete: la risposta non è partita. Quello che hai scritto è ancora qui: quando torna la rete, premi di nuovo il pulsante.',
        )
      : isRefused === 'signed-out'
        ? t(
            'La sessione è finita: la risposta non è partita. Quello che hai scritto è ancora qui: entra di nuovo da un’altra finestra, poi premi ancora il pulsante.',
          )
        : state.error?.message
  const errors = isRefused ? {} : (state.error?.fields ?? {})
  const given = state.error ? state.typed : own
  return (
    <form action={send} onSubmit={sendInPlace} noValidate className="grid gap-8">
      <ErrorSummary message={message} fields={errors} title={t('Mancano delle risposte')} />
      <HiddenFields values={hidden} />
      {questions.map((question, index) => (
        <QuestionFields
          key={question.id}
          question={question}
          number={index + 1}
          given={given}
          error={errors[`r-${question.id}`]}
        />
      ))}
      <div>
        <SubmitButton icon="send" size="lg" wide aria-disabled={pending || undefined}>
          {pending ? t('Invio…') : label}
        </SubmitButton>
      </div>
    </form>
  )
}
