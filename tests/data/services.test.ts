import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { asFamily } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { registrationOffer } from '#lib/people/office/registration.queries.ts'
import {
  createService,
  decideRule,
  endService,
  previewRule,
  previewService,
  previewServiceEnd,
  renameService,
} from '#lib/tariffs/office/service.commands.ts'
import { serviceLines, serviceSheet } from '#lib/tariffs/office/service.queries.ts'
import type { AskedService } from '#lib/tariffs/office/service-plan.ts'
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
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { code, done } from '#tests/support/forms.ts'

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const THURSDAY = '2026-11-26'
const FRIDAY = '2026-11-27'

const snack: AskedService = {
  ...{ name: 'Merenda', cents: 120, from: WEDNESDAY, weekdays: [1, 2, 3, 4, 5], cutoffTime: '09:30' },
  ...{ cutoffDaysBefore: 0, cancelledBy: 'all', isCooked: true, isEverywhere: true },
}

let municipality: TestMunicipality
let family: Household
let manager: Viewer
let stranger: Viewer
let delegate: Viewer
let greta: string

beforeEach(async () => {
  await setClock(`${TUESDAY}T07:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  delegate = await aDelegate(municipality, family.householdId)
  greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
  manager = await aStaffViewer(municipality, 'manager')
  stranger = await aStaffViewer(await aMunicipality(), 'manager')
  for (const day of [TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]) await aServiceDay(municipality, day)
})

const create = async (asked: AskedService = snack) =>
  createService(manager, asked, done(await previewService(manager, asked)).seen.fingerprint)

const canteen = (given: object = {}) => ({ serviceId: municipality.serviceId, revision: 1, ...given })

const rule = (from: string, cancelledBy: 'holder' | 'all', revision = 1) =>
  canteen({ from, cancelledBy, revision }) as Parameters<typeof previewRule>[1]

const decide = async (asked: Parameters<typeof previewRule>[1], by = manager) =>
  decideRule(by, asked, done(await previewRule(by, asked)).seen.fingerprint)

const cancel = (viewer: Viewer, days: string[], channel: 'web' | 'office' = 'web') =>
  changeMeals(viewer, {
    ...{ action: 'cancel', pupilIds: [greta], days, idempotencyKey: randomUUID() },
    channel,
  })

const told = async () => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('notification')
    .select('person_id')
    .where('municipality_id', '=', municipality.municipalityId)
    .execute()
  return rows.length
}

describe('a service', () => {
  test('is made with its price, its days in every school, and nobody in it', async () => {
    const { lines } = done(await previewService(manager, snack))
    expect(lines.join('\n')).toMatch(/nasce «Merenda»: costa 1,20\s€ al giorno/)
    const { serviceId } = done(await create())
    expect(await serviceSheet(manager, serviceId)).toMatchObject({
      ...{ name: 'Merenda', code: 'merenda', pupils: 0, schools: 1, rules: [] },
    })
    const all = await serviceLines(manager)
    expect(all?.find(({ id }) => id === serviceId)).toMatchObject({ schools: 1, pupils: 0 })
    expect(all?.find(({ id }) => id === municipality.serviceId)).toMatchObject({ cents: 540, pupils: 1 })
    const { owner } = await testDatabase()
    const days = await owner
      .selectFrom('service_day')
      .select('day')
      .where('service_id', '=', serviceId)
      .orderBy('day')
      .execute()
    expect(days[0]?.day).toBe(WEDNESDAY)
    expect((await registrationOffer(manager))?.services.map(({ name }: { name: string }) => name)).toContain(
      'Merenda',
    )
  })

  test('beside another one does not mix its meals with those in the count', async () => {
    done(await create())
    const schools = (await countsOfDay(manager, WEDNESDAY))?.schools ?? []
    expect(schools).toHaveLength(2)
    expect(schools.find(({ serviceName }) => serviceName === 'Merenda')?.lines).toEqual([])
    expect(schools.find(({ serviceName }) => serviceName !== 'Merenda')?.lines).toHaveLength(1)
  })

  test('of the same name at the same time is made once', async () => {
    const { fingerprint } = done(await previewService(manager, snack)).seen
    const both = await Promise.all([
      createService(manager, snack, fingerprint),
      createService(await aStaffViewer(municipality, 'manager'), snack, fingerprint),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both.map((one) => (one.ok ? 'done' : one.code)).sort()).toEqual(['done', 'structure:name-taken'])
  })

  test('is renamed once by two colleagues: the second reads what the first one wrote', async () => {
    const colleague = await aStaffViewer(municipality, 'manager')
    done(await renameService(colleague, canteen(), 'Mensa'))
    expect(await renameService(manager, canteen(), 'Pranzo')).toMatchObject({
      code: 'structure:changed-meanwhile',
      savedNow: { at: { revision: 2 }, fields: { name: 'Mensa' } },
    })
    done(await create())
    expect(code(await renameService(manager, canteen({ revision: 2 }), 'merenda'))).toBe(
      'structure:name-taken',
    )
  })

  test('is not found by another town’s manager, nor by who is no manager', async () => {
    for (const viewer of [stranger, await aStaffViewer(municipality, 'operator')]) {
      expect(await serviceSheet(viewer, municipality.serviceId)).toBeNull()
      expect(code(await renameService(viewer, canteen(), 'X'))).toBe('request:not-found')
      expect(code(await previewRule(viewer, rule(FRIDAY, 'holder')))).toBe('request:not-found')
      expect(code(await decideRule(viewer, rule(FRIDAY, 'holder'), ''))).toBe('request:not-found')
      expect(code(await previewServiceEnd(viewer, { ...canteen(), to: FRIDAY }))).toBe('request:not-found')
      expect(code(await endService(viewer, { ...canteen(), to: FRIDAY }, ''))).toBe('request:not-found')
    }
    const operator = await aStaffViewer(municipality, 'operator')
    expect(await serviceLines(operator)).toBeNull()
    expect(code(await previewService(operator, snack))).toBe('request:not-found')
    expect(code(await createService(operator, snack, ''))).toBe('request:not-found')
  })
})

describe('who may cancel', () => {
  test('is the holder alone from a day on: a delegate cancels until then, and the office always', async () => {
    const { lines } = done(await previewRule(manager, rule(THURSDAY, 'holder')))
    expect(lines.join('\n')).toMatch(/Riguarda 1 alunno e 1 delegato/)
    done(await decide(rule(THURSDAY, 'holder')))
    expect(await told()).toBe(2)
    expect(code(await cancel(delegate, [WEDNESDAY, THURSDAY]))).toBe('meals:holder-only')
    done(await cancel(delegate, [WEDNESDAY]))
    done(await cancel(family.holderViewer, [THURSDAY]))
    done(await cancel(await aStaffViewer(municipality, 'operator'), [FRIDAY], 'office'))
  })

  test('shows on the delegate’s calendar from that day on', async () => {
    done(await decide(rule(THURSDAY, 'holder')))
    const isHolderOnly = async () => {
      const page = await readMonthPage(delegate, null, null)
      return page && page !== 'no-children' && page.isHolderOnly
    }
    expect(await isHolderOnly()).toBe(false)
    await setClock(`${THURSDAY}T07:00:00Z`)
    expect(await isHolderOnly()).toBe(true)
  })

  test('takes nothing back that was cancelled before', async () => {
    done(await cancel(delegate, [THURSDAY]))
    done(await decide(rule(THURSDAY, 'holder')))
    const { owner } = await testDatabase()
    expect(
      await owner.selectFrom('absence').select('pupil_id').where('pupil_id', '=', greta).execute(),
    ).toHaveLength(1)
  })

  test('is decided once by two colleagues, and not when the preview is true no longer', async () => {
    const colleague = await aStaffViewer(municipality, 'manager')
    const asked = rule(THURSDAY, 'holder')
    const { fingerprint } = done(await previewRule(manager, asked)).seen
    await aPupil(municipality, family.householdId, { name: 'Sofia' })
    expect(code(await decideRule(manager, asked, fingerprint))).toBe('structure:preview-changed')
    done(await decide(asked, colleague))
    expect(code(await decideRule(manager, asked, fingerprint))).toBe('structure:changed-meanwhile')
    expect(code(await previewRule(manager, rule(FRIDAY, 'all', 1)))).toBe('structure:change-waits')
    const back = rule(WEDNESDAY, 'all', 1)
    const seen = done(await previewRule(manager, back)).seen
    expect(await decideRule(manager, back, seen.fingerprint)).toMatchObject({
      code: 'structure:changed-meanwhile',
    })
    done(await decide(rule(WEDNESDAY, 'all', 2)))
    done(await cancel(delegate, [THURSDAY]))
  })

  test('is written by no family', async () => {
    await expect(
      asFamily(family.holderViewer, (trx) =>
        trx
          .insertInto('service_rule')
          .values({
            ...{ municipality_id: municipality.municipalityId, service_id: municipality.serviceId },
            ...{ valid_from: FRIDAY, cancelled_by: 'all' },
          })
          .execute(),
      ),
    ).rejects.toThrow(/row-level security/)
  })
})

describe('the end of a service', () => {
  const end = (to: string, revision = 1) => ({ ...canteen({ revision }), to })
  const finish = async (to: string, revision = 1) => {
    const asked = end(to, revision)
    return endService(manager, asked, done(await previewServiceEnd(manager, asked)).seen.fingerprint)
  }

  test('takes later days and enrolments, tells the families, and leaves what was before', async () => {
    const { owner } = await testDatabase()
    const { id } = await owner
      .selectFrom('service_day')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('day', '=', FRIDAY)
      .executeTakeFirstOrThrow()
    await anAbsence(municipality, family, greta, id)
    const { lines } = done(await previewServiceEnd(manager, end(WEDNESDAY)))
    expect(lines.join('\n')).toMatch(/Si tolgono 2 giorni di servizio/)
    expect(lines.join('\n')).toMatch(/c’è una disdetta/)
    expect(lines.join('\n')).toMatch(/Finisce l’iscrizione di 1 alunno/)
    done(await finish(WEDNESDAY))
    const days = await owner
      .selectFrom('service_day')
      .select(['day', 'status'])
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('day')
      .execute()
    expect(days.map(({ status }) => status)).toEqual(['open', 'open', 'suspended', 'suspended'])
    const enrolments = await owner
      .selectFrom('enrolment')
      .select('valid_to')
      .where('pupil_id', '=', greta)
      .execute()
    expect(enrolments).toEqual([{ valid_to: WEDNESDAY }])
    expect(await told()).toBe(2)
    expect((await registrationOffer(manager))?.services).toEqual([])
    expect((await serviceSheet(manager, municipality.serviceId))?.validTo).toBe(WEDNESDAY)
  })

  test('comes nearer and goes no further', async () => {
    done(await finish(THURSDAY))
    expect(code(await previewServiceEnd(manager, end(FRIDAY, 2)))).toBe('services:ends-before')
    done(await finish(WEDNESDAY, 2))
  })

  test('is not decided when the preview is true no longer, or a colleague was first', async () => {
    const asked = end(WEDNESDAY)
    const { fingerprint } = done(await previewServiceEnd(manager, asked)).seen
    await aPupil(municipality, family.householdId, { name: 'Sofia' })
    expect(code(await endService(manager, asked, fingerprint))).toBe('structure:preview-changed')
    done(await renameService(await aStaffViewer(municipality, 'manager'), canteen(), 'Mensa'))
    expect(code(await endService(manager, asked, fingerprint))).toBe('structure:changed-meanwhile')
  })
})
