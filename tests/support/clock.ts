/**
 * The day on which the tests believe to be: the machine's, unless `npm run test:days` names another instant in TEST_CLOCK.
 * Each test file starts at that instant, and its clock runs from there: Node's (shift-clock.mjs) and the database's (`test_clock`).
 */
const state = (globalThis as { [clock: symbol]: { shiftMs: number } | undefined })[
  Symbol.for('refettorio.testClock')
]

/** How far the tests' clock is from the machine's. */
export const clockShiftMs = (): number => state?.shiftMs ?? 0

/** Sets the clock back to the instant that the run asks for; nothing in an ordinary run. */
export function restartClock(): void {
  const instant = process.env.TEST_CLOCK
  if (!instant || !state) return
  const machineNow = performance.timeOrigin + performance.now()
  state.shiftMs = Math.round(Date.parse(instant) - machineNow)
}

/** What a process started by a test needs to believe the same. */
export const clockEnvironment = (): Record<string, string | undefined> =>
  state ? { NODE_OPTIONS: process.env.NODE_OPTIONS, TEST_CLOCK_SHIFT_MS: String(clockShiftMs()) } : {}
