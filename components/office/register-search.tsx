import { Button } from '#components/ui/button.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { REGISTER_KINDS, type RegisterFilter, type RegisterPage } from '#lib/privacy/office/register.ts'

/** The search of the register: words, period, kind and colleague. Of whom the register is stays as it was chosen. */
export function RegisterSearch({
  action,
  filter,
  colleagues,
}: {
  action: string
  filter: RegisterFilter
  colleagues: RegisterPage['colleagues']
}) {
  return (
    <search className="mb-6 block print:hidden">
      <form
        action={action}
        className="group grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-[2fr_1fr_1fr_1fr_1fr_auto]"
      >
        {filter.householdId && <input type="hidden" name="famiglia" value={filter.householdId} />}
        {filter.personId && <input type="hidden" name="persona" value={filter.personId} />}
        <Field
          name="testo"
          type="search"
          label="Nome, operazione o motivo"
          defaultValue={filter.text}
          maxLength={80}
          autoComplete="off"
        />
        <label className="inline-flex min-h-11 items-center gap-2 font-semibold text-primary sm:hidden">
          <input type="checkbox" className="size-5 accent-primary" data-opens-filters />
          Mostra i filtri
        </label>
        <div className="grid gap-4 max-sm:hidden max-sm:group-has-[[data-opens-filters]:checked]:grid sm:contents">
          <SelectField name="tipo" label="Che cosa" defaultValue={filter.kind ?? ''}>
            <option value="">Tutto</option>
            {Object.entries(REGISTER_KINDS).map(([kind, { label }]) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
          </SelectField>
          <Who filter={filter} colleagues={colleagues} />
          <Field name="dal" type="date" label="Dal" defaultValue={filter.from} />
          <Field name="al" type="date" label="Al" defaultValue={filter.to} />
        </div>
        <Button icon="search">Cerca</Button>
        <label className="flex min-h-12 items-center gap-2 sm:col-span-2 lg:col-span-6">
          <input
            type="checkbox"
            name="letture"
            value="si"
            defaultChecked={filter.readings}
            className="size-5 accent-primary"
          />
          Anche letture e ricerche
        </label>
      </form>
    </search>
  )
}

/** Who did it: chosen or, of very many colleagues, written. */
function Who({ filter, colleagues }: { filter: RegisterFilter; colleagues: RegisterPage['colleagues'] }) {
  if (!colleagues)
    return (
      <Field name="chi" label="Chi" defaultValue={filter.colleagueName} maxLength={80} autoComplete="off" />
    )
  return (
    <SelectField name="chi" label="Chi" defaultValue={filter.colleagueId ?? ''}>
      <option value="">Tutti</option>
      {colleagues.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  )
}
