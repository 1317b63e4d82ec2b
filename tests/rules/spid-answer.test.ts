import { describe, expect, test } from 'vitest'
import { ANSWER_CHECKS } from '#bridge/spid/answer-checks.ts'
import type { Level } from '#lib/identity/levels.ts'
import { CASES } from '#simulators/spid/cases.ts'
import { caseOf, contextOf, judgeCase } from '#tests/support/spid.ts'

const LEVELS: readonly Level[] = [1, 2, 3]

/** The numbers of AgID's list, from italia/spid-saml-check and, for 5, italia/spid-sp-test. */
const NUMBERS = [
  ...['1', '1-NS', '2', '3', '4', '5'],
  ...Array.from({ length: 42 }, (_, index) => String(index + 8)),
  ...Array.from({ length: 50 }, (_, index) => String(index + 51)),
  ...Array.from({ length: 11 }, (_, index) => String(index + 103)),
]

/** What the person reads where it is not that the answer could not be verified. */
const CODES: Readonly<Record<string, string>> = {
  '94': 'livello-insufficiente',
  '95': 'livello-insufficiente',
  '26': 'errore-del-gestore',
  '104': 'credenziali-errate',
  '105': 'livello-insufficiente',
  '106': 'tempo-scaduto',
  '107': 'consenso-negato',
  '108': 'identita-sospesa',
  '111': 'annullato',
}

const isAccepted = (number: string, level: Level): boolean => {
  const { expected, level: reached = level } = caseOf(number)
  return expected === 'accepted' || (expected === 'by-level' && reached >= level)
}

describe('the list of cases', () => {
  test('is complete: 109 numbers, each once', () => {
    expect(CASES.map(({ number }) => number).toSorted()).toEqual(NUMBERS.toSorted())
  })
})

describe.each(LEVELS)('asked for level %i, the answer', (level) => {
  test.each(NUMBERS)('%s ends as the list says', (number) => {
    const judgement = judgeCase(caseOf(number), contextOf(level))
    if (isAccepted(number, level)) expect(judgement).toMatchObject({ ok: true })
    else expect(judgement).toMatchObject({ ok: false, code: CODES[number] ?? 'risposta-non-valida' })
  })
})

describe('a numbered case', () => {
  const numbersIn = (range: string): string[] => {
    const [from = '', to = from] = range.split('–')
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => String(Number(from) + index))
  }
  /** The operator's words of a check end with the numbers that it is about. */
  const CHECK_OF_NUMBER = new Map(
    Object.entries(ANSWER_CHECKS).flatMap(([check, words]) =>
      (/\(([\d–, ]+)\)/.exec(words)?.[1] ?? '')
        .split(', ')
        .filter(Boolean)
        .flatMap(numbersIn)
        .map((number): [string, string] => [number, check]),
    ),
  )

  test.each(NUMBERS.filter((number) => !isAccepted(number, 2) && number !== '5'))(
    '%s is refused for its own reason, and not by another check on the way',
    (number) => {
      expect(judgeCase(caseOf(number))).toMatchObject({ check: CHECK_OF_NUMBER.get(number) })
    },
  )
})
