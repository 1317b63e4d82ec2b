import type { ReactNode } from 'react'
import { Choice, ChoiceGroup, TextAreaField } from '#components/ui/field.tsx'

export type AudienceOptions = {
  services: readonly { id: string; name: string }[]
  schools: readonly { id: string; name: string; classes: readonly { id: string; name: string }[] }[]
  /** Households chosen so far, one by one. */
  households: readonly { id: string; name: string; holder: string | null }[]
}

type Option = { id: string; name: string }

function Ticks({
  name,
  options,
  chosen,
}: {
  name: string
  options: readonly Option[]
  chosen: readonly string[]
}) {
  return (
    <ul className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
      {options.map(({ id, name: words }) => (
        <li key={id}>
          <label htmlFor={`${name}-${id}`} className="flex min-h-11 items-center gap-3">
            <input
              type="checkbox"
              id={`${name}-${id}`}
              name={`${name}[]`}
              value={id}
              defaultChecked={chosen.includes(id)}
              className="size-6 shrink-0 accent-primary"
            />
            {words}
          </label>
        </li>
      ))}
    </ul>
  )
}

/** The list that belongs to one answer, drawn only while that answer is chosen, with or without JavaScript. */
function Detail({ legend, className, children }: { legend: string; className: string; children: ReactNode }) {
  return (
    <fieldset className={`hidden rounded border border-line p-4 ${className}`}>
      <legend className="px-1 font-semibold text-ink">{legend}</legend>
      {children}
    </fieldset>
  )
}

/** To whom a communication goes. */
export function AudienceFields({
  options,
  to,
  chosen,
  inDebt,
  codes,
  error,
}: {
  options: AudienceOptions
  to: string
  chosen: readonly string[]
  inDebt: boolean
  codes: string
  error: string | undefined
}) {
  const answer = (value: string, label: string, hint?: string) => (
    <Choice
      id={`to-${value}`}
      name="to"
      value={value}
      label={label}
      hint={hint}
      defaultChecked={to === value}
    />
  )
  const families = options.households.map(({ id, name, holder }) => ({
    id,
    name: holder ? `${name} (${holder})` : name,
  }))
  return (
    <div className="group/to grid gap-4">
      <ChoiceGroup legend="Destinatari" name="to" error={error}>
        <div className="grid gap-2 sm:grid-cols-2">
          {answer('everybody', 'Tutte le famiglie', 'Chi ha un figlio iscritto quest’anno.')}
          {options.services.length > 1 && answer('services', 'Chi usa un servizio')}
          {answer('schools', 'Una o più scuole')}
          {answer('classes', 'Una o più classi')}
          {answer('households', 'Singole famiglie')}
        </div>
      </ChoiceGroup>
      <Detail legend="Quali servizi" className="group-has-[#to-services:checked]/to:block">
        <Ticks name="services" options={options.services} chosen={chosen} />
      </Detail>
      <Detail legend="Quali scuole" className="group-has-[#to-schools:checked]/to:block">
        <Ticks name="schools" options={options.schools} chosen={chosen} />
      </Detail>
      <Detail legend="Quali classi" className="group-has-[#to-classes:checked]/to:grid gap-4">
        {options.schools.map((school) => (
          <div key={school.id}>
            <h3 className="text-base">{school.name}</h3>
            <Ticks name="classes" options={school.classes} chosen={chosen} />
          </div>
        ))}
      </Detail>
      <Detail legend="Quali famiglie" className="group-has-[#to-households:checked]/to:grid gap-4">
        {families.length > 0 && <Ticks name="households" options={families} chosen={chosen} />}
        <TextAreaField
          name="codes"
          label="Aggiungi per codice fiscale"
          hint="Di un genitore o di un alunno, uno per riga. Si può incollare da un foglio di calcolo."
          rows={3}
          defaultValue={codes}
          autoComplete="off"
          spellCheck={false}
        />
      </Detail>
      <Choice
        type="checkbox"
        id="inDebt"
        name="inDebt"
        label="Solo chi ha il saldo negativo"
        hint="Solo se riguarda i pagamenti. Con “Tutte le famiglie” comprende anche chi ha lasciato la mensa con un debito."
        defaultChecked={inDebt}
      />
    </div>
  )
}
