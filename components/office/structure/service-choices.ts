/** Who may cancel a meal of a service. */
export const CANCELLED_BY = [
  { value: 'all', label: 'L’intestatario e i delegati' },
  { value: 'holder', label: 'Solo l’intestatario' },
] as const

export const YES_OR_NO = [
  { value: 'si', label: 'Sì' },
  { value: 'no', label: 'No' },
] as const
