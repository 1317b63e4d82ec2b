import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { type DeclaredQuery, QUERY_SOURCES, readDeclaredQueries } from '#tests/support/declared-queries.ts'
import { faultsOf, isQuery } from '#tests/support/query-faults.ts'
import type { QueryRecord } from '#tests/support/query-recorder.ts'

/**
 * Raw SQL against the types that the code gives it. The files that ran before this one left the statements that they sent, with
 * what the database says of their columns and what came in them; each is held against the `T` of its `sql<T>`.
 */
const folder = inject('queryRecords')
const recorded = globSync(path.join(folder, '*.json')).flatMap(
  (file) => JSON.parse(readFileSync(file, 'utf8')) as QueryRecord[],
)

/** Files whose raw queries tests may leave out, and why that is right. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'db/migrate.ts': 'reads what the migrator keeps, before there is a schema and a file of tests that records',
}

const fileOf = ({ place }: DeclaredQuery): string => place.split(':')[0] ?? ''

/** Only a run of all these files can say that a query is never run. */
const isWholeRun = () => {
  const done = new Set(readFileSync(path.join(folder, 'files'), 'utf8').split('\n'))
  return globSync(path.resolve('tests/{data,actions}/*.test.{ts,tsx}'))
    .filter((file) => file !== import.meta.filename)
    .every((file) => done.has(file))
}

describe.skipIf(recorded.length === 0)('raw queries, as the files before this one ran them', () => {
  const declared = recorded.length > 0 ? readDeclaredQueries() : []
  const byTemplate = Map.groupBy(recorded, ({ template }) => template)

  test('are all read from the sources', () => {
    const written = globSync(QUERY_SOURCES).flatMap(
      (file) => readFileSync(file, 'utf8').match(/(?<!typeof )\bsql</g) ?? [],
    )
    expect(declared).toHaveLength(written.length)
  })

  test('have the columns, types and nulls that their types say', () => {
    const faults = declared.flatMap((query) =>
      (byTemplate.get(query.template) ?? []).flatMap((record) =>
        faultsOf(query, record).map((fault) => `${query.place} · ${fault}`),
      ),
    )
    expect([...new Set(faults)]).toEqual([])
  })

  test('that may be left out are there', () => {
    const files = new Set(declared.map(fileOf))
    expect(Object.keys(NOT_RUN).filter((file) => !files.has(file))).toEqual([])
  })

  test.runIf(recorded.length > 0 && isWholeRun())(
    'are each run by a test, but for those with a reason',
    () => {
      const missing = declared.filter((query) => isQuery(query) && !byTemplate.has(query.template))
      expect(missing.filter((query) => !(fileOf(query) in NOT_RUN)).map(({ place }) => place)).toEqual([])
    },
  )
})
