import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { createDefinitions, dropDefinitions, readDefinitions } from '#db/definitions.ts'
import { migrate, UnknownMigration } from '#db/migrate.ts'
import { WEB_ROLE } from '#db/role-settings.ts'
import { withConnection } from '#scripts/lib/connection.ts'
import type { DatabaseServer } from '#scripts/lib/database-server.ts'
import { migrateDatabase, migrateDemo } from '#scripts/lib/prepare-database.ts'
import { printStructure } from '#scripts/lib/structure.ts'
import { OWNER_ROLE } from '#scripts/postgres/server.ts'
import { addressOf, copyDatabase, dropDatabase } from '#tests/support/database.ts'

let name: string
let owner: string
const structure = () => withConnection(owner, printStructure)
const asOwner = (text: string) => withConnection(owner, (client) => client.query(text))

/** What a change of a file of db/functions/ or db/policies/ does: the definitions of the database are not those of now. */
const makeDefinitionsOld = () =>
  asOwner(`update schema_source set hash = 'of another day' where name = 'definitions'`)

const server = (): DatabaseServer => ({
  ownerUrl: owner,
  webUrl: addressOf(WEB_ROLE, name),
  superuserUrl: inject('superuserUrl'),
  embedded: true,
  lastWords: () => '',
  onLost: () => undefined,
  stop: async () => undefined,
})

beforeAll(async () => {
  name = await copyDatabase('template1', 'migrate')
  owner = addressOf(OWNER_ROLE, name)
})
afterAll(() => dropDatabase(name))

/** One database and its life: each test goes on where the one before it left off, in a shuffled run too. */
describe('a database', { shuffle: false }, () => {
  describe('a migration', () => {
    test('runs once, however many processes ask for it together', async () => {
      const runs = await Promise.all([migrate(owner), migrate(owner), migrate(owner)])
      expect(runs.filter((steps) => steps.length > 0)).toHaveLength(1)
      expect(await migrate(owner)).toEqual([])
    })

    test('gives the definitions again when their source changed, and only then', async () => {
      await makeDefinitionsOld()
      expect(await migrate(owner)).toEqual(['definitions'])
      expect(await migrate(owner)).toEqual([])
    })

    test('leaves no policy, trigger, function or grant without a source', async () => {
      const clean = await structure()
      await asOwner(`
      create policy left_open on top_up to ${WEB_ROLE} using (true);
      create function left_behind() returns trigger language plpgsql as 'begin return new; end';
      create trigger left_behind before insert on journal for each row execute function left_behind();
      create view left_visible as select * from person;
      grant delete on journal to ${WEB_ROLE};
      grant update (amount_cents) on entry to ${WEB_ROLE}`)
      expect(await structure()).not.toBe(clean)
      await makeDefinitionsOld()
      await migrate(owner)
      expect(await structure()).toBe(clean)
    })

    test('leaves a clock that a seed has stopped as it is', async () => {
      await asOwner(
        `create or replace function app_now() returns timestamptz language sql stable as 'select timestamptz ''2026-11-23 08:00Z'''`,
      )
      await makeDefinitionsOld()
      await migrate(owner)
      const { rows } = await asOwner('select app_today()::text as today')
      expect(rows).toEqual([{ today: '2026-11-23' }])
    })

    test('refuses a function that names a column which is not there, and changes nothing', async () => {
      const before = await structure()
      const db = openDatabase(owner, { poolSize: 1 })
      const broken = db.transaction().execute(async (trx) => {
        await dropDefinitions(trx)
        await sql`alter table outbox drop column due_at cascade`.execute(trx)
        await createDefinitions(trx, readDefinitions())
      })
      await expect(broken).rejects.toThrow(/column o.due_at does not exist/)
      await db.destroy()
      expect(await structure()).toBe(before)
    })
  })

  describe('while the definitions change', () => {
    test('a process that started before goes on with its prepared statements, and sees no row without a scope', async () => {
      await asOwner(`
      with o as (insert into operator (name, vat_number, fiscal_code, street, postcode, city, province, email, phone)
        values ('Prova', '99999999990', '99999999990', 'Via 1', '37100', 'Verona', 'VR', 'a@example.it', '1') returning id)
      insert into municipality (slug, name, province, region, operator_id, invoice_series, street, postcode, email, pec, phone, fiscal_code)
        select 'prova', 'Prova', 'VR', 'Veneto', id, 'PRV', 'Via 1', '37100', 'a@example.it', 'a@example.it', '1', '1' from o`)
      await asOwner(`insert into household (municipality_id, name) select id, 'Prova' from municipality`)
      const prepared = {
        name: 'households',
        text: `select id from household where name = $1`,
        values: ['Prova'],
      }
      const seen = new Set<number>()
      await withConnection(addressOf(WEB_ROLE, name), async (client) => {
        await client.query(prepared)
        for (let round = 0; round < 3; round += 1) {
          await makeDefinitionsOld()
          let isDone = false
          const migration = migrate(owner).finally(() => {
            isDone = true
          })
          while (!isDone) seen.add((await client.query(prepared)).rows.length)
          expect(await migration).toEqual(['definitions'])
        }
        await client.query(`select set_config('app.audience', 'staff', false), set_config('app.municipality_id', id::text, false)
        from municipality`)
        expect((await client.query(prepared)).rows).toHaveLength(1)
      })
      expect([...seen]).toEqual([0])
    })

    test('a migration waits for a request that is using a table', async () => {
      await makeDefinitionsOld()
      await withConnection(addressOf(WEB_ROLE, name), async (client) => {
        await client.query('begin; select from absence limit 1')
        const migration = migrate(owner)
        await expect
          .poll(async () => (await asOwner(`select from pg_locks where not granted`)).rows.length)
          .toBeGreaterThan(0)
        await client.query('commit')
        expect(await migration).toEqual(['definitions'])
      })
    })
  })

  describe('whose tables requests keep', () => {
    const held = async (work: (release: () => Promise<unknown>) => Promise<void>) => {
      await makeDefinitionsOld()
      await withConnection(addressOf(WEB_ROLE, name), async (client) => {
        await client.query(`set application_name = 'a report'; begin; select from absence limit 1`)
        await work(() => client.query('rollback'))
      })
    }

    test('is left as it was by a migration that gives up, and migrated by the next', async () => {
      const before = await structure()
      await held(async () => {
        const waiting = migrate(owner, { tries: 1 })
        await expect(waiting).rejects.toThrow(/^tables in use: absence by refettorio_web \(a report, pid \d+/)
        expect(await structure()).toBe(before)
      })
      expect(await migrate(owner)).toEqual(['definitions'])
    })

    test('is told in Italian who keeps them, and goes on when they are free', async () => {
      await held(async (release) => {
        const { resolve, promise: told } = Promise.withResolvers<string>()
        const migration = migrateDatabase(server(), resolve)
        expect(await told).toMatch(
          /absence: refettorio_web \(a report\), processo (\d+).*pg_terminate_backend\(\1\)$/s,
        )
        await release()
        expect(await migration).toBe(1)
      })
    })
  })

  test('does not start a migration whose time-outs are not in force', async () => {
    await makeDefinitionsOld()
    const query = pg.Client.prototype.query
    const spy = vi.spyOn(pg.Client.prototype, 'query')
    // Something between us and the server takes the settings and drops them.
    spy.mockImplementation(function (this: pg.Client, ...sent: unknown[]) {
      const [text] = sent
      if (typeof text === 'string' && text.startsWith('set local')) sent[0] = 'select 1'
      return Reflect.apply(query, this, sent)
    } as never)
    await expect(migrate(owner)).rejects.toThrow(/does not start: lock_timeout is 0 and not 5s/)
    spy.mockRestore()
    expect(await migrate(owner)).toEqual(['definitions'])
  })

  describe('of another version', () => {
    const another = `insert into kysely_migration values ('2026-11-23T01-foundation', '2026-11-23T00:00:00Z')`
    test('is refused by the name of its migration and stays as it is', async () => {
      const before = await structure()
      await asOwner(another)
      await expect(migrate(owner)).rejects.toThrow(new UnknownMigration('2026-11-23T01-foundation'))
      expect(await structure()).toBe(before)
    })

    test('is also one whose migrations had another text', async () => {
      await asOwner(`delete from kysely_migration where name = '2026-11-23T01-foundation'`)
      const name = (await asOwner('select name from kysely_migration order by name desc limit 1')).rows[0]
        .name
      await asOwner(`update schema_source set hash = 'of another text' where name = '${name}'`)
      await expect(migrate(owner)).rejects.toThrow(new UnknownMigration(name))
    })

    test('is answered with what to do, in Italian', async () => {
      await expect(migrateDatabase(server())).rejects.toThrow(
        /^Il database .* è di un’altra versione del progetto\. Se i suoi dati sono solo di prova: npm run db:reset$/,
      )
    })

    test('is made again when it is the demonstration', async () => {
      const told: string[] = []
      expect(await migrateDemo(server(), (words) => told.push(words))).toBeGreaterThan(1)
      expect(told).toEqual(['La dimostrazione è di un’altra versione del progetto: la rifaccio da capo'])
      expect(await migrate(owner)).toEqual([])
    })
  })
})
