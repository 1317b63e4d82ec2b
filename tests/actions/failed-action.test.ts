import { notFound, redirect } from 'next/navigation'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { citizenAction, familyAction, personAction, staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import { noteFailuresOf } from '#lib/web/failure.adapter.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { onRequestError } from '../../instrumentation.ts'

const { fails, lines } = vi.hoisted(() => ({
  fails: vi.fn<() => never>(),
  lines: [] as { digest: string }[],
}))
vi.mock('next/headers', () => ({ headers: async () => fails(), cookies: async () => fails() }))
vi.mock('#lib/kernel/log.ts', () => ({
  log: () => ({ error: (line: { digest: string }) => lines.push(line) }),
}))

setEnvironment()

const input = z.object({})
const budget = { none: 'it fails before' } as const
const run = async () => ok(null)
const ACTIONS = {
  family: familyAction({ capability: 'household:manage', input, budget, run }),
  person: personAction({ capability: 'household:manage', input, budget, run }),
  staff: staffAction({ capability: 'kitchen:read', input, run }),
  citizen: citizenAction({ input, budget, run }),
}
type Kind = keyof typeof ACTIONS

const failureOf = (kind: Kind) =>
  ACTIONS[kind](UNTOUCHED, new FormData()).then(
    () => Promise.reject(new Error('the action did not fail')),
    (error: Error & { digest?: string }) => error,
  )

const REQUEST = { method: 'POST', path: '/mozzecane/profilo?x=1', headers: {} } as const
const CONTEXT = { routePath: '/[comune]/profilo', routeType: 'action', routerKind: 'App Router' } as const
const report = (error: unknown) => onRequestError(error, REQUEST as never, CONTEXT as never)

beforeEach(() => {
  lines.length = 0
  fails.mockImplementation(() => {
    throw new Error('a fault in the making')
  })
})

describe.each(Object.keys(ACTIONS) as Kind[])('an action of the kind %s that fails', (kind) => {
  test('carries a reference of its own, each time another', async () => {
    const [first, second] = [await failureOf(kind), await failureOf(kind)]
    expect(first).toMatchObject({
      message: 'a fault in the making',
      digest: expect.stringMatching(/^\d{10}$/) as string,
    })
    expect(second.digest).toMatch(/^\d{10}$/)
    expect(second.digest).not.toBe(first.digest)
  })

  test('leaves a redirect and a page that is not there as Next made them', async () => {
    fails.mockImplementation(() => redirect('/altrove'))
    expect((await failureOf(kind)).digest).toMatch(/^NEXT_REDIRECT;.*\/altrove/)
    fails.mockImplementation(() => notFound())
    expect((await failureOf(kind)).digest).toMatch(/^NEXT_HTTP_ERROR_FALLBACK;404/)
  })
})

describe('a failure that Next reports more than once in a request', () => {
  test('has one line, with the reference that the person reads', async () => {
    const error = await failureOf('family')
    await new Promise<void>((resolve) =>
      noteFailuresOf(async (noted) => {
        await report(error)
        await report(error)
        // Across the boundary of a render it is another object with the same digest.
        await report(Object.assign(new Error('hidden in production'), { digest: error.digest }))
        expect(lines.map(({ digest }) => digest)).toEqual([error.digest])
        expect(noted()?.reference).toBe(error.digest)
        resolve()
      }),
    )
  })

  test('has one line too where it carries no reference, and another failure has its own', async () => {
    const [first, second] = [new Error('one'), new Error('two')]
    await new Promise<void>((resolve) =>
      noteFailuresOf(async (noted) => {
        for (const error of [first, first, second, second]) await report(error)
        expect(lines).toHaveLength(2)
        expect(new Set(lines.map(({ digest }) => digest)).size).toBe(2)
        expect(noted()?.reference).toBe(lines[0]?.digest)
        resolve()
      }),
    )
  })
})
