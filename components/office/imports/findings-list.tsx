'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { ImportAction } from './upload-form.tsx'

export type ShownFinding = {
  position: number
  lines: readonly number[]
  name: string
  verdict: string
  words: readonly string[]
  why: readonly string[]
  householdId: string | null
  pupilId: string | null
  decision: 'take' | 'skip' | null
}

type Props = {
  hidden: { municipalitySlug: string; id: string }
  findings: readonly ShownFinding[]
  /** Doubts are decided while the import is open. */
  isOpen: boolean
  action: ImportAction
}

/** What a file says of each pupil; of a doubtful one a person decides here. */
export function FindingsList({ hidden, findings, isOpen, action }: Props) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState<unknown>)
  const asksFor = isOpen && findings.some(({ verdict }) => verdict === 'doubtful')
  return (
    <form action={send} className="grid gap-4">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      <ol className="grid gap-3">
        {findings.map((finding) => (
          <li key={finding.position} data-surface className="rounded-lg border border-line bg-white p-4">
            <FindingText finding={finding} municipalitySlug={hidden.municipalitySlug} />
            {isOpen && finding.verdict === 'doubtful' && <Decision finding={finding} />}
            {!isOpen && finding.verdict === 'doubtful' && (
              <p className="mt-1 text-muted">
                {finding.decision === 'take' ? 'Accettato: si è registrato.' : 'Rimasto fuori.'}
              </p>
            )}
          </li>
        ))}
      </ol>
      {asksFor && (
        <div>
          <SubmitButton icon="check" pendingLabel="Un momento…">
            Tieni queste decisioni
          </SubmitButton>
        </div>
      )}
    </form>
  )
}

const linesInWords = (lines: readonly number[]): string =>
  lines.length === 0 ? '' : lines.length === 1 ? `riga ${lines[0]}` : `righe ${lines.join(', ')}`

type Shown = { finding: ShownFinding }

function FindingText({ finding, municipalitySlug }: Shown & { municipalitySlug: string }) {
  const { name, lines, words, why, householdId, pupilId, verdict } = finding
  const family = householdId ? `/admin/${municipalitySlug}/famiglie/${householdId}` : null
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-3">
        <strong className="text-ink">{name}</strong>
        <span className="text-sm text-muted">{linesInWords(lines)}</span>
        {family && (
          <Link href={family} prefetch={false} className="text-sm">
            Apri la famiglia
          </Link>
        )}
        {verdict === 'gone' && family && pupilId && (
          <Link href={`${family}/alunni/${pupilId}/fine`} prefetch={false} className="text-sm">
            Decidi l’ultimo giorno
          </Link>
        )}
      </p>
      {why.length > 0 && (
        <ul className="mt-1 list-disc ps-5 font-semibold text-ink">
          {why.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      {words.length > 0 && (
        <ul className="mt-1 list-disc ps-5">
          {words.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </>
  )
}

const Decision = ({ finding: { position, name, decision } }: Shown) => (
  <fieldset className="mt-3 flex flex-wrap gap-x-6 gap-y-2">
    <legend className="sr-only">Che cosa fare di {name}</legend>
    {(
      [
        ['take', 'Va bene così: importa'],
        ['skip', 'Lascia fuori'],
      ] as const
    ).map(([value, label]) => (
      <label key={value} htmlFor={`d${position}-${value}`} className="flex min-h-12 items-center gap-2">
        <input
          type="radio"
          id={`d${position}-${value}`}
          name={`d${position}`}
          value={value}
          defaultChecked={decision === value}
          className="size-6 accent-primary"
        />
        {label}
      </label>
    ))}
  </fieldset>
)
