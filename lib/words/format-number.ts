import { type Language, LOCALES } from './locales.ts'

/** A number as a language writes it, with so many decimals; thousands are parted. */
const formatWith = (value: number, language: Language, options: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(LOCALES[language].tag, options).format(value)

const exactly = (decimals: number) => ({ minimumFractionDigits: decimals, maximumFractionDigits: decimals })

/** 12400 → "12.400"; with one decimal 1.24 → "1,2"; in English "12,400" and "1.2". */
export const formatNumber = (value: number, language: Language = 'it', decimals = 0): string =>
  formatWith(value, language, { ...exactly(decimals), useGrouping: 'always' })

/** "12,5", "12.5": a number with at most two decimals. */
export const formatDecimal = (value: number, language: Language = 'it'): string =>
  formatWith(value, language, { maximumFractionDigits: 2, useGrouping: false })

/** "4,5:1": a contrast. */
export const formatRatio = (ratio: number, language: Language = 'it'): string =>
  `${formatWith(ratio, language, exactly(1))}:1`

const KILO = 1024

/** "900 byte", "84 kB", "1,2 MB"; in English "900 bytes". Bytes are a word, what is larger is an abbreviation. */
export function formatSize(bytes: number, language: Language = 'it'): string {
  if (bytes < KILO) return formatUnit(bytes, 'byte', 0, language)
  if (bytes < KILO * KILO) return formatUnit(Math.round(bytes / KILO), 'kilobyte', 0, language)
  return formatUnit(bytes / KILO / KILO, 'megabyte', 1, language)
}

const formatUnit = (value: number, unit: string, decimals: number, language: Language): string =>
  formatWith(value, language, {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    ...exactly(decimals),
  })

/** Whether numbers are written 1,5 and not 1.5: spreadsheets separate columns accordingly. */
export const hasDecimalComma = (language: Language): boolean => formatNumber(1.5, language, 1).includes(',')
