import { beforeAll, describe, expect, test } from 'vitest'
import { listMunicipalities, municipalityBySlug, publicService } from '#lib/municipalities/queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aTown, type Town } from '#tests/support/factories.ts'

let town: Town

beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  town = await aTown()
})

describe('choosing the Comune', () => {
  test('part of the name is enough, in any case', async () => {
    const found = await listMunicipalities('MOZZ')
    expect(found.map((choice) => choice.slug)).toContain(town.slug)
  })
  test('a name that no Comune has finds none, wildcards included', async () => {
    expect(await listMunicipalities('Cortina')).toEqual([])
    expect(await listMunicipalities('%')).toEqual([])
  })
  test('an address that cannot be a Comune is not even looked for', async () => {
    expect(await municipalityBySlug("x' or 1=1")).toBeNull()
    expect(await municipalityBySlug('comune-che-non-esiste')).toBeNull()
  })
})

describe('the public service', () => {
  test('says price, days and cutoff of the running school year', async () => {
    const municipality = await municipalityBySlug(town.slug)
    const service = await publicService({ id: municipality?.id ?? '' })
    expect(service).toMatchObject({ name: 'Refezione Scolastica', priceCents: 540, yearName: '2026/2027' })
    expect(service?.schools[0]).toMatchObject({ weekdays: [1, 2, 3, 4, 5], cutoffTime: '09:30:00' })
  })
  test('a price that begins tomorrow is not today’s', async () => {
    const other = await aTown({ priceCents: 540 })
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
