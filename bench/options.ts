import os from 'node:os'
import { parseArgs } from 'node:util'
import { Explained } from '#scripts/lib/explain.ts'

/** The parts of a run, in their order. `--parts` names some of them. */
export const PARTS = [
  'rows',
  'sizes',
  'processes',
  'tail',
  'first',
  'memory',
  'slope',
  'close',
  'list',
  'towns',
  'years',
  'office',
] as const
export type Part = (typeof PARTS)[number]

export type Options = {
  /** A small municipality and short slices: shows that the bench works, and says nothing of speed. */
  isQuick: boolean
  pupils: number
  /** The smaller municipality of the slope. */
  fewPupils: number
  visitors: number
  rounds: number
  seconds: number
  connections: number
  /** Requests that an arm answers before its slices may count as warm; JSON and changes need twice as many as a page. */
  warmRequests: number
  /** Warming up ends after this many slices, agreed or not. */
  mostWarmSlices: number
  tailSeconds: number
  memoryMinutes: number
  starts: number
  /** The new pupils of the list of the part `list`. */
  listed: number
  /** The small municipalities beside the large one, of the part `towns`. */
  towns: number
  /** The school years of history of the part `years`, beside a municipality with one. */
  years: number
  parts: readonly Part[]
  /** Of the part `office` only the addresses that hold one of these words; such a run is for who works on them, and no report is made of it. */
  only: readonly string[]
  /** The commit to compare with. */
  against: string | null
  /** Writes docs/speed.md from the newest results, and measures nothing. */
  isReport: boolean
}

const FULL = {
  pupils: 150_000,
  fewPupils: 3_000,
  rounds: 8,
  seconds: 4,
  connections: 8,
  warmRequests: 1_500,
  mostWarmSlices: 40,
  tailSeconds: 120,
  memoryMinutes: 10,
  starts: 5,
  listed: 10_000,
  towns: 7_900,
  years: 5,
}

const QUICK: typeof FULL = {
  pupils: 3_000,
  fewPupils: 600,
  rounds: 2,
  seconds: 1,
  connections: 8,
  warmRequests: 100,
  mostWarmSlices: 3,
  tailSeconds: 5,
  memoryMinutes: 0.2,
  starts: 1,
  listed: 300,
  towns: 100,
  years: 2,
}

/** One pupil in twelve is absent on an ordinary morning: as many families open the portal. */
const PUPILS_PER_VISITOR = 12

const USAGE = `Uso: npm run bench -- [opzioni]
  --quick                prova breve su pochi alunni: dice che il banco funziona, non quanto il portale è veloce
  --against COMMIT       costruisce anche quella versione e le confronta a turno nella stessa corsa
  --parts ${PARTS.join(',')}
  --parts office         solo gli elenchi dell’ufficio, le ricerche e i file
  --only PAROLE          di questi solo gli indirizzi che contengono una delle parole, divise da virgole; non entra in docs/speed.md
  --towns N              solo la parte con N Comuni piccoli accanto a quello grande
  --years N              solo la parte con N anni di storia accanto a uno, di 3.000 alunni o di --pupils
  --pupils N  --visitors N  --rounds N  --seconds N  --connections N  --memory-minutes N
  --report               scrive docs/speed.md dall’ultimo risultato, senza misurare`

const ARGUMENTS = {
  quick: { type: 'boolean', default: false },
  report: { type: 'boolean', default: false },
  against: { type: 'string' },
  parts: { type: 'string' },
  only: { type: 'string' },
  pupils: { type: 'string' },
  visitors: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  connections: { type: 'string' },
  'memory-minutes': { type: 'string' },
  towns: { type: 'string' },
  years: { type: 'string' },
} as const

/** Many municipalities, many years and the office are runs of their own: they want databases of their own. */
const OWN_RUNS: readonly Part[] = ['towns', 'years', 'office']
const USUAL_PARTS = PARTS.filter((part) => !OWN_RUNS.includes(part))

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: ARGUMENTS }).values
  } catch (error) {
    throw new Explained(`${(error as Error).message}\n${USAGE}`, error)
  }
}

function numberOr(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!(value > 0)) throw new Explained(USAGE)
  return value
}

type Asked = {
  parts?: string | undefined
  only?: string | undefined
  towns?: string | undefined
  years?: string | undefined
}

function partsIn({ parts: text, only, towns, years }: Asked): readonly Part[] {
  const alone = PARTS.filter(
    (part) => ({ towns, years, office: only })[part as 'towns' | 'years' | 'office'] !== undefined,
  )
  if (text === undefined) return alone.length === 0 ? USUAL_PARTS : alone
  const named = text.split(',')
  const unknown = named.find((name) => !(PARTS as readonly string[]).includes(name))
  if (unknown !== undefined) throw new Explained(`Non conosco la parte «${unknown}».\n${USAGE}`)
  return PARTS.filter((part) => named.includes(part))
}

/** What the words after `npm run bench --` ask for. @throws Explained with the usage */
export function parseOptions(args: readonly string[]): Options {
  const values = parsed(args)
  const base = values.quick ? QUICK : FULL
  const parts = partsIn(values)
  const pupils = numberOr(values.pupils, parts.join() === 'years' ? base.fewPupils : base.pupils)
  return {
    ...base,
    isQuick: values.quick,
    pupils,
    visitors: numberOr(values.visitors, Math.ceil(pupils / PUPILS_PER_VISITOR)),
    rounds: numberOr(values.rounds, base.rounds),
    seconds: numberOr(values.seconds, base.seconds),
    connections: numberOr(values.connections, base.connections),
    memoryMinutes: numberOr(values['memory-minutes'], base.memoryMinutes),
    towns: numberOr(values.towns, base.towns),
    years: numberOr(values.years, base.years),
    parts,
    only: (values.only ?? '').split(',').filter(Boolean),
    against: values.against ?? null,
    isReport: values.report,
  }
}

/** The machine, as the report names it. */
export const machine = () => ({
  cores: os.availableParallelism(),
  processor: os.cpus()[0]?.model ?? '',
  memoryGb: Math.round(os.totalmem() / 2 ** 30),
  node: process.version,
})
