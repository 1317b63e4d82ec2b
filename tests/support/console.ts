import { afterAll, afterEach } from 'vitest'

/**
 * Whatever a test prints without having announced it fails that test: a warning nobody reads is a fault nobody fixes.
 * `expectOutput(/pattern/)` announces lines for the running test.
 */
type Method = 'debug' | 'error' | 'info' | 'log' | 'warn'
const METHODS: readonly Method[] = ['debug', 'error', 'info', 'log', 'warn']

let announced: RegExp[] = []
let surprises: string[] = []

/** The running test may print lines that match. */
export function expectOutput(...patterns: RegExp[]): void {
  announced.push(...patterns)
}

/** From the moment the file is loaded: what is printed between tests belongs to the next one. */
const originals = METHODS.map((method) => [method, console[method]] as const)
for (const method of METHODS) {
  console[method] = (...args: unknown[]) => {
    const line = args
      .map((arg) => (arg instanceof Error ? (arg.stack ?? arg.message) : String(arg)))
      .join(' ')
    if (!announced.some((pattern) => pattern.test(line))) surprises.push(`console.${method}: ${line}`)
  }
}

function complain(): void {
  const found = surprises
  surprises = []
  announced = []
  if (found.length > 0) throw new Error(`Unexpected console output:\n${found.join('\n')}`)
}

afterEach(complain)
afterAll(() => {
  for (const [method, original] of originals) console[method] = original
  complain()
})
