import type { SchoolKind } from './municipality.ts'

/** Where a class goes. `name`: what the class is called in the next year, also where it is not made yet. */
type ClassStep = { goes: 'up' | 'same'; name: string } | { goes: 'out' } | { goes: 'unknown' }

/** The last grade of each kind of school; a nursery school has sections, not grades. */
const LAST_GRADE: Readonly<Record<SchoolKind, number>> = { infanzia: 0, primaria: 5, secondaria: 3 }

const ROMAN = ['I', 'II', 'III', 'IV', 'V'] as const

/** "2ª B" → 2 and "ª B"; "IIB" → 2 and "B"; null where a name says no grade. */
export function gradeOf(name: string): { grade: number; section: string; isRoman: boolean } | null {
  const arabic = /^([1-5])(\D.*)?$/.exec(name)
  if (arabic) return { grade: Number(arabic[1]), section: arabic[2] ?? '', isRoman: false }
  const roman = /^(IV|V|I{1,3})([ª^. ]{0,3}[A-H]?)$/.exec(name)
  if (!roman) return null
  return {
    grade: ROMAN.indexOf(roman[1] as (typeof ROMAN)[number]) + 1,
    section: roman[2] ?? '',
    isRoman: true,
  }
}

/**
 * What the name of a class says about the next year: a grade goes up in its section, the last one leaves, the section of a nursery
 * school stays what it is. A name without a grade says nothing: a person decides.
 */
export function stepOf({ name, kind }: { name: string; kind: SchoolKind }): ClassStep {
  const last = LAST_GRADE[kind]
  if (last === 0) return { goes: 'same', name }
  const read = gradeOf(name.trim())
  if (!read || read.grade > last) return { goes: 'unknown' }
  if (read.grade === last) return { goes: 'out' }
  const grade = read.isRoman ? ROMAN[read.grade] : String(read.grade + 1)
  return { goes: 'up', name: `${grade}${read.section}` }
}

/** "3A" → "Classe 3A"; "Sezione Gialla" already says what it is. */
export const classTitle = (name: string): string =>
  /^(classe|sezione)\b/i.test(name) ? name : `Classe ${name}`

const LEVELS: Readonly<Record<string, string>> = { i: '1', ii: '2', iii: '3', iv: '4', v: '5' }
const CLASS_WORDS = /\b(classe|cl|sezione|sez|corso)\b/g

/** "3ª A", "III A", "classe 3 sez. A" → `3a`: one class, as families, schools and offices write it. */
export function comparableClass(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[ªº°^.'’_/-]/g, ' ')
    .replace(CLASS_WORDS, ' ')
    .split(/\s+/)
    .filter(Boolean)
  const [first = '', ...rest] = words
  const glued = /^(iii|ii|iv|i|v)([a-h])$/.exec(first)
  const level = glued ? `${LEVELS[glued[1] as string]}${glued[2]}` : (LEVELS[first] ?? first)
  return folded([level, ...rest].join(''))
}

/** Letters and digits alone, without accents. */
const folded = (text: string): string => text.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '')
