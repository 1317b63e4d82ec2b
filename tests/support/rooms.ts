/**
 * How the house is divided: which kinds of file a room of `lib/` may hold and what each may import. docs/architecture.md
 * repeats these sentences; tests/architecture/imports.test.ts holds both to it.
 */
type Kind = {
  /** What a file of this kind is, in one sentence. */
  is: string
  /** Pure: values in, values out. It may import pure files only, and no package but those named here. */
  isPure: boolean
  /** Packages that this kind may import, besides those that every kind may. */
  packages: readonly string[]
}

/** Packages that compute and reach no other system. */
export const COMPUTING = [
  'csv-stringify',
  'date-fns',
  'fflate',
  'htmlparser2',
  'jose',
  'node:crypto',
  'node:net',
  'node:util',
  'sanitize-html',
  'xmlbuilder2',
  'zod',
]

const pure = (is: string, packages: readonly string[] = []): Kind => ({
  is,
  isPure: true,
  packages,
})
const speaks = (is: string, packages: readonly string[]): Kind => ({
  is,
  isPure: false,
  packages,
})

/** By what stands between a file's noun and its extension: `top-up.commands.ts` is of the kind `commands`. */
export const KINDS: Readonly<Record<string, Kind>> = {
  '': pure('a rule: values in, a decision or a value out; no clock, no database'),
  address: pure('a query string → a value, and back'),
  input: pure('a form or a body as the browser sent it → a value, checked (zod)'),
  fields: pure('a value → the fields of a form'),
  notice: pure('what a person is told: the title and text of a notification or a mail'),
  refusals: pure('the sentence of each refusal of this room'),
  words: pure('a value → a sentence'),
  csv: pure('rows → a CSV file'),
  list: pure('a list of the office: its columns, filters and order'),
  xlsx: pure('rows → a book of Excel', ['fflate']),
  pdf: pure('values → a PDF document', [
    'bidi-js',
    'fontkit',
    'node:fs/promises',
    'node:path',
    'node:zlib',
    'pdfkit',
  ]),
  queries: speaks('reads the database: the viewer first, then what; rows out', ['kysely', 'server-only']),
  commands: speaks('writes the database: permission, transaction, lock, rule, write, audit', [
    'kysely',
    'server-only',
  ]),
  http: speaks('answers an HTTP request', ['server-only']),
  request: speaks('reads the request that Next is answering', ['next', 'react', 'server-only']),
  adapter: speaks('speaks to another system, or hides a library', []),
}

/** The kernel stands below all rooms: it may use what Node and pino offer, and nothing of the product. */
export const KERNEL = 'lib/kernel/'

/** Words of the canteen's trade: a name with one of them belongs in a room. From docs/glossario.md. */
export const DOMAIN_WORDS = [
  'absence',
  'account',
  'allergen',
  'attendance',
  'canteen',
  'citizen',
  'communication',
  'comune',
  'cutoff',
  'delegate',
  'diet',
  'dish',
  'enrolment',
  'family',
  'fare',
  'fiscal',
  'holder',
  'household',
  'invoice',
  'kitchen',
  'leftover',
  'meal',
  'menu',
  'municipality',
  'payment',
  'pupil',
  'questionnaire',
  'receipt',
  'school',
  'staff',
  'submission',
  'tariff',
  'town',
]

/** Folders of a room, besides the room itself. */
export const FOLDERS: Readonly<Record<string, string>> = {
  office: 'the side of the staff: the same kinds of file',
}
