'use client'

import { useEffect, useRef } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { Change, ConcurrentEdit, Fields } from '#lib/kernel/form-merge.ts'
import type { FormState } from '#lib/web/form-state.ts'

/** How a form's fields are called, and how their values read where they are not words already. */
export type FieldWords = {
  labels: Readonly<Record<string, string>>
  inWords?: (name: string, value: string) => string
  /** For what is too long for a line: where the saved version can be read whole. */
  readAt?: { name: string; href: string }
}

/** What a form was built from, carried unseen: its version, and its fields as they were. */
export function Basis({
  at,
  fields,
  typed,
}: {
  at: Readonly<Record<string, number>>
  fields: Fields
  typed: Fields
}) {
  return (
    <>
      <HiddenFields
        values={Object.fromEntries(Object.entries(at).map(([name, value]) => [name, typed[name] ?? value]))}
      />
      <input type="hidden" name="basis" value={typed.basis ?? JSON.stringify(fields)} />
    </>
  )
}

/** What went wrong with a form of the office, at its top: fields to put right, or what another person saved meanwhile. */
export function FormErrors({
  state,
  words,
  here,
  ids = '',
}: {
  state: FormState
  words: FieldWords
  here: string
  /** What the ids of its fields begin with, before their names. */
  ids?: string
}) {
  return state.concurrentEdit ? (
    <Told edit={state.concurrentEdit} typed={state.typed} words={words} here={here} />
  ) : (
    <ErrorSummary message={state.error?.message} fields={state.error?.fields} ids={ids} />
  )
}

function Told({
  edit,
  typed,
  words,
  here,
}: {
  edit: ConcurrentEdit
  typed: Fields
  words: FieldWords
  here: string
}) {
  const { who = 'un’altra persona', changes } = edit
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer takes the focus again.
  useEffect(() => box.current?.focus(), [edit])
  const taken = changes.filter(({ shows }) => shows === 'theirs')
  const both = changes.filter(({ shows }) => shows === 'yours')
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      data-surface
      className="grid gap-3 rounded-lg border-2 border-warning-strong bg-white p-4 sm:p-5"
    >
      <h2 className="flex items-start gap-2 text-lg text-warning">
        <Icon name="triangle-alert" size="lg" className="mt-0.5" />
        {who
          ? `Intanto ${who} ha salvato altre modifiche`
          : 'Intanto hai salvato altre modifiche, in un’altra scheda'}
      </h2>
      <p>
        Quello che hai scritto tu <strong>non è ancora salvato</strong>, ma non è andato perso: è qui sotto.
      </p>
      {taken.length > 0 && (
        <Changes
          title={`Cambiato intanto${who ? ` da ${who}` : ''}, e già messo qui sotto`}
          changes={taken}
          typed={typed}
          words={words}
        />
      )}
      {both.length > 0 && (
        <Changes
          title={
            who
              ? 'L’avete cambiato tutti e due: qui sotto c’è il tuo'
              : 'Cambiato due volte: qui sotto c’è il nuovo'
          }
          changes={both}
          typed={typed}
          words={words}
        />
      )}
      {changes.length === 0 && <p>In questa pagina non è cambiato niente: puoi salvare di nuovo.</p>}
      <p>
        Controlla, poi premi di nuovo il pulsante in fondo. Oppure{' '}
        <a href={here}>lascia perdere le tue modifiche e rileggi la pagina</a>.
      </p>
    </div>
  )
}

/** A list that a form carried unseen in JSON; `otherwise` where it did not come back whole. */
export function carried<T>(text: string | undefined, otherwise: readonly T[]): readonly T[] {
  try {
    const read: unknown = JSON.parse(text ?? '')
    return Array.isArray(read) ? (read as T[]) : otherwise
  } catch {
    return otherwise
  }
}

/** "2026-11-24T09:30" as a field of the browser holds it → "24/11/2026 alle 9:30" */
export const momentInWords = (value: string): string =>
  value.replace(/^(\d{4})-(\d\d)-(\d\d)(?:T0?(\d+:\d\d))?$/, (_, year, month, day, time) =>
    [`${day}/${month}/${year}`, time].filter(Boolean).join(' alle '),
  )

const LONGEST_SHOWN = 160

function valueInWords({ inWords }: FieldWords, name: string, value: string): string {
  const text = (inWords?.(name, value) ?? value).trim()
  if (!text) return 'vuoto'
  return text.length > LONGEST_SHOWN ? `“${text.slice(0, LONGEST_SHOWN)}…”` : `“${text}”`
}

function Values({ words, change, mine }: { words: FieldWords; change: Change; mine: string }) {
  const { name, now, shows } = change
  if (words.readAt?.name === name)
    return (
      <>
        :{' '}
        <a href={words.readAt.href} target="_blank" rel="noreferrer">
          leggi la versione salvata, in un’altra scheda
        </a>
      </>
    )
  if (now === null) return null
  return `: adesso ${valueInWords(words, name, now)}${
    shows === 'yours' ? `; tu ${valueInWords(words, name, mine)}` : ''
  }`
}

function Changes({
  title,
  changes,
  typed,
  words,
}: {
  title: string
  changes: readonly Change[]
  typed: Fields
  words: FieldWords
}) {
  return (
    <div>
      <h3 className="text-base">{title}</h3>
      <ul className="mt-1 list-disc ps-6">
        {changes.map(({ name, now, shows }) => (
          <li key={name} className="break-words">
            <strong>{words.labels[name] ?? 'Altri dati'}</strong>
            <Values words={words} change={{ name, now, shows }} mine={typed[name] ?? ''} />
          </li>
        ))}
      </ul>
    </div>
  )
}
