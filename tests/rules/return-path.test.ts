import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hasARole } from '#lib/access/capabilities.ts'
import { FAMILY_ROOMS } from '#lib/access/family-rooms.ts'
import {
  callbackUrl,
  homePath,
  isMunicipalitySlug,
  landingPath,
  readCallbackUrl,
  safeReturnPath,
  unlockPath,
} from '#lib/access/return-path.ts'
import { routeOfHost } from '#lib/web/host-address.ts'

const parent = { memberships: [{ householdId: 'a', role: 'holder' as const }], staffRoles: [] }
const clerk = { memberships: [], staffRoles: ['operator' as const] }
const before = { memberships: [{ householdId: 'a', role: 'past_holder' as const }], staffRoles: [] }
const nobody = { memberships: [], staffRoles: [] }

describe('the page after a sign-in', () => {
  test.each(FAMILY_ROOMS)('may be the family’s room %s', (room) => {
    expect(safeReturnPath(`/mozzecane/${room}`, 'mozzecane')).toBe(`/mozzecane/${room}`)
  })

  test('F2 may be every room that has a folder, and each of them is at the public host only', () => {
    const folders = readdirSync('app/[comune]/(famiglia)', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
    // A sign-in does not lead back to the pages on which it begins.
    expect(['accesso', ...FAMILY_ROOMS].toSorted()).toEqual(folders.toSorted())
    for (const room of folders)
      expect(
        routeOfHost({
          host: 'mozzecane.example.it',
          path: `/${room}`,
          method: 'GET',
          publicOrigin: 'https://mensa.example.it',
          baseDomain: 'example.it',
        }),
      ).toEqual({ kind: 'redirect', url: `https://mensa.example.it/mozzecane/${room}` })
  })

  test.each([
    '/mozzecane/prenotazioni?figlio=1&mese=2026-12',
    '/mozzecane/menu-figli/giudizio?giorno=2026-11-27',
    '/mozzecane/comunicazioni?cerca=gita+a+Verona',
    '/mozzecane/comunicazioni?cerca=D%27Angelo,+(3A)!',
    '/mozzecane/notifiche/018f7c1e-5b1a-7c3d-9e2f-0a1b2c3d4e5f',
    '/api/mozzecane/fatture/018f7c1e-5b1a-7c3d-9e2f-0a1b2c3d4e5f/pdf',
    '/api/mozzecane/movimenti.csv?da=2026-09-01',
    '/api/mozzecane/comunicazioni/018f7c1e-5b1a-7c3d-9e2f-0a1b2c3d4e5f/pdf',
    '/api/mozzecane/moduli/documenti/018f7c1e-5b1a-7c3d-9e2f-0a1b2c3d4e5f',
    '/api/mozzecane/miei-dati?formato=json',
    '/api/mozzecane/registro.csv?da=2026-09-01&a=2026-09-30&motivo=Garante',
    '/admin/mozzecane',
    '/admin/mozzecane/conteggi/csv?giorno=2026-11-27',
    '/admin/mozzecane/menu-del-giorno',
    '/admin/mozzecane/famiglie/7?da=1',
  ])('may be %s', (path) => {
    expect(safeReturnPath(path, 'mozzecane')).toBe(path)
  })

  test.each([
    ['another Comune', '/povegliano/oggi'],
    ['a file of another Comune', '/api/povegliano/movimenti.csv'],
    ['an address that changes something', '/api/mozzecane/prenotazioni'],
    ['an address that signs out', '/api/auth/signout'],
    ['a file that only begins like one', '/api/mozzecane/movimenti.csv/x'],
    ['the office of another Comune', '/admin/povegliano'],
    ['a room that only looks like the office', '/ufficio/mozzecane/famiglie'],
    ['no room at all', '/mozzecane'],
    ['a room that does not exist', '/mozzecane/segreti'],
    ['an office room with capitals', '/admin/mozzecane/Famiglie'],
    ['an office room with digits', '/admin/mozzecane/0'],
    ['an office room that begins with a dash', '/admin/mozzecane/-x'],
    ['an office room that ends with a dash', '/admin/mozzecane/x-'],
    ['another site', 'https://altrove.example/mozzecane/oggi'],
    ['another site without a scheme', '//altrove.example/oggi'],
    ['another site behind a backslash', '/\\altrove.example/oggi'],
    ['the room above', '/mozzecane/oggi/../../altrove'],
    ['a line break', '/mozzecane/oggi\nSet-Cookie: a=b'],
    ['something before it', 'x/mozzecane/oggi'],
    ['nothing', ''],
    ['too long', `/mozzecane/oggi?a=${'x'.repeat(300)}`],
  ])('is never %s', (_, path) => {
    expect(safeReturnPath(path, 'mozzecane')).toBeNull()
  })

  test('an address may be 300 characters long', () => {
    const path = `/mozzecane/oggi?a=${'x'.repeat(282)}`
    expect(path).toHaveLength(300)
    expect(safeReturnPath(path, 'mozzecane')).toBe(path)
    expect(safeReturnPath(`${path}x`, 'mozzecane')).toBeNull()
    expect(safeReturnPath(7, 'mozzecane')).toBeNull()
  })
})

test.each<[unknown, boolean]>([
  ['mozzecane', true],
  ['bo', true],
  ['san-giovanni-2', true],
  [`a${'b'.repeat(62)}`, true],
  [`a${'b'.repeat(63)}`, false],
  ['a', false],
  ['2mozzecane', false],
  ['Mozzecane', false],
  ['mozzecane/x', false],
  [' mozzecane', false],
  ['mozzecane\n', false],
  [undefined, false],
])('%j as the name of a municipality: %j', (value, is) => {
  expect(isMunicipalitySlug(value)).toBe(is)
})

describe('the first page of a person', () => {
  test('is the day for a parent, the invoices for a past holder, the office for staff', () => {
    expect(homePath('mozzecane', parent)).toBe('/mozzecane/oggi')
    expect(homePath('mozzecane', before)).toBe('/mozzecane/pagamenti/fatture')
    expect(homePath('mozzecane', clerk)).toBe('/admin/mozzecane')
    expect([parent, clerk, before, nobody].map(hasARole)).toEqual([true, true, true, false])
  })

  test('is the page that they asked for, if they have a role here', () => {
    expect(landingPath('mozzecane', parent, '/mozzecane/profilo')).toBe('/mozzecane/profilo')
    expect(landingPath('mozzecane', clerk, null)).toBe('/admin/mozzecane')
    expect(landingPath('mozzecane', nobody, '/mozzecane/profilo')).toBe('/mozzecane/accesso/non-abilitato')
    expect(landingPath('mozzecane', null, null)).toBe('/mozzecane/accesso/non-abilitato')
  })

  test('may be an invitation for every signed-in person', () => {
    expect(landingPath('mozzecane', null, '/mozzecane/invito/abc')).toBe('/mozzecane/invito/abc')
    expect(landingPath('mozzecane', nobody, '/mozzecane/profilo/invito/abc')).toBe(
      '/mozzecane/accesso/non-abilitato',
    )
  })

  test('the page on which a device is unlocked keeps where to go and whether it went wrong', () => {
    expect(unlockPath('mozzecane', null, false)).toBe('/mozzecane/accesso/dispositivo')
    expect(unlockPath('mozzecane', '/mozzecane/oggi', true)).toBe(
      '/mozzecane/accesso/dispositivo?sblocco=no&ritorno=%2Fmozzecane%2Foggi',
    )
  })
})

describe('the address that carries municipality and page through a sign-in', () => {
  const ORIGIN = 'https://mensa.example.it'
  test('is read as it was written', () => {
    for (const returnPath of ['/mozzecane/profilo', null])
      expect(readCallbackUrl(callbackUrl(ORIGIN, 'mozzecane', returnPath), ORIGIN)).toEqual({
        ...{ municipalitySlug: 'mozzecane', returnPath },
      })
    expect(callbackUrl(ORIGIN, 'mozzecane', null)).toBe(`${ORIGIN}/mozzecane/accesso`)
  })

  test.each([
    ['none', undefined],
    ['no address', 'mozzecane'],
    ['of another site', 'https://altrove.example/mozzecane/accesso'],
    ['of another page', `${ORIGIN}/mozzecane/accesso/conferma`],
    ['of a page below', `${ORIGIN}/x/mozzecane/accesso`],
    ['of no Comune', `${ORIGIN}/MOZZECANE/accesso`],
  ])('%s leads nowhere', (_, url) => {
    expect(readCallbackUrl(url, ORIGIN)).toEqual({ municipalitySlug: null, returnPath: null })
  })

  test('drops the page of another site, and keeps the municipality', () => {
    const url = `${ORIGIN}/mozzecane/accesso?ritorno=${encodeURIComponent('//altrove.example')}`
    expect(readCallbackUrl(url, ORIGIN)).toEqual({ municipalitySlug: 'mozzecane', returnPath: null })
  })
})
