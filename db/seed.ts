import { sql } from 'kysely'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { instantInRome } from '#lib/kernel/day.ts'
import { env } from '#lib/kernel/env.ts'
import { openDatabase } from './client.ts'
import { readClock } from './clock.ts'
import { nextYearOf, schoolYearOf } from './demo/calendar.ts'
import { seedCommunications } from './demo/communications.ts'
import { seedContent, seedSettings } from './demo/content.ts'
import { demoFamilies } from './demo/families.ts'
import { seedForms } from './demo/forms.ts'
import { liveUntil, runClock, stopClock } from './demo/history.ts'
import { seedMenus } from './demo/menus.ts'
import {
  DEMO_SLUG,
  type DemoHousehold,
  seedFamily,
  seedMunicipality,
  seedStaff,
} from './demo/municipality.ts'
import { seedNextYear } from './demo/next-year.ts'
import { seedDeliveries } from './demo/notifications.ts'
import { seedQuestionnaires } from './demo/questionnaires.ts'
import { seedBands, seedComingPrices } from './demo/tariffs.ts'
import { claimForDemonstration, type DatabaseUse, databaseUse, RUNNING_CLOCK } from './demonstration.ts'

export { seedLoad } from './load.ts'

/**
 * State of the demonstration municipality. `half`: its seed was interrupted, and the database must be dropped and seeded again.
 * The seed stops the database's clock; only a finished seed lets it run again.
 * @param ownerUrl connection of the role that owns the schema
 */
export async function demoState(ownerUrl: string): Promise<'absent' | 'half' | 'ready'> {
  const owner = openDatabase(ownerUrl, { poolSize: 1 })
  try {
    const { rows } = await sql<{ municipality: boolean; running: boolean }>`
      select exists (select from municipality where slug = ${DEMO_SLUG}) as municipality,
        (select prosrc = ${RUNNING_CLOCK} from pg_proc where proname = 'app_now') as running`.execute(owner)
    const found = rows[0]
    if (!found?.running) return 'half'
    return found.municipality ? 'ready' : 'absent'
  } finally {
    await owner.destroy()
  }
}

/** What the database of an owner is for. */
export async function useOfDatabase(ownerUrl: string): Promise<DatabaseUse> {
  const owner = openDatabase(ownerUrl, { poolSize: 1 })
  try {
    return await databaseUse(owner)
  } finally {
    await owner.destroy()
  }
}

/**
 * Seeds the demonstration municipality of Mozzecane as of today: schools, service, about forty families, every role, and the school
 * year so far. What the product itself does goes through the runtime connection of the environment.
 * @throws ServesPeople when the database is neither empty nor a demonstration
 * @throws when the municipality exists already
 */
export async function seedDemo(ownerUrl: string): Promise<void> {
  const owner = openDatabase(ownerUrl, { poolSize: 2, queryTimeoutMs: 0 })
  const hash = (fiscalCode: string) => hashFiscalCode(fiscalCode, env().FISCAL_CODE_KEY)
  try {
    await claimForDemonstration(owner)
    const { now, today } = await readClock(owner)
    const year = schoolYearOf(today)
    await stopClock(owner, instantInRome(year.startsOn, '00:10'))
    const { municipality, households } = await owner.transaction().execute(async (trx) => {
      const municipality = await seedMunicipality(trx, year)
      await seedStaff(trx, municipality, hash)
      await seedSettings(trx, municipality.municipalityId)
      const households: DemoHousehold[] = []
      for (const family of demoFamilies(Number(year.startsOn.slice(0, 4)))) {
        households.push(await seedFamily(trx, municipality, year, family, hash))
      }
      await seedBands(trx, municipality, year, households)
      return { municipality, households }
    })
    await liveUntil(owner, now, municipality, year, households)
    await owner.transaction().execute((trx) => seedMenus(trx, municipality, year, today))
    await seedContent(owner, municipality.municipalityId, now, today, (instant) => stopClock(owner, instant))
    const moment = { now, today, since: year.startsOn }
    await seedCommunications(owner, municipality, households, moment, (instant) => stopClock(owner, instant))
    await seedDeliveries(owner, municipality.municipalityId, now)
    await seedComingPrices(owner, municipality, year, households[1])
    await seedForms(owner, municipality, households, moment, (instant) => stopClock(owner, instant))
    await seedQuestionnaires(owner, municipality.municipalityId, today, households)
    const next = nextYearOf(today)
    if (next) await owner.transaction().execute((trx) => seedNextYear(trx, municipality, next))
    await runClock(owner)
  } finally {
    await owner.destroy()
  }
}
