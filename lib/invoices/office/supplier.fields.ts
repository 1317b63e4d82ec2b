import type { OfficeField } from '#lib/web/office-field.ts'
import { TAX_REGIMES } from '../tax-regime.ts'
import type { SupplierData } from './supplier.ts'

/** What each datum is called. */
export const SUPPLIER_LABELS: Readonly<Record<keyof SupplierData, string>> = {
  name: 'Denominazione',
  vatNumber: 'Partita IVA',
  fiscalCode: 'Codice fiscale',
  taxRegime: 'Regime fiscale',
  street: 'Via e numero civico',
  postalCode: 'CAP',
  city: 'Comune della sede',
  province: 'Provincia',
  email: 'E-mail',
  phone: 'Telefono',
}

const HINTS: Partial<Record<keyof SupplierData, string>> = {
  name: 'Come è scritta nel registro delle imprese, in lettere latine.',
  vatNumber: 'Undici cifre.',
  fiscalCode: 'Di un’impresa: spesso le stesse undici cifre.',
  province: 'La sigla, per esempio VR.',
}

const LENGTHS: Partial<Record<keyof SupplierData, number>> = {
  name: 80,
  vatNumber: 16,
  fiscalCode: 20,
  street: 60,
  postalCode: 5,
  city: 60,
  province: 2,
  email: 120,
  phone: 40,
}

const regimes = Object.entries(TAX_REGIMES).map(([value, name]) => ({ value, label: `${value}: ${name}` }))

/** The form of the supplier's data. */
export const supplierFields = (data: SupplierData): OfficeField[] =>
  (Object.keys(SUPPLIER_LABELS) as (keyof SupplierData)[]).map((name) => {
    const hint = HINTS[name]
    const max = LENGTHS[name]
    return {
      kind: name === 'taxRegime' ? 'choice' : 'line',
      name,
      label: SUPPLIER_LABELS[name],
      value: data[name],
      ...(hint ? { hint } : {}),
      ...(max ? { max } : {}),
      ...(name === 'taxRegime' ? { options: regimes } : {}),
    }
  })
