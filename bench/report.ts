import type { ArmResult, Compared } from './measures/in-turns.ts'
import type { OfficeResult, Times } from './measures/office.ts'
import type { RowResult } from './measures/rows.ts'
import type { SlopeRow } from './measures/slope.ts'
import type { OfficePage } from './office-pages.ts'
import type { Results } from './results.ts'
import { type Row, rowOf } from './rows.ts'

/** The page about speed, from the results of one run and from nothing else. */

const VOID = 'void'

const digits = (value: number): number => (value < 0.1 ? 4 : value < 1 ? 3 : value < 100 ? 2 : 0)
const number = (value: number): string => value.toFixed(digits(Math.abs(value)))
const milliseconds = (value: number | null): string => (value === null ? '–' : number(value))
const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`)

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

const armOf = ({ arms }: Compared, name: string): ArmResult | undefined =>
  arms.find(({ arm }) => arm === name)

/** Whether the figures of both arms of a ratio count. */
const counts = (compared: Compared, name: string): boolean =>
  compared.arms[0]?.reasons.length === 0 && armOf(compared, name)?.reasons.length === 0

/** A ratio with its quartiles; `void` when one of its arms does not count. */
export function ratioWords(compared: Compared, name: string): string {
  const ratio = compared.ratios[name]
  if (!ratio) return '–'
  if (!counts(compared, name)) return VOID
  return `${number(ratio.median)} (${number(ratio.low)}–${number(ratio.high)})`
}

/** What the database spends on the product's request ÷ what it spends on the bare statements. */
export function pgRatio(compared: Compared): number | null {
  const [here, floor] = [armOf(compared, 'here'), armOf(compared, 'floor')]
  if (!here?.pgMs || !floor?.pgMs) return null
  return here.pgMs / floor.pgMs
}

/** One thing that must hold, and whether it does; null when the run cannot say. */
type Must = { what: string; wanted: string; seen: string; isReached: boolean | null }

function ratioMust(row: Row, compared: Compared, arm: string, least: number): Must[] {
  const ratio = compared.ratios[arm]
  if (!ratio) return []
  return [
    {
      what: `${row.title} ÷ ${arm}`,
      wanted: `≥ ${least}`,
      seen: ratioWords(compared, arm),
      isReached: counts(compared, arm) ? ratio.median >= least : null,
    },
  ]
}

/** What a row must reach, and what it reached. */
export function mustsOf(result: RowResult): Must[] {
  const row = rowOf(result.name)
  const { plain, empty, against, pgOverFloor } = row.musts
  const ofDatabase = pgRatio(result)
  return [
    ...(plain === undefined ? [] : ratioMust(row, result, 'plain floor', plain)),
    ...(empty === undefined ? [] : ratioMust(row, result, 'empty page', empty)),
    ...(against === undefined ? [] : ratioMust(row, result, 'against', against)),
    ...(pgOverFloor === undefined || ofDatabase === null
      ? []
      : [
          {
            what: `${row.title}: PostgreSQL ÷ its bare statements`,
            wanted: `≤ ${pgOverFloor}`,
            seen: counts(result, 'floor') ? number(ofDatabase) : VOID,
            isReached: counts(result, 'floor') ? ofDatabase <= pgOverFloor : null,
          },
        ]),
  ]
}

/** A value that must not be more than a limit. */
const atMost = (what: string, value: number, limit: number, isValid = true): Must => ({
  what,
  wanted: `≤ ${limit}`,
  seen: isValid ? number(value) : VOID,
  isReached: isValid ? value <= limit : null,
})

const TAIL_LIMITS: Partial<Record<string, number>> = { calendar: 6, 'calendar.json': 8 }

function otherMusts({ processes, tail, first, memory, slope, years, close, list }: Results): Must[] {
  const here = close?.find(({ arm }) => arm === 'here')
  const firstPage = first?.find(({ arm }) => arm === 'here')?.pages[0]
  return [
    ...(processes ?? []).map((compared) => {
      const reached = (compared.ratios.one?.median ?? 0) / compared.most
      const isValid = counts(compared, 'one')
      return {
        what: `${rowOf(compared.name).title}: two processes ÷ one, of what the cores allow`,
        wanted: '≥ 0.9',
        seen: isValid ? number(reached) : VOID,
        isReached: isValid ? reached >= 0.9 : null,
      }
    }),
    ...(tail ?? []).map(({ name, p99, p50, reasons }) =>
      atMost(
        `${rowOf(name).title} at 70 %: p99 ÷ p50`,
        p99 / p50,
        TAIL_LIMITS[name] ?? 8,
        reasons.length === 0,
      ),
    ),
    ...(firstPage ? [atMost('first page after readiness, ms', firstPage.ms, 100)] : []),
    ...(memory ? [atMost('memory at the end ÷ after four tenths of the time', memory.growth, 1.05)] : []),
    ...(slope?.rows ?? []).map((compared) =>
      atMost(
        `${rowOf(compared.name).title}: ${slope?.fewPupils} → ${slope?.pupils} pupils`,
        1 / (compared.ratios.few?.median ?? Number.NaN),
        1.1,
        counts(compared, 'few'),
      ),
    ),
    ...(years?.rows ?? []).map((compared) =>
      atMost(
        `${rowOf(compared.name).title}: 1 → ${years?.years} school years of ${years?.pupils} pupils`,
        1 / (compared.ratios.few?.median ?? Number.NaN),
        1.1,
        counts(compared, 'few'),
      ),
    ),
    ...(here
      ? [
          atMost(`counts of ${here.days} days, seconds after \`close_at\``, here.counted, 1.5),
          atMost(`charges of ${here.days} days, seconds after \`close_at\``, here.charged, 6),
        ]
      : []),
    ...(list
      ? [atMost(`a list of ${list.pupils} pupils, compared and applied, s`, list.compared + list.applied, 30)]
      : []),
  ]
}

const verdict = ({ isReached }: Must): string =>
  isReached === null ? '**void**' : isReached ? 'reached' : '**missed**'

const armsTable = (compared: Compared): string =>
  table(
    [
      'arm',
      'req/s',
      'p50 ms',
      'p99 ms',
      'web ms',
      'PostgreSQL ms',
      'here ÷ it',
      'generator',
      'neighbours',
      'void because',
    ],
    compared.arms.map((arm) => [
      arm.arm,
      number(arm.perSecond),
      number(arm.p50),
      number(arm.p99),
      milliseconds(arm.webMs),
      milliseconds(arm.pgMs),
      ratioWords(compared, arm.arm),
      percent(arm.generatorShare),
      percent(arm.othersShare),
      arm.reasons.join('; '),
    ]),
  )

const NEIGHBOURS = 0.05

/** The largest share of the machine that other programs took in any row. */
const neighboursOf = ({ rows }: Results): number =>
  Math.max(0, ...(rows?.rows ?? []).flatMap(({ arms }) => arms.map(({ othersShare }) => othersShare ?? 0)))

function warnings(results: Results): string[] {
  const neighbours = neighboursOf(results)
  return [
    ...(results.options.isQuick
      ? [
          '**This was a quick run**: few pupils and short slices. It shows that the bench works, and says nothing of how fast the portal is.',
        ]
      : []),
    ...(neighbours > NEIGHBOURS
      ? [
          `**The machine was not ours alone**: other programs took up to ${percent(neighbours)} of it. Ratios say something, requests per second little.`,
        ]
      : []),
    ...(results.generator === 'node'
      ? ['**Without wrk** the generator takes too much of the machine: install it and repeat.']
      : []),
  ]
}

const headOf = ({ at, commit, against, machine, options, postgres, generator }: Results): string => {
  const { cores, processor, memoryGb, node } = machine
  const { pupils, visitors, rounds, seconds, connections } = options
  return [
    `${at.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}${against ? `, against ${against}` : ''}. `,
    `${cores} cores (${processor}), ${memoryGb} GB, Node ${node.slice(1)}, PostgreSQL ${postgres}, generator ${generator}. `,
    `${pupils} pupils, ${visitors} visitors, ${connections} connections, ${rounds} rounds of ${seconds} s for each arm.`,
  ].join('')
}

function processesSection({ processes }: Results): string[] {
  if (!processes) return []
  const rows = processes.map((compared) => [
    rowOf(compared.name).title,
    ratioWords(compared, 'one'),
    number(compared.most),
    ...compared.arms.map(({ busyCores }) => number(busyCores)),
    compared.arms.flatMap(({ reasons }) => reasons).join('; '),
  ])
  const heads = ['', 'two ÷ one', 'the cores allow', 'cores busy with two', 'with one', 'void because']
  return ['## Two web processes and one', table(heads, rows)]
}

function tailSection({ tail }: Results): string[] {
  if (!tail) return []
  const heads = [
    '',
    'arrivals/s',
    'p50 ms',
    'p95 ms',
    'p99 ms',
    'p99 ÷ p50',
    'generator',
    'neighbours',
    'void because',
  ]
  const rows = tail.map((of) => [
    rowOf(of.name).title,
    number(of.rate),
    ...[of.p50, of.p95, of.p99, of.p99 / of.p50].map(number),
    percent(of.generatorShare),
    percent(of.othersShare),
    of.reasons.join('; '),
  ])
  return ['## The tail at 70 % of what one process can do', table(heads, rows)]
}

function firstSection({ first }: Results): string[] {
  if (!first) return []
  const nth = first[0]?.pages.map((page) => `page ${page.nth}`) ?? []
  const rows = first.map(({ arm, starts, ready, pages }) => [
    arm,
    String(starts),
    number(ready),
    ...pages.map(({ ms }) => number(ms)),
  ])
  return ['## After a start, milliseconds', table(['', 'starts', 'ready', ...nth], rows)]
}

function memorySection({ memory }: Results): string[] {
  if (!memory) return []
  const tenths = memory.samples.filter((_, index) => index % 6 === 5)
  const series = tenths.map((mb) => mb.toFixed(0)).join(', ')
  return [
    '## Memory',
    `One process, ${number(memory.rate)} calendar pages per second for ${memory.minutes} minutes; MB after each tenth: ${series}. Growth ${number(memory.growth)}.`,
  ]
}

function slopeTable(compared: readonly SlopeRow[]): string {
  const rows = compared.map((compared) => [
    rowOf(compared.name).title,
    ratioWords(compared, 'few'),
    ...compared.arms.map(({ pgMs }) => milliseconds(pgMs)),
    compared.arms.flatMap(({ reasons }) => reasons).join('; '),
  ])
  const heads = ['', 'req/s, many ÷ few', 'PostgreSQL ms, many', 'few', 'void because']
  return table(heads, rows)
}

const slopeSection = ({ slope }: Results): string[] =>
  slope ? [`## From ${slope.fewPupils} to ${slope.pupils} pupils`, slopeTable(slope.rows)] : []

const yearsSection = ({ years }: Results): string[] =>
  years
    ? [`## From one to ${years.years} school years of ${years.pupils} pupils`, slopeTable(years.rows)]
    : []

function closeSection({ close }: Results): string[] {
  if (!close) return []
  const rows = close.map((of) => [
    of.arm,
    String(of.days),
    String(of.charges),
    ...[of.counted, of.charged, of.pgSeconds, of.workerSeconds].map(milliseconds),
  ])
  const heads = [
    '',
    'days',
    'charges',
    'counted, s',
    'charged, s',
    'PostgreSQL, s of CPU',
    'worker, s of CPU',
  ]
  return [
    '## The close of one day of every school',
    'By the worker as it runs in service; seconds from the instant at which the days were due.',
    table(heads, rows),
  ]
}

const listSection = ({ list }: Results): string[] =>
  list
    ? [
        `## A list of ${list.pupils} new pupils`,
        `Each of another family, beside the pupils of the large municipality: compared in ${number(list.compared)} s, applied in ${number(list.applied)} s, taken back in ${number(list.undone)} s.`,
      ]
    : []

function townsSection({ towns }: Results): string[] {
  if (!towns) return []
  const { counted, rounds } = towns
  const heads = ['duty', 'transactions', 'statements', 'ms', 'worker, ms of CPU', 'PostgreSQL, ms of CPU']
  const sum = (of: (round: (typeof rounds)[number]) => number) =>
    number(rounds.reduce((total, round) => total + of(round), 0))
  return [
    `## ${towns.towns} municipalities`,
    'One round of each duty of the worker with nothing due.',
    table(heads, [
      ...rounds.map((round) => [
        round.duty,
        ...[round.transactions, round.statements, round.ms, round.workerMs].map(number),
        milliseconds(round.pgMs),
      ]),
      [
        '**all**',
        sum(({ transactions }) => transactions),
        sum(({ statements }) => statements),
        sum(({ ms }) => ms),
        sum(({ workerMs }) => workerMs),
        sum(({ pgMs }) => pgMs ?? 0),
      ],
    ]),
    `While the large one closes ${counted.days} days, ${counted.smallDays} small ones that were due at the same instant had their counts after ${number(counted.small)} s; the large one after ${number(counted.large)} s.`,
  ]
}

function sizesSection({ sizes }: Results): string[] {
  if (!sizes) return []
  const rows = sizes.map(({ page, arm, sizes: { html, flight, elements, gzip } }) => [
    page,
    arm,
    String(html),
    `${flight} (${percent(flight / html)})`,
    String(elements),
    String(gzip),
  ])
  return ['## Sizes of pages', table(['', 'arm', 'HTML', 'flight payload', 'elements', 'gzip'], rows)]
}

function rowsSection({ rows }: Results): string[] {
  if (!rows) return []
  const faults =
    rows.faults.length === 0
      ? 'Every confirmed change was written, and every journal sums to zero.'
      : `**Faults: ${rows.faults.join('; ')}.**`
  return ['## Rows', ...rows.rows.flatMap((row) => [`### ${rowOf(row.name).title}`, armsTable(row)]), faults]
}

const METHOD = `\`npm run bench\` prints this page: it measures, \`npm run bench -- --report\` writes \`docs/speed.md\` from the newest results, and no figure is typed by hand. \`--quick\` shows in minutes that the bench works; \`--against <commit>\` builds that commit too, with a database of its own, and loads both in turns; \`--parts\` names some of the parts; \`--parts office\` measures the lists of the office, and \`--report\` then writes their part of the page alone; \`--towns 7900\` measures only what so many small municipalities beside the large one cost the worker, and \`--years 5\` only what so many school years cost its pages. Debian's \`wrk\` must be installed. Why it measures so: [decision 0056](decisions/0056-a-bench-that-cannot-flatter.md).

**Arms.** *Here* is this checkout, *against* the other commit. The *floor* is \`node:http\` and \`pg\` with the product's own statements under its own roles and policies, with generic plans and one write per turn, as the product has; for a change it is the bare statements: the same locks and rows, and no question asked. The *plain floor* is bare \`node:http\` with three reads by key, 35 rows, no policies. The *empty page* is a dynamic page of Next without content. All run on this machine at the same time, loaded in turns, the order reversed each round; **a ratio is taken within each round, then its median (quartiles)**. Milliseconds are processor time per request, of the web processes and of PostgreSQL.

**A figure is void** when the generator took more than 5 % of the processor time, a request failed, answers were shorter than those fetched one by one before, or the last two slices of warming up disagree by more than 5 %. Visitors are a morning's: one pupil in twelve, each with a session of their own.`

/** All parts but the office's, in Markdown. */
function reportOf(results: Results): string {
  const musts = [...(results.rows?.rows ?? []).flatMap(mustsOf), ...otherMusts(results)]
  const paragraphs = [
    '# How fast it is, and how we know',
    METHOD,
    '## The run',
    headOf(results),
    ...warnings(results),
    '## What must be reached',
    table(
      ['', 'must', 'seen', ''],
      musts.map((must) => [must.what, must.wanted, must.seen, verdict(must)]),
    ),
    ...rowsSection(results),
    ...processesSection(results),
    ...tailSection(results),
    ...firstSection(results),
    ...memorySection(results),
    ...slopeSection(results),
    ...yearsSection(results),
    ...closeSection(results),
    ...listSection(results),
    ...townsSection(results),
    ...sizesSection(results),
  ]
  return `${paragraphs.join('\n\n')}\n`
}

const OFFICE_HEADING = '## The lists of the office'
const MOST_LIST_MS = 200
const MOST_SEARCH_MS = 100
const MOST_FIRST_BYTE_MS = 500
/** What a file may hold after very many lines ÷ after a few. */
const MOST_HELD = 1.1

const slowest = <T extends Times>(found: readonly T[]): T | undefined =>
  found.toSorted((a, b) => b.p95 - a.p95)[0]

/** The longest that a page of the office may take at its 95th percentile. */
export const mostForList = ({ calendar }: Pick<OfficeResult, 'calendar'>): number =>
  Math.max(MOST_LIST_MS, 3 * calendar.p95)

const isFast = ({ p95, refused }: OfficeResult['pages'][number], limit: number): boolean =>
  refused === null && p95 <= limit

const worstMust = (what: string, worst: (Times & { name: string }) | undefined, limit: number): Must => ({
  what: `${what}, the slowest${worst ? ` (${worst.name})` : ''}: p95, ms`,
  wanted: `≤ ${number(limit)}`,
  seen: worst ? number(worst.p95) : VOID,
  isReached: worst ? worst.p95 <= limit : null,
})

/** What the lists, the searches and the files of the office must reach, and what they reached. */
export function officeMusts(office: OfficeResult): Must[] {
  const limit = mostForList(office)
  const named = <T extends Times>(found: readonly T[], nameOf: (one: T) => string) => {
    const worst = slowest(found)
    return worst && { ...worst, name: nameOf(worst) }
  }
  const slow = office.pages.filter((page) => !isFast(page, limit)).length
  const growth = Math.max(...office.held.map(({ few, many }) => many / few))
  return [
    worstMust(
      'a page that lists',
      named(office.pages, (page) => addressOf(page)),
      limit,
    ),
    {
      what: `pages that list, of ${office.pages.length}, which take longer`,
      wanted: '0',
      seen: String(slow),
      isReached: slow === 0,
    },
    worstMust(
      'a search of the bar',
      named(office.searches, ({ text }) => `«${text}»`),
      MOST_SEARCH_MS,
    ),
    worstMust(
      'the first byte of a file',
      named(office.files, ({ file }) => withoutIds(file)),
      MOST_FIRST_BYTE_MS,
    ),
    atMost('held while a file is made, after 40,000 lines ÷ after 5,000', growth, MOST_HELD),
  ]
}

/** Ids are another's in each run. */
const withoutIds = (text: string): string => text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…')

const addressOf = ({ list, query }: OfficePage): string =>
  withoutIds(`${list}${query && `?${decodeURIComponent(query.replaceAll('+', ' '))}`}`)

/** The part of the page about the lists of the office, in Markdown. */
function officeReport(results: Results, office: OfficeResult): string {
  const limit = mostForList(office)
  const { at, commit, machine, postgres } = results
  const times = ({ p50, p95 }: Times) => [number(p50), number(p95)]
  const paragraphs = [
    OFFICE_HEADING,
    `\`npm run bench -- --parts office\` measures them, \`npm run bench -- --report\` writes this part. ${at.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}; ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node.slice(1)}, PostgreSQL ${postgres}; ${office.pupils} pupils.`,
    `One web process as in service; a manager asks one page after the other, each ${office.rounds} times, after two that do not count; milliseconds from the request to the last byte. The municipality has two adults for every second family, three thousand colleagues, 200 communications (each 40th to all families), 20,000 requests, 8,000 cases of refund, two years of the register, 800 imports. The calendar page of a family, in the same run, takes ${number(office.calendar.p50)} (p95 ${number(office.calendar.p95)}) ms: a page of the office may take ${number(limit)}.`,
    ...(office.othersShare !== null && office.othersShare > NEIGHBOURS
      ? [`**The machine was not ours alone**: other programs took ${percent(office.othersShare)} of it.`]
      : [`Other programs took ${percent(office.othersShare)} of the machine.`]),
    table(
      ['', 'must', 'seen', ''],
      officeMusts(office).map((must) => [must.what, must.wanted, must.seen, verdict(must)]),
    ),
    table(
      ['page', 'p50 ms', 'p95 ms', ''],
      office.pages.map((page) => [
        addressOf(page),
        ...times(page),
        page.refused ? '**refused**' : isFast(page, limit) ? 'reached' : '**missed**',
      ]),
    ),
    table(
      ['search of the bar', 'p50 ms', 'p95 ms'],
      office.searches.map((search) => [search.text, ...times(search)]),
    ),
    table(
      ['first byte of a file', 'p50 ms', 'p95 ms'],
      office.files.map(({ file, ...rest }) => [withoutIds(file), ...times(rest)]),
    ),
    table(
      ['held while a file is made, MB', 'few lines', 'many lines'],
      office.held.map(({ list, few, many, fewLines, manyLines }) => [
        list,
        `${number(few)} (${fewLines})`,
        `${number(many)} (${manyLines})`,
      ]),
    ),
  ]
  return `${paragraphs.join('\n\n')}\n`
}

/** The page with the newest results in it. A run of the office alone leaves the other parts as they are, and the other way round. */
export function pageWith(page: string, results: Results): string {
  const at = page.indexOf(OFFICE_HEADING)
  const [others, office] = at < 0 ? [page, ''] : [page.slice(0, at), page.slice(at)]
  const isOfOfficeAlone = results.options.parts.join() === 'office'
  const first = isOfOfficeAlone ? others.trimEnd() : reportOf(results).trimEnd()
  const last = results.office ? officeReport(results, results.office) : office
  return `${[first, last.trimEnd()].filter((part) => part !== '').join('\n\n')}\n`
}
