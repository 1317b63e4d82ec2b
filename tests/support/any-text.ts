import fc from './random.ts'

const SURROGATES = { from: 0xd800, to: 0xdfff }

/**
 * Any text, halves of pairs excepted. fast-check's own `unit: 'binary'` says the same, but takes seconds to prepare.
 * @param maxLength in code points
 */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: SURROGATES.from - 1 }),
        fc.integer({ min: SURROGATES.to + 1, max: 0x10ffff }),
      ),
      { maxLength },
    )
    .map((points) => String.fromCodePoint(...points))
