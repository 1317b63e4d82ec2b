import { expect, test } from 'vitest'
import { canServe, type HealthFacts, healthOf } from '#lib/health/health.ts'

test.each<[string, HealthFacts, [boolean, boolean, boolean], boolean]>([
  ['all is well', { writes: true, workerSeconds: 80, missingMigrations: 0 }, [true, true, true], true],
  ['no write is taken', { writes: false, why: 'disk full' }, [false, false, false], false],
  [
    'a migration is missing',
    { writes: true, workerSeconds: 80, missingMigrations: 1 },
    [true, false, true],
    false,
  ],
  [
    'the worker is dead',
    { writes: true, workerSeconds: 180, missingMigrations: 0 },
    [true, true, false],
    true,
  ],
  [
    'no worker ever lived',
    { writes: true, workerSeconds: null, missingMigrations: 0 },
    [true, true, false],
    true,
  ],
])(
  'where %s, each check says its own, and people are served without a worker only',
  (_what, facts, checks, serves) => {
    const health = healthOf(facts)
    expect([health.database, health.schema, health.worker]).toEqual(checks)
    expect(canServe(health)).toBe(serves)
  },
)
