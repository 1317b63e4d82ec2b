'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, ChoiceGroup, Field, SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { ImportAction } from './upload-form.tsx'

export type MappingColumn = {
  header: string
  samples: readonly string[]
  target: string
  isForbidden: boolean
}

type Props = {
  municipalitySlug: string
  id: string
  columns: readonly MappingColumn[]
  sheets: readonly string[]
  chosen: {
    sheet: number
    header: number
    payer: string
    other: string
    yearId: string
    serviceIds: readonly string[]
    from: string
    balanceOwner: string
    balanceDay: string
  }
  /** What a column may be, and who may pay, with their words. */
  groups: readonly { label: string; options: readonly { value: string; label: string }[] }[]
  payers: readonly { value: string; label: string }[]
  balanceOwners: readonly { value: string; label: string }[]
  years: readonly { id: string; name: string }[]
  services: readonly { id: string; name: string }[]
  action: ImportAction
}

type Written = { typed: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> }

/** What each column of a file is, and what is asked once for the whole file. */
export function MappingForm({ municipalitySlug, id, action, ...props }: Props) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState<unknown>)
  const written: Written = { typed: state.typed, errors: state.error?.fields ?? {} }
  return (
    <form action={send} noValidate className="grid gap-8 *:min-w-0">
      <HiddenFields values={{ municipalitySlug, id }} />
      <ErrorSummary message={state.error?.message} fields={written.errors} />
      <Columns {...props} {...written} />
      <Where {...props} {...written} />
      <Questions {...props} {...written} />
      <div>
        <SubmitButton icon="search" name="intent" value="check" pendingLabel="Un momento…">
          Confronta con l’anagrafe
        </SubmitButton>
      </div>
    </form>
  )
}

const Columns = ({ columns, groups, typed }: Pick<Props, 'columns' | 'groups'> & Written) => (
  <fieldset className="grid gap-3">
    <legend className="text-xl font-semibold text-ink">Che cosa c’è in ogni colonna</legend>
    <p>
      Quelle senza scelta non si leggono. Salute, religione e password non si possono leggere: un elenco per
      la mensa non ne ha diritto.
    </p>
    <Table caption="Le colonne del file" captionHidden>
      <thead>
        <tr>
          <th scope="col">Nel file</th>
          <th scope="col">È</th>
          <th scope="col">Primi valori</th>
        </tr>
      </thead>
      <tbody>
        {columns.map(({ header, samples, target, isForbidden }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place; two may have the same name.
          <tr key={at}>
            <th scope="row" className="break-words">
              {header || `Colonna ${at + 1}, senza nome`}
            </th>
            <td>
              {isForbidden ? (
                <span className="text-muted">Non si legge</span>
              ) : (
                <select
                  name={`c${at}`}
                  aria-label={`Che cosa è «${header || `colonna ${at + 1}`}»`}
                  defaultValue={typed[`c${at}`] ?? target}
                  className="min-h-12 w-full min-w-48 rounded border-2 border-line-strong bg-white px-3 py-2"
                >
                  <option value="">Non serve</option>
                  {groups.map(({ label, options }) => (
                    <optgroup key={label} label={label}>
                      {options.map((option) => (
                        <option key={option.value} value={option.value}>
                          {option.label}
                        </option>
                      ))}
                    </optgroup>
                  ))}
                </select>
              )}
            </td>
            <td className="max-w-72 text-sm break-words text-muted">
              {isForbidden ? '' : samples.join(' · ') || 'vuota'}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  </fieldset>
)

const Where = ({ sheets, chosen, typed, errors }: Pick<Props, 'sheets' | 'chosen'> & Written) => (
  <details className="rounded-lg border border-line bg-white p-4">
    <summary className="font-semibold text-ink">
      Le colonne non sono queste? Scegli il foglio e la riga dei titoli
    </summary>
    <div className="mt-4 grid gap-4 sm:grid-cols-2">
      {sheets.length > 1 ? (
        <SelectField name="sheet" label="Foglio" defaultValue={typed.sheet ?? String(chosen.sheet)}>
          {sheets.map((name, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a sheet is its place.
            <option key={at} value={at}>
              {name || `Foglio ${at + 1}`}
            </option>
          ))}
        </SelectField>
      ) : (
        <input type="hidden" name="sheet" value={chosen.sheet} />
      )}
      <Field
        name="header"
        label="Riga con i nomi delle colonne"
        inputMode="numeric"
        defaultValue={typed.header ?? String(chosen.header)}
        error={errors.header}
      />
    </div>
    <p className="mt-4">
      <SubmitButton look="secondary" icon="refresh-cw" name="intent" value="look" pendingLabel="Un momento…">
        Rileggi le colonne
      </SubmitButton>
    </p>
  </details>
)

const Questions = ({
  chosen,
  payers,
  balanceOwners,
  years,
  services,
  typed,
  errors,
}: Omit<Props, 'municipalitySlug' | 'id' | 'action'> & Written) => (
  <div className="grid gap-6 lg:grid-cols-2">
    <ChoiceGroup
      name="payer"
      legend="Chi paga?"
      hint="Nessun elenco lo dice, e il portale non lo indovina. Prima di confermare lo rivedi famiglia per famiglia."
      error={errors.payer}
    >
      {payers.map(({ value, label }, at) => (
        <Choice
          key={value}
          id={at === 0 ? 'payer' : `payer-${value}`}
          name="payer"
          value={value}
          label={label}
          defaultChecked={(typed.payer ?? chosen.payer) === value}
        />
      ))}
    </ChoiceGroup>
    <Places {...{ chosen, years, services, typed, errors }} />
    <Balances {...{ chosen, balanceOwners, typed, errors }} />
  </div>
)

/** Asked once for the balances of a file; open where a column is one already. */
const Balances = ({
  chosen,
  balanceOwners,
  typed,
  errors,
}: Pick<Props, 'chosen' | 'balanceOwners'> & Written) => (
  <fieldset className="grid content-start gap-6 lg:col-span-2 lg:grid-cols-2">
    <legend className="mb-3 text-xl font-semibold text-ink">
      Se il file ha i saldi del portale di prima
    </legend>
    <ChoiceGroup name="balanceOwner" legend="Di chi è il saldo?" error={errors.balanceOwner}>
      {balanceOwners.map(({ value, label }, at) => (
        <Choice
          key={value}
          id={at === 0 ? 'balanceOwner' : `balanceOwner-${value}`}
          name="balanceOwner"
          value={value}
          label={label}
          defaultChecked={(typed.balanceOwner ?? chosen.balanceOwner) === value}
        />
      ))}
    </ChoiceGroup>
    <Field
      name="balanceDay"
      type="date"
      label="Di che giorno sono i saldi"
      hint="Il giorno sta scritto nel movimento che la famiglia legge."
      defaultValue={typed.balanceDay ?? chosen.balanceDay}
      error={errors.balanceDay}
    />
  </fieldset>
)

const Places = ({
  chosen,
  years,
  services,
  typed,
  errors,
}: Pick<Props, 'chosen' | 'years' | 'services'> & Written) => (
  <div className="grid content-start gap-6">
    <ChoiceGroup name="other" legend="E l’altro adulto?">
      <Choice
        id="other"
        name="other"
        value="delegate"
        label="È delegato: vede il calendario e disdice i pasti"
        defaultChecked={(typed.other ?? chosen.other) === 'delegate'}
      />
      <Choice
        id="other-none"
        name="other"
        value="none"
        label="Resta fuori"
        defaultChecked={(typed.other ?? chosen.other) !== 'delegate'}
      />
    </ChoiceGroup>
    <SelectField
      name="yearId"
      label="Anno scolastico"
      defaultValue={typed.yearId ?? chosen.yearId}
      error={errors.yearId}
    >
      {years.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
    <ChoiceGroup name="services" legend="Servizi" error={errors.services}>
      {services.map(({ id, name }, at) => (
        <Choice
          key={id}
          id={at === 0 ? 'services' : `services-${id}`}
          type="checkbox"
          name="services[]"
          value={id}
          label={name}
          defaultChecked={(typed['services[]'] ?? chosen.serviceIds.join(',')).split(',').includes(id)}
        />
      ))}
    </ChoiceGroup>
    <Field
      name="from"
      type="date"
      label="Dal giorno"
      hint="Vuoto: dal primo giorno che la cucina non ha ancora contato."
      defaultValue={typed.from ?? chosen.from}
      error={errors.from}
    />
  </div>
)
