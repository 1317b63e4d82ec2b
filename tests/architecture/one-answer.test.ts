import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const SOURCES = [...globSync('{db,lib,bench}/**/*.ts'), ...globSync('db/{functions,policies}/*.sql')]
  .filter((file) => file !== 'db/schema.ts')
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }))

/** What SQL answers in one place, how a copy of it looks, and the places that ask another question in the same words. */
const ANSWERS = [
  {
    question: 'which roles count today: active_member, active_staff_member',
    copy: /\bvalid_from\s*<=\s*app_today\(\)\s*and\s*\(\w+\.valid_to is null/i,
    allowed: [],
  },
  {
    question: 'which members have not ended: active_member',
    copy: /household_member (\w+)\b[^;`]*?\b\1\.ended_at is null/is,
    allowed: [],
  },
  {
    question: 'which pupils a delegate has: adult_of_pupil, household_member.all_pupils',
    copy: /not exists \(select from delegate_pupil/i,
    allowed: [],
  },
  {
    question: 'a full name: person.full_name, pupil.full_name, citizen.full_name',
    copy: /given_name\s*\|\|\s*' '\s*\|\|/i,
    allowed: [],
  },
  {
    question: 'the database’s now: readClock',
    copy: /`\s*select app_(?:now|today)\(\) as (?:now|today)\s*(?:,[^`]*)?`/i,
    allowed: ['db/clock.ts'],
  },
] as const

const copies = (copy: RegExp, texts = SOURCES): string[] =>
  texts.filter(({ text }) => copy.test(text)).map(({ file }) => file)

describe('one question has one answer in SQL', () => {
  it.each(ANSWERS)('$question', ({ copy, allowed }) => {
    expect(copies(copy)).toEqual(allowed)
  })

  it('a room that answers by itself is seen', () => {
    const by = (text: string) => ANSWERS.filter(({ copy }) => copies(copy, [{ file: 'x', text }]).length > 0)
    expect(
      by('m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today())'),
    ).toHaveLength(1)
    expect(by("`from household_member m where m.role = 'holder' and m.ended_at is null`")).toHaveLength(1)
    expect(by('or not exists (select from delegate_pupil d)')).toHaveLength(1)
    expect(by("p.given_name || ' ' || p.family_name")).toHaveLength(1)
    expect(by('sql<{ today: Day }>`select app_today() as today`')).toHaveLength(1)
  })
})
