import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { readCsv } from '#lib/kernel/csv.ts'
import { insertKitchen } from '#lib/kitchen/office/kitchen.commands.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { townZip } from '#lib/privacy/office/town-export.csv.ts'
import { beginTownExport, exportRows } from '#lib/privacy/office/town-export.queries.ts'
import {
  EXPORT_TABLES,
  type ExportTable,
  exportGuide,
  headersOf,
  LEFT_OUT,
} from '#lib/privacy/office/town-export.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { compared, sent } from '#tests/support/pupil-imports.ts'

/** Everything of a municipality, read back from the file and compared with the database. */
let municipality: TestMunicipality
let files: Record<string, Uint8Array>
let elsewhere: string

const HOUSEHOLDS = 230

beforeAll(async () => {
  await setClock('2026-11-24T11:00:00+01:00')
  municipality = await aMunicipality()
  const other = await aMunicipality()
  const stranger = await aHousehold(other, { name: 'Straniero' })
  elsewhere = stranger.householdId
  const { municipalityId, serviceId } = municipality
  const day = await aServiceDay(municipality, '2026-11-25')
  for (let n = 0; n < HOUSEHOLDS; n += 1) {
    const home = await aHousehold(municipality, { name: n === 0 ? '=Formula; "e virgolette"' : `Casa ${n}` })
    const pupil = await aPupil(municipality, home.householdId)
    if (n === 0) await aDelegate(municipality, home.householdId)
    if (n % 50 === 0) await anAbsence(municipality, home, pupil, day)
    if (n % 3 > 0) continue
    await asSystem(municipalityId, async (trx) => {
      const source = await systemAccount(trx, municipalityId, { kind: 'opening', serviceId })
      await postJournal(trx, municipalityId, {
        ...{ kind: 'opening', idempotencyKey: `o${n}`, description: 'Saldo iniziale' },
        lines: [
          { accountId: home.accountId, amountCents: n % 2 === 0 ? 1_000 + n : -430 },
          { accountId: source, amountCents: n % 2 === 0 ? -1_000 - n : 430 },
        ],
      })
    })
  }
  await whatCameLater()
  const manager = await aStaffViewer(municipality, 'manager')
  const asOf = (await beginTownExport(manager)) as Date
  const pieces: Uint8Array[] = []
  for await (const piece of townZip((file) => exportRows(manager, file, asOf))) pieces.push(piece)
  files = unzipSync(Buffer.concat(pieces))
}, 240_000)

/** A kitchen with its cook, who cancels, a pupil's own days, and what waits to be decided. */
async function whatCameLater() {
  const { owner } = await testDatabase()
  const { municipalityId: municipality_id, school, serviceId: service_id } = municipality
  const kitchen_id = await asSystem(municipality_id, (trx) =>
    insertKitchen(trx, municipality_id, { name: 'Centro', emails: ['a@b.it', 'c@d.it'], phone: '' }, null),
  )
  await owner
    .insertInto('kitchen_school')
    .values({ municipality_id, school_id: school.id, kitchen_id, valid_from: '2026-09-01' })
    .execute()
  const { personId } = await aStaffViewer(municipality, 'kitchen', { kitchenId: kitchen_id })
  await owner
    .insertInto('service_rule')
    .values({ municipality_id, service_id, valid_from: '2026-12-01', cancelled_by: 'holder' })
    .execute()
  await owner
    .insertInto('class_places')
    .values({ municipality_id, school_class_id: school.classId, places: 25, updated_by: personId })
    .execute()
  await sql`update enrolment set weekdays = '{1,3}' where municipality_id = ${municipality_id}
    and id = (select id from enrolment where municipality_id = ${municipality_id} order by id limit 1)`.execute(
    owner,
  )
  await sql`update person set phone = '+393401234567', email = 'casa@example.it' where municipality_id = ${municipality_id}
    and id in (select person_id from household_member where municipality_id = ${municipality_id} order by id limit 5)`.execute(
    owner,
  )
}

const rowsOf = (file: string): Record<string, string>[] => {
  const [head, ...lines] = readCsv(strFromU8(files[file] as Uint8Array), ';')
  return lines.map(({ cells }) =>
    Object.fromEntries((head?.cells ?? []).map((name, at) => [name, cells[at] ?? ''])),
  )
}
const cents = (file: string, column: string): number =>
  rowsOf(file).reduce((sum, row) => sum + Number(row[`${column}_centesimi`]), 0)

async function count(what: string): Promise<number> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(what)} t
    where t.municipality_id = ${municipality.municipalityId}`.execute(owner)
  return rows[0]?.n ?? -1
}

describe('the export of a municipality', () => {
  test.each([
    ['alunni.csv', 'pupil'],
    ['famiglie.csv', 'household'],
    ['persone.csv', 'person'],
    ['ruoli.csv', 'household_member'],
    ['iscrizioni.csv', 'enrolment'],
    ['disdette.csv', 'absence'],
    ['scuole.csv', 'school'],
    ['classi.csv', 'school_class'],
    ['tariffe_alunni.csv', 'fare_assignment'],
    ['cucine.csv', 'kitchen'],
    ['cucine_scuole.csv', 'kitchen_school'],
    ['chi_disdice.csv', 'service_rule'],
    ['ufficio.csv', 'staff_member'],
    ['codici.csv', 'person_code'],
    ['elenco.csv', 'pupil'],
    ['pasti_tra_famiglie.csv', 'meal_household_rule'],
  ])('has in %s each row of the database once', async (file, table) => {
    const rows = rowsOf(file)
    expect(rows).toHaveLength(await count(table))
    if (rows[0]?.id) expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  })

  test('has balances that are the sums of their movements, to the cent, as in the database', async () => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{
      cents: number
      n: number
    }>`select sum(balance_cents)::int as cents, count(*)::int as n
      from account where municipality_id = ${municipality.municipalityId} and kind = 'household'`.execute(
      owner,
    )
    expect(cents('conti.csv', 'saldo')).toBe(rows[0]?.cents)
    expect(cents('movimenti.csv', 'importo')).toBe(rows[0]?.cents)
    expect(rowsOf('conti.csv')).toHaveLength(rows[0]?.n ?? -1)
    const movements = rowsOf('movimenti.csv')
    for (const account of rowsOf('conti.csv')) {
      const own = movements.filter((one) => one.conto_id === account.id)
      expect(own.reduce((sum, one) => sum + Number(one.importo_centesimi), 0)).toBe(
        Number(account.saldo_centesimi),
      )
    }
    expect(movements.find((one) => one.importo_centesimi === '-430')?.importo).toBe('-4,30')
  })

  test('refers to nothing that is not in it, and has nothing of another municipality', () => {
    const ids = (file: string) => new Set(rowsOf(file).map(({ id }) => id))
    const [homes, pupils, people, accounts] = ['famiglie.csv', 'alunni.csv', 'persone.csv', 'conti.csv'].map(
      ids,
    )
    for (const row of rowsOf('alunni.csv')) expect(homes).toContain(row.famiglia_id)
    for (const row of rowsOf('iscrizioni.csv')) expect(pupils).toContain(row.alunno_id)
    for (const row of rowsOf('ruoli.csv')) expect(people).toContain(row.persona_id)
    for (const row of rowsOf('movimenti.csv')) expect(accounts).toContain(row.conto_id)
    expect(homes).not.toContain(elsewhere)
    expect(Object.values(files).some((content) => strFromU8(content).includes(elsewhere))).toBe(false)
  })

  test('says of each file how long it is, what its amounts sum to and its hash', () => {
    const sums = rowsOf('verifica.csv')
    expect(sums.map(({ file }) => file)).toEqual(EXPORT_TABLES.map(({ file }) => file))
    for (const { file = '', righe, byte, sha256, somma_centesimi } of sums) {
      const content = files[file] as Uint8Array
      expect(Number(byte)).toBe(content.length)
      expect(sha256).toBe(createHash('sha256').update(content).digest('hex'))
      expect(Number(righe)).toBe(rowsOf(file).length)
      if (file === 'movimenti.csv') expect(Number(somma_centesimi)).toBe(cents(file, 'importo'))
    }
  })

  test('has the kitchens with what they serve and who cooks, who cancels, own weekdays and places', () => {
    const [kitchen] = rowsOf('cucine.csv')
    expect(kitchen).toMatchObject({ nome: 'Centro', email: 'a@b.it c@d.it' })
    expect(rowsOf('cucine_scuole.csv')).toEqual([
      { scuola_id: municipality.school.id, cucina_id: kitchen?.id, dal: '2026-09-01' },
    ])
    expect(rowsOf('ufficio.csv').find(({ ruolo }) => ruolo === 'kitchen')?.cucina_id).toBe(kitchen?.id)
    expect(rowsOf('chi_disdice.csv')).toMatchObject([{ dal: '2026-12-01', chi: 'pagante' }])
    expect(rowsOf('iscrizioni.csv').filter(({ giorni }) => giorni === '1 3')).toHaveLength(1)
    expect(rowsOf('classi.csv')[0]?.posti).toBe('25')
  })

  test('has each table of a municipality in a file, or says why it is left out', async () => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'municipality_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      order by 1`.execute(owner)
    const tables = [...rows.map(({ name }) => name), 'municipality'].toSorted()
    const named = [
      ...EXPORT_TABLES.flatMap((table: ExportTable) => table.from),
      ...LEFT_OUT.flatMap(({ tables: left }) => left),
    ]
    expect(named.toSorted(), 'a new table goes into a file or into LEFT_OUT, with the reason').toEqual(tables)
  })

  test('is read back by the import of the portal without a hand, and changes nothing', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('municipality')
      .set({ active: false })
      .where('id', '<>', municipality.municipalityId)
      .execute()
    const clerk = await aStaffViewer(municipality, 'operator')
    const id = await sent(clerk, files['elenco.csv'] as Uint8Array)
    const read = await compared(clerk, municipality, id)
    expect(read.mapping.columns).toEqual(
      expect.arrayContaining(['pupil.familyName', 'pupil.class', 'adult1.fiscalCode', 'adult2.until']),
    )
    expect(read.mapping.columns).not.toContain('')
    expect(read.counts).toMatchObject({
      ...{ same: HOUSEHOLDS, new: 0, changed: 0, doubtful: 0, refused: 0, gone: 0 },
    })
  })

  test('is no formula for a spreadsheet, and keeps its signs', () => {
    expect(rowsOf('famiglie.csv')[0]?.nome).toBe('\'=Formula; "e virgolette"')
  })

  test('explains each of its columns, in the file and in the documentation', () => {
    for (const table of EXPORT_TABLES as readonly ExportTable[]) {
      const [head] = readCsv(strFromU8(files[table.file] as Uint8Array), ';')
      expect(head?.cells).toEqual(headersOf(table))
    }
    expect(strFromU8(files['leggimi.md'] as Uint8Array)).toBe(exportGuide())
    const page = readFileSync(path.join(import.meta.dirname, '../../docs/town-export.md'), 'utf8')
    expect(page).toContain(exportGuide().trim())
  })

  test.each(['operator', 'accountant', 'editor', 'reader', 'kitchen', 'school_office', 'teacher'] as const)(
    'does not begin for the role %s, and is written down for the manager',
    async (role) => {
      const { owner } = await testDatabase()
      const begun = () =>
        owner
          .selectFrom('audit_event')
          .select('id')
          .where('municipality_id', '=', municipality.municipalityId)
          .where('action', '=', 'town.exported')
          .execute()
      expect(await begun()).toHaveLength(1)
      expect(await beginTownExport(await aStaffViewer(municipality, role))).toBeNull()
      expect(await begun()).toHaveLength(1)
    },
  )
})
