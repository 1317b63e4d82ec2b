import { Field, SelectField } from '#components/ui/field.tsx'
import type { NamedCountry } from '#lib/invoices/place-code.ts'
import { useWords } from '#words'

type Name = 'street' | 'postalCode' | 'city' | 'province' | 'country'

/** A postal address, in the pieces that an invoice wants it in. Abroad the province stays empty. */
export function AddressFields({
  countries,
  value,
  errors,
}: {
  countries: readonly NamedCountry[]
  /** What each field shows: what was typed, or what is known. */
  value: (name: Name) => string
  errors: Readonly<Record<string, string | undefined>>
}) {
  const t = useWords()
  return (
    <>
      <Field
        name="street"
        label={t('Via e numero civico')}
        autoComplete="street-address"
        maxLength={60}
        defaultValue={value('street')}
        error={errors.street}
      />
      <div className="grid gap-4 sm:grid-cols-[8rem_1fr_10rem]">
        <Field
          name="postalCode"
          label={t('CAP')}
          autoComplete="postal-code"
          maxLength={12}
          defaultValue={value('postalCode')}
          error={errors.postalCode}
        />
        <Field
          name="city"
          label={t('Comune')}
          autoComplete="address-level2"
          maxLength={60}
          defaultValue={value('city')}
          error={errors.city}
        />
        <Field
          name="province"
          label={t('Provincia (sigla, solo in Italia)')}
          autoComplete="address-level1"
          maxLength={2}
          className="uppercase"
          defaultValue={value('province')}
          error={errors.province}
        />
      </div>
      <SelectField
        name="country"
        label={t('Paese')}
        autoComplete="country"
        defaultValue={value('country') || 'IT'}
        error={errors.country}
      >
        {countries.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
    </>
  )
}
