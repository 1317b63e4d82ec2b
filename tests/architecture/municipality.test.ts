import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rawStatements, relationsWithoutMunicipality } from '#tests/support/sql-relations.ts'

/**
 * A municipality is a parameter in every relation of a statement: only so can a statement be sent to the server that has that
 * municipality's rows, whatever joins them.
 */
const SOURCES = globSync('lib/**/*.ts').map((file) => ({ file, text: readFileSync(file, 'utf8') }))
const VIEWS = ['active_member', 'adult_of_pupil', 'active_staff_member', 'person_name']
const TABLES = new Set([
  ...VIEWS,
  ...[
    ...readFileSync('db/structure.sql', 'utf8').matchAll(
      /^CREATE TABLE (\w+) \(\n {2}municipality_id uuid/gm,
    ),
  ].map(([, table]) => table as string),
])

describe('the municipality of a statement', () => {
  it('is a parameter in each of its relations', () => {
    const without = SOURCES.flatMap(({ file, text }) =>
      rawStatements(text).flatMap(({ line, text: statement }) =>
        relationsWithoutMunicipality(statement, TABLES).map((name) => `${file}:${line} ${name}`),
      ),
    )
    expect(without).toEqual([])
  })

  it('is a parameter where kysely writes the statement', () => {
    const byReference = SOURCES.flatMap(({ file, text }) =>
      [...text.matchAll(/\b(?:on|where)Ref\('[\w.]*\bmunicipality_id'/g)].map(
        ([words]) => `${file} ${words}`,
      ),
    )
    expect(byReference).toEqual([])
  })

  it('would be missed in a relation that takes it from another', () => {
    const missed = (source: string) =>
      rawStatements(source).flatMap(({ text }) => relationsWithoutMunicipality(text, TABLES))
    const where = `where d.municipality_id = \${id}`
    expect(
      missed(
        `sql\`select 1 from service_day d left join school s on s.municipality_id = d.municipality_id ${where}\``,
      ),
    ).toEqual(['s'])
    expect(missed(`sql<Row>\`select 1 from service_day d ${where}\``)).toEqual([])
    expect(missed(`sql\`select 1 from pupil where id = \${id}\``)).toEqual(['pupil'])
    expect(missed(`sql\`select 1 from pupil where municipality_id = \${id}\``)).toEqual([])
    expect(missed(`sql\`select 1 from service_day d \${open ? sql\`${where}\` : sql\`\`}\``)).toEqual([])
    expect(
      missed(`sql\`select (select 1 from pupil d where d.id = $\{x}) from service_day d ${where}\``),
    ).toEqual(['d'])
  })
})
