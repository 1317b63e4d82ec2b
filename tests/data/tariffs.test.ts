import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inScope, type Scope } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { addDays } from '#lib/kernel/day.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { balanceCards } from '#lib/ledger/statement.queries.ts'
import { topUpOffer } from '#lib/payments/top-up.queries.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { type AskedFare, previewFare, setFare } from '#lib/tariffs/office/fare.commands.ts'
import { changeBand, closeBand, createBand } from '#lib/tariffs/office/fare-band.commands.ts'
import { type AskedPrice, cancelPrice, previewPrice, setPrice } from '#lib/tariffs/office/price.commands.ts'
import {
  officeTariffs,
  pupilTariff,
  serviceTariff,
  tariffPupils,
} from '#lib/tariffs/office/tariff.queries.ts'
import { type FarePeriod, type PriceVersion, pupilPriceOn } from '#lib/tariffs/price.ts'
import { publicService } from '#lib/tariffs/public-service.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { code, done } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import { whileClosing } from '#tests/support/waiting.ts'

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const THURSDAY = '2026-11-26'
const FRIDAY = '2026-11-27'

let municipality: TestMunicipality
let family: Household
let greta: string
let sofia: string
let accountant: Viewer
let tuesday: string
let manager: Viewer

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
  sofia = await aPupil(municipality, family.householdId, { name: 'Sofia' })
  accountant = await aStaffViewer(municipality, 'accountant')
  manager = await aStaffViewer(municipality, 'manager')
  tuesday = await aServiceDay(municipality, TUESDAY)
  for (const day of [WEDNESDAY, THURSDAY, FRIDAY]) await aServiceDay(municipality, day)
})

// The worker looks at every municipality: the one of the previous test has left the portal.
afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

const plain = (text: string) => text.replace(/\u00a0/g, ' ')
const asked = (given: Partial<AskedPrice> = {}): AskedPrice => ({
  serviceId: municipality.serviceId,
  bandCode: null,
  cents: 560,
  from: WEDNESDAY,
  note: '',
  ...given,
})

/** Reads the preview and confirms exactly that, as the screen does. */
async function decide(given: Partial<AskedPrice> = {}, viewer = accountant) {
  const preview = await previewPrice(viewer, asked(given))
  return preview.ok ? setPrice(viewer, asked(given), preview.value.seen) : preview
}

const aBand = (given: { code?: string; cents?: number; from?: string; name?: string } = {}) =>
  createBand(accountant, {
    serviceId: municipality.serviceId,
    code: given.code ?? 'B',
    words: { name: given.name ?? 'Fascia B', description: 'Con ISEE' },
    cents: given.cents ?? 320,
    from: given.from ?? TUESDAY,
    note: '',
  })

const fare = (given: Partial<AskedFare> = {}): AskedFare => ({
  serviceId: municipality.serviceId,
  pupilId: greta,
  bandCode: 'B',
  from: WEDNESDAY,
  to: '',
  reason: 'ISEE 2026',
  ...given,
})

async function give(given: Partial<AskedFare> = {}, viewer = accountant) {
  const preview = await previewFare(viewer, fare(given))
  return preview.ok ? setFare(viewer, fare(given), preview.value.seen) : preview
}

async function closeThrough(day: string): Promise<void> {
  await setClock(`${day}T08:30:03Z`)
  await closeDueDays()
}

const charges = async (pupilId = greta) => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('entry')
    .select(['day', 'amount_cents'])
    .where('pupil_id', '=', pupilId)
    .orderBy('day')
    .execute()
  return rows.map((row) => [row.day, row.amount_cents])
}

const prices = async () =>
  (await serviceTariff(accountant, 'refezione'))?.prices.map(
    ({ validFrom, priceCents, state, mayCancel }) => [validFrom, priceCents, state, mayCancel],
  )

const inbox = async (viewer: Viewer) => {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('notification')
    .select(['title', 'body', 'event'])
    .where('person_id', '=', viewer.personId)
    .execute()
}

describe('A price of the service', () => {
  test('is charged from its first day on, and what was charged stays', async () => {
    done(await decide({ from: THURSDAY }))
    for (const day of [TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]) await closeThrough(day)
    expect(await charges()).toEqual([
      [TUESDAY, -540],
      [WEDNESDAY, -540],
      [THURSDAY, -560],
      [FRIDAY, -560],
    ])
    expect(await ledgerFaults()).toBe(0)
  })

  test('may begin today until the cutoff, to the millisecond, and then from the next day', async () => {
    await setClock('2026-11-24T08:29:59.999Z')
    expect(code(await previewPrice(accountant, asked({ from: TUESDAY })))).toBe('accepted')
    await setClock('2026-11-24T08:30:00.000Z')
    expect(await previewPrice(accountant, asked({ from: TUESDAY }))).toMatchObject({
      code: 'tariffs:too-early',
      details: { first: '2026-11-25' },
    })
  })

  test('says before it is decided how many pupils and booked meals it touches', async () => {
    await anAbsence(municipality, family, sofia, await dayOf(FRIDAY))
    done(await aBand())
    done(await give({ from: THURSDAY, to: THURSDAY }))
    const preview = done(await previewPrice(accountant, asked()))
    // Two children on three days, less one absence, less one day in a band.
    expect(preview.lines.map(plain)).toEqual([
      'Dal 25 novembre 2026 un pasto costa 5,60 € invece di 5,40 € (+0,20 €).',
      'Tocca 2 alunni e 4 pasti già prenotati, in 3 giorni di mensa.',
      'I pasti già addebitati e le ricariche già ordinate non cambiano. Le famiglie leggono il prezzo nuovo da subito.',
    ])
    const ofBand = done(await previewPrice(accountant, asked({ bandCode: 'B', cents: 300 })))
    expect(ofBand.lines[1]).toBe('Tocca 1 alunno e 1 pasto già prenotato, in 1 giorno di mensa.')
    const until = done(await decide({ from: FRIDAY, cents: 600 }))
    expect(until).toEqual({ service: 'refezione' })
    expect(done(await previewPrice(accountant, asked())).lines[2]).toBe(
      'Tocca 2 alunni e 3 pasti già prenotati, in 2 giorni di mensa.',
    )
  })

  test('is taken back while it has not begun; one that has begun stays, no matter who asks', async () => {
    done(await decide({ from: THURSDAY }))
    expect(await prices()).toEqual([
      [THURSDAY, 560, 'coming', true],
      ['2020-09-01', 540, 'current', false],
    ])
    const { serviceId } = municipality
    expect(code(await cancelPrice(accountant, { serviceId, bandCode: null, day: '2020-09-01' }))).toBe(
      'tariffs:price-begun',
    )
    done(await cancelPrice(manager, { serviceId, bandCode: null, day: THURSDAY }))
    expect(await prices()).toEqual([['2020-09-01', 540, 'current', false]])
    expect(code(await cancelPrice(manager, { serviceId, bandCode: null, day: THURSDAY }))).toBe(
      'tariffs:no-such-price',
    )
  })

  test('decided by two together is decided on what both have seen, or one reads again', async () => {
    const first = done(await previewPrice(accountant, asked()))
    const second = done(await previewPrice(manager, asked({ from: THURSDAY, cents: 570 })))
    const answers = await Promise.all([
      setPrice(accountant, asked(), first.seen),
      setPrice(manager, asked({ from: THURSDAY, cents: 570 }), second.seen),
    ])
    expect(answers.map(code).sort()).toEqual(['accepted', 'tariffs:changed-meanwhile'])
    expect(await prices()).toHaveLength(2)
  })

  test('confirmed twice is decided once; confirmed with another amount than was shown it is not', async () => {
    const { seen } = done(await previewPrice(accountant, asked()))
    expect(code(await setPrice(accountant, asked({ cents: 660 }), seen))).toBe('tariffs:preview-changed')
    done(await setPrice(accountant, asked(), seen))
    done(await setPrice(accountant, asked(), seen))
    expect(await prices()).toHaveLength(2)
  })

  test('keeps the tax of the price before', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('meal_price')
      .set({ vat_basis_points: 0, vat_nature: 'N4', vat_reference: 'Esente art. 10 DPR 633/1972' })
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    done(await decide())
    const rows = await owner
      .selectFrom('meal_price')
      .select(['vat_basis_points', 'vat_nature', 'decided_by'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('valid_from', '=', WEDNESDAY)
      .execute()
    expect(rows).toEqual([{ vat_basis_points: 0, vat_nature: 'N4', decided_by: accountant.personId }])
  })

  test('is announced to the public and to the families before it begins', async () => {
    done(await decide({ from: THURSDAY }))
    const nextPrice = { validFrom: THURSDAY, priceCents: 560 }
    expect(await publicService({ id: municipality.municipalityId })).toMatchObject({
      priceCents: 540,
      nextPrice,
    })
    expect((await balanceCards(family.holderViewer))?.[0]).toMatchObject({ mealPriceCents: 540, nextPrice })
    expect((await topUpOffer(family.holderViewer))?.accounts[0]).toMatchObject({ unitCents: 540, nextPrice })
  })
})

const dayOf = async (day: string): Promise<string> => {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('service_day')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('day', '=', day)
    .executeTakeFirstOrThrow()
  return row.id
}

describe('A band', () => {
  test('is created with its price; its code is its own', async () => {
    done(await aBand())
    expect(code(await aBand({ name: 'Un’altra' }))).toBe('tariffs:code-taken')
    expect((await serviceTariff(accountant, 'refezione'))?.bands).toMatchObject([
      { code: 'B', name: 'Fascia B', isOpen: true, currentCents: 320, pupils: 0, coming: 0 },
    ])
  })

  test('may cost nothing: the meal is counted and leaves no movement', async () => {
    done(await aBand({ code: 'ESENTE', cents: 0 }))
    done(await give({ bandCode: 'ESENTE' }))
    for (const day of [TUESDAY, WEDNESDAY]) await closeThrough(day)
    expect(await charges()).toEqual([[TUESDAY, -540]])
    expect(await charges(sofia)).toHaveLength(2)
  })

  test('of another service changes nothing here', async () => {
    const { owner } = await testDatabase()
    const { municipalityId: municipality_id } = municipality
    const other = await owner
      .insertInto('service')
      .values({ municipality_id, code: 'merenda', name: 'Merenda' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const band = { municipality_id, service_id: other.id, code: 'B' }
    await owner
      .insertInto('fare_band')
      .values({ ...band, name: 'Fascia B' })
      .execute()
    await owner
      .insertInto('fare_band_price')
      .values({ ...band, valid_from: '2026-09-01', price_cents: 100 })
      .execute()
    await owner
      .insertInto('fare_assignment')
      .values({
        ...{
          municipality_id,
          service_id: other.id,
          pupil_id: greta,
          band_code: 'B',
          given_by: manager.personId,
        },
        ...{ valid_from: '2026-09-14', valid_to: '2027-06-05' },
      })
      .execute()
    await closeThrough(TUESDAY)
    expect(await charges()).toEqual([[TUESDAY, -540]])
  })

  test('closed to new pupils is not offered, and a pupil who has it keeps it', async () => {
    done(await aBand())
    done(await give())
    const revision = async () => (await serviceTariff(accountant, 'refezione'))?.revision ?? -1
    const band = { serviceId: municipality.serviceId, code: 'B' }
    done(await closeBand(accountant, { ...band, revision: await revision() }, true))
    expect(code(await give({ pupilId: sofia }))).toBe('tariffs:choose-band')
    for (const day of [TUESDAY, WEDNESDAY]) await closeThrough(day)
    expect(await charges()).toEqual([
      [TUESDAY, -540],
      [WEDNESDAY, -320],
    ])
    done(await closeBand(accountant, { ...band, revision: await revision() }, false))
    done(await give({ pupilId: sofia, from: THURSDAY }))
  })

  test('changed by two together: the second reads again and loses nothing', async () => {
    done(await aBand())
    const revision = (await serviceTariff(accountant, 'refezione'))?.revision ?? -1
    const band = { serviceId: municipality.serviceId, code: 'B', revision }
    done(await changeBand(accountant, band, { name: 'Fascia bassa', description: '' }))
    expect(await changeBand(manager, band, { name: 'Fascia media', description: '' })).toMatchObject({
      code: 'tariffs:changed-meanwhile',
      details: { who: 'Ufficio Conti' },
    })
  })

  test('counts who has it today and who will', async () => {
    done(await aBand())
    done(await give({ from: TUESDAY }))
    done(await give({ pupilId: sofia, from: THURSDAY }))
    const [band] = (await serviceTariff(accountant, 'refezione'))?.bands ?? []
    expect(band).toMatchObject({ pupils: 1, coming: 1 })
  })

  test('gets a new price from a day on, for the pupils who have it', async () => {
    done(await aBand())
    done(await give())
    done(await decide({ bandCode: 'B', cents: 300, from: THURSDAY }))
    for (const day of [TUESDAY, WEDNESDAY, THURSDAY]) await closeThrough(day)
    expect((await charges()).map(([, cents]) => cents)).toEqual([-540, -320, -300])
  })
})

describe('A pupil’s band', () => {
  beforeEach(async () => {
    done(await aBand())
  })

  test('is told to the holder, without a name, an amount or a reason; the delegate hears nothing', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    done(await give())
    const told = await inbox(family.holderViewer)
    expect(told).toMatchObject([{ event: 'price:changed' }])
    expect(JSON.stringify(told)).not.toMatch(/Greta|3,20|ISEE|fascia|reddito/i)
    expect(await inbox(delegate)).toEqual([])
  })

  test('is seen by the holder and never by the delegate', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    done(await give({ from: TUESDAY, to: FRIDAY }))
    const pricesOf = async (viewer: Viewer) =>
      (await householdsOf(viewer)).flatMap(({ pupils }) =>
        pupils.map(({ givenName, prices }) => [givenName, prices]),
      )
    expect(await pricesOf(family.holderViewer)).toEqual([
      [
        'Greta',
        [
          {
            serviceName: 'Refezione Scolastica',
            price: {
              now: { from: TUESDAY, cents: 320, bandCode: 'B' },
              next: { from: '2026-11-28', cents: 540, bandCode: null },
            },
          },
        ],
      ],
      [
        'Sofia',
        [
          {
            serviceName: 'Refezione Scolastica',
            price: { now: { from: '2020-09-01', cents: 540, bandCode: null }, next: null },
          },
        ],
      ],
    ])
    expect(await pricesOf(delegate)).toEqual([
      ['Greta', []],
      ['Sofia', []],
    ])
  })

  test('makes the balance last longer, each meal at its own price', async () => {
    await aPaidTopUp(municipality, family, 3)
    const card = async () => (await balanceCards(family.holderViewer))?.[0]
    expect(await card()).toMatchObject({ meals: 3, outlook: { lastCoveredDay: TUESDAY } })
    done(await give({ from: TUESDAY }))
    // 16,20: Tuesday 8,60, then Greta’s Wednesday 3,20; 4,40 do not pay Sofia’s.
    expect(await card()).toMatchObject({
      meals: 3,
      unitCents: 320,
      mealPriceCents: 540,
      outlook: { lastCoveredDay: TUESDAY, firstUncoveredDay: WEDNESDAY },
    })
    done(await give({ pupilId: sofia, from: TUESDAY }))
    expect(await card()).toMatchObject({ meals: 5, outlook: { lastCoveredDay: WEDNESDAY } })
  })

  test('is given on what was shown, or not at all', async () => {
    const { seen } = done(await previewFare(accountant, fare()))
    done(await give({}, manager))
    expect(code(await setFare(accountant, fare(), seen))).toBe('tariffs:preview-changed')
    const { owner } = await testDatabase()
    expect(
      await owner.selectFrom('fare_assignment').selectAll().where('pupil_id', '=', greta).execute(),
    ).toHaveLength(1)
  })

  test('given by two together holds once', async () => {
    const { seen } = done(await previewFare(accountant, fare()))
    const answers = await Promise.all([setFare(accountant, fare(), seen), setFare(manager, fare(), seen)])
    expect(answers.map(code).sort()).toEqual(['accepted', 'tariffs:preview-changed'])
  })

  test('ends on the day before the full price, with who and why in its history', async () => {
    done(await give())
    done(await give({ bandCode: '', from: FRIDAY, reason: 'Non più iscritto ai servizi' }))
    const seen = await pupilTariff(accountant, 'refezione', greta)
    expect(seen?.fares).toMatchObject([
      {
        bandCode: 'B',
        from: WEDNESDAY,
        to: THURSDAY,
        reason: 'ISEE 2026',
        endedBy: 'Ufficio Conti',
        endReason: 'Non più iscritto ai servizi',
        byRequest: false,
      },
    ])
    for (const day of [TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]) await closeThrough(day)
    expect((await charges()).map(([, cents]) => cents)).toEqual([-540, -320, -320, -540])
    expect((await inbox(family.holderViewer)).filter(({ event }) => event === 'price:changed')).toHaveLength(
      2,
    )
  })

  test('leaves a line in the family’s register, for reading and for deciding', async () => {
    await pupilTariff(accountant, 'refezione', greta)
    done(await give())
    const { owner } = await testDatabase()
    const rows = await owner
      .selectFrom('audit_event')
      .select(['action', 'object_id', 'person_id'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('object_type', '=', 'household')
      .where('action', 'like', 'tariffs.%')
      .orderBy('occurred_at')
      .execute()
    const line = { object_id: family.householdId, person_id: accountant.personId }
    expect(rows).toEqual(
      expect.arrayContaining([
        { action: 'tariffs.pupil-read', ...line },
        { action: 'tariffs.fare-given', ...line },
      ]),
    )
  })

  test('is found by name, class and band', async () => {
    done(await give({ from: TUESDAY }))
    const find = async (search: Partial<{ text: string; classId: string; bandCode: string }>) =>
      (
        await tariffPupils(accountant, 'refezione', {
          text: '',
          classId: '',
          bandCode: '',
          page: 1,
          ...search,
        })
      )?.found?.map(({ name, bandCode, cents }) => [name, bandCode, cents])
    expect(await find({ text: 'greta alb' })).toEqual([['Albertini Greta', 'B', 320]])
    // By a parent's name too, as in the search of families, and with the reason.
    const holder = family.holderViewer.name
    const [found] =
      (await tariffPupils(accountant, 'refezione', { text: holder, classId: '', bandCode: 'B', page: 1 }))
        ?.found ?? []
    expect([found?.name, found?.names]).toEqual(['Albertini Greta', [{ name: holder, role: 'holder' }]])
    expect(await find({ text: '%' })).toBeUndefined()
    expect(await find({ text: '%%' })).toEqual([])
    expect(await find({ classId: municipality.school.classId })).toHaveLength(2)
    expect(await find({ bandCode: 'B' })).toEqual([['Albertini Greta', 'B', 320]])
    expect(await find({})).toBeUndefined()
  })
})

describe('A closing that is under way', () => {
  test('is waited for, and its day keeps the price that it was counted at', async () => {
    const today = asked({ from: TUESDAY })
    const { seen } = done(await previewPrice(accountant, today))
    expect(code(await whileClosing(tuesday, () => setPrice(accountant, today, seen)))).toBe(
      'tariffs:too-early',
    )
    expect(await prices()).toHaveLength(1)
  })

  test('is waited for, and its day keeps the band that it was counted in', async () => {
    done(await aBand())
    const today = fare({ from: TUESDAY })
    const { seen } = done(await previewFare(accountant, today))
    expect(code(await whileClosing(tuesday, () => setFare(accountant, today, seen)))).toBe(
      'tariffs:too-early',
    )
  })
})

describe('The close and the rule say the same', () => {
  test('whatever prices and bands there are, on every day', async () => {
    const { owner } = await testDatabase()
    const service = { municipality_id: municipality.municipalityId, service_id: municipality.serviceId }
    const full: PriceVersion[] = [
      { validFrom: '2020-09-01', priceCents: 540 },
      { validFrom: THURSDAY, priceCents: 560 },
    ]
    await owner
      .insertInto('fare_band')
      .values([
        { ...service, code: 'B', name: 'B' },
        { ...service, code: 'C', name: 'C' },
      ])
      .execute()
    const bands = [
      {
        code: 'B',
        prices: [
          { validFrom: '2026-09-01', priceCents: 320 },
          { validFrom: FRIDAY, priceCents: 330 },
        ],
      },
      { code: 'C', prices: [{ validFrom: THURSDAY, priceCents: 100 }] },
    ]
    await owner
      .insertInto('meal_price')
      .values({ ...service, valid_from: THURSDAY, price_cents: 560 })
      .execute()
    await owner
      .insertInto('fare_band_price')
      .values(
        bands.flatMap(({ code: band, prices: versions }) =>
          versions.map(({ validFrom, priceCents }) => ({
            ...service,
            code: band,
            valid_from: validFrom,
            price_cents: priceCents,
          })),
        ),
      )
      .execute()
    const periods: Record<string, FarePeriod[]> = {
      [greta]: [
        { from: WEDNESDAY, to: WEDNESDAY, bandCode: 'C' },
        { from: THURSDAY, to: FRIDAY, bandCode: 'B' },
      ],
      [sofia]: [{ from: '2026-10-01', to: THURSDAY, bandCode: 'C' }],
    }
    await owner
      .insertInto('fare_assignment')
      .values(
        Object.entries(periods).flatMap(([pupilId, fares]) =>
          fares.map(({ from, to, bandCode }) => ({
            ...service,
            pupil_id: pupilId,
            band_code: bandCode,
            valid_from: from,
            valid_to: to,
            given_by: accountant.personId,
          })),
        ),
      )
      .execute()
    const days = [TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]
    for (const day of days) await closeThrough(day)
    for (const pupilId of [greta, sofia]) {
      const expected = days.map((day) => [
        day,
        -(pupilPriceOn({ full, bands }, periods[pupilId] ?? [], day)?.cents ?? 0),
      ])
      expect(await charges(pupilId)).toEqual(expected)
    }
  })
})

describe('The database itself refuses', () => {
  const office = (): Scope => ({
    municipalityId: municipality.municipalityId,
    personId: accountant.personId,
    audience: 'staff',
  })
  const parent = (): Scope => ({
    municipalityId: municipality.municipalityId,
    personId: family.holder.personId,
    audience: 'family',
  })
  const answer = (scope: Scope, statement: string) =>
    inScope(scope, (trx) => sql.raw(statement).execute(trx)).then(
      ({ numAffectedRows }) => `${numAffectedRows ?? 0} rows`,
      (error: Error) => error.message,
    )
  const price = (day: string) =>
    `insert into meal_price (municipality_id, service_id, valid_from, price_cents) values ('${municipality.municipalityId}', '${municipality.serviceId}', '${day}', 600)`

  test('a price in the past, a charged price changed or dropped, even for the owner of the tables', async () => {
    expect(await answer(office(), price('2026-11-01'))).toContain('row-level security')
    await closeThrough(TUESDAY)
    const { owner } = await testDatabase()
    expect(await answer(office(), price(TUESDAY))).toContain('was charged')
    await expect(sql.raw(price('2026-11-01')).execute(owner)).rejects.toThrow('was charged')
    await expect(
      owner
        .updateTable('meal_price')
        .set({ price_cents: 1 })
        .where('municipality_id', '=', municipality.municipalityId)
        .execute(),
    ).rejects.toThrow('was charged')
    await expect(
      owner.deleteFrom('meal_price').where('municipality_id', '=', municipality.municipalityId).execute(),
    ).rejects.toThrow('was charged')
    expect(await answer(office(), 'delete from meal_price')).toBe('0 rows')
    expect(await answer(office(), price(WEDNESDAY))).toBe('1 rows')
    expect(await answer(office(), 'update meal_price set price_cents = 1')).toContain('permission denied')
  })

  test('a band of a charged day given, moved or dropped', async () => {
    done(await aBand())
    done(await give({ from: TUESDAY, to: FRIDAY }))
    for (const day of [TUESDAY, WEDNESDAY]) await closeThrough(day)
    const { owner } = await testDatabase()
    const own = owner.updateTable('fare_assignment').where('pupil_id', '=', greta)
    await expect(own.set({ valid_to: TUESDAY }).execute()).rejects.toThrow('charged day')
    await expect(own.set({ valid_from: WEDNESDAY }).execute()).rejects.toThrow('keeps')
    await expect(owner.deleteFrom('fare_assignment').where('pupil_id', '=', greta).execute()).rejects.toThrow(
      'charged day',
    )
    await own.set({ valid_to: WEDNESDAY }).execute()
    await expect(
      owner
        .insertInto('fare_assignment')
        .values({
          municipality_id: municipality.municipalityId,
          service_id: municipality.serviceId,
          pupil_id: sofia,
          band_code: 'B',
          valid_from: WEDNESDAY,
          valid_to: FRIDAY,
          given_by: accountant.personId,
        })
        .execute(),
    ).rejects.toThrow('charged day')
    await expect(
      owner
        .deleteFrom('fare_band_price')
        .where('municipality_id', '=', municipality.municipalityId)
        .execute(),
    ).rejects.toThrow('was charged')
  })

  test('whatever a family writes: its own bands are there to be read', async () => {
    done(await aBand())
    done(await give({ from: THURSDAY }))
    expect(await answer(parent(), 'delete from fare_assignment')).toBe('0 rows')
    expect(await answer(parent(), `update fare_assignment set valid_to = '2027-12-31'`)).toBe('0 rows')
    expect(await answer(parent(), 'delete from fare_band_price')).toBe('0 rows')
    expect(await answer(parent(), `update fare_band set name = 'mia'`)).toBe('0 rows')
    expect(await answer(parent(), 'update service set tariff_revision = 9')).toBe('0 rows')
    expect(await answer(parent(), price(addDays(FRIDAY, 1)))).toContain('row-level security')
    const delegate = await aDelegate(municipality, family.householdId)
    const scope: Scope = { ...parent(), personId: delegate.personId }
    const { rows } = await inScope(scope, (trx) => sql`select * from fare_assignment`.execute(trx))
    expect(rows).toEqual([])
  })
})

describe('A person who has no business with tariffs', () => {
  test.each(['operator', 'editor'] as const)('the %s finds nothing', async (role) => {
    const viewer = await aStaffViewer(municipality, role)
    done(await aBand())
    expect(await officeTariffs(viewer)).toBeNull()
    expect(await serviceTariff(viewer, 'refezione')).toBeNull()
    expect(
      await tariffPupils(viewer, 'refezione', { text: 'Greta', classId: '', bandCode: '', page: 1 }),
    ).toBeNull()
    expect(await pupilTariff(viewer, 'refezione', greta)).toBeNull()
    expect(code(await previewPrice(viewer, asked()))).toBe('request:not-found')
    expect(code(await setPrice(viewer, asked(), { revision: 0, fingerprint: 'x' }))).toBe('request:not-found')
    expect(code(await previewFare(viewer, fare()))).toBe('request:not-found')
    expect(code(await setFare(viewer, fare(), { fingerprint: 'x' }))).toBe('request:not-found')
  })

  test('the office of another municipality finds neither service nor pupil', async () => {
    const other = await aMunicipality()
    const viewer = await aStaffViewer(other, 'manager')
    expect(code(await previewPrice(viewer, asked()))).toBe('request:not-found')
    expect(code(await previewFare(viewer, { ...fare(), serviceId: other.serviceId }))).toBe(
      'request:not-found',
    )
    expect(await pupilTariff(viewer, 'refezione', greta)).toBeNull()
  })
})

describe('A balance that runs low, where children pay different prices', () => {
  const lows = async () =>
    (await inbox(family.holderViewer))
      .filter(({ event }) => event === 'balance:low')
      .map(({ title }) => title)

  test('is told although on the day of the crossing only the cheaper child ate', async () => {
    done(await aBand())
    done(await give({ from: TUESDAY }))
    await aPaidTopUp(municipality, family, 4)
    await anAbsence(municipality, family, sofia, await dayOf(TUESDAY))
    // 21,60 − 3,20: fewer than four of the dearer child’s meals.
    await closeThrough(TUESDAY)
    expect(await lows()).toEqual(['Il saldo della mensa sta per finire'])
    await closeThrough(WEDNESDAY)
    expect(await lows()).toHaveLength(1)
  })

  test('is told when the price rises across the threshold, and once', async () => {
    done(await decide({ from: WEDNESDAY, cents: 800 }))
    await aPaidTopUp(municipality, family, 7)
    // 37,80 − 10,80: five meals at 5,40, three at 8,00: the next close tells it.
    await closeThrough(TUESDAY)
    expect(await lows()).toEqual([])
    await closeThrough(WEDNESDAY)
    expect(await lows()).toEqual(['Il saldo della mensa sta per finire'])
  })
})
