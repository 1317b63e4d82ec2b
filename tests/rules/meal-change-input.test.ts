import { describe, expect, test } from 'vitest'
import type { Result } from '#lib/kernel/result.ts'
import { readBatch, readChange } from '#lib/meals/meal-change.http.ts'
import { batchFields, changeFields } from '#lib/meals/meal-change.input.ts'

const GRETA = '01a20871-16ab-74d4-b615-b80b0ac86778'
const SOFIA = '01a20871-16ab-74d4-b615-b80b0ac86779'
const KEY = '0b1b7c1e-0b5a-4c57-9d2e-0a5c1f7a3e11'

const fields = (query: string) => new URLSearchParams(query)
const batchFromFields = (query: string) => readBatch(batchFields(fields(query)))
const changeFromForm = (query: string) => readChange(changeFields(fields(query)))
const code = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.code)

describe('a change of meals in the fields of a form', () => {
  test('is one button for one day', () => {
    expect(batchFromFields(`cambia=disdici 2026-11-24&figlio=${GRETA}`)).toEqual({
      ok: true,
      value: { action: 'cancel', pupilIds: [GRETA], days: ['2026-11-24'] },
    })
    expect(batchFromFields(`cambia=ripristina 2026-11-24&figlio=${GRETA}`)).toMatchObject({
      value: { action: 'restore', days: ['2026-11-24'] },
    })
  })

  test('the button wins over the days and the action that stand beside it', () => {
    const asked = `cambia=disdici 2026-11-24&azione=ripristina&giorno=2026-11-25&figlio=${GRETA}`
    expect(batchFromFields(asked)).toMatchObject({
      value: { action: 'cancel', days: ['2026-11-24'] },
    })
  })

  test('is several days and children, or a period', () => {
    const days = `azione=disdici&giorno=2026-11-25&giorno=2026-11-24&figlio=${SOFIA}&figlio=${GRETA}`
    expect(batchFromFields(days)).toMatchObject({
      value: { pupilIds: [GRETA, SOFIA], days: ['2026-11-24', '2026-11-25'] },
    })
    const period = `azione=disdici&dal=2026-11-24&al=2026-11-26&figlio=${GRETA}`
    expect(batchFromFields(period)).toMatchObject({
      value: { days: ['2026-11-24', '2026-11-25', '2026-11-26'] },
    })
  })

  test.each([
    ['no action', `giorno=2026-11-24&figlio=${GRETA}`, 'meals:unknown-action'],
    [
      'an action in another language',
      `azione=delete&giorno=2026-11-24&figlio=${GRETA}`,
      'meals:unknown-action',
    ],
    ['no child', 'azione=disdici&giorno=2026-11-24', 'meals:no-pupil'],
    ['a child that can be nobody’s', 'azione=disdici&giorno=2026-11-24&figlio=1', 'request:not-found'],
    ['no day', `azione=disdici&figlio=${GRETA}`, 'meals:no-days'],
    ['a day that does not exist', `cambia=disdici 2026-02-30&figlio=${GRETA}`, 'meals:bad-day'],
  ])('%s is refused', (_, query, expected) => {
    expect(code(batchFromFields(query))).toBe(expected)
  })

  test('needs the key that makes it happen once, in any case of its letters', () => {
    const asked = `azione=disdici&giorno=2026-11-24&figlio=${GRETA}`
    expect(changeFromForm(`${asked}&chiave=${KEY.toUpperCase()}`)).toMatchObject({
      value: { idempotencyKey: KEY, channel: 'web' },
    })
    expect(code(changeFromForm(asked))).toBe('request:invalid')
    expect(code(changeFromForm(`${asked}&chiave=uno`))).toBe('request:invalid')
  })

  test('what is wrong with the meals is said before what is wrong with the key', () => {
    expect(code(changeFromForm(`azione=disdici&figlio=${GRETA}`))).toBe('meals:no-days')
  })
})

describe('a change of meals as the installed app sends it', () => {
  const body = { action: 'cancel', pupilIds: [GRETA], days: ['2026-11-24'], idempotencyKey: KEY }

  test('says which of the two doors it came through, and no third one', () => {
    expect(readChange({ ...body, channel: 'app' })).toMatchObject({ value: { channel: 'app' } })
    expect(readChange(body)).toMatchObject({ value: { channel: 'web' } })
    expect(readChange({ ...body, channel: 'office' })).toMatchObject({ value: { channel: 'web' } })
  })

  test('says which earlier changes it takes the place of, and none by itself', () => {
    expect(readChange(body)).toMatchObject({ value: { replaces: [] } })
    expect(readChange({ ...body, replaces: [KEY] })).toMatchObject({ value: { replaces: [KEY] } })
  })

  test.each<[string, unknown, string]>([
    ['nothing', null, 'request:invalid'],
    ['an earlier change that has no key', { ...body, replaces: ['uno'] }, 'request:invalid'],
    ['too many earlier changes', { ...body, replaces: Array(21).fill(KEY) }, 'request:invalid'],
    ['a list', [body], 'request:invalid'],
    ['a text', 'cancel', 'request:invalid'],
    ['children that are no list', { ...body, pupilIds: GRETA }, 'meals:no-pupil'],
    ['days that are no list', { ...body, days: '2026-11-24' }, 'meals:no-days'],
    ['an Italian word', { ...body, action: 'disdici' }, 'meals:unknown-action'],
    ['a key that is no text', { ...body, idempotencyKey: 7 }, 'request:invalid'],
  ])('%s is refused', (_, sent, expected) => {
    expect(code(readChange(sent))).toBe(expected)
  })
})
