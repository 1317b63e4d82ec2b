import { sql } from 'kysely'
import pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { publishDueCommunications } from '#lib/communications/office/publication.commands.ts'
import { tellUrgentWork, tellWorkOfTheDay } from '#lib/desk/work-notice.commands.ts'
import { tellEndingDiets } from '#lib/diets/diet-end.commands.ts'
import { completeHeldInvoices } from '#lib/invoices/invoice.commands.ts'
import { chargeClosedDays } from '#lib/kitchen/charge.commands.ts'
import { closeAndCount, closeDueDays } from '#lib/kitchen/close.commands.ts'
import { sendCounts } from '#lib/kitchen/count-mail.commands.ts'
import { tellMealChanges } from '#lib/meals/meal-notice.commands.ts'
import { sendDueMail, sendDuePush, sendDueSms } from '#lib/outbox/due-message.commands.ts'
import { pollDueTopUps } from '#lib/payments/settlement.commands.ts'
import { announceOpenQuestionnaires } from '#lib/questionnaires/announcement.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aServiceDay,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aTopUp } from '#tests/support/money.ts'

const DAY = '2026-11-24'
const AFTER_THE_CLOSE = '2026-11-24T08:31:00Z'
const MANY = 40

let large: TestMunicipality
let small: TestMunicipality

beforeAll(async () => {
  await setClock(`${DAY}T06:00:00Z`)
  for (let n = 0; n < MANY; n += 1) await aMunicipality()
  large = await aMunicipality()
  small = await aMunicipality()
  const { owner } = await testDatabase()
  // The work that a new municipality brings with it is not this test's.
  await owner.updateTable('outbox').set({ due_at: null }).execute()
})

beforeEach(async () => {
  await setClock(`${DAY}T06:00:00Z`)
  const { owner } = await testDatabase()
  await owner.updateTable('top_up').set({ next_check_at: null }).execute()
})

/** How many transactions `work` opens. */
async function transactionsOf(work: () => Promise<unknown>): Promise<number> {
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown }
  const original = prototype.query
  let opened = 0
  prototype.query = function (...args) {
    if (args[0] === 'begin' || (args[0] as { text?: string }).text === 'begin') opened += 1
    return original.apply(this, args)
  }
  try {
    await work()
    return opened
  } finally {
    prototype.query = original
  }
}

const DUTIES = {
  'close service days': () => closeAndCount(),
  'charge closed days': () => chargeClosedDays(),
  'publish communications': () => publishDueCommunications(),
  'check payments': () => pollDueTopUps(),
  'complete invoices': () => completeHeldInvoices(),
  'send counts': () => sendCounts(),
  'tell changes of meals': () => tellMealChanges(),
  'tell ending diets': () => tellEndingDiets(),
  'tell urgent work': () => tellUrgentWork(),
  'tell work of the day': () => tellWorkOfTheDay(),
  'send mail': () => sendDueMail(),
  'send push': () => sendDuePush(),
  'send texts': () => sendDueSms(),
  'announce questionnaires': () => announceOpenQuestionnaires(),
}

describe('a worker of many municipalities', () => {
  test.each(Object.entries(DUTIES))('opens no transaction to %s where nothing is due', async (_, duty) => {
    expect(await transactionsOf(duty)).toBe(0)
  })

  test('counts the days of all of them, a small one first, and charges the first of each before the second of any', async () => {
    const schools = [large.school, await aSchool(large), await aSchool(large)]
    for (const school of schools) {
      const household = await aHousehold(large)
      await aPupil(large, household.householdId, { school })
      await aServiceDay(large, DAY, { school })
    }
    await aServiceDay(small, DAY)
    await setClock(AFTER_THE_CLOSE)
    const { owner } = await testDatabase()
    const { rows } = await sql<{ m: string }>`select municipality_id as m from due_service_days()`.execute(
      owner,
    )
    expect(rows.map(({ m }) => m)).toEqual([small.municipalityId, large.municipalityId])
    let closed = 0
    const closeAll = async () => {
      closed = (await closeAndCount()).closed
    }
    // One for each municipality: the counting of these tests counts.
    expect(await transactionsOf(closeAll)).toBe(2)
    expect(closed).toBe(4)
    const { rows: charges } = await sql<{
      m: string
    }>`select municipality_id as m from due_meal_charges()`.execute(owner)
    expect(charges.slice(0, 2).map(({ m }) => m)).toContain(small.municipalityId)
    // One for each day.
    expect(await transactionsOf(() => chargeClosedDays())).toBe(4)
    expect(await closeDueDays()).toBe(0)
  })

  test('asks only the municipality whose payment is due', async () => {
    const household = await aHousehold(small)
    const topUpId = await aTopUp(small, household)
    const { owner } = await testDatabase()
    const due = async () => {
      const { rows } = await sql<{
        id: string
      }>`select id from municipalities_with_due_top_ups() as due (id)`.execute(owner)
      return rows.map(({ id }) => id)
    }
    await owner.updateTable('top_up').set({ next_check_at: null }).where('id', '=', topUpId).execute()
    expect(await due()).toEqual([])
    await owner
      .updateTable('top_up')
      .set({ next_check_at: sql<Date>`app_now()` })
      .where('id', '=', topUpId)
      .execute()
    expect(await due()).toEqual([small.municipalityId])
  })

  test('goes to no municipality that is no longer served', async () => {
    const { owner } = await testDatabase()
    const gone = await aMunicipality()
    await aServiceDay(gone, DAY)
    await owner
      .updateTable('municipality')
      .set({ active: false })
      .where('id', '=', gone.municipalityId)
      .execute()
    await setClock(AFTER_THE_CLOSE)
    const { rows } = await sql<{ m: string }>`select municipality_id as m from due_service_days()`.execute(
      owner,
    )
    expect(rows.filter(({ m }) => m === gone.municipalityId)).toEqual([])
    await asSystem(gone.municipalityId, async (trx) => {
      const day = await trx.selectFrom('service_day').select('status').executeTakeFirst()
      expect(day?.status).toBe('open')
    })
  })
})
