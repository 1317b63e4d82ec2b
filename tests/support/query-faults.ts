import type { DeclaredQuery, Form, Kind } from './declared-queries.ts'
import type { QueryRecord, Shape } from './query-recorder.ts'

type Column = QueryRecord['columns'][number]

const TEXTS = 'bpchar date inet interval name numeric text time uuid varchar'.split(' ')
const NUMBERS = 'float4 float8 int2 int4 int8'.split(' ')
/** What pg makes of each type: a date stays text, an int8 becomes a number (db/client.ts), but inside an array it stays text. */
const FORMS: Readonly<Record<string, Shape>> = {
  ...Object.fromEntries(TEXTS.map((type) => [type, 'string'])),
  ...Object.fromEntries(TEXTS.map((type) => [`_${type}`, { list: ['string'] }])),
  ...Object.fromEntries(NUMBERS.map((type) => [type, 'number'])),
  ...Object.fromEntries(NUMBERS.map((type) => [`_${type}`, { list: ['number'] }])),
  _int8: { list: ['string'] },
  _numeric: { list: ['number'] },
  bool: 'boolean',
  _bool: { list: ['boolean'] },
  bytea: 'Buffer',
  timestamptz: 'Date',
  _timestamptz: { list: ['Date'] },
}
/** Of these only the values tell. */
const JSON_TYPES = ['json', 'jsonb']

/** Whether a value of this shape may be what the code says. */
export function fits(kind: Kind, shape: Shape): boolean {
  return kind.forms.some((form) => fitsForm(form, shape))
}

function fitsForm(form: Form, shape: Shape): boolean {
  if (form === 'unknown') return true
  if (typeof form === 'string') return form === shape
  if (typeof shape === 'string') return 'texts' in form && fitsText(form.texts, shape)
  if ('list' in shape) return 'list' in form && shape.list.every((one) => fits(form.list, one))
  if ('each' in form) return Object.values(shape.fields).every((one) => fits(form.each, one))
  if (!('fields' in form)) return false
  return Object.entries(form.fields).every(([name, kind]) => {
    const inside = shape.fields[name]
    return inside === undefined ? form.optional.includes(name) : fits(kind, inside)
  })
}

/** A text that does not look like a code may be any. */
function fitsText(texts: string[] | null, shape: string): boolean {
  if (shape.startsWith('=')) return texts === null || texts.includes(shape.slice(1))
  return shape === 'string'
}

const spell = (shape: Shape): string => (typeof shape === 'string' ? shape : JSON.stringify(shape))

/** What a column's type, origin or values say against what the code says of it. */
function columnFaults(column: Column, kind: Kind): string[] {
  if (kind.forms.includes('unknown')) return []
  const faults: string[] = []
  const form = FORMS[column.type]
  if (!form && !JSON_TYPES.includes(column.type))
    faults.push(`is of the type ${column.type}, which FORMS does not know`)
  if (form && !fits(kind, form)) faults.push(`is ${column.type}`)
  if (column.mayBeNull && !kind.forms.includes('null')) faults.push(`may be null: ${column.mayBeNull}`)
  const beyond = column.values?.filter((value) => !fits(kind, `=${value}`)) ?? []
  if (beyond.length > 0) faults.push(`may also be ${beyond.join(', ')}`)
  const strange = column.seen.filter((shape) => !fits(kind, shape))
  if (strange.length > 0) faults.push(`was ${strange.slice(0, 3).map(spell).join(' and ')}`)
  return faults
}

type Row = Extract<Form, { fields: unknown }>

/** The columns of a row that may be one of several: each column is what it is in any of them. */
function columnsOf(rows: readonly Row[]): Map<string, { kind: Kind; isOptional: boolean }> {
  const columns = new Map<string, { kind: Kind; isOptional: boolean }>()
  for (const { fields, optional } of rows) {
    for (const [name, { forms }] of Object.entries(fields)) {
      const known = columns.get(name)
      const isOptional = optional.includes(name) || known?.isOptional === true
      columns.set(name, { kind: { forms: [...(known?.kind.forms ?? []), ...forms] }, isOptional })
    }
  }
  return columns
}

function rowFaults(columns: readonly Column[], rows: readonly Row[]): string[] {
  const declared = columnsOf(rows)
  const names = new Set(columns.map(({ name }) => name))
  const absent = [...declared].filter(([name, { isOptional }]) => !names.has(name) && !isOptional)
  return [
    ...absent.map(([name]) => `${name} is no column of the result`),
    ...columns.flatMap((column) => {
      const found = declared.get(column.name)
      if (!found) return [`${column.name} is a column that the type does not have`]
      return columnFaults(column, found.kind).map((fault) => `${column.name} ${fault}`)
    }),
  ]
}

/** How one statement contradicts the type that the code gives it. */
export function faultsOf({ kind }: DeclaredQuery, { columns, isWhole }: QueryRecord): string[] {
  const [only] = columns
  if (!isWhole) return only ? columnFaults(only, kind) : []
  const dictionary = kind.forms.find((form) => typeof form === 'object' && 'each' in form)
  if (dictionary) return columns.flatMap((column) => columnFaults(column, dictionary.each))
  const rows = kind.forms.filter((form) => typeof form === 'object' && 'fields' in form)
  return rows.length === 0 ? ['the type is of no row'] : rowFaults(columns, rows)
}

/** Whether its columns reach the code: a value inside another statement has the type that the database gives it. */
export const isQuery = ({ kind, isNamed }: DeclaredQuery): boolean =>
  isNamed || kind.forms.some((form) => typeof form === 'object' && ('fields' in form || 'each' in form))
