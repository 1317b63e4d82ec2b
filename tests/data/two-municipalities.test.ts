import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { invoicesOf, invoiceToDownload } from '#lib/invoices/invoice.queries.ts'
import { balanceCards } from '#lib/ledger/statement.queries.ts'
import { readTodayPage } from '#lib/meals/meal.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { contactsOf } from '#lib/people/contact.queries.ts'
import { revokeDelegate } from '#lib/people/delegate.commands.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { personalExport } from '#lib/privacy/personal-data.queries.ts'
import { municipalitiesOf } from '#lib/session/own-municipality.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import { aCitizen, type Citizen, viewerNow } from '#tests/support/people.ts'

const DAY = '2026-11-24'

type Side = { municipality: TestMunicipality; household: Household; pupilId: string; viewer: Viewer }

let mother: Citizen
let here: Side
let there: Side

/** The same citizen as holder in one more municipality. */
async function aSide(child: string, email: string, meals: number): Promise<Side> {
  const { owner } = await testDatabase()
  const municipality = await aMunicipality()
  const household = await aHousehold(municipality)
  await owner
    .updateTable('person')
    .set({ fiscal_code: mother.fiscalCode, fiscal_code_hash: mother.fiscalCodeHash, email })
    .where('id', '=', household.holder.personId)
    .execute()
  const pupilId = await aPupil(municipality, household.householdId, { name: child })
  await aServiceDay(municipality, DAY)
  await aPaidTopUp(municipality, household, meals)
  return { municipality, household, pupilId, viewer: await viewerNow(municipality, mother) }
}

beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  mother = await aCitizen({ givenName: 'Laura', familyName: 'Conti' })
  here = await aSide('Greta', 'qui@example.it', 10)
  there = await aSide('Nino', 'altrove@example.it', 20)
})

describe('one person with children in two municipalities', () => {
  test('is one citizen with one session, and another person in each municipality', async () => {
    expect(here.viewer.citizenId).toBe(there.viewer.citizenId)
    expect(here.viewer.sessionId).toBe(there.viewer.sessionId)
    expect(here.viewer.personId).not.toBe(there.viewer.personId)
    const slugs = (await municipalitiesOf(mother.citizenId)).map(({ slug }) => slug)
    expect(slugs.toSorted()).toEqual([here.municipality.slug, there.municipality.slug].toSorted())
  })

  test('reads in each municipality only that municipality’s child, money, contacts and data', async () => {
    for (const [own, other, child, foreign] of [
      [here, there, 'Greta', 'Nino'],
      [there, here, 'Nino', 'Greta'],
    ] as const) {
      expect((await readTodayPage(own.viewer)).children.map(({ givenName }) => givenName)).toEqual([child])
      expect((await householdsOf(own.viewer)).map(({ id }) => id)).toEqual([own.household.householdId])
      expect(await balanceCards(own.viewer)).toHaveLength(1)
      expect((await invoicesOf(own.viewer))?.invoices).toHaveLength(1)
      expect((await contactsOf(own.viewer))?.email).not.toBe((await contactsOf(other.viewer))?.email)
      expect(await readMonthPage(own.viewer, other.pupilId, null)).toBeNull()
      expect(JSON.stringify((await personalExport(own.viewer))?.sections)).not.toContain(foreign)
    }
  })

  test('with the roles of one municipality finds nothing in the other, whatever the application believes', async () => {
    const mixed = { ...here.viewer, memberships: there.viewer.memberships }
    expect((await readTodayPage(mixed)).children).toEqual([])
    expect(await balanceCards(mixed)).toEqual([])
    const invoice = (await invoicesOf(there.viewer))?.invoices[0]
    expect(await invoiceToDownload(here.viewer, invoice?.id ?? '', 'pdf')).toBeNull()
    expect(await revokeDelegate(mixed, randomUUID())).toMatchObject({ ok: false, code: 'request:not-found' })
  })

  test('cannot change the meals of both with one request, nor of the other from here', async () => {
    for (const pupilIds of [[there.pupilId], [here.pupilId, there.pupilId].toSorted()]) {
      const change = { action: 'cancel', days: [DAY], channel: 'web' } as const
      expect(
        await changeMeals(here.viewer, { ...change, pupilIds, idempotencyKey: randomUUID() }),
      ).toMatchObject({ ok: false, code: 'request:not-found' })
    }
  })

  test('loses a municipality from the list when the last role there ends, and only that one', async () => {
    const { owner } = await testDatabase()
    const roles = owner
      .updateTable('household_member')
      .where('household_id', '=', there.household.householdId)
    await owner
      .updateTable('municipality')
      .set({ active: false })
      .where('id', '=', there.municipality.municipalityId)
      .execute()
    expect(await municipalitiesOf(mother.citizenId)).toHaveLength(1)
    await owner
      .updateTable('municipality')
      .set({ active: true })
      .where('id', '=', there.municipality.municipalityId)
      .execute()
    await roles.set({ ended_at: new Date('2026-11-24T06:00:00Z') }).execute()
    try {
      // The payments made there stay readable, so the municipality stays in the list for them.
      expect(await municipalitiesOf(mother.citizenId)).toHaveLength(2)
      expect((await viewerNow(there.municipality, mother)).memberships).toMatchObject([
        { role: 'past_holder' },
      ])
    } finally {
      await roles.set({ ended_at: null }).execute()
    }
  })
})
