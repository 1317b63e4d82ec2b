import { describe, expect, test } from 'vitest'
import {
  communicationFilterQuery,
  isCommunicationFiltered,
  readCommunicationFilter,
} from '#lib/communications/communication.address.ts'
import {
  acknowledgementState,
  approvalRefusal,
  correctionOf,
  fieldsIn,
  merged,
  writingRefusal,
} from '#lib/communications/communication.ts'
import type { Life } from '#lib/publishing/lifecycle.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'
import fc from '#tests/support/random.ts'

const NOON = new Date('2026-11-24T12:00:00+01:00')
const HOUR = 3_600_000
const later = (hours: number) => new Date(NOON.getTime() + hours * HOUR)

const life = (given: Partial<Life> = {}): Life => ({
  latestVersion: 1,
  submittedVersion: null,
  dueAt: null,
  publishedVersion: null,
  closesAt: null,
  withdrawnAt: null,
  ...given,
})

const text = (given: Partial<Parameters<typeof writingRefusal>[0]> = {}) =>
  writingRefusal({
    about: 'service',
    title: 'La mensa chiude venerdì',
    body: '<p>Testo</p>' as SafeHtml,
    audience: { to: 'everybody', ids: [], inDebt: false },
    acknowledgement: 'none',
    acknowledgeBy: null,
    ...given,
  })
const body = (words: string) => `<p>${words}</p>` as SafeHtml

describe('what can stand in a text', () => {
  test('a plain text can', () => expect(text()).toBeNull())
  test('the reader’s name can, everywhere', () => expect(text({ body: body('Ciao {nome}') })).toBeNull())
  test('a balance only where the delegate does not read', () => {
    expect(text({ body: body('Saldo {saldo}') })).toBe('communications:field-needs-money')
    expect(text({ body: body('Mancano { debito }') })).toBe('communications:field-needs-money')
    expect(text({ body: body('Saldo {saldo}'), about: 'money' })).toBeNull()
  })
  test('being in debt is about money', () => {
    const audience = { to: 'everybody', ids: [], inDebt: true } as const
    expect(text({ audience })).toBe('communications:money-to-delegates')
    expect(text({ audience, about: 'money' })).toBeNull()
  })
  test('a child’s name and other invented fields cannot', () => {
    expect(text({ body: body('Ciao {figlio}'), about: 'money' })).toBe('communications:unknown-field')
    expect(text({ body: body('{}') })).toBe('communications:unknown-field')
  })
  test('nothing personal goes in the title, which travels by e-mail', () =>
    expect(text({ title: 'Il tuo saldo è {saldo}', about: 'money' })).toBe('communications:field-in-title'))
  test('it needs a recipient', () =>
    expect(text({ audience: { to: 'schools', ids: [], inDebt: false } })).toBe('communications:no-audience'))
  test('a last day needs a question', () => {
    expect(text({ acknowledgeBy: '2026-12-01' })).toBe('communications:due-without-question')
    expect(text({ acknowledgeBy: '2026-12-01', acknowledgement: 'person' })).toBeNull()
  })
})

describe('filling a text for its reader', () => {
  test('the name and the balance are brought in', () =>
    expect(
      merged(body('Ciao {nome}, il saldo è {saldo}: mancano {debito}.'), {
        givenName: 'Laura',
        balances: [-1620],
      }),
    ).toBe('<p>Ciao Laura, il saldo è −16,20\u00a0€: mancano 16,20\u00a0€.</p>'))
  test('both balances of a person who pays for two families are brought in', () =>
    expect(merged(body('{saldo}'), { givenName: 'Laura', balances: [-540, 1080] })).toBe(
      '<p>−5,40\u00a0€ e 10,80\u00a0€</p>',
    ))
  test('what is brought in is never markup', () =>
    expect(merged(body('{nome}'), { givenName: '<img src=x onerror=alert(1)>', balances: [] })).not.toContain(
      '<img',
    ))
  test('an address takes nothing away with it', () => {
    const link = '<p><a href="https://altrove.example/?s={saldo}">Leggi</a></p>' as SafeHtml
    expect(merged(link, { givenName: 'Laura', balances: [-540] })).toBe(link)
  })
  test('whatever the name is, a clean text stays clean', () => {
    fc.assert(
      fc.property(fc.string(), (givenName) => {
        const filled = merged(cleanHtml('<p>Ciao {nome}</p>'), { givenName, balances: [] })
        expect(filled.match(/<[^>]*>/g)).toEqual(['<p>', '</p>'])
      }),
    )
  })
  test('each field is named once', () =>
    expect(fieldsIn('{saldo} {nome} {saldo}')).toEqual(['saldo', 'nome']))
})

const approval = (given: Partial<Parameters<typeof approvalRefusal>[0]> = {}) =>
  approvalRefusal({
    life: life(),
    version: { number: 1, reason: '', expiresAt: null, acknowledgeBy: null },
    publishAt: null,
    now: NOON,
    today: '2026-11-24',
    seen: { households: 2, persons: 3 },
    found: { households: 2, persons: 3 },
    ...given,
  })

describe('approving', () => {
  const version = { number: 1, reason: '', expiresAt: null, acknowledgeBy: null }
  test('a text goes out as it was read, to those for whom it was counted', () =>
    expect(approval()).toBeNull())
  test('a text is refused when another person wrote again meanwhile', () =>
    expect(approval({ life: life({ latestVersion: 2 }) })).toBe('communications:changed-meanwhile'))
  test('a text is refused when the recipients are others by now', () => {
    expect(approval({ found: { households: 2, persons: 4 } })).toBe('communications:preview-changed')
    expect(approval({ found: { households: 1, persons: 3 } })).toBe('communications:preview-changed')
  })
  test('for a moment to come they are counted then', () =>
    expect(approval({ publishAt: later(1), found: { households: 5, persons: 9 } })).toBeNull())
  test('a text is refused without a recipient', () =>
    expect(approval({ found: { households: 0, persons: 0 }, seen: null })).toBe(
      'communications:no-recipients',
    ))
  test('a text is refused for a moment that is not to come', () =>
    expect(approval({ publishAt: NOON })).toBe('communications:in-the-past'))
  test('a text is refused when it would expire first', () => {
    expect(approval({ version: { ...version, expiresAt: NOON } })).toBe('communications:expires-first')
    expect(approval({ publishAt: later(2), version: { ...version, expiresAt: later(1) } })).toBe(
      'communications:expires-first',
    )
    expect(approval({ version: { ...version, expiresAt: later(1) } })).toBeNull()
  })
  test('a text is refused when the last day to confirm has passed; on that day it may go out', () => {
    expect(approval({ version: { ...version, acknowledgeBy: '2026-11-23' } })).toBe(
      'communications:due-passed',
    )
    expect(approval({ version: { ...version, acknowledgeBy: '2026-11-24' } })).toBeNull()
  })
  describe('a correction', () => {
    const out = life({ publishedVersion: 1, latestVersion: 2 })
    const second = { ...version, number: 2, reason: 'L’ora era sbagliata' }
    test('says why', () => {
      expect(approval({ life: out, version: second })).toBeNull()
      expect(approval({ life: out, version: { ...second, reason: '' } })).toBe('communications:no-reason')
    })
    test('goes out immediately', () =>
      expect(approval({ life: out, version: second, publishAt: later(1) })).toBe(
        'communications:cannot-wait',
      ))
    test('goes to those who got it, however many match now', () =>
      expect(approval({ life: out, version: second, found: { households: 0, persons: 0 } })).toBeNull())
    test('of what was withdrawn is refused', () =>
      expect(approval({ life: { ...out, withdrawnAt: NOON }, version: second })).toBe('communications:over'))
  })
  test('a correction carries on who it went to and what it is', () => {
    const published = {
      kind: 'notice',
      about: 'service',
      title: 'Prima',
      body: body('uno'),
      audience: { to: 'schools', ids: ['a'], inDebt: false },
      acknowledgement: 'household',
      acknowledgeBy: null,
      expiresAt: null,
      reason: '',
    } as const
    const draft = {
      ...published,
      about: 'money',
      title: 'Dopo',
      audience: { to: 'everybody', ids: [], inDebt: true },
    } as const
    expect(correctionOf(draft, published)).toMatchObject({
      title: 'Dopo',
      about: 'service',
      audience: { to: 'schools', ids: ['a'] },
    })
  })
})

describe('the confirmation of a reader', () => {
  const state = (given: Partial<Parameters<typeof acknowledgementState>[0]> = {}) =>
    acknowledgementState({
      mode: 'household',
      by: '2026-11-24',
      today: '2026-11-24',
      done: false,
      isOver: false,
      ...given,
    })
  test('is in time on its last day, and late the day after', () => {
    expect(state()).toBe('asked')
    expect(state({ today: '2026-11-25' })).toBe('asked-late')
  })
  test('without a day it is never late', () => expect(state({ by: null, today: '2099-01-01' })).toBe('asked'))
  test('once given it stays given', () => expect(state({ done: true, today: '2027-01-01' })).toBe('done'))
  test('is not asked of what is over', () => expect(state({ isOver: true })).toBe('over'))
  test('is not asked where the office does not ask', () => expect(state({ mode: 'none' })).toBe('not-asked'))
})

describe('the filters in the address', () => {
  test('go there and back', () => {
    const filter = { text: 'menù', kind: 'reminder', unread: true, year: 2026, page: 2 } as const
    expect(communicationFilterQuery(filter)).toBe(
      '?cerca=men%C3%B9&tipo=sollecito&stato=da-leggere&anno=2026&pagina=2',
    )
    expect(
      readCommunicationFilter(Object.fromEntries(new URLSearchParams(communicationFilterQuery(filter)))),
    ).toEqual(filter)
  })
  test('what makes no sense counts as not said', () => {
    const filter = readCommunicationFilter({
      tipo: 'toString',
      stato: 'x',
      anno: '26',
      pagina: '-1',
      cerca: ['a', 'b'],
    })
    expect(filter).toEqual({ text: '', kind: '', unread: false, year: null, page: 1 })
    expect(isCommunicationFiltered(filter)).toBe(false)
    expect(communicationFilterQuery(filter)).toBe('')
  })
})
