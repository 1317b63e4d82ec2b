import { readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'

/** Linux counts processor time in hundredths of a second, and memory in pages of 4 kB. */
const MS_PER_TICK = 10
const PAGE_MB = 4_096 / 2 ** 20

type Process = { pid: number; parent: number; cpuMs: number; memoryMb: number }

/** One line of /proc/<pid>/stat. The name, in brackets, may hold spaces and brackets itself. */
export function parseStat(line: string): Process {
  const [pid = '0'] = line.split(' ', 1)
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const field = (number: number): number => Number(fields[number - 3])
  // Own time in user and system mode, and that of its children that have ended.
  const ticks = field(14) + field(15) + field(16) + field(17)
  return {
    pid: Number(pid),
    parent: field(4),
    cpuMs: ticks * MS_PER_TICK,
    memoryMb: field(24) * PAGE_MB,
  }
}

/** The process and all that descend from it. */
export function treeOf(processes: readonly Process[], root: number): Process[] {
  const children = Map.groupBy(processes, ({ parent }) => parent)
  const below = (pid: number): Process[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child.pid)])
  return [...processes.filter(({ pid }) => pid === root), ...below(root)]
}

function statOf(pid: string): Process[] {
  try {
    return [parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))]
  } catch {
    return [] // It has ended in the meantime.
  }
}

/** All processes of this machine; null where the system does not tell. */
function readProcesses(): Process[] | null {
  if (os.platform() !== 'linux') return null
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0)

/** Processor time of each tree of processes since it began; null where the system does not tell. */
export function cpuOfTrees(roots: readonly number[]): number[] | null {
  const processes = readProcesses()
  return processes && roots.map((root) => sum(treeOf(processes, root).map(({ cpuMs }) => cpuMs)))
}

/** Resident memory of a tree of processes; null where the system does not tell. */
export function memoryOfTree(root: number): number | null {
  const processes = readProcesses()
  return processes && sum(treeOf(processes, root).map(({ memoryMb }) => memoryMb))
}

/** Milliseconds for which the cores of this machine have worked since it started, for any process. */
export const machineWorkedMs = (): number =>
  os.cpus().reduce((total, { times: { user, nice, sys, irq } }) => total + user + nice + sys + irq, 0)
