import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BUDGETS } from '#lib/kernel/budgets.ts'

/**
 * Whatever a family or a stranger can make the portal write or send has a budget, or says here why it needs none. Server actions say it
 * themselves: `familyAction`, `personAction` and `citizenAction` do not compile without.
 */
const sources = (pattern: string | string[]) =>
  globSync(pattern).map((file) => ({ file, text: readFileSync(file, 'utf8') }))

/** Addresses that take a request that changes something, and what bounds them. */
const POSTS: Record<string, string> = {
  'app/api/[comune]/ufficio/pasti/route.ts': 'the office alone, whose changes of meals no budget holds back',
  'app/api/[comune]/vista/route.ts': 'it ends the one look of a colleague, which the office began',
  'app/api/auth/[...nextauth]/route.ts': 'the rate limits of signing in, by network address',
  'app/api/dispositivo/[...atto]/route.ts': 'the rate limit of unlocking, by device and by network address',
  'app/api/dispositivo/notifiche/route.ts': 'the rate limit of renewal, by network address',
  'app/api/pagamenti/nexi/[key]/route.ts':
    'a notification with a key that was given out; it moves a question forward and writes nothing else',
  'lib/meals/meal-change.http.ts': 'meals:change',
}

/** Pages and downloads that write when they are read, and what bounds them. */
const WRITING_READS: Record<string, string> = {
  checkHealth: 'one row for the whole installation, written again once a second at most by each process',
  copyFingerprint: 'it computes',
  deviceToUnlock: 'it reads',
  endLook: 'one look of one session, which the office began',
  hurryCheck: 'top-up:return',
  invoiceCopy: 'files:take: one copy is kept of each invoice',
  openCommunication: 'one moment of reading for each communication and person',
  openNotification: 'one moment of reading for each notification',
  receiveNotification: 'a key that was given out for one top-up; it brings the next question forward',
  renewDevice: 'one row for each browser, behind the rate limit of renewal',
  takeFromRateLimit: 'it is a limit itself',
}

describe('what a family or a stranger can make the portal write', () => {
  test('each action of theirs names its budget', () => {
    const unbudgeted = sources('app/**/actions.ts').flatMap(({ file, text }) =>
      [...text.matchAll(/export const (\w+) = (?:family|person|citizen)Action\(\{([\s\S]*?)\n\}\)/g)]
        .filter(([, , definition]) => !/^ {2}budget: /m.test(definition as string))
        .map(([, name]) => `${file} ${name}`),
    )
    expect(unbudgeted).toEqual([])
  })

  test('each address that takes a change says what bounds it', () => {
    const routes = sources('app/**/route.{ts,tsx}').filter(({ text }) =>
      /export (?:const|async function|function|\{[^}]*)\s*\b(?:POST|PUT|PATCH|DELETE)\b/.test(text),
    )
    const listeners = sources('lib/**/*.http.ts').filter(({ text }) => /case 'POST'/.test(text))
    expect([...routes, ...listeners].map(({ file }) => file).sort()).toEqual(Object.keys(POSTS).sort())
  })

  test('each page that writes when it is read says what bounds it', () => {
    const reads = sources('app/**/*.{ts,tsx}').filter(({ file }) => !/\/(admin\/|actions\.ts$)/.test(file))
    const called = reads.flatMap(({ text }) =>
      [...text.matchAll(/import \{([^}]+)\} from '#lib\/[\w/-]+\.commands\.ts'/g)].flatMap(([, names = '']) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => /^[a-z]/.test(name)),
      ),
    )
    expect([...new Set(called)].sort(), 'a command of a page or download that is not among these').toEqual(
      Object.keys(WRITING_READS).sort(),
    )
  })

  test('each act of the table is spent somewhere', () => {
    const text = sources(['app/**/actions.ts', 'lib/**/*.ts'])
      .filter(({ file }) => !/budget(s|\.refusals)\.ts$/.test(file))
      .map((one) => one.text)
      .join('\n')
    expect(Object.keys(BUDGETS).filter((act) => !text.includes(`'${act}'`))).toEqual([])
  })
})
