import { Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import type { OfficeField } from '#lib/web/office-field.ts'

/** A field of the office as its kind is drawn. `typed`: what a refused form brings back, instead of the field's own value. */
export function DrawnField({
  id,
  field,
  typed,
  error,
}: {
  /** Where it is not the field's name. */
  id?: string
  field: OfficeField
  typed: string | undefined
  error: string | undefined
}) {
  const value = typed ?? field.value ?? ''
  const common = {
    name: field.name,
    ...(id ? { id } : {}),
    label: field.label,
    hint: field.hint,
    error,
    defaultValue: value,
  }
  switch (field.kind) {
    case 'choice':
      return (
        <SelectField {...common} key={value}>
          {field.options?.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </SelectField>
      )
    case 'text':
      return <TextAreaField {...common} rows={2} maxLength={field.max} />
    case 'day':
      return <Field {...common} type="date" className="max-w-60" />
    case 'price':
      return (
        <Field
          {...common}
          inputMode="decimal"
          autoComplete="off"
          maxLength={16}
          unit="€"
          className="max-w-40"
        />
      )
    case 'line':
      return <Field {...common} maxLength={field.max} autoComplete="off" />
  }
}
