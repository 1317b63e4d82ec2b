import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { createTown, TownRefused } from '#db/town/create-town.ts'
import { makeTown } from '#db/town/make-town.ts'
import { readTown } from '#db/town/town-file.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { exampleTown } from '#scripts/lib/town-example.ts'
import { problemsInWords, reportInWords } from '#scripts/lib/town-report.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aHousehold, aPupil, type TestMunicipality } from '#tests/support/factories.ts'
import { aCitizen, type Citizen, viewerNow } from '#tests/support/people.ts'

const TODAY = '2026-11-24'
const TOMORROW = '2026-11-25'

type Written = ReturnType<typeof asWritten>

/** The example as a person filled it in: a municipality of their own. */
function asWritten(given: { slug: string; series: string; manager: Citizen; opensOn?: string | null }) {
  const example = structuredClone(exampleTown(TODAY)) as {
    comune: Record<string, unknown>
    responsabile: Record<string, unknown>
    anno_scolastico: Record<string, string>
    scuole: Record<string, unknown>[]
    servizi: Record<string, unknown>[]
    chiusure: Record<string, string>[]
    cucine: { persone: Record<string, unknown>[] }[]
    famiglie_dal: string | null
  }
  Object.assign(example.comune, {
    nome: 'Castelverde',
    indirizzo_nel_portale: given.slug,
    serie_fatture: given.series,
  })
  Object.assign(example.responsabile, {
    ...{ nome: 'Marco', cognome: 'Albertini', codice_fiscale: given.manager.fiscalCode },
  })
  example.famiglie_dal = given.opensOn ?? null
  return example
}

const hash = (code: string) => hashFiscalCode(code, TEST_ENVIRONMENT.FISCAL_CODE_KEY)

function understood(written: Written) {
  const read = readTown(written)
  if ('problems' in read) throw new Error(problemsInWords(read.problems))
  return read
}

async function create(written: Written) {
  const { owner } = await testDatabase()
  const { plan, manager } = understood(written)
  const report = await createTown(owner, plan, manager, hash)
  return { report, words: reportInWords(report, plan) }
}

const slugNamed = (name: string) => `${name}-${randomUUID().slice(0, 8).replace(/\d/g, 'x')}`
const someSeries = () =>
  Array.from({ length: 3 }, () => String.fromCharCode(65 + Math.floor(Math.random() * 26))).join('')

let manager: Citizen
let written: Written

beforeEach(async () => {
  await testDatabase()
  await setClock(`${TODAY}T07:00:00Z`)
  manager = await aCitizen()
  written = asWritten({ slug: slugNamed('castelverde'), series: someSeries(), manager })
})

async function rows(slug: string): Promise<Record<string, unknown>> {
  const { owner } = await testDatabase()
  const of = async (table: string) => {
    const { rows: found } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)} t
      join municipality m on m.id = t.municipality_id where m.slug = ${slug}`.execute(owner)
    return found[0]?.n
  }
  return {
    schools: await of('school'),
    classes: await of('school_class'),
    weeks: await of('service_schedule'),
    prices: await of('meal_price'),
    closures: await of('closure'),
    days: await of('service_day'),
  }
}

describe('a municipality from a file', () => {
  test('is made whole, and says what families still need', async () => {
    const { report, words } = await create(written)
    expect(report).toMatchObject({ isNew: true, classes: 5, notThere: [] })
    expect(report.facts).toMatchObject({ isOpen: false, opensOn: null, managers: 1, pupils: 0 })
    expect(report.steps.filter(({ isNeeded, isDone }) => isNeeded && !isDone).map(({ key }) => key)).toEqual([
      'alunni',
    ])
    expect(words).toContain('Creato il Comune di Castelverde')
    expect(words).toContain('Alunni e famiglie: Non c’è nessun alunno iscritto.')
    const made = await rows(report.slug)
    expect(made).toMatchObject({ schools: 1, classes: 5, weeks: 1, prices: 1 })
    expect(report.facts.openDays).toBe(made.days)
  })

  test('plans no day whose cutoff has passed, and none on a holiday or closure', async () => {
    const { report } = await create(written)
    const { owner } = await testDatabase()
    const days = await owner
      .selectFrom('service_day as d')
      .innerJoin('municipality as m', 'm.id', 'd.municipality_id')
      .select('d.day')
      .where('m.slug', '=', report.slug)
      .orderBy('d.day')
      .execute()
    const planned = days.map(({ day }) => day)
    // 7:00 in Greenwich is 8:00 in Italy: today can still be cancelled. 8 December is a Tuesday.
    expect(planned[0]).toBe(TODAY)
    expect(planned).toContain('2026-12-09')
    for (const shut of ['2026-12-08', '2026-12-24', '2027-02-09', '2027-03-30', '2027-05-21'])
      expect(planned).not.toContain(shut)
  })

  test('twice changes nothing and says what is there, and what of the file is not', async () => {
    const first = await create(written)
    const before = await rows(first.report.slug)
    written.comune.nome = 'Un altro nome'
    written.scuole.push({ ...written.scuole[0], nome: 'Scuola dell’infanzia Girotondo', tipo: 'infanzia' })
    const second = await create(written)
    expect(second.report).toMatchObject({
      isNew: false,
      notThere: [{ what: 'school', name: 'Scuola dell’infanzia Girotondo' }],
    })
    expect(second.words).toContain('c’è già: non ho cambiato niente')
    expect(await rows(first.report.slug)).toEqual(before)
    const { owner } = await testDatabase()
    const { name } = await owner
      .selectFrom('municipality')
      .select('name')
      .where('slug', '=', first.report.slug)
      .executeTakeFirstOrThrow()
    expect(name).toBe('Castelverde')
  })

  test('made by two runs at the same time is made once', async () => {
    const both = await Promise.all([create(written), create(written)])
    expect(both.map(({ report }) => report.isNew).sort()).toEqual([false, true])
    expect(await rows(both[0].report.slug)).toMatchObject({ schools: 1, classes: 5 })
  })

  test('is refused when another has its invoice series, and leaves nothing', async () => {
    await create(written)
    const other = asWritten({
      slug: slugNamed('altro'),
      series: String(written.comune.serie_fatture),
      manager,
    })
    await expect(create(other)).rejects.toThrow(TownRefused)
    expect(await rows(String(other.comune.indirizzo_nel_portale))).toMatchObject({ schools: 0, days: 0 })
  })

  test('whose last statement fails leaves nothing of it', async () => {
    const { owner } = await testDatabase()
    const { plan } = understood(written)
    const school = plan.schools[0] as (typeof plan.schools)[number]
    const twice = { ...plan, schools: [school, { ...school, classes: ['1A', '1A'], name: 'Seconda' }] }
    await expect(owner.transaction().execute((trx) => makeTown(trx, twice))).rejects.toThrow()
    expect(await rows(plan.municipality.slug)).toMatchObject({ schools: 0, days: 0, closures: 0 })
  })

  test('shares its operator with an earlier one of the same VAT number', async () => {
    await create(written)
    const other = asWritten({ slug: slugNamed('secondo'), series: someSeries(), manager: await aCitizen() })
    await create(other)
    const { owner } = await testDatabase()
    const operators = await owner
      .selectFrom('operator')
      .select('id')
      .where('vat_number', '=', '12345678903')
      .execute()
    expect(operators).toHaveLength(1)
  })
})

describe('a municipality that begins', () => {
  test('gives the people of a kitchen its role; one who manages too is one person', async () => {
    const cook = await aCitizen({ givenName: 'Anna', familyName: 'Neri' })
    const person = (nome: string, cognome: string, { fiscalCode }: Citizen) => ({
      ...{ nome, cognome, codice_fiscale: fiscalCode, email: 'cucina@example.it' },
    })
    const [kitchen] = written.cucine
    if (!kitchen) throw new Error('the example has a kitchen')
    kitchen.persone = [person('Anna', 'Neri', cook), person('Marco', 'Albertini', manager)]
    const { report } = await create(written)
    const here = { slug: report.slug }
    expect((await viewerNow(here, manager)).staffRoles.toSorted()).toEqual(['kitchen', 'manager'])
    const entered = await viewerNow(here, cook)
    expect(entered.staffRoles).toEqual(['kitchen'])
    expect((await countsOfDay(entered, TODAY))?.schools).toHaveLength(1)
    expect(report.facts.withoutPeople).toEqual([])
  })

  test('lets its manager in, then its families from the day it opens; a lunch that they cancel is in the count', async () => {
    const { report } = await create(written)
    const office = await viewerNow({ slug: report.slug }, manager)
    expect(office).toMatchObject({ staffRoles: ['manager'], memberships: [] })

    const { municipality, mother, pupils } = await aFamilyOf(report.slug)
    expect((await viewerNow(municipality, mother)).memberships).toEqual([])
    const { owner } = await testDatabase()
    const opens = (day: string) =>
      owner
        .updateTable('municipality')
        .set({ opens_on: day })
        .where('id', '=', municipality.municipalityId)
        .execute()
    await opens(TOMORROW)
    expect((await viewerNow(municipality, mother)).memberships).toEqual([])
    await opens(TODAY)
    const parent = await viewerNow(municipality, mother)
    expect(parent.memberships).toHaveLength(1)

    const cancelled = await changeMeals(parent, {
      ...{ action: 'cancel', pupilIds: [pupils[0] as string], days: [TODAY], channel: 'web' },
      idempotencyKey: randomUUID(),
    })
    expect(cancelled.ok).toBe(true)
    await setClock(`${TODAY}T08:30:04Z`)
    await closeDueDays()
    const counts = await countsOfDay(office, TODAY)
    expect(counts?.schools[0]).toMatchObject({ state: 'definitive', version: 1 })
    const line = await owner
      .selectFrom('kitchen_count_line')
      .select(['meals', 'absent'])
      .where('municipality_id', '=', municipality.municipalityId)
      .executeTakeFirstOrThrow()
    expect(line).toEqual({ meals: 1, absent: 1 })
  })
})

/** A family with two children in 3A, whose holder can sign in. */
async function aFamilyOf(
  slug: string,
): Promise<{ municipality: TestMunicipality; mother: Citizen; pupils: string[] }> {
  const { owner } = await testDatabase()
  const found = await owner
    .selectFrom('municipality as m')
    .innerJoin('service as s', 's.municipality_id', 'm.id')
    .innerJoin('school_year as y', 'y.municipality_id', 'm.id')
    .innerJoin('school_class as c', 'c.municipality_id', 'm.id')
    .select(['m.id', 's.id as serviceId', 'y.id as yearId', 'c.school_id', 'c.id as classId'])
    .where('m.slug', '=', slug)
    .where('c.name', '=', '3A')
    .executeTakeFirstOrThrow()
  const municipality = {
    municipalityId: found.id,
    slug,
    serviceId: found.serviceId,
    schoolYearId: found.yearId,
    school: { id: found.school_id, classId: found.classId },
  }
  const mother = await aCitizen({ givenName: 'Laura', familyName: 'Conti' })
  const household = await aHousehold(municipality)
  await owner
    .updateTable('person')
    .set({ fiscal_code: mother.fiscalCode, fiscal_code_hash: mother.fiscalCodeHash })
    .where('id', '=', household.holder.personId)
    .execute()
  const pupils = [
    await aPupil(municipality, household.householdId, { name: 'Greta' }),
    await aPupil(municipality, household.householdId, { name: 'Nino' }),
  ]
  return { municipality, mother, pupils }
}
