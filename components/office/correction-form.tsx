'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, ChoiceGroup, Field } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { AskedCorrection, Corrected } from '#lib/people/office/correction.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { Consequences, PressesInRow } from './preview-presses.tsx'

export type CorrectionValues = { givenName: string; familyName: string; fiscalCode: string; birthDay: string }
type Preview = {
  lines: string[]
  isDoubtful: boolean
  basis: string
  seen: string
  typed: AskedCorrection & { reason: string }
}
export type CorrectionAction = (previous: FormState<Preview>, form: FormData) => Promise<FormState<Preview>>

type Props = {
  municipalitySlug: string
  subject: Corrected
  values: CorrectionValues
  /** Codes of before that still open to this adult. */
  earlierCodes: readonly string[]
  initial: FormState<never>
  action: CorrectionAction
}

/** Corrects the data of an adult or of a pupil: the first press says what would happen, the second does it. */
export function CorrectionForm({ municipalitySlug, subject, values, earlierCodes, initial, action }: Props) {
  const [state, send] = useActionState(action, initial as FormState<Preview>)
  const errors = state.error?.fields ?? {}
  const preview = state.ok ? state.value : undefined
  const typed = typedIn(state, values, earlierCodes)
  const field = (name: keyof CorrectionValues) => ({
    name,
    defaultValue: typed.values[name],
    error: errors[name],
    autoComplete: 'off',
  })
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-5">
      <HiddenFields values={{ municipalitySlug, ...subject }} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      {/* React empties a form that was sent well: what was previewed stays in the fields. */}
      <div key={JSON.stringify(typed)} className="grid gap-5">
        <div className="grid gap-5 sm:grid-cols-2">
          <Field {...field('givenName')} label="Nome" />
          <Field {...field('familyName')} label="Cognome" />
        </div>
        <Field
          {...field('fiscalCode')}
          label="Codice fiscale"
          hint={
            subject.kind === 'pupil'
              ? '16 lettere e cifre, o le 11 cifre di un codice provvisorio. Vuoto: non ce l’ha ancora.'
              : '16 lettere e cifre, o le 11 cifre di un codice provvisorio.'
          }
          maxLength={24}
          className="uppercase"
        />
        <Field
          {...field('birthDay')}
          type="date"
          label={subject.kind === 'pupil' ? 'Data di nascita' : 'Data di nascita (serve con 11 cifre)'}
          className="max-w-60"
        />
        <CodesFields
          isAdult={subject.kind === 'adult'}
          code={values.fiscalCode}
          earlierCodes={earlierCodes}
          typed={typed}
          errors={errors}
        />
        <Field
          name="reason"
          label="Motivo"
          hint="Resta scritto nel registro."
          maxLength={200}
          autoComplete="off"
          defaultValue={typed.reason}
          error={errors.reason}
        />
      </div>
      <Confirmation preview={preview} isDoubtful={preview?.isDoubtful || errors.checked !== undefined} />
    </form>
  )
}

type CodesProps = {
  isAdult: boolean
  /** The code of today. */
  code: string
  earlierCodes: readonly string[]
  typed: { earlier: string | null; opens: readonly string[] }
  errors: Readonly<Record<string, string>>
}

/** Which codes beside the new one open from now on. */
function CodesFields({ isAdult, code, earlierCodes, typed, errors }: CodesProps) {
  return (
    <>
      {isAdult && (
        <ChoiceGroup
          name="earlier"
          legend={`Se cambi il codice, quello di adesso (${code})`}
          error={errors.earlier}
        >
          <Choice
            id="earlier"
            type="radio"
            name="earlier"
            value="opens"
            label="È della stessa persona: apre ancora"
            hint="Omocodia, codice provvisorio o cambiato: SPID e CIE possono mandarlo ancora per mesi."
            defaultChecked={typed.earlier === 'opens'}
          />
          <Choice
            id="earlier-closes"
            type="radio"
            name="earlier"
            value="closes"
            label="Era sbagliato: non apre più"
            hint="Potrebbe essere il codice di un’altra persona."
            defaultChecked={typed.earlier === 'closes'}
          />
        </ChoiceGroup>
      )}
      {earlierCodes.length > 0 && (
        <ChoiceGroup name="opens" legend="Codici di prima che aprono ancora" error={errors.opens}>
          {earlierCodes.map((code) => (
            <Choice
              key={code}
              id={`opens-${code}`}
              type="checkbox"
              name="opens[]"
              value={code}
              label={code}
              defaultChecked={typed.opens.includes(code)}
            />
          ))}
        </ChoiceGroup>
      )}
    </>
  )
}

/** What the first press answered, with the button of the second. */
function Confirmation({ preview, isDoubtful }: { preview: Preview | undefined; isDoubtful: boolean }) {
  return (
    <>
      {preview && <Consequences lines={preview.lines} seen={{ basis: preview.basis, seen: preview.seen }} />}
      {isDoubtful && (
        <Choice
          id="checked"
          type="checkbox"
          name="checked"
          value="si"
          label="Ho visto un documento: nome, data e codice sono questi"
          hint="Serve quando le lettere del codice non sono quelle del nome, o c’è un altro alunno con lo stesso nome e la stessa data."
          defaultChecked={false}
        />
      )}
      <PressesInRow
        isShown={Boolean(preview)}
        confirmLabel="Conferma e correggi"
        previewLabel="Vedi che cosa cambia"
      />
    </>
  )
}

/** What stands in the fields: what was previewed, what was refused, or what is registered. */
function typedIn(state: FormState<Preview>, values: CorrectionValues, earlierCodes: readonly string[]) {
  const shown = state.ok ? state.value?.typed : undefined
  if (shown) {
    const { givenName, familyName, fiscalCode, birthDay, earlier, opens, reason } = shown
    return {
      values: { givenName, familyName, fiscalCode: fiscalCode ?? '', birthDay: birthDay ?? '' },
      earlier,
      opens,
      reason,
    }
  }
  const { typed } = state
  const isTyped = 'givenName' in typed
  return {
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typed[name] ?? value]),
    ) as CorrectionValues,
    earlier: typed.earlier ?? null,
    opens: isTyped ? (typed['opens[]'] ?? '').split(',') : earlierCodes,
    reason: typed.reason ?? '',
  }
}
