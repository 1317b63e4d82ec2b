import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { fieldProblemInWords } from '#lib/web/field-problem.words.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { type Language, phrase } from '#lib/words/language.ts'

const input = z.object({
  name: z.string(),
  note: z.string().max(3),
  kind: z.enum(['a', 'b']),
  code: z.string().regex(/^\d$/, phrase('Scrivi il CAP.')),
})

function problemsIn(language: Language, sent: Record<string, unknown>) {
  const t = wordsIn(language)
  const { error } = input.safeParse(sent, { error: (issue) => fieldProblemInWords(issue, t) })
  return Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [String(path[0]), message]))
}

describe('a refused field', () => {
  const wrong = { note: 'troppo', kind: 'c', code: 'x' }

  test('says what is wrong in the language of the reader where its check has no sentence', () => {
    expect(problemsIn('it', wrong)).toMatchObject({
      name: 'Manca questo dato.',
      note: 'Usa al massimo 3 caratteri.',
      kind: 'Qui qualcosa non è scritto come serve.',
    })
    expect(problemsIn('en', wrong)).toMatchObject({
      name: 'This is missing.',
      note: 'Use 3 characters at most.',
      kind: 'Something here is not written as needed.',
    })
  })

  test('keeps the sentence of its own check', () => {
    expect(problemsIn('en', wrong).code).toBe('Scrivi il CAP.')
  })
})
