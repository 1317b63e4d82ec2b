import type * as z from 'zod'
import { plural, type Words } from '#lib/words/language.ts'
import { sayer, says } from '#lib/words/sentences.ts'

/** What a field is told when the check that refuses it has no sentence of its own. */
const FIELD_PROBLEMS = {
  missing: says('Manca questo dato.'),
  'too-long': says(plural('Usa al massimo {n} carattere.', 'Usa al massimo {n} caratteri.'), { n: 'count' }),
  wrong: says('Qui qualcosa non è scritto come serve.'),
} as const
const sayProblem = sayer(FIELD_PROBLEMS)

/** The sentence of a refused field, in the language of the reader: the library's own are in none of our catalogues. */
export function fieldProblemInWords(issue: z.core.$ZodRawIssue, t: Words): string {
  if (issue.code === 'too_big' && issue.origin === 'string')
    return sayProblem({ code: 'too-long', details: { n: Number(issue.maximum) } }, t)
  const isEmpty = issue.input === undefined || issue.input === ''
  return sayProblem({ code: isEmpty ? 'missing' : 'wrong' }, t)
}
