'use client'

import { useActionState } from 'react'
import { Card } from '#components/ui/card.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, Field } from '#components/ui/field.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'

export type ChoiceLine = {
  event: string
  label: string
  explains: string
  email: boolean
  push: boolean
  /** This mail always goes: the box is ticked and cannot be changed. */
  isMailFixed: boolean
}

type Props = {
  municipalitySlug: string
  action: (previous: FormState, form: FormData) => Promise<FormState>
  groups: readonly { title: string; lines: readonly ChoiceLine[] }[]
  quiet: { isQuiet: boolean; from: string; to: string }
  /** Whole meals under which a holder wants to know; null for a person without an account. */
  threshold: number | null
}

const BOX = 'flex min-h-11 min-w-32 items-center gap-2.5 font-semibold text-ink'

function Box({
  line,
  channel,
  label,
  ticked,
  isFixed = false,
}: {
  line: ChoiceLine
  channel: string
  label: string
  ticked: boolean
  isFixed?: boolean
}) {
  return (
    <label className={BOX}>
      <input
        type="checkbox"
        name="scelte[]"
        value={`${line.event}.${channel}`}
        defaultChecked={ticked}
        disabled={isFixed}
        className="size-6 accent-primary"
      />
      {label}
    </label>
  )
}

/** What arrives by which way, when it may ring, and under how many meals the balance is said to be low. */
export function ChoicesForm({ municipalitySlug, action, groups, quiet, threshold }: Props) {
  const [state, send] = useActionState(action, UNTOUCHED)
  const t = useWords()
  const errors = state.error?.fields ?? {}
  const { typed } = state
  const wasTyped = state.ok === false
  const ticked = (typed['scelte[]'] ?? '').split(',')
  const isTicked = (line: ChoiceLine, channel: 'email' | 'push'): boolean =>
    wasTyped ? ticked.includes(`${line.event}.${channel}`) : line[channel]
  return (
    <form action={send} noValidate className="grid gap-6">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      {groups.map(({ title, lines }) => (
        <Card key={title} title={title} titleId={lines[0]?.event.replace(':', '-') ?? title}>
          <div className="-mt-2 divide-y divide-line">
            {lines.map((line) => (
              <fieldset key={line.event} className="py-3">
                <legend className="w-full font-semibold text-ink sm:float-start sm:w-[calc(100%-19rem)]">
                  {line.label}
                  <span className="block font-normal text-body">{line.explains}</span>
                </legend>
                <div className="flex flex-wrap gap-x-4 sm:justify-end">
                  <Box
                    line={line}
                    channel="email"
                    label={t('E-mail')}
                    ticked={line.isMailFixed || isTicked(line, 'email')}
                    isFixed={line.isMailFixed}
                  />
                  <Box line={line} channel="push" label={t('Dispositivi')} ticked={isTicked(line, 'push')} />
                </div>
              </fieldset>
            ))}
          </div>
          {threshold !== null && lines.some(({ event }) => event === 'balance:low') && (
            <div className="mt-4 max-w-md border-t border-line pt-4">
              <Field
                name="soglia"
                label={t('Avvisami quando restano')}
                unit={t('pasti')}
                inputMode="numeric"
                maxLength={2}
                className="max-w-24"
                defaultValue={typed.soglia ?? String(threshold)}
                error={errors.soglia}
              />
            </div>
          )}
        </Card>
      ))}
      <QuietHours
        isQuiet={wasTyped ? typed.silenzio !== undefined : quiet.isQuiet}
        from={typed.dalle ?? quiet.from}
        to={typed.alle ?? quiet.to}
        errors={errors}
      />
      <div>
        <SubmitButton size="lg">{t('Salva le scelte')}</SubmitButton>
      </div>
    </form>
  )
}

function QuietHours({
  isQuiet,
  from,
  to,
  errors,
}: {
  isQuiet: boolean
  from: string
  to: string
  errors: Readonly<Record<string, string>>
}) {
  const t = useWords()
  return (
    <Card title={t('Ore tranquille')} titleId="ore-tranquille">
      <div className="grid gap-4">
        <p>
          {t(
            'In queste ore non suona niente: quello che può aspettare arriva dopo. Non aspettano i cambi dei pasti di oggi e gli avvisi di sicurezza.',
          )}
        </p>
        <Choice
          id="silenzio"
          name="silenzio"
          type="checkbox"
          value="sì"
          label={t('Usa le ore tranquille')}
          defaultChecked={isQuiet}
        />
        <div className="grid max-w-md grid-cols-2 gap-4">
          <Field name="dalle" type="time" label={t('Dalle')} defaultValue={from} error={errors.dalle} />
          <Field name="alle" type="time" label={t('Alle')} defaultValue={to} error={errors.alle} />
        </div>
      </div>
    </Card>
  )
}
