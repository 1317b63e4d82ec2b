import { Field } from '#components/ui/field.tsx'
import { useWords } from '#words'

type Name = 'street' | 'postalCode' | 'city' | 'province'

export type Address = Record<Name, string>

/** An Italian postal address, in the pieces that an invoice wants it in. */
export function AddressFields({
  value,
  errors,
}: {
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
      <div className="grid gap-4 sm:grid-cols-[8rem_1fr_8rem]">
        <Field
          name="postalCode"
          label={t('CAP')}
          autoComplete="postal-code"
          inputMode="numeric"
          maxLength={5}
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
          label={t('Provincia (sigla)')}
          autoComplete="address-level1"
          maxLength={2}
          className="uppercase"
          defaultValue={value('province')}
          error={errors.province}
        />
      </div>
    </>
  )
}
