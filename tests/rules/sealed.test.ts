import { describe, expect, it } from 'vitest'
import {
  keyedHashes,
  keyIdIn,
  keyIdOf,
  resealed,
  seal,
  sealBytes,
  unseal,
  unsealBytes,
} from '#lib/kernel/sealed.ts'
import { keyNamed } from '#tests/support/environment.ts'
import fc from '#tests/support/random.ts'

const [OLD, NEW, OTHER] = [keyNamed('old'), keyNamed('new'), keyNamed('other')]
const RING = { current: OLD, earlier: [] }
/** The ring while the old key is replaced by the new one. */
const TURNED = { current: NEW, earlier: [OLD] }

describe('a sealed text', () => {
  it('opens to its plain text, and never looks the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sealed = seal(text, 'form', RING)
        expect(unseal(sealed, 'form', RING)).toBe(Buffer.from(text).toString())
        expect(seal(text, 'form', RING)).not.toEqual(sealed)
      }),
    )
  })

  it.each([
    ['for another purpose', (sealed: Buffer) => unseal(sealed, 'token', RING)],
    ['with another key', (sealed: Buffer) => unseal(sealed, 'form', { current: OTHER, earlier: [NEW] })],
    ['cut short', (sealed: Buffer) => unseal(sealed.subarray(0, 20), 'form', RING)],
    ['empty', () => unseal(Buffer.alloc(0), 'form', RING)],
  ])('does not open %s', (_, open) => {
    expect(open(seal('via Verdi 3', 'form', RING))).toBeNull()
  })

  it('does not open when any of its bits was changed', () => {
    const sealed = seal('via Verdi 3', 'form', RING)
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] as number) ^ 1
      expect(unseal(changed, 'form', RING)).toBeNull()
    }
  })

  it('names its key, and not the key itself', () => {
    const sealed = seal('via Verdi 3', 'form', RING)
    expect(keyIdIn(sealed)).toBe(keyIdOf(OLD))
    expect(keyIdOf(OLD)).not.toBe(keyIdOf(NEW))
    expect(Buffer.from(OLD, 'base64').toString('hex')).not.toContain(keyIdOf(OLD))
    expect(keyIdIn(Buffer.from('via Verdi 3'))).toBeNull()
  })

  it('has a key of its own for each purpose', () => {
    const [form] = keyedHashes('1234', 'form', RING)
    const [token] = keyedHashes('1234', 'token', RING)
    expect(form).not.toEqual(token)
  })
})

describe('a key that is replaced', () => {
  it('still opens what it sealed, and seals nothing more', () => {
    const before = seal('via Verdi 3', 'form', RING)
    expect(unseal(before, 'form', TURNED)).toBe('via Verdi 3')
    const after = seal('via Verdi 3', 'form', TURNED)
    expect(keyIdIn(after)).toBe(keyIdOf(NEW))
    // A process that has not been renewed yet knows the new key already, and opens it.
    expect(unseal(after, 'form', { current: OLD, earlier: [NEW] })).toBe('via Verdi 3')
  })

  it('hands its bytes over to the new key, once', () => {
    const bytes = Buffer.from([0, 1, 2, 255])
    const again = resealed(sealBytes(bytes, 'form', RING), 'form', TURNED)
    expect(again && unsealBytes(again, 'form', { current: NEW, earlier: [] })).toEqual(bytes)
    expect(again && resealed(again, 'form', TURNED)).toBeNull()
    expect(resealed(sealBytes(bytes, 'form', { current: OTHER, earlier: [] }), 'form', TURNED)).toBeNull()
  })

  it('still recognises a code that it kept', () => {
    const [kept] = keyedHashes('482913', 'email-code', RING)
    expect(keyedHashes('482913', 'email-code', TURNED)).toContainEqual(kept)
    expect(keyedHashes('482913', 'email-code', TURNED)[0]).not.toEqual(kept)
  })
})
