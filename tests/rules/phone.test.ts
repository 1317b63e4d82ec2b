import { describe, expect, test } from 'vitest'
import { maskedPhone } from '#lib/outbox/recipient.ts'
import { inSmsAlphabet } from '#lib/outbox/sms.ts'
import { phoneCodeInput, phoneInput } from '#lib/people/contact.input.ts'
import { codeSms } from '#lib/people/phone.notice.ts'
import { readablePhone, readPhone } from '#lib/people/phone.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { nonsense } from '#tests/support/nonsense.ts'
import fc, { atLength } from '#tests/support/random.ts'

describe('A telephone as people type it', () => {
  test.each([
    ['333 1234567', '+393331234567'],
    ['333.123.45.67', '+393331234567'],
    ['+39 333 1234567', '+393331234567'],
    ['0039 333-123-4567', '+393331234567'],
    ['39 333 1234567', '+393331234567'],
    ['(333) 123/4567', '+393331234567'],
    ['330 123456', '+39330123456'],
    // 393 is also how some Italian mobiles begin.
    ['393 1234567', '+393931234567'],
  ])('%s is an Italian mobile: %s', (typed, number) => {
    expect(readPhone(typed)).toEqual({ number, takesTexts: true })
  })

  test.each([
    ['045 555 0101', '+390455550101'],
    ['+39 045 5550101', '+390455550101'],
    ['06 698', null],
    ['06 69812', '+390669812'],
  ])('%s is a landline, which gets no texts: %s', (typed, number) => {
    expect(readPhone(typed)).toEqual(number && { number, takesTexts: false })
  })

  test.each([
    ['+41 79 123 45 67', '+41791234567'],
    ['0044 7700 900123', '+447700900123'],
    ['+378 0549 882555', '+3780549882555'],
  ])('%s is foreign: %s', (typed, number) => {
    expect(readPhone(typed)).toEqual({ number, takesTexts: true })
  })

  test.each([
    ['', 'nothing'],
    ['non è un numero', 'words'],
    ['112', 'an emergency number'],
    ['800 123456', 'a free number'],
    ['333 12345', 'a mobile that is too short'],
    ['333 123456789', 'a mobile that is too long'],
    ['+39 45 5550101', 'an Italian landline without its 0'],
    ['+0 333 1234567', 'a country that begins with 0'],
    ['+1234567890123456', 'more than fifteen digits'],
    ['٣٣٣١٢٣٤٥٦٧', 'digits of another alphabet'],
    ['333 1234567; drop table', 'more than a number'],
  ])('%s is none: %s', (typed) => {
    expect(readPhone(typed)).toBeNull()
  })

  const mobiles = fc
    .tuple(fc.integer({ min: 20, max: 99 }), fc.integer({ min: 0, max: 9_999_999 }))
    .map(([prefix, rest]) => `3${prefix}${String(rest).padStart(7, '0')}`)

  test('however it is spaced, with or without the country, it is the same number', () => {
    fc.assert(
      fc.property(mobiles, fc.constantFrom('', ' ', '.', '-', '/'), (mobile, gap) => {
        const spaced = mobile.replace(/(\d{3})(?=\d)/g, `$1${gap}`)
        const read = readPhone(mobile)
        for (const typed of [spaced, `+39${gap}${spaced}`, `0039${spaced}`])
          expect(readPhone(typed)).toEqual(read)
      }),
    )
  })

  test('what is kept is read again as it is, also in the form that people read', () => {
    fc.assert(
      fc.property(fc.oneof(mobiles, fc.constantFrom('0455550101', '0612345', '+41791234567')), (typed) => {
        const read = readPhone(typed)
        expect(readPhone(read?.number ?? '')).toEqual(read)
        expect(readPhone(readablePhone(read?.number ?? ''))).toEqual(read)
      }),
    )
  })

  test('it is read aloud with its prefix apart, and masked so that it cannot be called', () => {
    expect(readablePhone('+393331234567')).toBe('+39 333 1234567')
    expect(readablePhone('+390455550101')).toBe('+39 045 5550101')
    expect(readablePhone('+390612345')).toBe('+39 06 12345')
    expect(readablePhone('+41791234567')).toBe('+41791234567')
    expect(maskedPhone('+393331234567')).toBe('+39 ••• 567')
    expect(maskedPhone('+41791234567')).toBe('••• 567')
  })

  test('an empty field takes the number away, one that was not sent does not; a wrong one says what to do', () => {
    expect(phoneInput.parse({ phone: '  ' })).toEqual({ phone: null })
    expect(phoneInput.safeParse({}).success).toBe(false)
    expect(phoneInput.safeParse({ phone: '112' }).error?.issues[0]?.message).toContain('333 1234567')
    expect(phoneInput.safeParse({ phone: '3'.repeat(1000) }).error?.issues[0]?.message).toContain(
      'troppo lungo',
    )
  })
})

test('whatever is typed, there is a number, nothing, or a sentence', () => {
  fc.assert(
    fc.property(nonsense(), (typed) => {
      const { data, error } = phoneInput.safeParse({ phone: typed })
      if (data) expect(data.phone === null || /^\+[1-9]\d{6,14}$/.test(data.phone.number)).toBe(true)
      else expect(error?.issues[0]?.message).toMatch(/numero/)
      const code = phoneCodeInput.safeParse({ changeId: typed, phoneCode: typed })
      expect(code.success).toBe(false)
    }),
    { numRuns: atLength(500) },
  )
})

describe('The text with a code', () => {
  /** GSM 03.38 without its extension: what fits 160 to a message. */
  const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/

  test.each(['it', 'en'] as const)(
    'is one message in %s, also for a municipality with a long name',
    (language) => {
      const facts = { code: '012345', minutes: 30, municipality: 'San Pietro in Cariano sul Lago Maggiore' }
      const text = inSmsAlphabet(codeSms(facts, wordsIn(language)))
      expect(text).toContain('012345')
      expect(text).toMatch(GSM)
      expect(text.length).toBeLessThanOrEqual(160)
    },
  )

  /** Letters outside the alphabet of telephones: 70 in one message, 67 in each of several. */
  test('is two messages in Arabic, with the code and the minutes', () => {
    const facts = { code: '012345', minutes: 30, municipality: 'San Pietro in Cariano sul Lago Maggiore' }
    const text = inSmsAlphabet(codeSms(facts, wordsIn('ar')))
    expect(text).toContain('012345')
    expect(text).toContain('30 دقيقة')
    expect(text.length).toBeLessThanOrEqual(2 * 67)
  })

  test('a typographic sign would not be', () => {
    expect('l’hai').not.toMatch(GSM)
  })
})
