import { describe, expect, test } from 'vitest'
import { poissonArrivals, seededRandom } from '#bench/arrivals.ts'
import { parseStat, treeOf } from '#bench/cpu.ts'
import type { ArmResult } from '#bench/measures/in-turns.ts'
import type { OfficeResult } from '#bench/measures/office.ts'
import { holdingOne, officePages } from '#bench/office-pages.ts'
import { PARTS, parseOptions } from '#bench/options.ts'
import { mostForList, mustsOf, officeMusts, pageWith, pgRatio, ratioWords } from '#bench/report.ts'
import { changeAt, lineOf, parseLine, parseOutcome } from '#bench/requests.ts'
import type { Results } from '#bench/results.ts'
import { sizesOf } from '#bench/sizes.ts'
import { isWarm, median, percentile, ratioOf, slicesAgree } from '#bench/statistics.ts'
import { reasonsAgainst } from '#bench/validity.ts'

describe('the statistics of the bench', () => {
  test('a median is the middle number, or the mean of the two in the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, 0])
  })

  test('a percentile of 100 numbers leaves that share of them below', () => {
    const sorted = Array.from({ length: 100 }, (_, index) => index)
    expect([percentile(sorted, 0.5), percentile(sorted, 0.99), percentile(sorted, 1)]).toEqual([50, 99, 99])
  })

  test('a ratio is taken within each round: a slow round disturbs both arms alike', () => {
    expect(ratioOf([100, 10, 50], [50, 5, 25])).toEqual({ median: 2, low: 2, high: 2 })
    expect(ratioOf([10, 20, 30, 40], [10, 10, 10, 10])).toEqual({ median: 2.5, low: 2, high: 4 })
  })

  test('two slices agree within 5 % and not beyond', () => {
    expect([slicesAgree(100, 105), slicesAgree(100, 95)]).toEqual([true, true])
    expect([slicesAgree(100, 105.1), slicesAgree(100, 94.9), slicesAgree(0, 0)]).toEqual([
      false,
      false,
      false,
    ])
  })

  test('an arm is warm after enough requests, when its last two slices agree', () => {
    const slice = (requests: number, perSecond: number) => ({ requests, perSecond })
    expect(isWarm([slice(900, 20), slice(900, 20.5)], 1_500)).toBe(true)
    expect(isWarm([slice(700, 20), slice(700, 20.5)], 1_500)).toBe(false)
    expect(isWarm([slice(900, 20), slice(900, 20), slice(900, 30)], 1_500)).toBe(false)
    expect(isWarm([slice(9_000, 20)], 1_500)).toBe(false)
  })
})

describe('the arrivals of an open loop', () => {
  const arrivals = poissonArrivals(50, 200, seededRandom(7))
  const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] as number))

  test('are as many per second as asked for, in order, within the time', () => {
    expect(arrivals.length / 200).toBeGreaterThan(48)
    expect(arrivals.length / 200).toBeLessThan(52)
    expect(gaps.every((gap) => gap >= 0)).toBe(true)
    expect(arrivals.at(-1)).toBeLessThan(200_000)
  })

  test('know nothing of each other: the time between two is exponential, with 1/e beyond its mean', () => {
    const meanMs = 1_000 / 50
    const share = gaps.filter((gap) => gap > meanMs).length / gaps.length
    expect(share).toBeCloseTo(1 / Math.E, 1)
    expect(Math.max(...gaps)).toBeGreaterThan(meanMs * 5)
  })

  test('are the same for the same seed', () => {
    expect(poissonArrivals(50, 200, seededRandom(7))).toEqual(arrivals)
    expect(poissonArrivals(50, 200, seededRandom(8))).not.toEqual(arrivals)
  })
})

describe('the rule that voids a run', () => {
  const good = {
    generatorShare: 0.02,
    requests: 1_000,
    failed: 0,
    bytesPerRequest: 81_000,
    expectedBytes: 80_000,
    isWarm: true,
    isExhausted: false,
  }

  test('lets a run count in which nothing is wrong', () => {
    expect(reasonsAgainst(good)).toEqual([])
    expect(reasonsAgainst({ ...good, expectedBytes: null, bytesPerRequest: 300 })).toEqual([])
  })

  test.each([
    [{ generatorShare: 0.051 }, 'the generator took 5.1 % of the CPU'],
    [{ generatorShare: null }, 'the CPU of the generator is unknown'],
    [{ requests: 0 }, 'no request was answered'],
    [{ failed: 3 }, '3 requests failed'],
    [{ bytesPerRequest: 900 }, 'answers of 900 bytes instead of 80000'],
    [{ isWarm: false }, 'its last two slices of warming up disagree by more than 5 %'],
    [{ isExhausted: true }, 'changes were repeated'],
  ])('says why %j does not count', (fault, reason) => {
    expect(reasonsAgainst({ ...good, ...fault })).toEqual([reason])
  })
})

describe('the requests of the generators', () => {
  test('go through a line and back', () => {
    const request = {
      method: 'POST',
      path: '/a',
      cookie: 'a=b; c=d',
      origin: 'http://localhost:1',
      body: '{"a":1}',
    }
    expect(parseLine(lineOf(request))).toEqual(request)
    const read = { method: 'GET', path: '/', cookie: '', origin: '', body: '' }
    expect(parseLine(lineOf(read))).toEqual(read)
  })

  test('the result of a generator is found among what else it prints', () => {
    expect(parseOutcome('Running 2s test\nRESULT {"requests":3}\nDone')).toEqual({ requests: 3 })
    expect(() => parseOutcome('unable to connect')).toThrow('unable to connect')
  })

  test('change a meal each: nothing is cancelled twice before it is restored', () => {
    const visitors = [1, 2, 3].map((n) => ({
      cookie: `${n}`,
      pupilId: `pupil ${n}`,
      days: [{ day: '2026-12-01' }, { day: '2026-12-02' }],
    }))
    const steps = Array.from({ length: 3 * 2 * 4 }, (_, step) => JSON.parse(changeAt(step, visitors).body))
    const absent = new Set<string>()
    for (const { action, pupilIds, days } of steps) {
      const meal = `${pupilIds[0]} ${days[0]}`
      expect(absent.has(meal)).toBe(action === 'restore')
      if (action === 'cancel') absent.add(meal)
      else absent.delete(meal)
    }
    expect(new Set(steps.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(steps.length)
    expect(new Set(steps.slice(0, 3).map(({ pupilIds }) => pupilIds[0])).size).toBe(3)
  })
})

describe('the accounting of processor time', () => {
  const stat = (pid: number, name: string, parent: number, ticks: [number, number, number, number]) =>
    `${pid} (${name}) S ${parent} 1 1 0 -1 0 0 0 0 0 ${ticks.join(' ')} 20 0 1 0 100 1000 256 0`

  test('reads own time and that of ended children, and a name with brackets', () => {
    expect(parseStat(stat(12, 'a) b (c', 3, [10, 20, 3, 4]))).toEqual({
      pid: 12,
      parent: 3,
      cpuMs: 370,
      memoryMb: 1,
    })
  })

  test('follows a process to all that descend from it', () => {
    const processes = [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 1],
      [5, 0],
    ].map(([pid, parent]) => parseStat(stat(pid as number, 'node', parent as number, [1, 0, 0, 0])))
    expect(treeOf(processes, 1).map(({ pid }) => pid)).toEqual([1, 2, 3, 4])
    expect(treeOf(processes, 9)).toEqual([])
  })
})

describe('the sizes of a page', () => {
  test('count the flight payload apart from other scripts, and every element', () => {
    const flight = 'self.__next_f.push([1,"<p>è</p>"])'
    const html = `<!doctype html><html><head><script>other()</script></head><body><p>a<br>b</p><script>${flight}</script></body></html>`
    expect(sizesOf(html)).toMatchObject({
      html: Buffer.byteLength(html),
      flight: Buffer.byteLength(flight),
      elements: 7,
    })
  })
})

describe('the options of the bench', () => {
  test('measure every part with a visitor for each twelve pupils, unless they say otherwise', () => {
    expect(parseOptions([])).toMatchObject({
      isQuick: false,
      pupils: 150_000,
      visitors: 12_500,
      parts: PARTS.filter((part) => !['towns', 'years', 'office'].includes(part)),
      against: null,
    })
    expect(parseOptions(['--years', '5'])).toMatchObject({ years: 5, pupils: 3_000, parts: ['years'] })
    expect(parseOptions(['--years', '5', '--pupils', '150000'])).toMatchObject({
      pupils: 150_000,
      parts: ['years'],
    })
    expect(parseOptions(['--towns', '300'])).toMatchObject({ towns: 300, parts: ['towns'] })
    expect(parseOptions(['--only', 'oggi,registro'])).toMatchObject({
      parts: ['office'],
      only: ['oggi', 'registro'],
    })
    expect(parseOptions(['--quick', '--against', '72a467d', '--parts', 'tail,rows'])).toMatchObject({
      isQuick: true,
      pupils: 3_000,
      against: '72a467d',
      parts: ['rows', 'tail'],
    })
  })

  test.each([['--parts', 'speed'], ['--pupils', '-1'], ['--seconds', 'many'], ['--unknown']])(
    'are refused with the usage: %s %s',
    (...args) => {
      expect(() => parseOptions(args.filter((word) => word !== undefined))).toThrow('Uso: npm run bench')
    },
  )
})

describe('the report', () => {
  const arm = (name: string, changes: Partial<ArmResult> = {}): ArmResult => ({
    arm: name,
    perSecond: 100,
    p50: 10,
    p99: 40,
    webMs: 8,
    pgMs: 2,
    generatorShare: 0.01,
    othersShare: 0,
    busyCores: 1.4,
    requests: 1_000,
    failed: 0,
    reasons: [],
    ...changes,
  })
  const ratio = (value: number) => ({ median: value, low: value - 0.1, high: value + 0.1 })
  const cancel = (reasons: string[] = []) => ({
    name: 'cancel' as const,
    arms: [arm('here', { pgMs: 2.2 }), arm('against'), arm('floor', { pgMs: 2, reasons })],
    ratios: { against: ratio(1.3), floor: ratio(0.5) },
  })

  test('says of each must what was seen, and whether it is reached', () => {
    expect(mustsOf(cancel())).toEqual([
      {
        what: 'cancel or restore a meal ÷ against',
        wanted: '≥ 1.1',
        seen: '1.30 (1.20–1.40)',
        isReached: true,
      },
      {
        what: 'cancel or restore a meal: PostgreSQL ÷ its bare statements',
        wanted: '≤ 1.2',
        seen: '1.10',
        isReached: true,
      },
    ])
    const slow = { ...cancel(), ratios: { against: ratio(1), floor: ratio(0.5) } }
    expect(mustsOf(slow)[0]).toMatchObject({ isReached: false })
  })

  test('prints no ratio to an arm that does not count, and decides no must by it', () => {
    const voided = cancel(['3 requests failed'])
    expect(ratioWords(voided, 'floor')).toBe('void')
    expect(ratioWords(voided, 'against')).toBe('1.30 (1.20–1.40)')
    expect(mustsOf(voided)[1]).toMatchObject({ seen: 'void', isReached: null })
  })

  test('prints no ratio at all when the portal itself does not count', () => {
    const voided = cancel()
    voided.arms[0] = arm('here', { reasons: ['its last two slices disagree'] })
    expect([ratioWords(voided, 'against'), ratioWords(voided, 'floor')]).toEqual(['void', 'void'])
  })

  test('asks nothing of an arm that did not run', () => {
    const alone = { ...cancel(), ratios: { floor: ratio(0.5) } }
    expect(mustsOf(alone).map(({ what }) => what)).toEqual([
      'cancel or restore a meal: PostgreSQL ÷ its bare statements',
    ])
    expect(pgRatio({ arms: [arm('here', { pgMs: null }), arm('floor')], ratios: {} })).toBeNull()
  })
})

describe('the lists of the office', () => {
  const ID = '01a22e7b-5150-75fa-ad32-cc51f8f1c3ad'
  const office: OfficeResult = {
    ...{ pupils: 150_000, rounds: 20, calendar: { p50: 10, p95: 20 }, othersShare: 0 },
    pages: [
      { list: 'alunni', query: '', p50: 30, p95: 40, refused: null },
      {
        list: `comunicazioni/${ID}/destinatari`,
        query: 'cerca=marta+rossi',
        p50: 150,
        p95: 210,
        refused: null,
      },
    ],
    searches: [{ text: 'rossi', p50: 50, p95: 100 }],
    files: [{ file: 'alunni/file/csv', p50: 100, p95: 501 }],
    held: [{ list: 'alunni', few: 100, many: 105, fewLines: 5_000, manyLines: 40_000 }],
  }
  const results: Results = {
    ...{
      at: '2026-11-30T22:00:00.000Z',
      commit: 'abc',
      against: null,
      generator: 'wrk',
      postgres: '18.4',
      office,
    },
    machine: { cores: 2, processor: 'AMD', memoryGb: 24, node: 'v24.21.0' },
    options: parseOptions(['--parts', 'office']),
  }

  test('may take 200 ms, or three calendar pages where these are slower', () => {
    expect(mostForList(office)).toBe(200)
    expect(mostForList({ calendar: { p50: 50, p95: 90 } })).toBe(270)
  })

  test('reach what they must, or the report says which page missed it', () => {
    expect(officeMusts(office).map(({ seen, isReached }) => [seen, isReached])).toEqual([
      ['210', false],
      ['1', false],
      ['100', true],
      ['501', false],
      ['1.05', true],
    ])
    expect(pageWith('', results)).toContain(
      '| comunicazioni/…/destinatari?cerca=marta rossi | 150 | 210 | **missed** |',
    )
    expect(pageWith('', results)).not.toContain(ID)
  })

  test('have a part of the page that a run of theirs alone replaces, and that another run leaves', () => {
    const once = pageWith('# How fast\n\n## Rows\n\nSome.\n', results)
    expect(once).toMatch(/^# How fast\n\n## Rows\n\nSome\.\n\n## The lists of the office\n/)
    expect(pageWith(once, results)).toBe(once)
    const { office: _, ...others } = { ...results, options: parseOptions([]) }
    expect(pageWith(once, others)).toContain('## The lists of the office')
    expect(pageWith(once, others)).not.toContain('Some.')
  })

  test('are all asked for, or those that hold a word', () => {
    const asked = ['oggi?', 'registro?', 'registro?letture=si']
    const held = (words: string[]) => holdingOne(asked, words, (address) => address)
    expect([held([]), held(['letture', 'oggi']), held(['niente'])]).toEqual([
      asked,
      ['oggi?', 'registro?letture=si'],
      [],
    ])
  })

  test('are each asked for once', () => {
    const pages = officePages({ schoolId: '1', classId: '2', serviceId: '3', communicationId: '4' })
    expect(new Set(pages.map(({ list, query }) => `${list}?${query}`)).size).toBe(pages.length)
  })
})
