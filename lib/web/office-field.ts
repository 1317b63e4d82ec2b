/** A field of a form of the office. `kind` says how it is drawn. */
export type OfficeField = {
  kind: 'line' | 'text' | 'day' | 'price' | 'choice'
  name: string
  label: string
  hint?: string
  value?: string
  max?: number
  options?: readonly { value: string; label: string }[]
}
