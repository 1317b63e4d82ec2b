import { type Language, LOCALES } from './locales.ts'

/** "12,5", "12.5": a number with at most two decimals. */
export const formatDecimal = (value: number, language: Language = 'it'): string =>
  new Intl.NumberFormat(LOCALES[language].tag, { maximumFractionDigits: 2, useGrouping: false }).format(value)

/** "4,5:1": a contrast. */
export const formatRatio = (ratio: number, language: Language = 'it'): string =>
  `${new Intl.NumberFormat(LOCALES[language].tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(ratio)}:1`

const KILO = 1024

/** "84 kB", "1,2 MB" */
export function formatSize(bytes: number, language: Language = 'it'): string {
  if (bytes < KILO) return formatUnit(bytes, 'byte', 0, language)
  if (bytes < KILO * KILO) return formatUnit(bytes / KILO, 'kilobyte', 0, language)
  return formatUnit(bytes / KILO / KILO, 'megabyte', 1, language)
}

const formatUnit = (value: number, unit: string, decimals: number, language: Language): string =>
  new Intl.NumberFormat(LOCALES[language].tag, {
    style: 'unit',
    unit,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value)
