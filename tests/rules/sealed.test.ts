import { describe, expect, it } from 'vitest'
import { seal, unseal } from '#lib/kernel/sealed.ts'
import fc from '#tests/support/random.ts'

const KEY = Buffer.alloc(32, 'k').toString('base64')

describe('a sealed text', () => {
  it('opens to its plain text, and never looks the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sealed = seal(text, 'form', KEY)
        expect(unseal(sealed, 'form', KEY)).toBe(Buffer.from(text).toString())
        expect(seal(text, 'form', KEY)).not.toEqual(sealed)
      }),
    )
  })

  it.each([
    ['for another purpose', (sealed: Buffer) => unseal(sealed, 'token', KEY)],
    ['with another key', (sealed: Buffer) => unseal(sealed, 'form', Buffer.alloc(32).toString('base64'))],
    ['cut short', (sealed: Buffer) => unseal(sealed.subarray(0, 20), 'form', KEY)],
    ['empty', () => unseal(Buffer.alloc(0), 'form', KEY)],
  ])('does not open %s', (_, open) => {
    expect(open(seal('via Verdi 3', 'form', KEY))).toBeNull()
  })

  it('does not open when any of its bits was changed', () => {
    const sealed = seal('via Verdi 3', 'form', KEY)
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] as number) ^ 1
      expect(unseal(changed, 'form', KEY)).toBeNull()
    }
  })
})
