import { beforeAll, describe, expect, test } from 'vitest'
import { listMunicipalities, municipalityBySlug, settingsNow } from '#lib/school/municipality.queries.ts'
import { type SettingsChange, saveSettings } from '#lib/school/office/settings.commands.ts'
import { publicService } from '#lib/tariffs/public-service.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aMunicipality, aStaffViewer, type TestMunicipality } from '#tests/support/factories.ts'

let municipality: TestMunicipality

beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
})

describe('the search for a municipality', () => {
  test('takes part of the name, in any case', async () => {
    const found = await listMunicipalities('MOZZ')
    expect(found.map((choice) => choice.slug)).toContain(municipality.slug)
  })
  test('finds none by a name that no municipality has, wildcards included', async () => {
    expect(await listMunicipalities('Cortina')).toEqual([])
    expect(await listMunicipalities('%')).toEqual([])
  })
  test('does not query an address that cannot be a municipality', async () => {
    expect(await municipalityBySlug("x' or 1=1")).toBeNull()
    expect(await municipalityBySlug('comune-che-non-esiste')).toBeNull()
  })
})

describe('the public service', () => {
  test('has the price, days and cutoff of the running school year', async () => {
    const found = await municipalityBySlug(municipality.slug)
    const service = await publicService({ id: found?.id ?? '' })
    expect(service).toMatchObject({ name: 'Refezione Scolastica', priceCents: 540, yearName: '2026/2027' })
    expect(service?.schools[0]).toMatchObject({ weekdays: [1, 2, 3, 4, 5], cutoffTime: '09:30:00' })
  })
  test('does not show tomorrow’s price today', async () => {
    const other = await aMunicipality({ priceCents: 540 })
    const { owner } = await testDatabase()
    await owner
      .insertInto('meal_price')
      .values({
        municipality_id: other.municipalityId,
        service_id: other.serviceId,
        valid_from: '2026-11-25',
        price_cents: 600,
      })
      .execute()
    expect((await publicService({ id: other.municipalityId }))?.priceCents).toBe(540)
  })
})

describe('the settings', () => {
  const change = async (given: Partial<SettingsChange['municipality'] & SettingsChange['settings']>) => {
    const editor = await aStaffViewer(municipality, 'editor')
    const now = await settingsNow(editor)
    if (!now) throw new Error('an editor manages the settings')
    const { name, street, postcode, email, pec, phone, ...settings } = { ...now.own, ...given }
    const asked: SettingsChange = {
      revision: now.revision,
      municipality: { name, street, postcode, email, pec, phone },
      settings,
      coatOfArms: { file: null, remove: false },
    }
    return { editor, now, asked }
  }

  test('are not overwritten by a second person, who sees what the first saved', async () => {
    const first = await change({ phone: '045 222' })
    const second = await change({ officeHours: 'Dal lunedì al venerdì' })
    expect(await saveSettings(first.editor, first.asked)).toEqual({ ok: true, value: null })
    expect(await saveSettings(second.editor, second.asked)).toMatchObject({
      code: 'settings:changed-meanwhile',
      savedNow: {
        who: 'Ufficio Conti',
        at: { revision: first.now.revision + 1 },
        fields: { phone: '045 222', usualColour: 'on' },
      },
    })
    expect((await settingsNow(second.editor))?.own).toMatchObject({ phone: '045 222', officeHours: '' })
    const again = { ...second.asked, revision: first.now.revision + 1 }
    expect(await saveSettings(second.editor, again)).toMatchObject({ ok: true })
  })

  test('refuse an unreadable colour at its own field', async () => {
    const { editor, asked } = await change({ colour: '#ffcc00' })
    expect(await saveSettings(editor, asked)).toMatchObject({
      code: 'settings:unreadable-colour',
      fields: { colour: 'settings:unreadable-colour' },
    })
  })

  test('are for the people who manage them', async () => {
    const operator = await aStaffViewer(municipality, 'operator')
    const { asked } = await change({})
    expect(await settingsNow(operator)).toBeNull()
    expect(await saveSettings(operator, asked)).toMatchObject({ code: 'request:not-found' })
  })
})
