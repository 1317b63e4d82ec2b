import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { tellEndingDiets } from '#lib/diets/diet-end.commands.ts'
import { decideDiet, previewDiet } from '#lib/diets/office/diet-decision.commands.ts'
import { dietDesk } from '#lib/diets/office/diet-desk.queries.ts'
import { addDays } from '#lib/kernel/day.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { done } from '#tests/support/forms.ts'

const TUESDAY = '2026-11-24'
const LAST = '2027-01-20'

let municipality: TestMunicipality
let family: Household
let clerk: Viewer
let greta: string

beforeEach(async () => {
  await setClock(`${TUESDAY}T09:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  clerk = await aStaffViewer(municipality, 'operator')
  greta = await aPupil(municipality, family.householdId)
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

async function decide(given: { from?: string; to: string; nextDietCode?: string }): Promise<void> {
  const asked = {
    pupilId: greta,
    dietCode: 'D03',
    from: '2026-11-25',
    nextDietCode: 'DA-DEFINIRE',
    severe: 'no',
    ...given,
  }
  const { seen } = done(await previewDiet(clerk, asked))
  done(await decideDiet(clerk, { ...asked, reason: 'Certificato' }, seen.fingerprint))
}

const at = (daysBefore: number, time = '09:00') => setClock(`${addDays(LAST, -daysBefore)}T${time}:00Z`)

async function told(): Promise<{ title: string; body: string }[]> {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('notification')
    .select(['title', 'body'])
    .where('person_id', '=', family.holder.personId)
    .where('title', 'like', '%finisce%')
    .orderBy('id')
    .execute()
}

describe('before a diet ends', () => {
  test('the family is told thirty and seven days before, once each, by day', async () => {
    await decide({ to: LAST })
    await at(31)
    expect(await tellEndingDiets()).toBe(0)
    await at(30, '06:00')
    expect(await tellEndingDiets()).toBe(0)
    await at(30)
    expect(await tellEndingDiets()).toBe(1)
    expect(await tellEndingDiets()).toBe(0)
    await at(8)
    expect(await tellEndingDiets()).toBe(0)
    await at(7)
    expect(await tellEndingDiets()).toBe(1)
    await at(0)
    expect(await tellEndingDiets()).toBe(0)
    expect(await told()).toEqual(
      Array.from({ length: 2 }, () => ({
        title: 'La dieta di un tuo figlio finisce il 20 gennaio 2027',
        body: 'Dal giorno dopo la dieta è da decidere e la cucina chiede prima di servire. Se la dieta serve ancora, manda adesso una nuova richiesta dai Moduli online.',
      })),
    )
  })

  test('a worker that was down for weeks tells only what is near, and two workers tell it once', async () => {
    await decide({ to: LAST, nextDietCode: 'STD' })
    await at(3)
    const counts = await Promise.all([tellEndingDiets(), tellEndingDiets()])
    expect(counts.toSorted()).toEqual([0, 1])
    expect(await told()).toMatchObject([{ body: expect.stringContaining('prepara la dieta comune') }])
  })

  test('nobody is told where the diet goes on, changes to another, or ends with the pupil’s last day', async () => {
    await decide({ to: LAST })
    await decide({ from: addDays(LAST, 1), to: '' })
    await at(7)
    expect(await tellEndingDiets()).toBe(0)
    await setClock('2027-06-01T09:00:00Z')
    expect(await tellEndingDiets()).toBe(0)
  })

  test('a decision that moves the end is told again for the new one', async () => {
    await decide({ to: LAST })
    await at(30)
    expect(await tellEndingDiets()).toBe(1)
    await decide({ from: addDays(LAST, -29), to: addDays(LAST, 60) })
    expect(await tellEndingDiets()).toBe(0)
    await at(-30)
    expect(await tellEndingDiets()).toBe(1)
  })
})

describe('the office', () => {
  test('reads which diets end, what follows, and when the family was told; by days and school', async () => {
    await decide({ to: LAST })
    await at(31)
    expect((await dietDesk(clerk))?.ending).toEqual([])
    expect((await dietDesk(clerk, { days: 60, schoolId: null, schoolName: '' }))?.ending).toMatchObject([
      { toldAt: null },
    ])
    await at(30)
    await tellEndingDiets()
    expect((await dietDesk(clerk))?.ending).toMatchObject([
      { pupilId: greta, to: LAST, nextDietCode: 'DA-DEFINIRE', toldAt: expect.any(Date) },
    ])
    const elsewhere = { days: 30, schoolId: '0197e4a0-0000-7000-8000-000000000000', schoolName: '' }
    expect((await dietDesk(clerk, elsewhere))?.ending).toEqual([])
    const { owner } = await testDatabase()
    const { name } = await owner
      .selectFrom('school')
      .select('name')
      .where('id', '=', municipality.school.id)
      .executeTakeFirstOrThrow()
    const called = (schoolName: string) => dietDesk(clerk, { days: 30, schoolId: null, schoolName })
    expect((await called(name.toUpperCase()))?.ending).toHaveLength(1)
    expect((await called('nessuna'))?.ending).toEqual([])
  })

  test('reads for two weeks that a diet gave way to the common one, and the count has what was decided', async () => {
    await decide({ to: LAST, nextDietCode: 'STD' })
    await aServiceDay(municipality, addDays(LAST, 1))
    await at(-1, '07:00')
    expect((await countsOfDay(clerk, addDays(LAST, 1)))?.schools[0]?.lines).toMatchObject([
      { dietCode: 'STD' },
    ])
    expect((await dietDesk(clerk))?.ending).toMatchObject([{ pupilId: greta, nextDietCode: 'STD' }])
    await at(-15)
    expect((await dietDesk(clerk))?.ending).toEqual([])
  })
})
