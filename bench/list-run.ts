import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { closeDatabase, openDatabase } from '#db/client.ts'
import { LOAD_SLUG } from '#db/load.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { runDueImports } from '#lib/imports/office/due-import.commands.ts'
import { confirmImport, mapImport, undoImport, uploadImport } from '#lib/imports/office/import.commands.ts'
import { importForOffice } from '#lib/imports/office/import.queries.ts'
import { italianCsv } from '#lib/kernel/csv.ts'
import type { ListSeconds } from './measures/list.ts'

/**
 * Compares, applies and takes back a list of new pupils, each of another family, in the load municipality, in the environment of a
 * portal, and writes the seconds of each on its standard output. The arguments are the owner's address and how many pupils.
 */
const [ownerUrl = '', count = ''] = process.argv.slice(2)
const pupils = Number(count)

const letters = (n: number): string =>
  [676, 26, 1].map((power) => String.fromCharCode(97 + (Math.floor(n / power) % 26))).join('')
const BORN = { child: '2018-04-09', adult: '1984-11-02' }

type Town = {
  municipalityId: string
  yearId: string
  serviceId: string
  className: string
  schoolName: string
}

async function townOf(): Promise<Town & { personId: string }> {
  const owner = openDatabase(ownerUrl, { poolSize: 1 })
  try {
    const { rows } = await sql<Town>`
      select m.id as "municipalityId", y.id as "yearId", v.id as "serviceId", c.name as "className", s.name as "schoolName"
      from municipality m
      join school_year y on y.municipality_id = m.id and y.ends_on >= current_date
      join school_class c on c.municipality_id = m.id and c.school_year_id = y.id
      join school s on s.municipality_id = m.id and s.id = c.school_id
      join service_schedule t on t.municipality_id = m.id and t.school_id = s.id and t.school_year_id = y.id
      join service v on v.municipality_id = m.id and v.id = t.service_id and v.active
      where m.slug = ${LOAD_SLUG} order by y.starts_on, s.name, c.name limit 1`.execute(owner)
    const town = rows[0] as Town
    const { id: personId } = await owner
      .insertInto('person')
      .values({
        municipality_id: town.municipalityId,
        fiscal_code: makeFiscalCode({
          familyName: 'Banco',
          givenName: 'Ada',
          birthDay: BORN.adult,
          sex: 'F',
        }),
        fiscal_code_hash: randomBytes(32),
        given_name: 'Ada',
        family_name: 'Banco',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await owner
      .insertInto('staff_member')
      .values({
        municipality_id: town.municipalityId,
        person_id: personId,
        role: 'operator',
        valid_from: '2020-09-01',
      })
      .execute()
    return { ...town, personId }
  } finally {
    await owner.destroy()
  }
}

function listOf({ schoolName, className }: Town): string {
  const code = (familyName: string, givenName: string, birthDay: string) =>
    makeFiscalCode({ familyName, givenName, birthDay, sex: 'F' })
  const rows = Array.from({ length: pupils }, (_, n) => {
    // Three letters of a surname are in a code: the rest of the thousands tell themselves apart by the day.
    const family = `${letters(n).replace(/[aeiou]/g, 'z')}${letters(n)}o`
    const birthDay = `2018-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (Math.floor(n / 12) % 28)).padStart(2, '0')}`
    const adultDay = birthDay.replace('2018', '1984')
    return [
      ...[family, 'Zoe', code(family, 'Zoe', birthDay), birthDay.split('-').reverse().join('/')],
      ...[schoolName, className, family, 'Ada', code(family, 'Ada', adultDay)],
    ]
  })
  const headers = ['Cognome', 'Nome', 'Codice fiscale', 'Nato il', 'Scuola', 'Classe']
  return italianCsv([[...headers, 'Cognome pagante', 'Nome pagante', 'CF pagante'], ...rows])
}

const town = await townOf()
const viewer = {
  ...{ municipalityId: town.municipalityId, personId: town.personId, citizenId: randomUUID() },
  ...{ sessionId: randomUUID(), name: 'Ada Banco', memberships: [], staffRoles: ['operator' as const] },
}
const must = <T>(result: { ok: true; value: T } | { ok: false; code: string }): T => {
  if (!result.ok) throw new Error(result.code)
  return result.value
}
const seconds = async (): Promise<number> => {
  const from = performance.now()
  await runDueImports()
  return (performance.now() - from) / 1_000
}
const now = async (id: string) => {
  const found = await importForOffice(viewer, id)
  if (!found) throw new Error('the import is gone')
  return found.row
}

const { id } = must(await uploadImport(viewer, new File([listOf(town)], 'elenco.csv')))
const { mapping } = await now(id)
must(
  await mapImport(viewer, {
    ...{ id, sheet: 0, header: mapping.header ?? 1, intent: 'check', columns: [...(mapping.columns ?? [])] },
    ...{ payer: 'first', other: 'none', yearId: town.yearId, services: [town.serviceId], from: null },
    ...{ balanceOwner: '', balanceDay: null },
  }),
)
const compared = await seconds()
const row = await now(id)
must(await confirmImport(viewer, id, row.seen ?? ''))
const applied = await seconds()
const done = await now(id)
must(await undoImport(viewer, id))
const undone = await seconds()
const end = await now(id)
if (done.state !== 'applied' || end.state !== 'undone') throw new Error(`${done.stopped} ${end.stopped}`)
await closeDatabase()
const result: ListSeconds = { pupils: row.counts.new ?? 0, compared, applied, undone }
process.stdout.write(JSON.stringify(result))
