import { describe, expect, test } from 'vitest'
import { KNOWN_PUSH_SERVICES } from '#lib/kernel/push-services.ts'
import { crossedThreshold, mealsLeft } from '#lib/ledger/low-balance.ts'
import { changeNotice } from '#lib/meals/meal-change.notice.ts'
import { GROUPS } from '#lib/notifications/choices.ts'
import { EVENTS, type EventName, mailOf, pushOf, ruleOf } from '#lib/notifications/notification.ts'
import { isPushService } from '#lib/notifications/push-service.ts'
import { mailHtml } from '#lib/outbox/mail-html.ts'
import { isInnerAddress, pushPayload } from '#lib/outbox/push.ts'
import { maskedAddress } from '#lib/outbox/recipient.ts'
import { closureNotice } from '#lib/school/closure.notice.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { italian, type Language } from '#lib/words/language.ts'
import { withoutIsolates, written } from '#lib/words/written.ts'
import fc from '#tests/support/random.ts'

describe('A mail as a page', () => {
  const text =
    'Ciao Laura,\n\nè <b>andata</b> & basta:\nhttps://mensa.example.it/x?a=1&b=2\n\nMensa scolastica'
  const html = mailHtml({ subject: 'Una "prova" <i>', text, language: 'it' })

  test('says which language it is in', () => {
    expect(mailHtml({ subject: 'Hello', text, language: 'en' }).match(/lang="\w+"/g)).toEqual([
      'lang="en"',
      'lang="en"',
    ])
  })

  test('from right to left says so, and leaves addresses from left to right', () => {
    const arabic = mailHtml({ subject: 'مرحبًا', text, language: 'ar' })
    expect(arabic.match(/lang="ar" dir="rtl"/g)).toHaveLength(2)
    expect(arabic).toContain('<a href="https://mensa.example.it/x?a=1&amp;b=2" dir="ltr">')
  })

  test('has the same words, in order, and shows markup as text', () => {
    const words = html
      .replace(/<(style|title)>[\s\S]*?<\/\1>/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
      .split(/\s+/)
      .filter(Boolean)
      .join(' ')
    expect(words).toBe(`Una "prova" <i> ${text.split(/\s+/).join(' ')}`)
    expect(html).not.toContain('<b>')
  })

  test('fetches nothing from anywhere', () => {
    expect(html).not.toMatch(/<(img|link|script|iframe)|url\(|@import|@font-face/)
    expect(
      html.match(/https?:\/\/[^"<\s]+/g)?.every((url) => url.startsWith('https://mensa.example.it/')),
    ).toBe(true)
    expect(html).toContain('<html lang="it"')
  })
})

test('an address is shown so that it can be recognised and not written to', () => {
  expect(maskedAddress('laura.conti@example.it')).toBe('l•••@e•••.it')
  expect(maskedAddress('a@b.it')).toBe('•@•.it')
  expect(maskedAddress('')).toBe('•@•')
})

describe('What leaves the portal', () => {
  const sender = { name: 'Mozzecane', slug: 'mozzecane', origin: 'https://mensa.example.it' }
  const said = { title: 'Pasto disdetto', text: 'Marco ha disdetto.' }

  test('in another language says in its last line that it is a translation, and the Italian does not', () => {
    const lastLine = (language: Language) =>
      mailOf(said, '/oggi', sender, wordsIn(language)).text.trimEnd().split('\n').at(-1)
    expect(lastLine('en')).toBe('Courtesy translation: the Italian text counts.')
    expect(lastLine('ar')).toBe('ترجمة للمساعدة على الفهم: المعتمد هو النص الإيطالي.')
    expect(lastLine('it')).toMatch(/^Per scegliere quali messaggi ricevere: /)
  })

  test('a mail has the addresses where to read on and where to choose', () => {
    const { subject, text } = mailOf(said, '/oggi', sender, italian)
    expect(subject).toBe('Pasto disdetto')
    expect(text).toContain('https://mensa.example.it/mozzecane/oggi\n')
    expect(text).toContain('https://mensa.example.it/mozzecane/profilo/notifiche')
  })

  test('a mail is in the language of its reader, and what a person wrote stays, without marks', () => {
    const { subject, text } = mailOf(
      { title: written('Orari nuovi'), text: `There is news: “${written('Orari nuovi')}”.` },
      '/oggi',
      sender,
      wordsIn('en'),
    )
    expect(subject).toBe('Orari nuovi')
    expect(text).toMatch(/^There is news: “Orari nuovi”\.\n\nEverything else is in the portal:\n/)
    expect(text).toContain('To choose which messages you receive: https://mensa.example.it/')
  })

  test('a lock screen shows only the kind of a message to one person', () => {
    expect(JSON.stringify(pushOf('meals:changed', said, italian))).not.toMatch(/Marco|Pasto disdetto/)
    expect(pushOf('meals:changed', said, wordsIn('en'))).toEqual({
      title: 'Meals cancelled or restored',
      text: 'Open the school canteen portal to read it.',
    })
    const open = pushOf('calendar:closure', { ...said, text: 'x '.repeat(200) }, italian)
    expect(open.title).toBe('Pasto disdetto')
    expect(open.text.length).toBeLessThanOrEqual(140)
  })

  test('every event that a person may choose about has one place among the choices', () => {
    const chosen = (Object.keys(EVENTS) as EventName[]).filter((event) => ruleOf(event).isChosen !== false)
    expect(GROUPS.flatMap(({ events }) => events).sort()).toEqual(chosen.sort())
  })

  test('a push is a declarative message, and nothing more', () => {
    const url = 'https://mensa.example.it/mozzecane/notifiche'
    expect(JSON.parse(pushPayload({ title: 'T', text: 'X', language: 'en', url, tag: '1' }))).toEqual({
      web_push: 8030,
      notification: { title: 'T', body: 'X', navigate: url, tag: '1', lang: 'en', dir: 'ltr' },
    })
    expect(
      JSON.parse(pushPayload({ title: 'T', text: 'X', language: 'ar', url, tag: '1' })).notification,
    ).toMatchObject({ lang: 'ar', dir: 'rtl' })
  })
})

describe('The address of a push service', () => {
  const known = KNOWN_PUSH_SERVICES.split(' ')
  test.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/QOabc',
  ])('may be %s', (endpoint) => {
    expect(isPushService(endpoint, known)).toBe(true)
  })
  test.each([
    'http://fcm.googleapis.com/x',
    'https://fcm.googleapis.com:8443/x',
    'https://fcm.googleapis.com@evil.example/x',
    'https://user:pw@fcm.googleapis.com/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://evilpush.apple.com/x',
    'https://push.apple.com/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://localhost/x',
    'https://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:4321/x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '',
    `https://fcm.googleapis.com/${'x'.repeat(1000)}`,
  ])('is never %s', (endpoint) => {
    expect(isPushService(endpoint, known)).toBe(false)
  })

  test('is accepted as an origin of the configuration, for itself alone', () => {
    expect(isPushService('http://127.0.0.1:4321/one', ['http://127.0.0.1:4321'])).toBe(true)
    expect(isPushService('http://127.0.0.1:4322/one', ['http://127.0.0.1:4321'])).toBe(false)
  })

  test.each([
    '10.1.2.3',
    '127.0.0.1',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    'nonsense',
  ])('is refused when its name resolves to %s', (address) => expect(isInnerAddress(address)).toBe(true))
  test.each(['142.250.184.10', '2a00:1450:4002:402::200a'])(
    'is accepted when its name resolves to %s',
    (address) => expect(isInnerAddress(address)).toBe(false),
  )
})

describe('A low balance', () => {
  const at = { units: { before: 540, after: 540 }, threshold: 3 }
  test('is told when it crosses, not before and not again', () => {
    expect(crossedThreshold(5 * 540, 4 * 540, at)).toBeNull()
    expect(crossedThreshold(4 * 540, 3 * 540, at)).toBe('few')
    expect(crossedThreshold(3 * 540, 2 * 540, at)).toBeNull()
    expect(crossedThreshold(540, 0, at)).toBe('none')
    expect(crossedThreshold(0, -540, at)).toBeNull()
    expect(crossedThreshold(884_70, 884_70 - 540, at)).toBeNull()
    expect(crossedThreshold(4 * 540 + 539, 4 * 540 - 1, at)).toBe('few')
  })

  test('is told once also when the price rises between two days', () => {
    const rise = { units: { before: 540, after: 600 }, threshold: 3 }
    expect(crossedThreshold(4 * 540 + 239, 4 * 540 + 239 - 600, rise)).toBe('few')
    expect(
      crossedThreshold(4 * 540 + 239, 4 * 540 + 239 - 600, {
        units: { before: 600, after: 600 },
        threshold: 3,
      }),
    ).toBeNull()
    expect(crossedThreshold(3 * 540, 3 * 540 - 600, rise)).toBeNull()
  })

  test('is told once at each threshold, from any balance to any debt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 0, max: 60_000 }),
        fc.integer({ min: 1, max: 20 }),
        (unitCents, start, threshold) => {
          const heard: string[] = []
          for (let balance = start; balance > -5 * unitCents; balance -= unitCents) {
            const units = { before: unitCents, after: unitCents }
            const low = crossedThreshold(balance, balance - unitCents, { units, threshold })
            if (low) heard.push(low)
          }
          const left = mealsLeft(start, unitCents)
          expect(heard).toEqual([...(left > threshold ? ['few'] : []), ...(left > 0 ? ['none'] : [])])
        },
      ),
    )
  })
})

describe('The notice to the other parent', () => {
  const change = { action: 'cancel', by: 'Marco Conti', contact: null, today: '2026-11-24' } as const
  test('names one meal', () => {
    const notice = changeNotice({ ...change, days: ['2026-12-03'] })
    expect(notice).toMatchObject({ path: '/prenotazioni?mese=2026-12', urgent: false })
    expect(notice.say(italian)).toEqual({
      title: 'Pasto disdetto: giovedì 3 dicembre',
      text: 'Marco Conti ha disdetto il pasto di giovedì 3 dicembre.',
    })
    expect(notice.say(wordsIn('en'))).toEqual({
      title: 'Meal cancelled: Thursday 3 December',
      text: 'Marco Conti cancelled the meal of Thursday 3 December.',
    })
  })
  test('names many meals and the office, and does not wait when it is about today', () => {
    const days = ['2026-11-26', '2026-11-24', '2026-11-25', '2026-11-25']
    const notice = changeNotice({ ...change, action: 'restore', by: null, days })
    expect(notice.urgent).toBe(true)
    expect(notice.say(italian)).toEqual({
      title: '4 pasti ripristinati',
      text: 'L’ufficio della mensa ha ripristinato 4 pasti: mar 24 nov, mer 25 nov, gio 26 nov.',
    })
    expect(notice.say(wordsIn('en')).text).toMatch(/^The canteen office restored 4 meals: Tue,? 24 Nov, /)
  })
  test('says how the family had asked the office', () => {
    const asked = { ...change, by: null, days: ['2026-12-03'] }
    expect(changeNotice({ ...asked, contact: 'phone' }).say(italian).text).toBe(
      'L’ufficio della mensa, su richiesta al telefono, ha disdetto il pasto di giovedì 3 dicembre.',
    )
    expect(changeNotice({ ...asked, contact: 'desk' }).say(wordsIn('en')).text).toBe(
      'The canteen office, asked at the counter, cancelled the meal of Thursday 3 December.',
    )
  })
})

test('a closure says why, where and what it costs', () => {
  const day = {
    day: '2026-12-03',
    kind: 'strike',
    reason: 'Sciopero generale.',
    schools: ['Primaria Bertani'],
  } as const
  const notice = closureNotice({ ...day, isRefunded: false }, italian)
  expect(notice.title).toBe('Niente mensa giovedì 3 dicembre: sciopero')
  expect(withoutIsolates(notice.text)).toBe(
    'Sciopero generale.\nRiguarda: Primaria Bertani.\n\nNon devi disdire e il pasto non si paga.',
  )
  expect(closureNotice({ ...day, isRefunded: true }, italian).text).toContain('tornano sul tuo saldo')
  expect(withoutIsolates(closureNotice({ ...day, isRefunded: false }, wordsIn('en')).text)).toBe(
    'Sciopero generale.\nIt is about: Primaria Bertani.\n\nYou do not have to cancel, and the meal is not charged.',
  )
})
