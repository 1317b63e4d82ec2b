import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { runDueImports } from '#lib/imports/office/due-import.commands.ts'
import {
  confirmImport,
  continueImport,
  decideDoubts,
  undoImport,
} from '#lib/imports/office/import.commands.ts'
import type { ImportRow } from '#lib/imports/office/import.queries.ts'
import { addDays } from '#lib/kernel/day.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { NO_FILTERS } from '#lib/ledger/statement.address.ts'
import { statementOf } from '#lib/ledger/statement.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aMember, aPerson, ledgerFaults, type TestMunicipality, viewerOf } from '#tests/support/factories.ts'
import { adultCode, childCode, csv, HEADERS, row } from '#tests/support/import-files.ts'
import {
  anImportingMunicipality,
  applied,
  compared,
  findings,
  importNow,
  sent,
} from '#tests/support/pupil-imports.ts'

/** What families had with an earlier portal comes in beside the lists of the school: balances, fares, delegates. */
let municipality: TestMunicipality
let clerk: Viewer
let school: string

beforeEach(async () => {
  ;({ municipality, clerk, school } = await anImportingMunicipality())
})

const BIANCA = childCode('Vianello', 'Bianca')
const LUCA = childCode('Vianello', 'Luca', '2016-01-20')
const ADA = childCode('Orsini', 'Ada')
const SERGIO = adultCode('Vianello', 'Sergio')

const children = () => [
  row(school),
  row(school, { child: ['Vianello', 'Luca'], birthDay: '2016-01-20' }),
  row(school, { child: ['Orsini', 'Ada'], father: null, mother: ['Rinaldi', 'Eva'] }),
]
const people = () => applied(clerk, municipality, csv([[...HEADERS], ...children()]))

const balances = (...rows: string[][]) => csv([['Codice fiscale alunno', 'Saldo'], ...rows])
const OF_PUPILS = { payer: 'none', balanceOwner: 'pupil', balanceDay: '2026-08-31' } as const

async function balanceOf(code: string): Promise<number> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ cents: number }>`select a.balance_cents as cents from account a
    join pupil c on c.household_id = a.household_id
    where c.municipality_id = ${municipality.municipalityId} and c.fiscal_code = ${code}`.execute(owner)
  return rows[0]?.cents ?? Number.NaN
}

const confirmed = async (found: ImportRow): Promise<ImportRow> => {
  const done = await confirmImport(clerk, found.id, found.seen ?? '')
  if (!done.ok) throw new Error(done.code)
  await runDueImports()
  return importNow(clerk, found.id)
}

/** Every row that an import may write, but movements and the balances that they make, as a checksum. */
async function registry(): Promise<string> {
  const { owner } = await testDatabase()
  const tables = ['household', 'person', 'household_member', 'pupil', 'enrolment', 'fare_assignment'] as const
  const sums: string[] = []
  for (const table of tables) {
    const { rows } = await sql<{ sum: string }>`
      select md5(coalesce(string_agg(to_jsonb(r)::text, '|' order by to_jsonb(r)::text), '')) as sum
      from ${sql.table(table)} r where r.municipality_id = ${municipality.municipalityId}`.execute(owner)
    sums.push(rows[0]?.sum ?? '')
  }
  return sums.join(' ')
}

describe('the balances of an earlier portal', () => {
  test('are opened once for each family, to the cent, and the family reads them', async () => {
    await people()
    const file = balances([BIANCA, '-4,30'], [LUCA, '10,00'], [ADA, '1.234,56'], ['Totale', '1.240,26'])
    const done = await applied(clerk, municipality, file, OF_PUPILS)
    expect(done).toMatchObject({
      state: 'applied',
      counts: {
        balances: {
          ...{ fileCents: 124_026, totalLineCents: 124_026, creditCents: 124_026, debtCents: 0 },
          write: { households: 2, cents: 124_026 },
        },
      },
    })
    expect([await balanceOf(BIANCA), await balanceOf(ADA)]).toEqual([570, 123_456])
    expect(await ledgerFaults()).toBe(0)

    const { owner } = await testDatabase()
    const holder = await owner
      .selectFrom('household_member as m')
      .innerJoin('person as p', 'p.id', 'm.person_id')
      .innerJoin('account as a', 'a.household_id', 'm.household_id')
      .select(['m.household_id as householdId', 'm.person_id as personId'])
      .where('p.fiscal_code', '=', SERGIO)
      .where('m.municipality_id', '=', municipality.municipalityId)
      .executeTakeFirstOrThrow()
    const viewer = viewerOf(
      municipality,
      { personId: holder.personId, citizenId: holder.personId, fiscalCode: SERGIO },
      { memberships: [{ householdId: holder.householdId, role: 'holder' }] },
    )
    expect((await statementOf(viewer, NO_FILTERS))?.movements).toMatchObject([
      { kind: 'opening', day: '2026-08-31', amountCents: 570, balanceCents: 570 },
    ])
  })

  test('that come again change nothing, and another amount is a difference that a person decides', async () => {
    await people()
    await applied(clerk, municipality, balances([BIANCA, '12,50'], [ADA, '-3']), OF_PUPILS)
    const again = await compared(
      clerk,
      municipality,
      await sent(clerk, balances([BIANCA, '12,50'], [ADA, '-3,00'])),
      OF_PUPILS,
    )
    expect(again.counts).toMatchObject({ same: 2, changed: 0, doubtful: 0 })
    expect(again.counts.balances).toMatchObject({ same: { households: 2, cents: 950 } })

    const other = await compared(
      clerk,
      municipality,
      await sent(clerk, balances([BIANCA, '15,00'], [ADA, '-3'])),
      OF_PUPILS,
    )
    const [doubt] = await findings(clerk, other.id, 'doubtful')
    expect(doubt?.why.join(' ')).toContain('si registra la differenza')
    await decideDoubts(clerk, other.id, [{ position: doubt?.position ?? 0, decision: 'take' }])
    await confirmed(other)
    expect([await balanceOf(BIANCA), await balanceOf(ADA)]).toEqual([1500, -300])
    expect(await ledgerFaults()).toBe(0)
  })

  test('written beside each child of a family are the family’s once, and two that differ are refused', async () => {
    await people()
    const whole = { ...OF_PUPILS, balanceOwner: 'household' } as const
    await applied(clerk, municipality, balances([BIANCA, '20'], [LUCA, '20']), whole)
    expect(await balanceOf(BIANCA)).toBe(2000)
    const differ = await compared(
      clerk,
      municipality,
      await sent(clerk, balances([BIANCA, '20'], [LUCA, '21'])),
      whole,
    )
    expect((await findings(clerk, differ.id, 'refused'))[0]?.why.join(' ')).toContain('saldi diversi')
  })

  test('are found by the code of who pays, without a pupil', async () => {
    await people()
    const file = csv([
      ['Codice fiscale pagante', 'Nome pagante', 'Saldo al 31/08/2026'],
      [SERGIO, 'Sergio', '-7,10'],
      [adultCode('Ignoto', 'Ugo'), 'Ugo', '1,00'],
    ])
    const found = await compared(clerk, municipality, await sent(clerk, file), {
      ...OF_PUPILS,
      payer: 'first',
      balanceOwner: 'household',
    })
    expect((await findings(clerk, found.id, 'refused'))[0]?.why.join(' ')).toContain(
      'Non c’è una famiglia in cui paga Ugo',
    )
    expect(found.counts.balances).toMatchObject({
      ...{ fileCents: -610, debtCents: -710 },
      ...{ write: { households: 1, cents: -710 }, refused: { households: 1, cents: 100 } },
    })
    await confirmed(found)
    expect(await balanceOf(BIANCA)).toBe(-710)
  })

  test('in the file of new pupils wait for their accounts, and a second pass opens them', async () => {
    const file = csv([
      [...HEADERS, 'Saldo'],
      ...children().map((cells, at) => [...cells, ['5,00', '', '-2,40'][at] ?? '']),
    ])
    const first = await applied(clerk, municipality, file, {
      balanceOwner: 'pupil',
      balanceDay: '2026-08-31',
    })
    expect(first.counts).toMatchObject({ new: 3, balances: { later: { households: 2, cents: 260 } } })
    expect(await balanceOf(BIANCA)).toBe(0)
    const next = await continueImport(clerk, first.id)
    if (!next.ok) throw new Error(next.code)
    await runDueImports()
    const second = await importNow(clerk, next.value.id)
    expect(second.counts).toMatchObject({
      changed: 2,
      same: 1,
      balances: { write: { households: 2, cents: 260 } },
    })
    await confirmed(second)
    expect([await balanceOf(BIANCA), await balanceOf(ADA)]).toEqual([500, -240])
  })

  test('are reversed when the import is undone, and then come again as they are', async () => {
    await people()
    const file = balances([BIANCA, '12,50'], [ADA, '-3'])
    const done = await applied(clerk, municipality, file, OF_PUPILS)
    expect((await undoImport(clerk, done.id)).ok).toBe(true)
    await runDueImports()
    expect(await importNow(clerk, done.id)).toMatchObject({ state: 'undone', stopped: null })
    expect([await balanceOf(BIANCA), await balanceOf(ADA)]).toEqual([0, 0])
    expect(await ledgerFaults()).toBe(0)
    expect(await applied(clerk, municipality, file, OF_PUPILS)).toMatchObject({ counts: { changed: 2 } })
    expect([await balanceOf(BIANCA), await balanceOf(ADA)]).toEqual([1250, -300])
  })

  test('stay when the account has moved since, and the family is named', async () => {
    await people()
    const done = await applied(clerk, municipality, balances([BIANCA, '12,50']), OF_PUPILS)
    const { owner } = await testDatabase()
    const account = await owner
      .selectFrom('account as a')
      .innerJoin('pupil as c', 'c.household_id', 'a.household_id')
      .select('a.id')
      .where('c.fiscal_code', '=', BIANCA)
      .where('c.municipality_id', '=', municipality.municipalityId)
      .executeTakeFirstOrThrow()
    const { municipalityId, serviceId } = municipality
    await asSystem(municipalityId, async (trx) => {
      const from = await systemAccount(trx, municipalityId, { kind: 'adjustment', serviceId })
      await postJournal(trx, municipalityId, {
        ...{ kind: 'adjustment', idempotencyKey: 'later', description: '' },
        lines: [
          { accountId: account.id, amountCents: 100 },
          { accountId: from, amountCents: -100 },
        ],
      })
    })
    await undoImport(clerk, done.id)
    await runDueImports()
    const after = await importNow(clerk, done.id)
    expect(after.state).toBe('applied')
    expect(after.stopped).toContain('saldi che si sono mossi (Vianello)')
    expect(await balanceOf(BIANCA)).toBe(1350)
  })

  test.each([
    ['without a day', { balanceDay: null }, 'imports:choose-balance-day'],
    ['of a day to come', { balanceDay: '2026-11-25' }, 'imports:balance-day-to-come'],
    ['without an owner', { balanceOwner: '' }, 'imports:choose-balance-owner'],
  ] as const)('%s are not compared', async (_, given, code) => {
    const id = await sent(clerk, balances([BIANCA, '1']))
    await expect(compared(clerk, municipality, id, { ...OF_PUPILS, ...given })).rejects.toThrow(code)
  })

  test.each([
    ['1e3', 'refused', 'non si legge'],
    ['12,345', 'refused', 'non si legge'],
    ['2.150', 'doubtful', 'vuol dire 2.150,00'],
  ] as const)('that say %s are %s', async (text, verdict, words) => {
    await people()
    const found = await compared(clerk, municipality, await sent(clerk, balances([BIANCA, text])), OF_PUPILS)
    expect((await findings(clerk, found.id, verdict))[0]?.why.join(' ').replaceAll('\u00a0', ' ')).toContain(
      words,
    )
  })
})

describe('the fares of an earlier portal', () => {
  const FARES = ['Codice fiscale alunno', 'Fascia ISEE', 'Dal', 'Al']
  const NO_PAYER = { payer: 'none' } as const

  beforeEach(async () => {
    const { owner } = await testDatabase()
    const key = { municipality_id: municipality.municipalityId, service_id: municipality.serviceId }
    await owner
      .insertInto('fare_band')
      .values([
        { ...key, code: 'B', name: 'Ridotta', description: '' },
        { ...key, code: 'C', name: 'Fratelli', description: '' },
      ])
      .execute()
    await owner
      .insertInto('fare_band_price')
      .values([
        { ...key, code: 'B', valid_from: '2026-09-01', price_cents: 250 },
        { ...key, code: 'C', valid_from: '2026-09-01', price_cents: 300 },
      ])
      .execute()
  })

  const faresOf = async (code: string) => {
    const { owner } = await testDatabase()
    return owner
      .selectFrom('fare_assignment as f')
      .innerJoin('pupil as c', 'c.id', 'f.pupil_id')
      .select(['f.band_code as band', 'f.valid_from as from', 'f.valid_to as to'])
      .where('c.fiscal_code', '=', code)
      .where('c.municipality_id', '=', municipality.municipalityId)
      .orderBy('f.valid_from')
      .execute()
  }

  test('are given by code, name or price, from the first day that no kitchen has counted', async () => {
    await people()
    await setClock('2026-11-24T11:05:00+01:00')
    const file = csv([
      FARES,
      [BIANCA, 'fascia B', '01/09/2026', '31/01/2027'],
      [LUCA, 'Fratelli', '01/02/2027', ''],
      [ADA, '2,50', '', ''],
    ])
    const done = await applied(clerk, municipality, file, NO_PAYER)
    expect(done.counts).toMatchObject({ changed: 3, refused: 0 })
    const [bianca] = await faresOf(BIANCA)
    expect(bianca).toMatchObject({ band: 'B', to: '2027-01-31' })
    expect(bianca?.from && bianca.from >= '2026-11-24').toBe(true)
    expect(await faresOf(LUCA)).toMatchObject([{ band: 'C', from: '2027-02-01' }])
    expect(await faresOf(ADA)).toMatchObject([{ band: 'B' }])

    const again = await compared(clerk, municipality, await sent(clerk, file), NO_PAYER)
    expect(again.counts).toMatchObject({ same: 3, changed: 0 })
  })

  test('come with new pupils, and undoing puts every band back as it was', async () => {
    await people()
    await applied(clerk, municipality, csv([FARES, [BIANCA, 'B', '', '']]), NO_PAYER)
    await setClock('2026-11-24T11:10:00+01:00')
    const before = await registry()
    const file = csv([
      [...HEADERS, 'Fascia'],
      [...row(school), 'C'],
      [...row(school, { child: ['Neri', 'Zoe'], father: ['Neri', 'Ugo'] }), 'B'],
    ])
    const done = await applied(clerk, municipality, file)
    expect(done.counts).toMatchObject({ new: 1, changed: 1 })
    expect(await faresOf(childCode('Neri', 'Zoe'))).toMatchObject([{ band: 'B' }])
    expect((await faresOf(BIANCA)).map(({ band }) => band)).toContain('C')
    expect((await undoImport(clerk, done.id)).ok).toBe(true)
    await runDueImports()
    expect(await importNow(clerk, done.id)).toMatchObject({ state: 'undone', stopped: null })
    expect(await registry()).toBe(before)
  })

  test('that is full price ends the band of a pupil', async () => {
    await people()
    await applied(clerk, municipality, csv([FARES, [BIANCA, 'B', '', '']]), NO_PAYER)
    await applied(clerk, municipality, csv([FARES, [BIANCA, 'intero', '01/03/2027', '']]), NO_PAYER)
    expect(await faresOf(BIANCA)).toMatchObject([{ band: 'B', to: addDays('2027-03-01', -1) }])
  })

  test.each([
    ['is not there', ['Z', '', ''], 'non è fra quelle che si possono dare'],
    ['has a day that is none', ['B', '31/02/2027', ''], 'non si legge'],
    ['ends before it begins', ['B', '01/03/2027', '01/02/2027'], 'finisce prima di cominciare'],
  ])('that %s is refused at its row', async (_, cells, words) => {
    await people()
    const found = await compared(
      clerk,
      municipality,
      await sent(clerk, csv([FARES, [BIANCA, ...cells]])),
      NO_PAYER,
    )
    expect((await findings(clerk, found.id, 'refused'))[0]?.why.join(' ')).toContain(words)
  })

  test('of two rows for the same days are refused', async () => {
    await people()
    const file = csv([FARES, [BIANCA, 'B', '01/12/2026', '31/03/2027'], [BIANCA, 'C', '01/03/2027', '']])
    const found = await compared(clerk, municipality, await sent(clerk, file), NO_PAYER)
    expect((await findings(clerk, found.id, 'refused'))[0]?.why.join(' ')).toContain('negli stessi giorni')
  })
})

describe('the delegates of an earlier portal', () => {
  const DELEGATES = [
    'Codice fiscale pagante',
    'Cognome delegato',
    'Nome delegato',
    'Codice fiscale delegato',
    'Delega fino al',
  ]
  const nonna = ['Serra', 'Pia', adultCode('Serra', 'Pia', 'F')]

  const rolesOf = async () => {
    const { owner } = await testDatabase()
    return owner
      .selectFrom('household_member as m')
      .innerJoin('person as p', 'p.id', 'm.person_id')
      .innerJoin('household as h', 'h.id', 'm.household_id')
      .select(['p.given_name as name', 'm.role', 'm.valid_to as to'])
      .where('m.municipality_id', '=', municipality.municipalityId)
      .where('h.name', '=', 'Vianello')
      .where('m.ended_at', 'is', null)
      .orderBy('p.given_name')
      .execute()
  }

  test('are entered by the family’s payer with their last day, once, and undone', async () => {
    await people()
    await setClock('2026-11-24T11:05:00+01:00')
    const before = await registry()
    const file = csv([DELEGATES, [SERGIO, ...nonna, '30/06/2027']])
    const done = await applied(clerk, municipality, file)
    expect(done.counts).toMatchObject({ changed: 1 })
    expect(await rolesOf()).toEqual([
      { name: 'Irene', role: 'delegate', to: null },
      { name: 'Pia', role: 'delegate', to: '2027-06-30' },
      { name: 'Sergio', role: 'holder', to: null },
    ])
    expect((await compared(clerk, municipality, await sent(clerk, file))).counts).toMatchObject({ same: 1 })
    await undoImport(clerk, done.id)
    await runDueImports()
    expect(await importNow(clerk, done.id)).toMatchObject({ state: 'undone', stopped: null })
    expect(await registry()).toBe(before)
  })

  test('are doubtful when the family took the role away', async () => {
    await people()
    const { owner } = await testDatabase()
    await sql`update household_member m set ended_at = app_now() from person p where p.id = m.person_id
      and m.municipality_id = ${municipality.municipalityId} and p.fiscal_code = ${adultCode('Costa', 'Irene', 'F')}`.execute(
      owner,
    )
    const file = csv([DELEGATES, [SERGIO, 'Costa', 'Irene', adultCode('Costa', 'Irene', 'F'), '']])
    const found = await compared(clerk, municipality, await sent(clerk, file))
    expect((await findings(clerk, found.id, 'doubtful'))[0]?.why.join(' ')).toContain('ha già avuto un ruolo')
  })

  test('whose role is over, or whose code is wrong, are refused in words', async () => {
    await people()
    const file = csv([
      DELEGATES,
      [SERGIO, ...nonna, '30/06/2026'],
      [adultCode('Rinaldi', 'Eva', 'F'), 'Serra', 'Pia', 'SRRPIA', ''],
    ])
    const found = await compared(clerk, municipality, await sent(clerk, file))
    const words = (await findings(clerk, found.id, 'refused')).flatMap(({ why }) => why).join(' ')
    expect(words).toContain('La delega è finita il 30/06/2026')
    expect(words).toContain('non è valido')
  })
})

test('a delegate whom the file makes the payer of a family without one pays, and is a delegate no more', async () => {
  const done = await applied(clerk, municipality, csv([[...HEADERS], row(school)]), { payer: 'none' })
  expect(done.state).toBe('applied')
  const { owner } = await testDatabase()
  const { id } = await owner
    .selectFrom('household')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .executeTakeFirstOrThrow()
  const irene = await aPerson(municipality, { givenName: 'Irene', familyName: 'Costa' })
  await owner
    .updateTable('person')
    .set({ birth_date: '1984-11-02' })
    .where('id', '=', irene.personId)
    .execute()
  await aMember(municipality, id, irene, 'delegate')
  await setClock('2026-11-24T11:05:00+01:00')
  const before = await registry()
  const file = csv([
    ['Codice fiscale alunno', 'Cognome pagante', 'Nome pagante', 'CF pagante'],
    [BIANCA, 'Costa', 'Irene', irene.fiscalCode],
  ])
  const second = await compared(clerk, municipality, await sent(clerk, file))
  const [finding] = await findings(clerk, second.id, 'changed')
  expect(finding?.words.join(' ')).toContain('ora paga, e non è più delegato')
  expect(await confirmed(second)).toMatchObject({ state: 'applied', stopped: null })
  const roles = await owner
    .selectFrom('household_member')
    .select('role')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('household_id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
  expect(roles).toEqual([{ role: 'holder' }])
  await undoImport(clerk, second.id)
  await runDueImports()
  expect(await importNow(clerk, second.id)).toMatchObject({ state: 'undone', stopped: null })
  expect(await registry()).toBe(before)
})
