import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { purgeRegisters, recordAudit } from '#lib/audit/audit.commands.ts'
import { registersToExport } from '#lib/audit/audit.queries.ts'
import { operationInWords } from '#lib/audit/audit-event.words.ts'
import { dataAccesses, personalExport } from '#lib/privacy/personal-data.queries.ts'
import { exportInHtml, PERSONAL_DATA } from '#lib/privacy/personal-data.ts'
import { italian } from '#lib/words/language.ts'
import { aCommunication } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let household: Household

beforeEach(async () => {
  await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  await aPupil(municipality, household.householdId, { name: 'Greta', diet: 'D03' })
})

describe('a personal column', () => {
  /** Tables that speak of people: they point at one, or hold what only a person has. Names of offices and firms do not count. */
  const personalColumns = () => sql<{ table: string; column: string }>`
    with named as (
      select distinct c.relname from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
        and a.attname in ('person_id', 'citizen_id', 'household_id', 'pupil_id', 'pupil_ids', 'payer_id', 'holder_id', 'recipient', 'birth_date', 'household_member_id')
      union select unnest(array['person', 'citizen', 'household', 'questionnaire_answer', 'payment_alarm']))
    select c.relname as table, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relname in (select relname from named) and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped`

  test('is carried by the download, or left out with a reason', async () => {
    const { owner } = await testDatabase()
    const { rows } = await personalColumns().execute(owner)
    expect(rows.length).toBeGreaterThan(150)
    const rules: Record<string, { carried: object; left: object }> = PERSONAL_DATA
    const without = rows
      .filter(({ table, column }) => {
        const rule = rules[table]
        return !rule || !(column in rule.carried || column in rule.left)
      })
      .map(({ table, column }) => `${table}.${column}`)
    expect(without).toEqual([])
  })

  test('exists in the schema for every rule', async () => {
    const { owner } = await testDatabase()
    const { rows } = await personalColumns().execute(owner)
    const known = new Set(rows.map(({ table, column }) => `${table}.${column}`))
    const ghosts = Object.entries(PERSONAL_DATA)
      .flatMap(([table, { carried, left }]) =>
        [...Object.keys(carried), ...Object.keys(left)].map((column) => `${table}.${column}`),
      )
      .filter((name) => !known.has(name) && !/^(remembered_device|interrupted_form)\./.test(name))
    expect(ghosts).toEqual([])
  })
})

describe('the download of one’s own data', () => {
  const sectionOf = async (viewer: Household['holderViewer'], title: string) =>
    (await personalExport(viewer))?.sections.find((section) => section.title === title)?.rows

  test('has the holder’s data and the children’s, and writes itself down', async () => {
    const holder = household.holderViewer
    expect(await sectionOf(holder, PERSONAL_DATA.person.title)).toMatchObject([
      { 'codice fiscale': household.holder.fiscalCode, 'e-mail': 'laura@example.it' },
    ])
    expect(await sectionOf(holder, PERSONAL_DATA.pupil.title)).toMatchObject([{ nome: 'Greta' }])
    expect(await sectionOf(holder, PERSONAL_DATA.enrolment.title)).toMatchObject([
      { 'codice della dieta': 'D03' },
    ])
    expect((await dataAccesses(holder))?.accesses[0]).toMatchObject({
      action: 'privacy:exported',
      isOwn: true,
    })
  })

  test('has neither children, nor money, nor the holder’s data for a delegate', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    const data = await personalExport(delegate)
    const text = JSON.stringify(data?.sections)
    for (const word of ['Greta', 'D03', household.holder.fiscalCode, 'saldo in centesimi']) {
      expect(text).not.toContain(word)
    }
  })

  test('has the text of the communications that one may read, as one reads it; a delegate’s has none about money', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    await aCommunication(municipality, {
      title: 'Pane nuovo',
      body: '<p>Ciao {nome}, il pane è <b>integrale</b>.</p>',
    })
    await aCommunication(municipality, {
      title: 'Il tuo conto',
      about: 'money',
      body: '<p>Saldo: {saldo}.</p>',
    })
    const title = 'Le comunicazioni che hai ricevuto, con il loro testo'
    const given = household.holderViewer.name.split(' ')[0]
    expect(await sectionOf(household.holderViewer, title)).toMatchObject([
      { titolo: 'Il tuo conto', testo: expect.stringMatching(/^Saldo: .*0,00.*\.$/) },
      { titolo: 'Pane nuovo', tipo: 'Avviso', testo: `Ciao ${given}, il pane è integrale.` },
    ])
    expect((await sectionOf(delegate, title))?.map((row) => row.titolo)).toEqual(['Pane nuovo'])
  })

  test('has nothing of another family or the office', async () => {
    const stranger = (await aHousehold(municipality)).holderViewer
    expect(JSON.stringify(await personalExport(stranger))).not.toContain(household.holder.fiscalCode)
    expect(await personalExport(await aStaffViewer(municipality, 'manager'))).toBeNull()
  })

  test('has no hash and no secret', async () => {
    const data = await personalExport(household.holderViewer)
    expect(JSON.stringify(data?.sections)).not.toMatch(/"type":"Buffer"/)
  })

  test('is readable as a page, and shows markup as text', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('pupil')
      .set({ given_name: '<b>Greta</b>' })
      .where('household_id', '=', household.householdId)
      .execute()
    const data = await personalExport(household.holderViewer)
    const html = data ? exportInHtml(data, italian) : ''
    expect(html).toContain('<h2>Alunni di cui sei intestatario</h2>')
    expect(html).not.toContain('<b>Greta')
    expect(html).toContain('&#60;b&#62;Greta')
  })
})

describe('Accessi ai miei dati', () => {
  test('shows the family what the office did on its data, and not who the clerk is', async () => {
    const clerk = await aStaffViewer(municipality, 'operator')
    await asStaff(clerk, (trx) =>
      recordAudit(trx, clerk, {
        action: 'diet.read',
        objectType: 'household',
        objectId: household.householdId,
      }),
    )
    const seen = await dataAccesses(household.holderViewer)
    expect(seen?.accesses).toMatchObject([{ action: 'diet.read', by: 'ufficio', isOwn: false }])
  })

  test('shows it neither to a stranger nor to a delegate', async () => {
    const clerk = await aStaffViewer(municipality, 'operator')
    await asStaff(clerk, (trx) =>
      recordAudit(trx, clerk, {
        action: 'diet.read',
        objectType: 'household',
        objectId: household.householdId,
      }),
    )
    const delegate = await aDelegate(municipality, household.householdId)
    expect((await dataAccesses(delegate))?.accesses).toEqual([])
    expect((await dataAccesses((await aHousehold(municipality)).holderViewer))?.accesses).toEqual([])
  })

  test('has words for every operation that the code writes', () => {
    const files = readdirSync('lib', { recursive: true, withFileTypes: true }).filter((file) =>
      /\.(commands|queries)\.ts$/.test(file.name),
    )
    const actions = files.flatMap((file) => {
      const text = readFileSync(path.join(file.parentPath, file.name), 'utf8')
      if (!/\brecordAudit\(/.test(text)) return []
      return [...text.matchAll(/'([a-z-]+[.:][a-z-]+)'/g)]
        .filter(([, name]) => new RegExp(`action[^\\n]*'${name}'`).test(text))
        .map(([, name]) => name as string)
    })
    expect(actions.length).toBeGreaterThan(10)
    expect(actions.filter((name) => operationInWords(name) === name)).toEqual([])
  })
})

describe('the purge of registers', () => {
  const count = async (table: 'sign_in_event' | 'audit_event' | 'session') => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
      owner,
    )
    return rows[0]?.n ?? 0
  }

  async function insertOldRows() {
    const { owner } = await testDatabase()
    await purgeRegisters()
    await owner
      .insertInto('sign_in_event')
      .values([
        { outcome: 'signed_in', occurred_at: '2024-11-24T06:59:59Z' },
        { outcome: 'signed_in', occurred_at: '2024-11-24T07:00:00Z' },
      ])
      .execute()
    const event = {
      municipality_id: municipality.municipalityId,
      action: 'x',
      object_type: 'x',
      object_id: 'x',
    }
    await owner
      .insertInto('audit_event')
      .values([
        { ...event, occurred_at: '2024-11-24T06:59:59Z' },
        { ...event, occurred_at: '2024-11-24T07:00:00Z' },
      ])
      .execute()
  }

  test('keeps twenty-four months to the second, and deletes what is older', async () => {
    await insertOldRows()
    const before = [await count('sign_in_event'), await count('audit_event')]
    expect(await purgeRegisters()).toBe(2)
    expect([await count('sign_in_event'), await count('audit_event')]).toEqual(before.map((n) => n - 1))
    expect(await purgeRegisters()).toBe(0)
  })

  test('cannot be run earlier by the owner, nor at all by the runtime role itself', async () => {
    await insertOldRows()
    const { owner, web } = await testDatabase()
    await expect(
      owner.deleteFrom('audit_event').where('occurred_at', '=', new Date('2024-11-24T07:00:00Z')).execute(),
    ).rejects.toThrow(/append-only/)
    await expect(web.deleteFrom('audit_event').execute()).rejects.toThrow(/permission denied/)
    await expect(owner.updateTable('audit_event').set({ action: 'y' }).execute()).rejects.toThrow(
      /append-only/,
    )
  })

  test('keeps an ended session for thirty days, and an open one as long as it is open', async () => {
    const { owner } = await testDatabase()
    const base = {
      citizen_id: household.holder.citizenId,
      method: 'spid' as const,
      level: 2,
      authenticated_at: '2026-10-01T08:00:00Z',
      created_at: '2026-10-01T08:00:00Z',
    }
    const at = (n: number) => Buffer.alloc(32, n)
    await owner
      .insertInto('session')
      .values([
        { ...base, token_hash: at(1), expires_at: '2026-10-25T06:59:59Z' },
        { ...base, token_hash: at(2), expires_at: '2026-10-25T07:00:00Z' },
        { ...base, token_hash: at(3), expires_at: '2027-01-01T00:00:00Z' },
      ])
      .execute()
    const before = await count('session')
    await purgeRegisters()
    expect(await count('session')).toBe(before - 1)
  })
})

describe('the export for an authority', () => {
  const period = { from: '2026-11-24', to: '2026-11-24', reason: 'Richiesta del Garante' }

  const exported = async (viewer: Viewer, batch?: number): Promise<string> => {
    const pieces = await registersToExport(viewer, period, batch)
    return (await Array.fromAsync(pieces ?? [])).join('')
  }

  test('attributes each line to a person and is itself an operation', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await personalExport(household.holderViewer)
    const csv = await exported(manager)
    expect(csv).toContain(`Laura Conti;${household.holder.fiscalCode};Scaricati tutti i dati`)
    expect(csv).toContain('Registro esportato per un’autorità')
  })

  test('is for a manager of that municipality only, with a reason only', async () => {
    for (const role of ['operator', 'accountant', 'editor'] as const) {
      expect(await registersToExport(await aStaffViewer(municipality, role), period)).toBeNull()
    }
    expect(await registersToExport(household.holderViewer, period)).toBeNull()
    const manager = await aStaffViewer(municipality, 'manager')
    expect(await registersToExport(manager, { ...period, reason: ' ' })).toBeNull()
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await exported(elsewhere)).not.toContain(household.holder.fiscalCode)
  })

  test('S8 has every line of the period, in order, however many are read at a time', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const { owner } = await testDatabase()
    const { municipalityId: municipality_id } = municipality
    const event = { municipality_id, action: 'pupil:read', object_type: 'pupil' }
    const objects = Array.from({ length: 7 }, (_, n) => ({ ...event, object_id: `alunno-${n}` }))
    await owner.insertInto('audit_event').values(objects).execute()
    const csv = await exported(manager, 2)
    expect(csv.match(/alunno-\d/g)).toEqual(objects.map(({ object_id }) => object_id))
    expect(csv.match(/\uFEFF/g)).toHaveLength(1)
    expect(csv).toBe((await exported(manager)).split('\r\n').slice(0, -2).join('\r\n').concat('\r\n'))
  })
})
