import type { KitchenWords } from '#lib/kitchen/kitchen.ts'
import { kitchenFields } from '#lib/kitchen/office/kitchen.fields.ts'
import type { OfficeField } from '#lib/web/office-field.ts'

/** The fields of a kitchen's form; null for a new one. */
export function kitchenFormFields(kitchen: KitchenWords | null): OfficeField[] {
  const values = kitchen ? kitchenFields(kitchen) : {}
  const given = (name: string) => (values[name] === undefined ? {} : { value: values[name] })
  return [
    { kind: 'line', name: 'name', label: 'Nome', max: 80, ...given('name') },
    {
      kind: 'line',
      name: 'emails',
      label: 'E-mail per il conteggio',
      hint: 'Una o più, separate da virgole: il conteggio parte da solo appena è definitivo.',
      max: 700,
      ...given('emails'),
    },
    {
      kind: 'line',
      name: 'phone',
      label: 'Telefono (facoltativo)',
      hint: 'A chi l’ufficio telefona se serve.',
      max: 40,
      ...given('phone'),
    },
  ]
}
