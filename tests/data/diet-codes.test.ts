import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { DietWords } from '#lib/diets/diet-code.ts'
import {
  changeDietCode,
  createDietCode,
  endDietCode,
  previewDietEnd,
} from '#lib/diets/office/diet-code.commands.ts'
import { dietCodes } from '#lib/diets/office/diet-code.queries.ts'
import { decideDiet, previewDiet } from '#lib/diets/office/diet-decision.commands.ts'
import { saveDish } from '#lib/menus/office/dish.commands.ts'
import { servableDishes } from '#lib/menus/office/menu.queries.ts'
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
import { code, done } from '#tests/support/forms.ts'

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const THURSDAY = '2026-11-26'

let municipality: TestMunicipality
let family: Household
let clerk: Viewer

beforeEach(async () => {
  await setClock(`${TUESDAY}T07:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  clerk = await aStaffViewer(municipality, 'operator')
  for (const day of [TUESDAY, WEDNESDAY, THURSDAY]) await aServiceDay(municipality, day)
})

afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

const words = (given: Partial<DietWords> = {}): DietWords => ({
  name: 'Senza frutta a guscio',
  legend: '',
  allergens: ['nuts'],
  parts: [],
  from: null,
  ...given,
})

const eaten = async (pupilId: string) => {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('enrolment')
    .select(['diet_code as diet', 'valid_from as from', 'valid_to as to', 'severe_reaction as severe'])
    .where('pupil_id', '=', pupilId)
    .orderBy('valid_from')
    .execute()
}

describe('a diet’s code', () => {
  test('is made, given and changed by the office, once, and by no one else', async () => {
    done(await createDietCode(clerk, 'D09', words()))
    expect(code(await createDietCode(clerk, 'D09', words()))).toBe('diets:code-taken')
    expect(code(await createDietCode(clerk, 'D10', words({ parts: ['X'] })))).toBe('diets:unknown-code')
    expect(code(await createDietCode(clerk, 'D10', words({ parts: ['STD'] })))).toBe('diets:unknown-code')
    done(await changeDietCode(clerk, { code: 'D09', revision: 1 }, words({ name: 'Senza noci' })))
    expect(code(await changeDietCode(clerk, { code: 'D09', revision: 1 }, words()))).toBe(
      'diets:changed-meanwhile',
    )
    expect(code(await changeDietCode(clerk, { code: 'STD', revision: 1 }, words()))).toBe('request:not-found')
    const accountant = await aStaffViewer(municipality, 'accountant')
    expect(code(await createDietCode(accountant, 'D11', words()))).toBe('request:not-found')
    expect(await dietCodes(accountant)).toBeNull()
    expect(await dietCodes(clerk)).toMatchObject([
      { code: 'D03' },
      { code: 'D09', name: 'Senza noci', allergens: ['nuts'], pupils: 0 },
      { code: 'DA-DEFINIRE' },
      { code: 'STD' },
    ])
  })

  test('begins on no day after one on which a pupil has it already, and says who', async () => {
    const own = words({ name: 'Senza uova', allergens: ['eggs'] })
    await aPupil(municipality, family.householdId, { name: 'Greta', diet: 'D03' })
    const codes = await dietCodes(clerk)
    const revision = codes?.find(({ code: one }) => one === 'D03')?.revision ?? 0
    expect(await changeDietCode(clerk, { code: 'D03', revision }, { ...own, from: THURSDAY })).toMatchObject({
      code: 'diets:held-before',
      details: { who: expect.stringContaining('Greta') },
    })
    done(await changeDietCode(clerk, { code: 'D03', revision }, { ...own, from: TUESDAY }))
  })

  test('keeps every dish away that declares what it avoids, also through the codes that it joins', async () => {
    done(await createDietCode(clerk, 'D09', words()))
    done(await createDietCode(clerk, 'D12', words({ allergens: [], parts: ['D03', 'D09'] })))
    const dish = { name: 'Torta di noci', course: 'frutta' as const, ingredients: '' }
    const { id } = done(await saveDish(clerk, null, { ...dish, allergens: ['nuts'], unsuitedDiets: [] }))
    const other = done(
      await saveDish(clerk, null, { ...dish, name: 'Pane', allergens: [], unsuitedDiets: ['D03'] }),
    )
    const dishes = await asStaff(clerk, (trx) => servableDishes(trx, municipality.municipalityId))
    expect(dishes.get(id)?.unsuitedDiets).toEqual(['D09', 'D12'])
    expect(dishes.get(other.id)?.unsuitedDiets).toEqual(['D03', 'D12'])
  })

  test('is given inside its days only', async () => {
    const greta = await aPupil(municipality, family.householdId)
    done(await createDietCode(clerk, 'D09', words({ from: THURSDAY })))
    const asked = { pupilId: greta, dietCode: 'D09', from: WEDNESDAY, to: '', nextDietCode: '', severe: '' }
    expect(code(await previewDiet(clerk, asked))).toBe('forms:diet-not-valid')
    expect(code(await previewDiet(clerk, { ...asked, from: THURSDAY }))).toBe('accepted')
    const end = { code: 'D09', to: '2026-12-31', successor: '' }
    done(await endDietCode(clerk, end, done(await previewDietEnd(clerk, end)).seen.fingerprint))
    expect(code(await previewDiet(clerk, { ...asked, from: THURSDAY }))).toBe('forms:diet-not-valid')
    const within = { ...asked, from: THURSDAY, to: '2026-12-31', nextDietCode: 'DA-DEFINIRE' }
    const { seen } = done(await previewDiet(clerk, within))
    done(await decideDiet(clerk, { ...within, reason: 'Certificato' }, seen.fingerprint))
    expect((await eaten(greta)).map(({ diet }) => diet)).toEqual(['STD', 'D09', 'DA-DEFINIRE'])
  })
})

describe('ending a code that pupils still have', () => {
  const end = (given: Partial<{ to: string; successor: string }> = {}) => ({
    code: 'D03',
    to: WEDNESDAY,
    successor: 'DA-DEFINIRE',
    ...given,
  })

  test('names them, and is refused without a successor that lasts', async () => {
    await aPupil(municipality, family.householdId, { diet: 'D03' })
    expect(await previewDietEnd(clerk, end({ successor: '' }))).toMatchObject({
      code: 'diets:needs-successor',
      details: { who: expect.stringContaining('Greta Albertini') },
    })
    expect(code(await previewDietEnd(clerk, end({ successor: 'D03' })))).toBe('diets:unknown-code')
    expect(code(await previewDietEnd(clerk, end({ to: '2026-11-22' })))).toBe('diets:too-early')
    expect(code(await previewDietEnd(clerk, end({ to: 'domani' })))).toBe('diets:choose-day')
    done(await createDietCode(clerk, 'D09', words({ from: '2027-01-07' })))
    expect(code(await previewDietEnd(clerk, end({ successor: 'D09' })))).toBe('diets:successor-ends')
  })

  test('moves them to the successor from the next day, tells their families, and keeps what was', async () => {
    const greta = await aPupil(municipality, family.householdId, { diet: 'D03' })
    const { owner } = await testDatabase()
    await owner
      .updateTable('enrolment')
      .set({ severe_reaction: true })
      .where('pupil_id', '=', greta)
      .execute()
    const preview = done(await previewDietEnd(clerk, end()))
    expect(preview.lines.join('\n')).toContain('Greta Albertini')
    done(await endDietCode(clerk, end(), preview.seen.fingerprint))
    expect(await eaten(greta)).toEqual([
      { diet: 'D03', from: '2026-09-14', to: WEDNESDAY, severe: true },
      { diet: 'DA-DEFINIRE', from: THURSDAY, to: '2027-06-05', severe: true },
    ])
    const told = await owner
      .selectFrom('notification')
      .select('title')
      .where('person_id', '=', family.holder.personId)
      .where('title', 'like', 'La dieta%')
      .execute()
    expect(told).toHaveLength(1)
  })

  test('is bound to its preview: who got it meanwhile is read first', async () => {
    await aPupil(municipality, family.householdId, { diet: 'D03' })
    const { seen } = done(await previewDietEnd(clerk, end()))
    await aPupil(municipality, family.householdId, { diet: 'D03', name: 'Sofia' })
    expect(code(await endDietCode(clerk, end(), seen.fingerprint))).toBe('diets:preview-changed')
  })
})
