import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { purgeImports, runDueImports } from '#lib/imports/office/due-import.commands.ts'
import {
  answerClasses,
  confirmImport,
  decideDoubts,
  discardImport,
  stopImport,
  undoImport,
} from '#lib/imports/office/import.commands.ts'
import { importsForOffice, importToDownload } from '#lib/imports/office/import.queries.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { mealsInLines } from '#lib/kitchen/count.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { mergePupils, previewMerge } from '#lib/people/office/pupil-merge.commands.ts'
import { REGISTRATION_NOTICES } from '#lib/people/office/registration.notice.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { adultCode, bytes, childCode, csv, HEADERS, row, xlsx } from '#tests/support/import-files.ts'
import {
  anImportingMunicipality,
  applied,
  compared,
  findings,
  importNow,
  sent,
} from '#tests/support/pupil-imports.ts'

let municipality: TestMunicipality
let clerk: Viewer
let school: string

beforeEach(async () => {
  ;({ municipality, clerk, school } = await anImportingMunicipality())
})

const TABLES = [
  'household',
  'person',
  'person_code',
  'household_member',
  'pupil',
  'enrolment',
  'account',
  'absence',
] as const

/** Every row of the registry, as a checksum. */
async function registry(): Promise<string> {
  const { owner } = await testDatabase()
  const sums: string[] = []
  for (const table of TABLES) {
    const { rows } = await sql<{
      sum: string
    }>`select md5(coalesce(string_agg(to_jsonb(r)::text, '|' order by to_jsonb(r)::text), '')) as sum
      from ${sql.table(table)} r where r.municipality_id = ${municipality.municipalityId}`.execute(owner)
    sums.push(rows[0]?.sum ?? '')
  }
  return sums.join(' ')
}

const list = (...rows: string[][]) => csv([[...HEADERS], ...rows])

const SIBLINGS = () => [
  row(school),
  row(school, { child: ['Vianello', 'Luca'], birthDay: '2016-01-20' }),
  row(school, { child: ['Orsini', 'Ada'], father: null, mother: ['Rinaldi', 'Eva'] }),
]

describe('a list of a school', () => {
  test('makes families by who pays, and the holder and the kitchen find the children', async () => {
    const done = await applied(clerk, municipality, list(...SIBLINGS()))
    expect(done).toMatchObject({ state: 'applied', counts: { new: 3, rows: 3 }, stopped: null })
    const { owner } = await testDatabase()
    const families = await owner
      .selectFrom('household')
      .select('name')
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('name')
      .execute()
    expect(families.map(({ name }) => name)).toEqual(['Orsini', 'Vianello'])
    expect(
      mealsInLines((await countsOfDay(clerk, '2026-11-25'))?.schools.flatMap(({ lines }) => lines) ?? []),
    ).toBe(3)
    const father = await owner
      .selectFrom('person')
      .selectAll()
      .where('municipality_id', '=', municipality.municipalityId)
      .where('fiscal_code', '=', adultCode('Vianello', 'Sergio'))
      .executeTakeFirstOrThrow()
    expect(father.phone).toBe('+393400000001')
    const { rows: roles } = await sql<{
      role: string
      name: string
    }>`select m.role, p.full_name as name from household_member m
      join person p on p.id = m.person_id where m.municipality_id = ${municipality.municipalityId} order by m.role desc, p.full_name`.execute(
      owner,
    )
    expect(roles).toEqual([
      { role: 'holder', name: 'Eva Rinaldi' },
      { role: 'holder', name: 'Sergio Vianello' },
      { role: 'delegate', name: 'Irene Costa' },
    ])
  })

  test('that comes again changes nothing, and a week later changes only what changed', async () => {
    await applied(clerk, municipality, list(...SIBLINGS()))
    const before = await registry()
    const again = await compared(clerk, municipality, await sent(clerk, list(...SIBLINGS())))
    expect(again.counts).toMatchObject({ same: 3, new: 0, changed: 0, doubtful: 0, refused: 0, gone: 0 })
    expect(await confirmImport(clerk, again.id, again.seen ?? '')).toMatchObject({
      code: 'imports:nothing-to-do',
    })
    expect(await registry()).toBe(before)

    const other = await aSchool(municipality, 'Plesso Nuovo')
    const [bianca = [], , ada = []] = SIBLINGS()
    const later = list(
      bianca.with(4, 'Plesso Nuovo'),
      ada,
      row(school, { child: ['Vianello', 'Nina'], birthDay: '2019-06-01' }),
    )
    const done = await applied(clerk, municipality, later)
    expect(done.counts).toMatchObject({ new: 1, changed: 1, same: 1, gone: 1 })
    expect(await findings(clerk, done.id, 'gone')).toMatchObject([{ name: 'Luca Vianello' }])
    const { owner } = await testDatabase()
    const moved = await owner
      .selectFrom('enrolment')
      .innerJoin('pupil', 'pupil.id', 'enrolment.pupil_id')
      .select(['school_id', 'valid_from', 'valid_to'])
      .where('pupil.municipality_id', '=', municipality.municipalityId)
      .where('pupil.fiscal_code', '=', childCode('Vianello', 'Bianca'))
      .orderBy('valid_from')
      .execute()
    expect(moved.at(-1)).toMatchObject({ school_id: other.id, valid_to: '2027-06-05' })
    const families = await owner
      .selectFrom('household')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(families).toHaveLength(2)
  })

  test('with the code of a pupil that was merged changes the one that stayed, and a second row of it is refused', async () => {
    await applied(clerk, municipality, list(row(school)))
    const { owner } = await testDatabase()
    const kept = await owner
      .selectFrom('pupil')
      .select(['id', 'household_id'])
      .where('municipality_id', '=', municipality.municipalityId)
      .executeTakeFirstOrThrow()
    const other = await aPupil(municipality, kept.household_id, { name: 'Bianca' })
    const twin = childCode('Vianello', 'Bianca', '2018-04-09', 'M')
    await owner
      .updateTable('pupil')
      .set({ fiscal_code: twin, family_name: 'Vianello', birth_date: '2018-04-09' })
      .where('id', '=', other)
      .execute()
    const choice = {
      oneId: kept.id,
      otherId: other,
      keep: 'one',
      name: 'one',
      birth: 'one',
      code: 'one',
    } as const
    const preview = await previewMerge(clerk, choice)
    const { seen } = preview.ok ? preview.value : { seen: preview.code }
    expect(await mergePupils(clerk, choice, { seen, reason: 'Inserita due volte' })).toMatchObject({
      ok: true,
    })
    const again = await compared(clerk, municipality, await sent(clerk, list(row(school, { code: twin }))))
    expect(again.counts).toMatchObject({ same: 1, new: 0, changed: 0, doubtful: 0, refused: 0, gone: 0 })
    await setClock('2026-11-24T11:05:00+01:00')
    await aSchool(municipality, 'Plesso Nuovo')
    const moved = row(school, { code: twin, school: 'Plesso Nuovo' })
    const both = await compared(clerk, municipality, await sent(clerk, list(row(school), moved)))
    expect(both.counts).toMatchObject({ same: 1, refused: 1 })
    const [refused] = await findings(clerk, both.id, 'refused')
    expect(refused?.why).toEqual([
      'È lo stesso alunno della riga 2: nel file c’è due volte. Lascia una riga sola.',
    ])
    const alone = await compared(clerk, municipality, await sent(clerk, list(moved)))
    expect(alone.counts).toMatchObject({ changed: 1, new: 0 })
  })

  test('is undone with every row as it was', async () => {
    await applied(clerk, municipality, list(...SIBLINGS()))
    await setClock('2026-11-24T11:05:00+01:00')
    await aSchool(municipality, 'Plesso Nuovo')
    const before = await registry()
    const [bianca = []] = SIBLINGS()
    const done = await applied(
      clerk,
      municipality,
      list(bianca.with(4, 'Plesso Nuovo'), row(school, { child: ['Neri', 'Zoe'], father: ['Neri', 'Ugo'] })),
    )
    expect(await registry()).not.toBe(before)
    expect((await undoImport(clerk, done.id)).ok).toBe(true)
    await runDueImports()
    expect(await importNow(clerk, done.id)).toMatchObject({ state: 'undone', stopped: null })
    expect(await registry()).toBe(before)
  })

  test.each([
    [
      'a count of the kitchen',
      'pasti già contati dalla cucina',
      async (pupil: { id: string }) => {
        const { owner } = await testDatabase()
        const { id } = await owner
          .selectFrom('service_day')
          .select('id')
          .where('municipality_id', '=', municipality.municipalityId)
          .where('day', '=', '2026-11-25')
          .executeTakeFirstOrThrow()
        await owner
          .insertInto('counted_meals')
          .values({
            municipality_id: municipality.municipalityId,
            service_day_id: id,
            school_class_id: municipality.school.classId,
            diet_code: 'STD',
            pupil_ids: [pupil.id],
            prices_cents: [540],
          })
          .execute()
      },
    ],
    [
      'an enrolment that the office changed',
      'iscrizioni cambiate',
      async (pupil: { id: string }) => {
        const { owner } = await testDatabase()
        await owner
          .updateTable('enrolment')
          .set({ valid_to: '2027-05-01' })
          .where('pupil_id', '=', pupil.id)
          .execute()
      },
    ],
    [
      'a message to the holder',
      'messaggi già mandati',
      async (pupil: { household_id: string }) => {
        const { owner } = await testDatabase()
        const { person_id } = await owner
          .selectFrom('household_member')
          .select('person_id')
          .where('household_id', '=', pupil.household_id)
          .where('role', '=', 'holder')
          .executeTakeFirstOrThrow()
        await asSystem(municipality.municipalityId, (trx) =>
          notify(trx, municipality.municipalityId, {
            ...{ event: 'enrolment:decided', key: 'x', to: [person_id], path: '/servizi' },
            say: REGISTRATION_NOTICES.registered,
          }),
        )
      },
    ],
    [
      'days that were given to a second household',
      'giorni dati a una seconda famiglia',
      async (pupil: { id: string }) => {
        const { owner } = await testDatabase()
        const { householdId, holder } = await aHousehold(municipality)
        await owner
          .insertInto('meal_household_rule')
          .values({
            ...{
              municipality_id: municipality.municipalityId,
              pupil_id: pupil.id,
              household_id: householdId,
            },
            ...{
              first_monday: '2026-11-23',
              days: [1, 3],
              valid_from: '2026-11-30',
              given_by: holder.personId,
            },
          })
          .execute()
      },
    ],
  ])('is not undone after %s, and that is named', async (_, words, depend) => {
    const done = await applied(clerk, municipality, list(row(school)))
    const { owner } = await testDatabase()
    const pupil = await owner
      .selectFrom('pupil')
      .select(['id', 'household_id'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('fiscal_code', '=', childCode('Vianello', 'Bianca'))
      .executeTakeFirstOrThrow()
    await depend(pupil)
    const before = await registry()
    await undoImport(clerk, done.id)
    await runDueImports()
    const after = await importNow(clerk, done.id)
    expect(after.state).toBe('applied')
    expect(after.stopped).toContain('Non si può annullare')
    expect(after.stopped).toContain(words)
    expect(await registry()).toBe(before)
  })

  test('is stopped while it is being undone, and stays as it was applied', async () => {
    const done = await applied(clerk, municipality, list(row(school)))
    const before = await registry()
    await undoImport(clerk, done.id)
    expect((await stopImport(clerk, done.id)).ok).toBe(true)
    await runDueImports()
    expect(await importNow(clerk, done.id)).toMatchObject({
      state: 'applied',
      stopped: expect.stringContaining('L’hai fermat'),
    })
    expect(await registry()).toBe(before)
  })

  test('asks who pays, and whom it does not find is a doubt that a person decides', async () => {
    const id = await sent(
      clerk,
      list(
        row(school, { father: null }),
        row(school, { child: ['Neri', 'Zoe'], father: null, mother: null }),
      ),
    )
    await expect(compared(clerk, municipality, id, { payer: '' })).rejects.toThrow('imports:choose-payer')
    const done = await compared(clerk, municipality, id, { payer: 'father' })
    expect(done.counts).toMatchObject({ doubtful: 2, new: 0 })
    const [first, second] = await findings(clerk, id, 'doubtful')
    expect([first?.why[0], second?.why[0]]).toEqual([
      'Nel file manca il padre: pagherebbe Irene Costa.',
      'Nel file non c’è nessun adulto: la famiglia resterebbe senza chi paga.',
    ])
    expect(await confirmImport(clerk, id, done.seen ?? '')).toMatchObject({ code: 'imports:nothing-to-do' })
    await decideDoubts(clerk, id, [
      { position: first?.position ?? 0, decision: 'take' },
      { position: second?.position ?? 0, decision: 'skip' },
    ])
    await confirmImport(clerk, id, done.seen ?? '')
    await runDueImports()
    const { owner } = await testDatabase()
    const pupils = await owner
      .selectFrom('pupil')
      .select('full_name')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(pupils).toEqual([{ full_name: 'Bianca Vianello' }])
  })

  test('registers a pupil without a code where a person accepts it, and finds the pupil the next time', async () => {
    const without = list(
      row(school).with(2, ''),
      row(school, { child: ['Neri', 'Zoe'] })
        .with(2, '')
        .with(3, ''),
    )
    const found = await compared(clerk, municipality, await sent(clerk, without))
    expect(found.counts).toMatchObject({ doubtful: 1, refused: 1, new: 0 })
    const [doubt] = await findings(clerk, found.id, 'doubtful')
    await decideDoubts(clerk, found.id, [{ position: doubt?.position ?? 0, decision: 'take' }])
    await confirmImport(clerk, found.id, found.seen ?? '')
    await runDueImports()
    const { owner } = await testDatabase()
    const pupils = await owner
      .selectFrom('pupil')
      .select(['full_name', 'fiscal_code'])
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(pupils).toEqual([{ full_name: 'Bianca Vianello', fiscal_code: null }])
    const again = await compared(clerk, municipality, await sent(clerk, without))
    expect((await findings(clerk, again.id, 'doubtful'))[0]?.why[0]).toContain(
      'È Bianca Vianello della famiglia Vianello',
    )
  })

  test('asks once for each class that it does not recognise', async () => {
    const id = await sent(
      clerk,
      list(
        row(school, { className: 'Girasoli' }),
        row(school, { child: ['Neri', 'Zoe'], className: 'Girasoli' }),
      ),
    )
    const first = await compared(clerk, municipality, id)
    expect(first).toMatchObject({
      counts: { refused: 2 },
      unknownClasses: [{ pupils: 2, words: `Girasoli, ${school}` }],
    })
    await answerClasses(clerk, id, { [first.unknownClasses[0]?.key ?? '']: municipality.school.classId })
    await runDueImports()
    expect(await importNow(clerk, id)).toMatchObject({ counts: { new: 2 }, unknownClasses: [] })
  })

  test('with a row for each adult gives a holder to a family that has none', async () => {
    const alone = await compared(clerk, municipality, await sent(clerk, list(row(school))), { payer: 'none' })
    await confirmImport(clerk, alone.id, alone.seen ?? '')
    await runDueImports()
    const headers = [
      'CODICE FISCALE ALUNNO',
      'RUOLO DEL TUTORE',
      'COGNOME TUTORE',
      'NOME TUTORE',
      'CODICE FISCALE TUTORE',
    ]
    const code = childCode('Vianello', 'Bianca')
    const adults = csv([
      headers,
      [code, 'PADRE', 'VIANELLO', 'SERGIO', adultCode('Vianello', 'Sergio')],
      [code, 'MADRE', 'COSTA', 'IRENE', adultCode('Costa', 'Irene', 'F')],
    ])
    const second = await compared(clerk, municipality, await sent(clerk, adults), { payer: 'mother' })
    expect(await findings(clerk, second.id, 'changed')).toMatchObject([
      {
        words: [
          expect.stringContaining('Paga Irene Costa'),
          expect.stringContaining('Sergio Vianello è delegato'),
        ],
      },
    ])
    await confirmImport(clerk, second.id, second.seen ?? '')
    await runDueImports()
    const { owner } = await testDatabase()
    const roles = await owner
      .selectFrom('household_member')
      .innerJoin('person', 'person.id', 'household_member.person_id')
      .select(['given_name', 'role'])
      .where('household_member.municipality_id', '=', municipality.municipalityId)
      .orderBy('role')
      .execute()
    expect(roles).toEqual([
      { given_name: 'Sergio', role: 'delegate' },
      { given_name: 'Irene', role: 'holder' },
    ])
  })
})

describe('an import', () => {
  test('is refused when what was previewed is no longer so', async () => {
    const row1 = await compared(clerk, municipality, await sent(clerk, list(row(school))))
    await aHousehold(municipality)
    await applied(clerk, municipality, list(row(school)))
    const before = await registry()
    await confirmImport(clerk, row1.id, row1.seen ?? '')
    await runDueImports()
    const after = await importNow(clerk, row1.id)
    expect(after.state).toBe('checked')
    expect(after.stopped).toContain('Intanto qualcosa è cambiato')
    expect(await registry()).toBe(before)
  })

  test('waits its turn in words while another of the municipality is at work', async () => {
    const one = await compared(clerk, municipality, await sent(clerk, list(row(school))))
    const other = await compared(
      clerk,
      municipality,
      await sent(clerk, list(row(school, { child: ['Neri', 'Zoe'] }))),
    )
    expect((await confirmImport(clerk, one.id, one.seen ?? '')).ok).toBe(true)
    expect(await confirmImport(clerk, other.id, other.seen ?? '')).toMatchObject({ code: 'imports:busy' })
    await Promise.all([runDueImports(), runDueImports()])
    expect(await importNow(clerk, one.id)).toMatchObject({ state: 'applied' })
  })

  test('that is stopped leaves nothing', async () => {
    const one = await compared(clerk, municipality, await sent(clerk, list(row(school))))
    const before = await registry()
    await confirmImport(clerk, one.id, one.seen ?? '')
    await stopImport(clerk, one.id)
    await runDueImports()
    expect(await importNow(clerk, one.id)).toMatchObject({
      state: 'checked',
      stopped: 'L’hai fermata: non si è salvato niente.',
    })
    expect(await registry()).toBe(before)
  })

  test('of a colleague whose role has ended does nothing', async () => {
    const one = await compared(clerk, municipality, await sent(clerk, list(row(school))))
    await confirmImport(clerk, one.id, one.seen ?? '')
    const { owner } = await testDatabase()
    await owner
      .updateTable('staff_member')
      .set({ valid_to: '2026-11-23' })
      .where('person_id', '=', clerk.personId)
      .execute()
    await runDueImports()
    const { state, stopped } = await owner
      .selectFrom('pupil_import')
      .select(['state', 'stopped'])
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow()
    expect({ state, stopped }).toEqual({
      state: 'checked',
      stopped: 'Chi l’ha chiesto non ha più questo ruolo in ufficio.',
    })
  })

  test('remembers what the columns are, in any order', async () => {
    await applied(clerk, municipality, list(row(school)))
    const turned = csv([[...HEADERS].reverse(), row(school).reverse()])
    expect((await importNow(clerk, await sent(clerk, turned))).mapping).toMatchObject({
      payer: 'first',
      other: 'delegate',
    })
  })

  test.each(['accountant', 'editor', 'teacher', 'kitchen'] as const)(
    'is not found by the role %s, nor in another town',
    async (role) => {
      const id = await sent(clerk, list(row(school)))
      const other = await aStaffViewer(municipality, role)
      expect(await sent(other, list(row(school)))).toBe('request:not-found')
      expect(await importsForOffice(other)).toBeNull()
      const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
      expect(await importToDownload(elsewhere, id)).toBeNull()
      expect(await confirmImport(elsewhere, id, 'x')).toMatchObject({ code: 'request:not-found' })
    },
  )

  test('is forgotten after 30 days, when its file and its findings go; the receipt stays', async () => {
    const done = await applied(clerk, municipality, list(row(school)))
    await setClock('2026-12-26T11:00:00+01:00')
    expect(await purgeImports()).toBeGreaterThan(0)
    expect(await importNow(clerk, done.id)).toMatchObject({
      state: 'applied',
      isKept: false,
      counts: { new: 1 },
    })
    expect(await findings(clerk, done.id, 'new')).toEqual([])
    expect(await undoImport(clerk, done.id)).toMatchObject({ code: 'imports:not-now' })
  })

  test('that is thrown away keeps nothing of its file', async () => {
    const id = await sent(clerk, list(row(school)))
    await discardImport(clerk, id)
    expect(await importNow(clerk, id)).toMatchObject({ state: 'discarded', isKept: false })
  })
})

/** A file with one fault, and the words that must be said of it. */
type Broken = [fault: string, content: () => Uint8Array | string, words: string]

const BAD_CODE = 'VNLBNC18D49L781X'
const provisional = '12345678903'

const REFUSED: Broken[] = [
  ['nothing in it', () => '', 'imports:empty'],
  ['only blanks', () => ' ;; \r\n;;', 'imports:empty'],
  ['no names of columns', () => csv([row(school)]), 'imports:no-header'],
  ['an Excel of 1997', () => Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), 'imports:old-excel'],
  ['a PDF under the name of a CSV', () => bytes('%PDF-1.7\u0000'), 'imports:not-a-table'],
  ['a workbook that is cut off', () => xlsx([[...HEADERS], row(school)]).subarray(0, -40), 'imports:broken'],
  ['a page that asks to sign in', () => '<html><body>Accedi</body></html>', 'imports:empty'],
  ['more rows than are read', () => `Cognome;Nome\n${'Rossi;Ada\n'.repeat(20_001)}`, 'imports:too-many-rows'],
]

const withCell = (at: number, value: string) => () => list(row(school).with(at, value))

const FOUND: Broken[] = [
  ['a wrong letter in the code', withCell(2, BAD_CODE), 'non è valido'],
  ['a code that is cut off', withCell(2, 'VNLBNC18D49'), 'non è valido'],
  ['no code', withCell(2, ''), 'Manca il codice fiscale'],
  ['an invented code', withCell(2, 'A1B2C3D4E5F60718'), 'Manca il codice fiscale'],
  ['a code that says there is none', withCell(2, '#NESSUN DATO#'), 'Manca il codice fiscale'],
  [
    'a provisional code without a birth day',
    () => list(row(school).with(2, provisional).with(3, '')),
    'Scrivi la data di nascita',
  ],
  ['another birth day than the code', withCell(3, '10/04/2018'), 'un’altra data di nascita'],
  ['day and month swapped', withCell(3, '04/09/2018'), 'un’altra data di nascita'],
  ['a day that does not exist', withCell(3, '31/02/2018'), 'non si legge'],
  ['an exponent in place of a date', withCell(3, '4,3E+09'), 'non si legge'],
  ['another name than the code', withCell(1, 'Carlotta'), 'Le lettere del codice'],
  ['no surname', withCell(0, ''), 'mancano nome e cognome'],
  ['no class', withCell(5, ''), 'Manca la classe'],
  ['a class that is not there', withCell(5, '9Z'), 'non si riconosce'],
  ['a school that is not there', withCell(4, 'Scuola di un altro Comune'), 'non si riconosce'],
  [
    'the code of an adult for the pupil',
    () =>
      list(
        row(school)
          .with(2, adultCode('Vianello', 'Bianca', 'F'))
          .with(3, ''),
      ),
    'maggiorenne',
  ],
  [
    'the same code for pupil and adult',
    () => list(row(school).with(8, childCode('Vianello', 'Bianca'))),
    'per l’alunno e per un adulto',
  ],
  ['a wrong code of the payer', withCell(8, 'VNLSRG84S02L781X'), 'Chi paga, Sergio Vianello'],
  ['no code of the payer', withCell(8, ''), 'non ha il codice fiscale nel file'],
  [
    'a payer who is a child',
    () =>
      list(
        row(school)
          .with(6, 'Vianello')
          .with(7, 'Ugo')
          .with(
            8,
            makeFiscalCode({ familyName: 'Vianello', givenName: 'Ugo', birthDay: '2015-02-03', sex: 'M' }),
          ),
      ),
    'Chi paga, Ugo Vianello',
  ],
  ['another name of the payer than the code', withCell(7, 'Gianfranco'), 'Chi paga, Gianfranco Vianello'],
  [
    'two rows that contradict each other',
    () => list(row(school), row(school, { className: '4B' })),
    'Le righe 2 e 3',
  ],
  [
    'two birth days of one pupil',
    () => list(row(school), row(school).with(3, '10/04/2018')),
    'la data di nascita',
  ],
  ['two names under one code', () => list(row(school), row(school).with(1, 'Luna')), 'il nome'],
  ['no adult at all', () => list(row(school, { father: null, mother: null })), 'nessun adulto'],
  [
    'a surname in one cell with the name',
    () =>
      csv([
        ['Alunno', 'Codice fiscale', 'Data nascita', 'Scuola', 'Classe'],
        ['De Maria Bianca Luisa', provisional, '09/04/2018', school, '3A'],
      ]),
    'una cella sola',
  ],
  [
    'a birth day in the future',
    () => list(row(school).with(2, provisional).with(3, '09/04/2028')),
    'nel futuro',
  ],
]

/** Faults that are set right without a word, or with one in what happens. */
const HARMLESS: Broken[] = [
  [
    'titles, repeated names and a total',
    () => `Elenco 2026/2027\r\n\r\n${list(row(school))}\r\n${[...HEADERS].join(';')}\r\nTotale alunni;1`,
    '',
  ],
  [
    'blanks in the code and small letters',
    withCell(
      2,
      childCode('Vianello', 'Bianca')
        .toLowerCase()
        .replace(/(.{6})/, '$1 '),
    ),
    '',
  ],
  ['a telephone with an exponent', withCell(9, '3,33E+09'), 'resta fuori'],
  ['the second adult without a code', withCell(12, ''), 'resta fuori'],
  ['the class in Roman numbers', withCell(5, 'III A'), ''],
  [
    'faith and health beside the names',
    () =>
      csv([
        [...HEADERS, 'Religione', 'Allergie'],
        [...row(school), 'no', 'arachidi'],
      ]),
    '',
  ],
]

describe('a broken file', () => {
  test('stands here in forty kinds at least', () => {
    expect(REFUSED.length + FOUND.length + HARMLESS.length).toBeGreaterThanOrEqual(40)
  })

  test.each(REFUSED)('with %s is refused in words, and nothing is kept', async (_, content, code) => {
    const before = await registry()
    expect(await sent(clerk, content())).toBe(code)
    expect(await importsForOffice(clerk)).toEqual([])
    expect(await registry()).toBe(before)
  })

  test.each(FOUND)('with %s says so at the row, and nothing is done', async (_, content, words) => {
    const before = await registry()
    const done = await compared(clerk, municipality, await sent(clerk, content()))
    expect(done.counts.new).toBe(0)
    const found = [
      ...(await findings(clerk, done.id, 'refused')),
      ...(await findings(clerk, done.id, 'doubtful')),
    ]
    expect(found.flatMap(({ why }) => why).join(' ')).toContain(words)
    expect(found[0]?.lines.length).toBeGreaterThan(0)
    expect(await confirmImport(clerk, done.id, done.seen ?? '')).toMatchObject({
      code: 'imports:nothing-to-do',
    })
    expect(await registry()).toBe(before)
  })

  test.each(HARMLESS)('with %s is read all the same', async (_, content, words) => {
    const done = await applied(clerk, municipality, content())
    expect(done).toMatchObject({ state: 'applied', counts: { new: 1, refused: 0, doubtful: 0 } })
    const [found] = await findings(clerk, done.id, 'new')
    expect(found?.words.join(' ')).toContain(words)
  })
})
