// Loaded first into every Node process of a run on another day (npm run test:days): Date is as far from the machine's clock as
// TEST_CLOCK_SHIFT_MS says, or as tests/support/clock.ts says later. Timers and performance.now() stay as they are.
const state = { shiftMs: Number(process.env.TEST_CLOCK_SHIFT_MS ?? 0) }
globalThis[Symbol.for('refettorio.testClock')] = state

const RealDate = Date
const now = () => RealDate.now() + state.shiftMs

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
})
