import { globSync, readdirSync, readFileSync } from 'node:fs'

/** The pages and routes of Next: `/[comune]/oggi/page.tsx`, without the folder that they all are in. A glob would miss `.well-known`. */
export const appFiles = (): string[] =>
  readdirSync('app', { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)(page\.tsx|route\.ts)$/.test(file))
    .map((file) => `/${file}`)

/** A listener of the web server that answers no address: it refuses what no page has to read. */
const ONLY_REFUSES = 'lib/entry/refused-request.http.ts'

/** Files that answer an address before Next: listeners of the web server. */
export const filesBeforeNext = (): string[] =>
  globSync('lib/**/*.http.ts').filter(
    (file) => file !== ONLY_REFUSES && readFileSync(file, 'utf8').includes('RequestListener'),
  )
