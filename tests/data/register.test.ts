import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asStaff, asSystem } from '#db/client.ts'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { purgeRegisters, recordAudit } from '#lib/audit/audit.commands.ts'
import { decideDiet, previewDiet } from '#lib/diets/office/diet-decision.commands.ts'
import { readRegisterFilter } from '#lib/privacy/office/register.address.ts'
import { registerCsv } from '#lib/privacy/office/register.csv.ts'
import { registerPage, registerToExport } from '#lib/privacy/office/register.queries.ts'
import type { RegisterFilter } from '#lib/privacy/office/register.ts'
import { actInWords, changesInWords } from '#lib/privacy/office/register.words.ts'
import { retentions } from '#lib/privacy/office/retention.queries.ts'
import { dataAccesses } from '#lib/privacy/personal-data.queries.ts'
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

const TODAY = '2026-11-24'

let municipality: TestMunicipality
let family: Household
let other: Household
let greta: string
const staff = new Map<StaffRole, Viewer>()
const viewerOf = (role: StaffRole) => staff.get(role) as Viewer

const filterOf = (query: Record<string, string> = {}): RegisterFilter => readRegisterFilter(query, TODAY)

async function linesFor(viewer: Viewer, query: Record<string, string> = {}): Promise<string[]> {
  const page = await registerPage(viewer, filterOf(query))
  return (page?.lines ?? []).map(
    (line) =>
      `${actInWords(line)} · ${line.subject?.name ?? ''} · ${line.who ?? ''} · ${changesInWords(line).join(', ')}`,
  )
}

beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T10:00:00Z')
  municipality = await aMunicipality()
  for (const role of ['operator', 'accountant', 'manager', 'editor', 'teacher', 'kitchen'] as const)
    staff.set(role, await aStaffViewer(municipality, role))
  family = await aHousehold(municipality)
  other = await aHousehold(municipality, { name: 'Diallo' })
  greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
  await aServiceDay(municipality, '2026-11-26')
  const asked = {
    ...{ pupilId: greta, dietCode: 'D03', from: '2026-11-26', to: '', nextDietCode: '', severe: 'si' },
    reason: 'Certificato del pediatra',
  }
  const preview = done(await previewDiet(viewerOf('operator'), asked))
  done(await decideDiet(viewerOf('operator'), asked, preview.seen.fingerprint))
  await asStaff(viewerOf('manager'), async (trx) => {
    await recordAudit(trx, viewerOf('manager'), {
      action: 'staff:role-given',
      objectType: 'staff',
      objectId: viewerOf('operator').personId,
      details: { role: 'operator', from: '2026-09-01', to: null },
    })
    await recordAudit(trx, viewerOf('manager'), {
      action: 'household.read',
      objectType: 'household',
      objectId: other.householdId,
    })
  })
  // A family's own act: not the office's, and on the family all the same.
  await asSystem(municipality.municipalityId, (trx) =>
    recordAudit(trx, family.holderViewer, {
      action: 'contacts:address-changed',
      objectType: 'person',
      objectId: family.holder.personId,
    }),
  )
})

const DIET =
  /^Dieta di un alunno decisa dall’ufficio · famiglia Conti · Ufficio Conti · Greta Albertini, dieta: da dieta comune a D03, dal 26\/11\/2026, rischio di reazione grave$/

describe('the register of the office', () => {
  test('says who changed the diet of a child, from what to what, on whom and why', async () => {
    const page = await registerPage(viewerOf('manager'), filterOf())
    const decided = page?.lines.find(({ action }) => action === 'diets.decided')
    expect(decided?.details.reason).toBe('Certificato del pediatra')
    expect(await linesFor(viewerOf('manager'))).toContainEqual(expect.stringMatching(DIET))
  })

  test('holds what the office did, and leaves readings out until they are asked for', async () => {
    const usual = await linesFor(viewerOf('manager'))
    expect(usual.some((line) => /Indirizzo cambiato|Lettura/.test(line))).toBe(false)
    expect(usual.some((line) => line.startsWith('Ruolo d’ufficio dato · Ufficio Conti'))).toBe(true)
    const all = await linesFor(viewerOf('manager'), { letture: 'si' })
    expect(all.some((line) => line.startsWith('Lettura della scheda della famiglia · famiglia Diallo'))).toBe(
      true,
    )
  })

  test.each([
    [{ tipo: 'diete' }, 1],
    [{ tipo: 'ufficio' }, 1],
    [{ tipo: 'menu' }, 0],
    [{ testo: 'pediatra' }, 1],
    [{ testo: 'greta' }, 1],
    [{ testo: 'dieta' }, 1],
    [{ testo: 'nessuno così' }, 0],
    [{ dal: '2026-11-01', al: '2026-11-23' }, 0],
  ])('narrows to %o', async (query, count) => {
    expect(await linesFor(viewerOf('manager'), query)).toHaveLength(count)
  })

  test('narrows to one colleague', async () => {
    const byOperator = await linesFor(viewerOf('manager'), { chi: viewerOf('operator').personId })
    expect(byOperator).toEqual([expect.stringMatching(DIET)])
    expect(await linesFor(viewerOf('manager'), { chi: viewerOf('editor').personId })).toEqual([])
  })

  test('of one family holds also what the family did itself, and its reading is told to the family', async () => {
    const lines = await linesFor(viewerOf('operator'), { famiglia: family.householdId })
    expect(lines).toContainEqual(expect.stringMatching(DIET))
    expect(lines).toContainEqual('Indirizzo cambiato · Laura Conti · Laura Conti · ')
    const seen = await dataAccesses(family.holderViewer)
    expect(seen?.accesses).toContainEqual(
      expect.objectContaining({ action: 'registers:family-read', by: 'ufficio' }),
    )
  })

  test('of one pupil holds what names the pupil, of one person what is on that person', async () => {
    expect(await linesFor(viewerOf('operator'), { persona: greta })).toEqual([expect.stringMatching(DIET)])
    const ofHolder = await linesFor(viewerOf('operator'), {
      persona: family.holder.personId,
      testo: 'indirizzo',
    })
    expect(ofHolder).toEqual(['Indirizzo cambiato · Laura Conti · Laura Conti · '])
  })

  test('shows an operator the operations on families, a manager all, and any other role nothing', async () => {
    const toOperator = await linesFor(viewerOf('operator'))
    expect(toOperator).toContainEqual(expect.stringMatching(DIET))
    expect(toOperator.some((line) => line.startsWith('Ruolo d’ufficio'))).toBe(false)
    for (const role of ['accountant', 'editor', 'teacher', 'kitchen'] as const) {
      expect(await registerPage(viewerOf(role), filterOf())).toBeNull()
      expect(await registerToExport(viewerOf(role), filterOf())).toBeNull()
      expect(await retentions(viewerOf(role))).toBeNull()
    }
    expect(await registerPage(family.holderViewer, filterOf())).toBeNull()
    expect(await retentions(viewerOf('operator'))).toBeNull()
  })

  test('shows another town nothing of this one', async () => {
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await linesFor(elsewhere, { letture: 'si' })).toEqual([])
    const queries: Record<string, string>[] = [{ famiglia: family.householdId }, { persona: greta }]
    for (const query of queries) expect(await registerPage(elsewhere, filterOf(query))).toBeNull()
    // Row security alone: without any condition of ours.
    const rows = await asStaff(elsewhere, (trx) => trx.selectFrom('audit_event').select('action').execute())
    expect(rows.some(({ action }) => action === 'diets.decided')).toBe(false)
  })

  test('pages from the newest line to the oldest, each once', async () => {
    const busy = await aMunicipality()
    const manager = await aStaffViewer(busy, 'manager')
    const { owner } = await testDatabase()
    await sql`insert into audit_event (municipality_id, person_id, action, object_type, object_id, occurred_at)
      select ${busy.municipalityId}, ${manager.personId}, 'menus.saved', 'menu', n::text,
        timestamptz '2026-11-20T08:00:00Z' + n / 3 * interval '1 second'
      from generate_series(1, 120) n`.execute(owner)
    const seen: string[] = []
    let query: Record<string, string> = { chi: manager.personId }
    for (let pages = 0; pages < 5; pages += 1) {
      const page = await registerPage(manager, filterOf(query))
      seen.push(...(page?.lines ?? []).map(({ objectId }) => objectId))
      if (!page?.next) break
      query = { ...query, dopo: `${page.next.at}_${page.next.id}` }
    }
    expect(seen).toHaveLength(120)
    expect(new Set(seen).size).toBe(120)
    expect(Number(seen[0])).toBeGreaterThan(Number(seen[119]))
  })

  test('of an office of hundreds offers no choice of colleagues, and finds what one did by the name', async () => {
    const large = await aMunicipality()
    const manager = await aStaffViewer(large, 'manager')
    const { owner } = await testDatabase()
    await sql`with known as (
        insert into person (municipality_id, fiscal_code, fiscal_code_hash, given_name, family_name)
        select ${large.municipalityId}, lpad(n::text, 11, '0'), sha256((${large.municipalityId} || n)::bytea), 'Ada' || n, 'Zanolli'
        from generate_series(1, 200) n returning id, given_name)
      , staff as (insert into staff_member (municipality_id, person_id, role, valid_from)
        select ${large.municipalityId}, id, 'operator', date '2026-09-01' from known)
      insert into audit_event (municipality_id, person_id, action, object_type, object_id, occurred_at)
      select ${large.municipalityId}, id, 'menus.saved', 'menu', given_name, timestamptz '2026-11-20T08:00:00Z' from known`.execute(
      owner,
    )
    // Families do more than a page of the newest lines holds: what the office did before is still found.
    const parent = await aHousehold(large)
    await sql`insert into audit_event (municipality_id, person_id, action, object_type, object_id, occurred_at)
      select ${large.municipalityId}, ${parent.holder.personId}, 'meals.cancel', 'pupil', n::text, timestamptz '2026-11-21T08:00:00Z'
      from generate_series(1, 5001) n`.execute(owner)
    const page = await registerPage(manager, filterOf())
    expect(page?.colleagues).toBeNull()
    expect(page?.lines).toHaveLength(50)
    expect(new Set(page?.lines.map(({ action }) => action))).toEqual(new Set(['menus.saved']))
    const own = await registerPage(manager, filterOf({ chi: 'zanolli ada17' }))
    expect(own?.lines.map(({ objectId }) => objectId).sort()).toEqual(
      ['Ada17', ...Array.from({ length: 10 }, (_, n) => `Ada17${n}`)].sort(),
    )
    expect((await registerPage(viewerOf('manager'), filterOf()))?.colleagues).not.toBeNull()
  })

  test('leaves as a file what the search shows, however many lines are read at a time, and says so', async () => {
    const filter = filterOf({ testo: 'pediatra' })
    const text = async (batch: number) =>
      (
        await Array.fromAsync(
          registerCsv((await registerToExport(viewerOf('manager'), filter, batch)) ?? noLines()),
        )
      ).join('')
    const csv = await text(1_000)
    expect(csv).toContain('Dieta di un alunno decisa dall’ufficio;famiglia Conti;')
    expect(csv).toContain(';Certificato del pediatra')
    expect(await text(1)).toBe(csv)
    expect(await linesFor(viewerOf('manager'), { letture: 'si', tipo: 'accessi' })).toContainEqual(
      expect.stringContaining('Registro scaricato dall’ufficio'),
    )
  })
})

async function* noLines() {}

describe('the preview of what the purge deletes', () => {
  test('counts what is old enough now and within thirty days, and the purge deletes just that', async () => {
    const { owner } = await testDatabase()
    const event = {
      municipality_id: municipality.municipalityId,
      action: 'x',
      object_type: 'x',
      object_id: 'x',
    }
    await owner
      .insertInto('audit_event')
      .values([
        { ...event, occurred_at: '2024-11-24T09:59:59Z' },
        { ...event, occurred_at: '2024-11-24T10:00:00Z' },
        { ...event, occurred_at: '2024-12-24T09:59:59Z' },
        { ...event, occurred_at: '2024-12-24T10:00:00Z' },
      ])
      .execute()
    const operations = async () =>
      (await retentions(viewerOf('manager')))?.find(({ register }) => register === 'operations')
    expect(await operations()).toMatchObject({
      ...{ months: 24, days: 0, due: 1, dueAhead: 3, oldest: new Date('2024-11-24T09:59:59Z') },
    })
    await purgeRegisters()
    expect(await operations()).toMatchObject({
      due: 0,
      dueAhead: 2,
      oldest: new Date('2024-11-24T10:00:00Z'),
    })
  })

  test('names each register with how long it keeps', async () => {
    const kept = (await retentions(viewerOf('manager')))?.map(({ register, months, days }) => [
      register,
      months,
      days,
    ])
    expect(kept?.toSorted()).toEqual([
      ['contact-codes', 0, 30],
      ['invitations', 24, 0],
      ['messages', 12, 0],
      ['notifications', 12, 0],
      ['operations', 24, 0],
      ['sign-ins', 24, 0],
    ])
  })
})
