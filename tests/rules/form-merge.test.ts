import { describe, expect, test } from 'vitest'
import { type Fields, mergeForm, type SavedNow } from '#lib/kernel/form-merge.ts'
import fc from '#tests/support/random.ts'

const ELENA = 'Elena Marchi'
const PAOLA = 'Paola Ferrari'

const START: Fields = { phone: '045 111', email: 'a@b.it', 'schools[]': 'x,y', urgent: '' }

const savedBy = (fields: Fields, who = ELENA): SavedNow => ({ who, at: { version: 4 }, fields })
const sent = (typed: Fields, basis: Fields = START): Fields => ({
  ...typed,
  municipalitySlug: 'mozzecane',
  version: '3',
  basis: JSON.stringify(basis),
})

describe('two people on one form', () => {
  test('keep what was typed here, and get what only the other changed', () => {
    const { typed, concurrentEdit } = mergeForm(
      savedBy({ ...START, phone: '045 222' }),
      sent({ ...START, email: 'nuova@b.it' }),
      PAOLA,
    )
    expect(typed).toMatchObject({ phone: '045 222', email: 'nuova@b.it', municipalitySlug: 'mozzecane' })
    expect(concurrentEdit).toEqual({
      who: ELENA,
      changes: [{ name: 'phone', now: '045 222', shows: 'theirs' }],
    })
  })

  test('keep a field that both changed as it was typed, and see what is saved', () => {
    const { typed, concurrentEdit } = mergeForm(
      savedBy({ ...START, phone: '045 222' }),
      sent({ ...START, phone: '045 333' }),
      PAOLA,
    )
    expect(typed.phone).toBe('045 333')
    expect(concurrentEdit.changes).toEqual([{ name: 'phone', now: '045 222', shows: 'yours' }])
  })

  test('see no difference where both wrote the same', () => {
    const same = { ...START, phone: '045 222' }
    expect(mergeForm(savedBy(same), sent(same), PAOLA).concurrentEdit.changes).toEqual([])
  })

  test('do not change anything by the order of a list or the line ends of a browser', () => {
    const now = { ...START, email: 'a@b.it\n', 'schools[]': 'y,x' }
    expect(
      mergeForm(savedBy(now), sent({ ...START, email: 'a@b.it\r\n' }), PAOLA).concurrentEdit.changes,
    ).toEqual([])
  })

  test('keep an unticked box unticked, although a browser sends nothing for it', () => {
    const ticked = { ...START, urgent: 'on' }
    const { urgent: _, ...unticked } = ticked
    const { typed, concurrentEdit } = mergeForm(
      savedBy({ ...ticked, phone: '045 222' }),
      sent(unticked, ticked),
      PAOLA,
    )
    expect(typed.urgent).toBeUndefined()
    expect(concurrentEdit.changes.map(({ name }) => name)).toEqual(['phone'])
  })

  test('see numbered parts as one: a removed question moves all the others', () => {
    const basis = { title: 'T', 'q0.words': 'Uno', 'q1.words': 'Due' }
    const now = { title: 'T', 'q0.words': 'Due' }
    const untouched = mergeForm(savedBy(now), sent({ ...basis, title: 'Nuovo' }, basis), PAOLA)
    expect(untouched.typed).toMatchObject({ title: 'Nuovo', 'q0.words': 'Due' })
    expect(untouched.typed).not.toHaveProperty('q1.words')
    expect(untouched.concurrentEdit.changes).toEqual([{ name: 'q', now: null, shows: 'theirs' }])
    const both = mergeForm(savedBy(now), sent({ ...basis, 'q1.words': 'Due e mezzo' }, basis), PAOLA)
    expect(both.typed).toMatchObject({ 'q0.words': 'Uno', 'q1.words': 'Due e mezzo' })
    expect(both.concurrentEdit.changes).toEqual([{ name: 'q', now: null, shows: 'yours' }])
  })

  test('are not named when they are the same person in another tab', () => {
    expect(
      mergeForm(savedBy({ ...START, phone: '1' }, PAOLA), sent(START), PAOLA).concurrentEdit.who,
    ).toBeNull()
  })

  test('save again from the version that is saved now', () => {
    const now = { ...START, phone: '045 222' }
    const { typed } = mergeForm(savedBy(now), sent({ ...START, email: 'nuova@b.it' }), PAOLA)
    expect(typed).toMatchObject({ version: '4', basis: JSON.stringify(now) })
  })

  test.each([undefined, 'not json', '[]', 'null', '{"phone":7}'])(
    'see every difference and lose nothing typed when the basis is missing (%s)',
    (basis) => {
      const typed = { ...START, phone: '045 333', ...(basis === undefined ? {} : { basis }) }
      const met = mergeForm(savedBy({ ...START, phone: '045 222' }), typed, PAOLA)
      expect(met.typed.phone).toBe('045 333')
      expect(met.concurrentEdit.changes).toEqual([{ name: 'phone', now: '045 222', shows: 'yours' }])
    },
  )

  test('never lose what was typed, and never undo the other by a field that they did not touch', () => {
    const fields = fc.record({ a: fc.string(), b: fc.string(), c: fc.string() })
    fc.assert(
      fc.property(fields, fields, fields, (basis, now, mine) => {
        const { typed } = mergeForm(savedBy(now), sent(mine, basis), PAOLA)
        const plain = (text = '') => text.replaceAll('\r\n', '\n').trim()
        return (['a', 'b', 'c'] as const).every((name) => {
          const isMine = plain(mine[name]) !== plain(basis[name])
          return plain(typed[name]) === plain(isMine ? mine[name] : now[name])
        })
      }),
    )
  })
})
