/**
 * What a test prints without having announced it fails that test: a warning that is not read is a fault that is not fixed.
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

const watched = new WeakSet<Console>()

/** Listens to the console from now on: what is printed between tests belongs to the next one. */
export function watchConsole(): void {
  if (watched.has(console)) return
  watched.add(console)
  for (const method of METHODS) {
    console[method] = (...args: unknown[]) => {
      const line = args
        .map((arg) => (arg instanceof Error ? (arg.stack ?? arg.message) : String(arg)))
        .join(' ')
      if (!announced.some((pattern) => pattern.test(line))) surprises.push(`console.${method}: ${line}`)
    }
  }
}

/** @throws when something was printed that was not announced */
export function complainOfOutput(): void {
  const found = surprises
  surprises = []
  announced = []
  if (found.length > 0) throw new Error(`Unexpected console output:\n${found.join('\n')}`)
}
