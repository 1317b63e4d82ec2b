'use client'

import { type ReactNode, useActionState } from 'react'
import { Choice, Field } from '#components/ui/field.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { ACCEPTED_PICTURES } from '#lib/files/file-type.ts'
import type { Fields } from '#lib/kernel/form-merge.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { Basis, type FieldWords, FormErrors } from './form-errors.tsx'

type Line = { name: string; label: string; hint?: string; type?: 'email' | 'url' | 'tel' | 'text' }

const TEXTS = [
  [
    'Il Comune',
    [
      { name: 'name', label: 'Nome', hint: 'Senza “Comune di”.' },
      { name: 'street', label: 'Via e numero' },
      { name: 'postcode', label: 'CAP' },
      { name: 'phone', label: 'Telefono', type: 'tel' },
      { name: 'email', label: 'E-mail', type: 'email' },
      { name: 'pec', label: 'PEC', type: 'email' },
      { name: 'officeHours', label: 'Orari dell’ufficio', hint: 'Come si leggono in fondo a ogni pagina.' },
    ],
  ],
  [
    'Collegamenti di legge',
    [
      { name: 'siteUrl', label: 'Sito istituzionale', type: 'url' },
      { name: 'transparencyUrl', label: 'Amministrazione trasparente', type: 'url' },
      {
        name: 'accessibilityDeclarationUrl',
        label: 'Dichiarazione di accessibilità',
        type: 'url',
        hint: 'L’indirizzo che dà form.agid.gov.it. Va rivista ogni anno entro il 23 settembre.',
      },
      {
        name: 'accessibilityGoalsUrl',
        label: 'Obiettivi di accessibilità',
        type: 'url',
        hint: 'Si pubblicano ogni anno entro il 31 marzo.',
      },
      { name: 'appointmentUrl', label: 'Prenotazione appuntamento', type: 'url' },
      { name: 'reportUrl', label: 'Segnalazione disservizio', type: 'url' },
    ],
  ],
  [
    'Dati personali e sicurezza',
    [
      { name: 'dpoName', label: 'Responsabile della protezione dei dati (DPO)' },
      { name: 'dpoEmail', label: 'E-mail del DPO', type: 'email' },
      {
        name: 'securityContact',
        label: 'A chi segnalare un problema di sicurezza',
        hint: 'Per esempio mailto:sicurezza@comune.it. Si legge in security.txt.',
      },
    ],
  ],
] as const satisfies readonly (readonly [string, readonly Line[]])[]

const WORDS: FieldWords = {
  labels: {
    ...Object.fromEntries(TEXTS.flatMap(([, lines]) => lines.map(({ name, label }) => [name, label]))),
    colour: 'Colore',
    usualColour: 'Usa il blu dei servizi pubblici',
  },
  inWords: (name, value) => (name === 'usualColour' ? (value ? 'sì' : 'no') : value),
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset
      data-surface
      className="grid items-end gap-5 rounded-lg border border-line bg-white p-4 shadow-low sm:grid-cols-2 sm:p-6"
    >
      <legend className="float-start w-full text-xl font-semibold text-ink sm:col-span-2">{title}</legend>
      {children}
    </fieldset>
  )
}

function CoatOfArms({ current }: { current: string | null }) {
  return (
    <div className="grid gap-4 sm:col-span-2">
      {current && (
        // biome-ignore lint/performance/noImgElement: no optimiser here (next.config.mjs), and the size is given.
        <img
          src={current}
          alt="Lo stemma di adesso"
          width={96}
          height={96}
          className="size-24 object-contain"
        />
      )}
      <div className="grid gap-3">
        <Field
          name="coatOfArms"
          type="file"
          accept={ACCEPTED_PICTURES}
          label="Stemma"
          hint="PNG, JPEG o WebP, meglio quadrato e con lo sfondo trasparente."
        />
        {current && (
          <Choice type="checkbox" id="removeCoatOfArms" name="removeCoatOfArms" label="Togli lo stemma" />
        )}
      </div>
    </div>
  )
}

/** Everything that a municipality says of itself on every page. */
export function SettingsForm({
  municipalitySlug,
  revision,
  values,
  coatOfArms,
  save,
}: {
  municipalitySlug: string
  revision: number
  /** As saved, by field name. */
  values: Fields
  /** Address of the picture. */
  coatOfArms: string | null
  save: (previous: FormState, form: FormData) => Promise<FormState>
}) {
  const here = `/admin/${municipalitySlug}/impostazioni`
  const [state, action] = useActionState(save, UNTOUCHED, here)
  const { typed, error } = state
  const isUsual = (error ? typed.usualColour : values.usualColour) === 'on'
  return (
    <form action={action} noValidate className="grid max-w-4xl gap-6">
      <FormErrors state={state} words={WORDS} here={here} />
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <Basis at={{ revision }} fields={values} typed={typed} />
      {TEXTS.map(([title, lines]) => (
        <Section key={title} title={title}>
          {lines.map((line: Line) => (
            <Field
              key={line.name}
              name={line.name}
              type={line.type ?? 'text'}
              label={line.label}
              hint={line.hint}
              defaultValue={typed[line.name] ?? values[line.name] ?? ''}
              error={error?.fields[line.name]}
            />
          ))}
        </Section>
      ))}
      <Section title="Aspetto">
        <CoatOfArms current={coatOfArms} />
        <Field
          name="colour"
          type="color"
          label="Colore"
          hint="Testata, pulsanti e collegamenti. Deve avere un contrasto di almeno 4,5:1 con il bianco."
          defaultValue={typed.colour ?? values.colour}
          error={error?.fields.colour}
          className="h-14 max-w-32 p-1!"
        />
        <div>
          <Choice
            type="checkbox"
            id="usualColour"
            name="usualColour"
            label="Usa il blu dei servizi pubblici"
            defaultChecked={isUsual}
          />
        </div>
      </Section>
      <div>
        <SubmitButton icon="check">Salva le impostazioni</SubmitButton>
      </div>
    </form>
  )
}
