import type { CountLine, SchoolCount } from './count.ts'

/** One class of a school: its meals by diet code, how many in all, and how many pupils stay away. */
export type ClassRow = { className: string; byDiet: Record<string, number>; meals: number; absent: number }

/** A school's count as the kitchen reads it: a row per class, a column per diet code, totals at the foot. */
export type CountMatrix = {
  diets: string[]
  rows: ClassRow[]
  totals: { byDiet: Record<string, number>; meals: number; absent: number }
}

const naturally = new Intl.Collator('it', { numeric: true }).compare

function sum(lines: readonly CountLine[]): CountMatrix['totals'] {
  const totals: CountMatrix['totals'] = { byDiet: {}, meals: 0, absent: 0 }
  for (const line of lines) {
    totals.byDiet[line.dietCode] = (totals.byDiet[line.dietCode] ?? 0) + line.meals
    totals.meals += line.meals
    totals.absent += line.absent
  }
  return totals
}

/**
 * The lines of one school as a table, classes in natural order (2A before 10A).
 * @param dietOrder the day's diets, the commonest first: every school's table has its columns in this order
 */
export function countMatrix(lines: readonly CountLine[], dietOrder: readonly string[]): CountMatrix {
  const classes = [...new Set(lines.map((line) => line.className))].sort(naturally)
  return {
    diets: dietOrder.filter((diet) => lines.some((line) => line.dietCode === diet)),
    rows: classes.map((className) => ({
      className,
      ...sum(lines.filter((line) => line.className === className)),
    })),
    totals: sum(lines),
  }
}

/** What a day is for the kitchen as a whole: definitive only when no school can change any more. */
export type CountState = 'none' | 'provisional' | 'definitive' | 'suspended'

export function countStateOf(schools: readonly Pick<SchoolCount, 'state'>[]): CountState {
  if (schools.length === 0) return 'none'
  if (schools.some((school) => school.state === 'provisional')) return 'provisional'
  return schools.some((school) => school.state === 'definitive') ? 'definitive' : 'suspended'
}

/** The next instant at which a provisional count becomes definitive; null when none is provisional. */
export function nextCutoff(schools: readonly Pick<SchoolCount, 'state' | 'cutoffAt'>[]): Date | null {
  const open = schools
    .filter((school) => school.state === 'provisional')
    .map((school) => school.cutoffAt.getTime())
  return open.length > 0 ? new Date(Math.min(...open)) : null
}
