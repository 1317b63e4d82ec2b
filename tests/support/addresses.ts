import { globSync, readFileSync } from 'node:fs'

/** An address of Next's: `/[comune]/oggi/page.tsx`, without the folder that they all are in. */
export const appFiles = (): string[] =>
  globSync('app/**/{page.tsx,route.ts}').map((file) => file.slice('app'.length))

/** Files that answer an address before Next: listeners of the web server. */
export const filesBeforeNext = (): string[] =>
  globSync('lib/**/*.http.ts').filter((file) => readFileSync(file, 'utf8').includes('RequestListener'))
