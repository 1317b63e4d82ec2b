import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { MIGRATOR_TABLES } from '#scripts/lib/structure.ts'
import { TEMPLATE } from '#tests/support/cluster.ts'
import { testDatabase } from '#tests/support/database.ts'

/** Tables of the whole installation, small and read-mostly: everything else belongs to one municipality. */
const GLOBAL = [
  'operator',
  'municipality',
  'language',
  'citizen',
  'identity_link',
  'session',
  'sign_in_event',
  'used_sign_in',
  'attempt_window',
  'attempt_count',
  'remembered_device',
  'passkey',
  'webauthn_challenge',
  'interrupted_form',
  'token_revocation',
  'health_write',
  'top_up_legal_transition',
  'heartbeat',
  'alert',
]
/** Of these, the one that others refer to by itself: a server that holds some municipalities holds all of it. */
const REFERENCE = 'language'
/** Of the migrator and of the test harness. */
const NOT_OURS = [...MIGRATOR_TABLES, 'test_clock']

const names = async (query: ReturnType<typeof sql<{ name: string }>>): Promise<string[]> => {
  const { owner } = await testDatabase()
  return (await query.execute(owner)).rows.map((row) => row.name)
}

const notTenant = () => sql.join([...GLOBAL, ...NOT_OURS].map((table) => sql.lit(table)))

describe('a function that runs as the owner of the schema', () => {
  test('finds tables of the schema before any temporary one', async () => {
    const astray = await names(sql`
      select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef
        and not coalesce('search_path=pg_catalog, public, pg_temp' = any (p.proconfig), false)`)
    expect(astray).toEqual([])
  })

  test('is not called by a role that could make a temporary table', async () => {
    const { web } = await testDatabase()
    const { rows } = await sql<{ may: boolean }>`
      select has_database_privilege('refettorio_web', current_database(), 'temporary') as may`.execute(web)
    expect(rows).toEqual([{ may: false }])
    await expect(sql`create temporary table household_member (id uuid)`.execute(web)).rejects.toMatchObject({
      code: '42501',
    })
  })

  test('is called by no such role in a database that was migrated, and not copied by this harness', async () => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ may: boolean }>`
      select has_database_privilege('refettorio_web', ${TEMPLATE}, 'temporary') as may`.execute(owner)
    expect(rows).toEqual([{ may: false }])
  })
})

describe('the schema can be distributed by municipality', () => {
  test('every table belongs to a municipality, or is one of the few global ones', async () => {
    const without = await names(sql`
      select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname not in (${notTenant()})
        and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'municipality_id' and a.attnotnull)`)
    expect(without).toEqual([])
  })

  test('the municipality comes first in every primary, unique and foreign key', async () => {
    const astray = await names(sql`
      select k.conname as name from pg_constraint k join pg_class c on c.oid = k.conrelid
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
      where k.contype in ('p', 'u', 'f', 'x') and c.relnamespace = 'public'::regnamespace and c.relname not in (${notTenant()})
        and a.attname <> 'municipality_id' and k.confrelid <> ${sql.lit(REFERENCE)}::regclass`)
    expect(astray).toEqual([])
  })

  test('every identifier is made as a UUIDv7', async () => {
    const astray = await names(sql`
      select table_name || '.' || column_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_schema = 'public' and table_type = 'BASE TABLE' and column_name = 'id' and data_type = 'uuid' and column_default is distinct from 'uuidv7()'`)
    expect(astray).toEqual([])
  })
})

describe('the runtime role', () => {
  test('owns nothing, is no superuser and cannot go around row-level security', async () => {
    const owned = await names(sql`
      select c.relname as name from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'refettorio_web'`)
    expect(owned).toEqual([])
    const strong = await names(sql`
      select rolname as name from pg_roles where rolname = 'refettorio_web' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`)
    expect(strong).toEqual([])
  })

  test('meets row-level security on every table of a municipality', async () => {
    const open = await names(sql`
      select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname not in (${notTenant()}) and not c.relrowsecurity`)
    expect(open).toEqual([])
  })

  test('without a scope sees no row of any of them', async () => {
    const { web } = await testDatabase()
    const tables = await names(sql`
      select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname not in (${notTenant()})
        and has_table_privilege('refettorio_web', c.oid, 'select')`)
    expect(tables.length).toBeGreaterThan(25)
    for (const table of tables) {
      const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(web)
      expect(rows, table).toEqual([])
    }
  })

  test('may not change or delete what is append-only', async () => {
    const rights = await names(sql`
      select c.relname || ' ' || p.act as name from pg_class c cross join (values ('update'), ('delete'), ('truncate')) p (act)
      where c.relname in ('journal', 'entry', 'entry_year', 'invoice', 'absence_event', 'absence_receipt', 'kitchen_count', 'kitchen_count_line',
        'top_up_transition', 'audit_event', 'sign_in_event', 'menu_version') and c.relkind in ('r', 'p')
        and has_table_privilege('refettorio_web', c.oid, p.act)`)
    expect(rights).toEqual([])
  })
})

/**
 * Policies that ask another table whose a row is, for that is no set of a person's: everything that a municipality has ever
 * published and that is out now. It grows with the years, and a list page would search it once for each row.
 */
const ASK_A_TABLE = ['content_version', 'content_version_file', 'stored_file']

describe('a municipality may be large', () => {
  test('whose rows a parent may see is read from the settings of the transaction, and from no table', async () => {
    const asking = await names(sql`
      select distinct tablename as name from pg_policies where concat(qual, with_check) ~* 'select' order by 1`)
    expect(asking).toEqual(ASK_A_TABLE)
  })

  // The clock of these tests is a table; the product's is not.
  test('no function that a policy calls reads a table', async () => {
    const reading = await names(sql`
      select distinct f.proname as name from pg_proc f join pg_policies p on concat(p.qual, p.with_check) ~ ('\\m' || f.proname || '\\(')
      where f.pronamespace = 'public'::regnamespace and f.proname <> 'app_now' and pg_get_functiondef(f.oid) ~* '\\mfrom\\M' order by 1`)
    expect(reading).toEqual([])
  })
})

/**
 * Policies that let a change begin on rows which it may not leave behind, each with its reason: such a change is an error and not a
 * refusal. `all read`: families and the public read what the office writes.
 */
const WIDER_THAN_ITS_CHECK: Record<string, string> = {
  closure_scope: 'all read',
  communication_scope: 'all read',
  content_item_scope: 'all read',
  dish_scope: 'all read',
  form_document_scope: 'the office deletes documents and changes none',
  household_member_end: 'a family may end a delegation, and nothing else of it',
  menu_change_scope: 'all read',
  menu_scope: 'all read',
  menu_settings_scope: 'all read',
  municipality_settings_scope: 'all read',
  online_form_scope: 'all read',
  online_form_version_scope: 'all read',
  questionnaire_part_change: 'a sheet that is answered after the end must fail, whatever the program says',
  service_day_scope: 'all read',
}

describe('a change that a policy lets begin', () => {
  test('may also end, or the policy is listed with its reason', async () => {
    const wider = await names(sql`
      select p.policyname as name from pg_policies p join pg_class c on c.relname = p.tablename and c.relnamespace = 'public'::regnamespace
      where p.schemaname = 'public' and p.cmd in ('ALL', 'UPDATE') and p.with_check is not null and p.qual is distinct from p.with_check
        and has_any_column_privilege('refettorio_web', c.oid, 'update') order by 1`)
    expect(wider).toEqual(Object.keys(WIDER_THAN_ITS_CHECK))
  })
})

/** Unique indexes that do not say the municipality, each with its reason. */
const UNIQUE_IN_ALL: Record<string, string> = {
  calendar_feed_token: 'the address of a feed is a secret and names no municipality',
}

/** Functions that look in all municipalities: for what is due, for the secret address of a feed, for what has come to its end. */
const OF_ALL = ['calendar_feed_of', 'due_meal_charges', 'due_role_notices', 'settle_questionnaires']

describe('what would stand in the way of a distribution', () => {
  test('every unique index holds the municipality, or says why not', async () => {
    const without = await names(sql`
      select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'municipality_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and i.indisunique
        and c.relname not in (${notTenant()}) and not a.attnum = any (i.indkey::int2[]) order by 1`)
    expect(without).toEqual(Object.keys(UNIQUE_IN_ALL))
  })

  test('no function asks for the name of its table, which another part of the table does not have', async () => {
    const asking = await names(sql`
      select proname as name from pg_proc where pronamespace = 'public'::regnamespace and prosrc ~* 'tg_(table|rel)_?name'`)
    expect(asking).toEqual([])
  })

  test('no function takes or gives a row of a table: a part of the table has another type of row', async () => {
    const rows = await names(sql`
      select f.proname as name from pg_proc f join pg_type t on t.oid = any (f.proargtypes::oid[] || f.proallargtypes || f.prorettype)
      where f.pronamespace = 'public'::regnamespace and t.typrelid <> 0`)
    expect(rows).toEqual([])
  })

  test('a function asks once for its municipality, and its statements compare with the answer', async () => {
    const repeated = await names(sql`
      select proname as name from pg_proc where pronamespace = 'public'::regnamespace
        and prosrc ~* 'municipality_id\\s*=\\s*app_municipality\\(\\)' order by 1`)
    expect(repeated).toEqual([])
  })

  test('a function compares each of its relations with one municipality, or is of all of them', async () => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ name: string; source: string }>`
      select proname as name, prosrc as source from pg_proc where pronamespace = 'public'::regnamespace order by 1`.execute(
      owner,
    )
    // Variables of functions: the row of a trigger or of a loop, and the viewer.
    const variables = new Set(['new', 'old', 'it', 'row_changed', 'batch', 'v', 'q'])
    const byReference = rows.filter(({ source }) =>
      [...source.matchAll(/\w+\.municipality_id = (\w+)\.municipality_id/g)].some(
        ([, other = '']) => !variables.has(other),
      ),
    )
    expect(byReference.map(({ name }) => name)).toEqual(OF_ALL)
  })

  test('a trigger of a statement asks other tables by key, and none together with the rows that were added', async () => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ name: string; source: string; added: string }>`
      select f.proname as name, f.prosrc as source, coalesce(t.tgnewtable, t.tgoldtable) as added from pg_trigger t
      join pg_proc f on f.oid = t.tgfoid
      where not t.tgisinternal and (t.tgnewtable is not null or t.tgoldtable is not null)`.execute(owner)
    expect(rows).not.toEqual([])
    const together = rows.flatMap(({ name, source, added }) =>
      source.split(/;|\bloop\b/).flatMap((statement) => {
        const tables = [...statement.matchAll(/\b(?:from|join)\s+(\w+)/g)].map(([, table]) => table)
        return tables.includes(added) && tables.some((table) => table !== added) ? [name] : []
      }),
    )
    expect(together).toEqual([])
  })
})

describe('the tables of sign-in, which have no policies', () => {
  const MAY_CHANGE = {
    citizen: ['given_name', 'family_name', 'birth_date', 'updated_at'],
    identity_link: ['citizen_id', 'method', 'last_level', 'last_seen_at'],
    session: ['ended_at', 'end_reason'],
    passkey: ['counter', 'last_used_at'],
    token_revocation: ['attempts', 'due_at'],
  }

  test.each(Object.entries(MAY_CHANGE))(
    'of %s the runtime role changes only what it needs',
    async (table, columns) => {
      const may = await names(sql`
      select a.attname as name from pg_attribute a
      where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped
        and has_column_privilege('refettorio_web', a.attrelid, a.attname, 'update')`)
      expect(may.sort()).toEqual([...columns].sort())
    },
  )

  test('none grants a change of the whole row', async () => {
    const whole = await names(sql`
      select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and not c.relrowsecurity and has_table_privilege('refettorio_web', c.oid, 'update')`)
    expect(whole).toEqual([])
  })
})
