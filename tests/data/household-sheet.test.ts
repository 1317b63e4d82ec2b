import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { householdSheet } from '#lib/people/office/household-sheet.queries.ts'
import { aCommunication } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMember,
  aMunicipality,
  aPerson,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, done, healthDiet, send } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'

let municipality: TestMunicipality
let family: Household
let greta: string
const staff = new Map<StaffRole, Viewer>()
const viewerOf = (role: StaffRole) => staff.get(role) as Viewer

beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T06:00:00Z')
  municipality = await aMunicipality()
  for (const role of ['operator', 'accountant', 'manager', 'editor'] as const)
    staff.set(role, await aStaffViewer(municipality, role))
  family = await aHousehold(municipality)
  greta = await aPupil(municipality, family.householdId, { name: 'Greta', diet: 'D03' })
  const ex = await aPerson(municipality, { givenName: 'Marco', familyName: 'Vigna' })
  await aMember(municipality, family.householdId, ex, 'delegate', { from: '2026-09-01', to: '2026-11-20' })
  await aPaidTopUp(municipality, family, 20)
  await aServiceDay(municipality, '2026-11-26')
  done(
    await changeMeals(family.holderViewer, {
      ...{ action: 'cancel', pupilIds: [greta], days: ['2026-11-26'], channel: 'web' },
      idempotencyKey: randomUUID(),
    }),
  )
  await aCommunication(municipality, {
    title: 'La mensa cambia orario',
    audience: { to: 'households', ids: [family.householdId], inDebt: false },
  })
  await send(family, await aForm(viewerOf('operator'), 'diet'), healthDiet(greta))
  // Another family of the same town, whose data must stay out.
  const other = await aHousehold(municipality, { name: 'Diallo' })
  await aPupil(municipality, other.householdId, { name: 'Moussa' })
  await aPaidTopUp(municipality, other, 5)
})

const sheetFor = async (role: StaffRole, householdId = family.householdId) =>
  householdSheet(viewerOf(role), householdId)

describe('the sheet of a household', () => {
  test('holds on one page pupils, class, diet, fare, balance, top-ups, messages, requests and acts', async () => {
    const sheet = await sheetFor('operator')
    expect(sheet).toMatchObject({
      name: 'Conti',
      since: '2026-11-24',
      otherRoles: [{ name: 'Marco Vigna', role: 'delegate', from: '2026-09-01', to: '2026-11-20' }],
      money: {
        accounts: [{ serviceName: 'Refezione Scolastica', balanceCents: 20 * 540 }],
        topUps: [{ payerName: 'Laura Conti', amountCents: 20 * 540, state: 'paid' }],
      },
      receipts: [{ action: 'cancel', channel: 'web', personName: 'Laura Conti', firstDay: '2026-11-26' }],
      communications: [{ title: 'La mensa cambia orario', isWithdrawn: false }],
      submissions: [{ about: 'Greta Albertini', state: 'submitted' }],
    })
    expect(sheet?.money?.topUps[0]?.invoiceNumber).toBeTruthy()
    expect(sheet?.pupils).toMatchObject([
      {
        name: 'Greta Albertini',
        enrolments: [{ className: '3A', dietCode: 'D03', from: '2026-09-14', state: 'current' }],
        prices: [{ serviceCode: 'refezione', price: { now: { cents: 540, bandCode: null } } }],
      },
    ])
    expect(sheet?.acts.map(({ action }) => action)).toContain('forms.sent')
  })

  test('says who did what and why, and leaves the readings out', async () => {
    const operator = viewerOf('operator')
    await asSystem(municipality.municipalityId, async (trx) => {
      const pupil = { objectType: 'pupil', objectId: greta }
      await recordAudit(trx, operator, {
        ...pupil,
        action: 'registry:corrected',
        details: { reason: 'Refuso' },
      })
      await recordAudit(trx, operator, { ...pupil, action: 'tariffs.pupil-read' })
      await recordAudit(trx, operator, {
        ...pupil,
        action: 'diets.decided',
        details: { reason: 'Certificato' },
      })
    })
    const acts = (await sheetFor('operator'))?.acts ?? []
    expect(acts).toContainEqual(
      expect.objectContaining({
        ...{ action: 'registry:corrected', about: 'Greta Albertini', reason: 'Refuso', who: 'Ufficio Conti' },
      }),
    )
    expect(acts.filter(({ action }) => /read$/.test(action))).toEqual([])
    expect(acts.some(({ reason }) => reason === 'Certificato')).toBe(true)
    const toAccountant = (await sheetFor('accountant'))?.acts ?? []
    expect(toAccountant.filter(({ action }) => action.startsWith('diets.'))).toEqual([])
  })

  test('opens to each role its own part, and to the editor and another town nothing', async () => {
    const parts = async (role: StaffRole) => {
      const sheet = await sheetFor(role)
      if (!sheet) return null
      const { money, receipts, communications, submissions, acts } = sheet
      return {
        ...{ money: money !== null, receipts: receipts !== null, communications: communications !== null },
        diet: sheet.pupils[0]?.enrolments[0]?.dietCode ?? null,
        requests: submissions !== null,
        actsOnRequests: acts.some(({ action }) => action.startsWith('forms.')),
      }
    }
    const all = {
      ...{ money: true, receipts: true, communications: true, requests: true, actsOnRequests: true },
      diet: 'D03',
    }
    expect(await parts('operator')).toEqual(all)
    expect(await parts('manager')).toEqual(all)
    expect(await parts('accountant')).toEqual({ ...all, diet: null, requests: false, actsOnRequests: false })
    expect(await parts('editor')).toBeNull()
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await householdSheet(elsewhere, family.householdId)).toBeNull()
    expect(await householdSheet(family.holderViewer, family.householdId)).toBeNull()
    expect(await householdSheet(viewerOf('manager'), 'nessuna')).toBeNull()
  })

  test('is empty in another town’s transaction without any condition of the application', async () => {
    const elsewhere = await aMunicipality()
    const { rows } = await asSystem(elsewhere.municipalityId, (trx) =>
      sql`select id from household where id = ${family.householdId}::uuid`.execute(trx),
    )
    expect(rows).toEqual([])
  })
})
