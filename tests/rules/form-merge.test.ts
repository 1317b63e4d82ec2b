import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fields, mergeForm, type SavedNow } from '#lib/kernel/form-merge.ts'

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
  test('what only the other changed is taken over, what was typed here stays', () => {
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

  test('what both changed stays as it was typed, and says what is saved', () => {
    const { typed, concurrentEdit } = mergeForm(
      savedBy({ ...START, phone: '045 222' }),
      sent({ ...START, phone: '045 333' }),
      PAOLA,
    )
    expect(typed.phone).toBe('045 333')
    expect(concurrentEdit.changes).toEqual([{ name: 'phone', now: '045 222', shows: 'yours' }])
  })

  test('who wrote the same as the other has nothing to look at', () => {
    const same = { ...START, phone: '045 222' }
    expect(mergeForm(savedBy(same), sent(same), PAOLA).concurrentEdit.changes).toEqual([])
  })

  test('the order of a list and the line ends of a browser are no change', () => {
    const now = { ...START, email: 'a@b.it\n', 'schools[]': 'y,x' }
    expect(
      mergeForm(savedBy(now), sent({ ...START, email: 'a@b.it\r\n' }), PAOLA).concurrentEdit.changes,
    ).toEqual([])
  })

  test('a box that was unticked here is a change of ours, although a browser sends nothing for it', () => {
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

  test('numbered parts go together: a question that was taken away moves all the others', () => {
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

  test('the same person in another tab is not called by name', () => {
    expect(
      mergeForm(savedBy({ ...START, phone: '1' }, PAOLA), sent(START), PAOLA).concurrentEdit.who,
    ).toBeNull()
  })

  test('saving again starts from what is saved now, and is compared with that', () => {
    const now = { ...START, phone: '045 222' }
    const { typed } = mergeForm(savedBy(now), sent({ ...START, email: 'nuova@b.it' }), PAOLA)
    expect(typed).toMatchObject({ version: '4', basis: JSON.stringify(now) })
  })

  test.each([undefined, 'not json', '[]', 'null', '{"phone":7}'])(
    'without what it was built from (%s) everything that is different is shown, and nothing typed is lost',
    (basis) => {
      const typed = { ...START, phone: '045 333', ...(basis === undefined ? {} : { basis }) }
      const met = mergeForm(savedBy({ ...START, phone: '045 222' }), typed, PAOLA)
      expect(met.typed.phone).toBe('045 333')
      expect(met.concurrentEdit.changes).toEqual([{ name: 'phone', now: '045 222', shows: 'yours' }])
    },
  )

  test('nothing that was typed is ever lost, and nothing that was not touched undoes the other', () => {
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
