import { globSync, readdirSync, readFileSync } from 'node:fs'

/** The pages and routes of Next: `/[comune]/oggi/page.tsx`, without the folder that they all are in. A glob would miss `.well-known`. */
export const appFiles = (): string[] =>
  readdirSync('app', { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)(page\.tsx|route\.ts)$/.test(file))
    .map((file) => `/${file}`)

/**
 * Listeners of the web server that answer no address: one refuses what no page has to read, one what Node cannot read, one gives
 * words to what failed.
 */
const NO_DOORS = ['refused-request', 'broken-request', 'failed-answer'].map(
  (name) => `lib/entry/${name}.http.ts`,
)

/** Files that answer an address before Next: listeners of the web server. */
export const filesBeforeNext = (): string[] =>
  globSync('lib/**/*.http.ts').filter(
    (file) => !NO_DOORS.includes(file) && readFileSync(file, 'utf8').includes('RequestListener'),
  )
