import type pg from 'pg'

/**
 * Prints the schema as the catalogue of a migrated database has it: each table with all that belongs to it (columns,
 * constraints, comments, indexes, triggers, policies, grants, rows that the migrations insert), then views and functions.
 * The order is alphabetical, so that the same schema always gives the same text. Kinds of object that it cannot print
 * are refused, never left out.
 */
export async function printStructure(client: pg.Client): Promise<string> {
  await client.query('set search_path = public')
  await refuseUnknownKinds(client)
  const texts = [
    await extensions(client),
    await roles(client),
    await types(client),
    ...(await tables(client)),
    ...(await views(client)),
    ...(await functions(client)),
  ]
  return `${[HEAD, ...texts].filter((text) => text !== '').join('\n\n')}\n`
}

const HEAD = `-- The schema as it is now. Written by «npm run db:types» from the catalogue of a migrated database: do not edit.
-- What makes it: db/migrations/ (tables, constraints, indexes), db/functions/ (functions, triggers, views), db/policies/ (row security, grants).`

/** Bookkeeping of the migrator, which has no meaning for a reader. */
export const MIGRATOR_TABLES = ['kysely_migration', 'kysely_migration_lock', 'schema_source']
const MIGRATOR = MIGRATOR_TABLES.map((table) => `'${table}'`).join(', ')

const OURS = (catalogue: string, row: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = ${row}.oid and d.deptype = 'e')`

/** The objects of one query, each as its text. */
async function read(client: pg.Client, query: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(query, values)
  return rows.map(({ text }) => text)
}

/** An expression as people write it: without the casts, names and line ends that the server's own writing adds. */
const plain = (text: string): string =>
  text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/('(?:[^']|'')*')::text\b(?!\[)/g, '$1')
    .replaceAll(/ = ANY \(ARRAY\[([^\][]*)\]\)/g, ' IN ($1)')
    .replaceAll(/\(\( SELECT (\w+)\(\) AS \1\)\)/g, '(SELECT $1())')
    .replaceAll(/\(\(ARRAY\( SELECT (\w+)\(\) AS \1\)\)\)/g, '(ARRAY(SELECT $1()))')
    .replaceAll('timestamp with time zone', 'timestamptz')
    .replaceAll('time without time zone', 'time')
    .replaceAll(' USING btree ', ' ')
    .replaceAll(' ON ONLY ', ' ON ')

const WIDTH = 130

/** A long condition on several lines, broken before its words AND and OR. */
function wrapped(condition: string, indent: string): string {
  const lines: string[] = []
  for (const part of condition.split(/ (?=(?:AND|OR) )/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.length < WIDTH) lines[lines.length - 1] = `${last} ${part}`
    else lines.push(part)
  }
  return lines.join(`\n${indent}`)
}

const heading = (words: string): string => `-- ${words} ${'-'.repeat(Math.max(3, 100 - words.length))}`

const paragraph = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [heading(title), ...lines].join('\n')

/** The bound at which a school year begins, as the server writes it. */
const SEPTEMBER = (year: string): string => `case a.atttypid
  when 'timestamptz'::regtype then (make_date(${year}, 9, 1)::timestamp at time zone 'Europe/Rome')::text
  when 'date'::regtype then make_date(${year}, 9, 1)::text
  else (${year})::text end`

/**
 * Partitions are not printed, for how many there are depends on the day: so they may have nothing of their own. Each has the
 * name and the bounds of a school year, row security, and the triggers of its table, those for each statement included.
 */
const IRREGULAR_PARTITIONS = `
  select 'partition ' || p.relname || ', unlike the others' from pg_inherits i
  join pg_class p on p.oid = i.inhrelid and p.relispartition and p.relkind <> 'i'
  join pg_class c on c.oid = i.inhparent and c.relnamespace = 'public'::regnamespace
  join pg_partitioned_table k on k.partrelid = c.oid
  join pg_attribute a on a.attrelid = c.oid and a.attnum = k.partattrs[0]
  cross join lateral (select substring(p.relname from '\\d{4}$')::int as year) named
  where p.relname is distinct from c.relname || '_' || year or p.relkind <> 'r' or not p.relrowsecurity
    or replace(pg_get_expr(p.relpartbound, p.oid), '''', '') is distinct from
      format('FOR VALUES FROM (%s) TO (%s)', ${SEPTEMBER('year')}, ${SEPTEMBER('year + 1')})
    or exists (select from aclexplode(p.relacl) acl where acl.grantee <> p.relowner)
    or exists (select from pg_policy where polrelid = p.oid)
    or exists (select from pg_attribute where attrelid = p.oid and (attislocal or attacl is not null) and attnum > 0)
    or exists (select from pg_constraint where conrelid = p.oid and conislocal and contype <> 'n')
    or exists (select from pg_index x where x.indrelid = p.oid and not exists (select from pg_inherits where inhrelid = x.indexrelid))
    or array(select tgname from pg_trigger where tgrelid = p.oid and not tgisinternal order by 1)
      <> array(select tgname from pg_trigger where tgrelid = c.oid and not tgisinternal order by 1)`

async function refuseUnknownKinds(client: pg.Client): Promise<void> {
  const unknown = await read(
    client,
    `select format('relation %s of kind %s', c.relname, c.relkind) as text from pg_class c
      where c.relnamespace = 'public'::regnamespace and ${OURS('pg_class', 'c')}
        and (c.relkind not in ('r', 'p', 'i', 'I', 'v', 'c', 't') or c.reloftype <> 0 or c.relforcerowsecurity
          or c.relkind in ('r', 'p') and c.relreplident <> 'd')
    union all select format('function %s of kind %s', p.proname, p.prokind) from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prokind <> 'f' and ${OURS('pg_proc', 'p')}
    union all select format('type %s of kind %s', t.typname, t.typtype) from pg_type t
      where t.typnamespace = 'public'::regnamespace and t.typtype not in ('e', 'd', 'c', 'b') and ${OURS('pg_type', 't')}
    union all select 'rule ' || r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class
      where c.relnamespace = 'public'::regnamespace and r.rulename <> '_RETURN'
    union all select 'inheritance of ' || i.inhrelid::regclass from pg_inherits i
      join pg_class c on c.oid = i.inhrelid and c.relnamespace = 'public'::regnamespace and not c.relispartition
    union all ${IRREGULAR_PARTITIONS}
    union all select 'statistics ' || s.stxname from pg_statistic_ext s where s.stxnamespace = 'public'::regnamespace
    union all select 'event trigger ' || e.evtname from pg_event_trigger e
    union all select 'default privileges of ' || d.defaclrole::regrole from pg_default_acl d
    union all select 'schema ' || n.nspname from pg_namespace n where n.nspname not in ('public', 'information_schema') and n.nspname !~ '^pg_'
    order by 1`,
  )
  if (unknown.length > 0) throw new Error(`the structure cannot be printed: ${unknown.join(', ')}`)
}

const extensions = async (client: pg.Client): Promise<string> =>
  paragraph(
    'extensions',
    await read(
      client,
      `select format('CREATE EXTENSION %I;', extname) as text from pg_extension where extname <> 'plpgsql' order by extname`,
    ),
  )

/** The roles that something is granted to, what they may do on the whole and the settings they come with. */
const roles = async (client: pg.Client): Promise<string> =>
  paragraph(
    'roles and what they may reach',
    await read(
      client,
      `with reaching as (
        select r.* from pg_roles r where not r.rolsuper and r.oid <> (select nspowner from pg_namespace where nspname = 'public')
          and (exists (select from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'public' and a.grantee = r.oid))
          and r.oid <> (select relowner from pg_class where relname = 'municipality' and relnamespace = 'public'::regnamespace)
      )
      select text from (
        select rolname, 1 as place, format('CREATE ROLE %I%s;', rolname, concat_ws(' ', '',
          case when rolcanlogin then 'LOGIN' else 'NOLOGIN' end, case when rolinherit then 'INHERIT' else 'NOINHERIT' end,
          case when rolcreatedb then 'CREATEDB' else 'NOCREATEDB' end, case when rolcreaterole then 'CREATEROLE' else 'NOCREATEROLE' end,
          case when rolbypassrls then 'BYPASSRLS' else 'NOBYPASSRLS' end, case when rolreplication then 'REPLICATION' else 'NOREPLICATION' end)) as text
        from reaching
        union all
        select rolname, 2, format('ALTER ROLE %I SET %s;', rolname, setting)
        from reaching, pg_db_role_setting s, unnest(s.setconfig) setting
        where s.setrole = reaching.oid and s.setdatabase = 0
        union all
        select rolname, 3, format('GRANT %s ON SCHEMA public TO %I;', string_agg(a.privilege_type, ', ' order by a.privilege_type), rolname)
        from reaching, pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'public' and a.grantee = reaching.oid group by rolname
      ) lines order by rolname, place, text`,
    ),
  )

const types = async (client: pg.Client): Promise<string> =>
  paragraph(
    'types',
    await read(
      client,
      `select text from (
        select t.typname, format('CREATE TYPE %I AS ENUM (%s);', t.typname,
          (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)) as text
        from pg_type t where t.typtype = 'e' and t.typnamespace = 'public'::regnamespace and ${OURS('pg_type', 't')}
        union all
        select t.typname, format('CREATE DOMAIN %I AS %s%s%s%s;', t.typname, format_type(t.typbasetype, t.typtypmod),
          ' DEFAULT ' || t.typdefault, case when t.typnotnull then ' NOT NULL' end,
          (select string_agg(format(' CONSTRAINT %I %s', c.conname, pg_get_constraintdef(c.oid, true)), '' order by c.conname)
            from pg_constraint c where c.contypid = t.oid and c.contype = 'c'))
        from pg_type t where t.typtype = 'd' and t.typnamespace = 'public'::regnamespace and ${OURS('pg_type', 't')}
        union all
        select t.typname, format('COMMENT ON TYPE %I IS %L;', t.typname, obj_description(t.oid, 'pg_type'))
        from pg_type t where t.typtype in ('e', 'd') and t.typnamespace = 'public'::regnamespace and obj_description(t.oid, 'pg_type') is not null
      ) lines order by typname, text desc`,
    ),
  )

type Relation = {
  oid: string
  name: string
  is_unlogged: boolean
  options: string | null
  has_row_security: boolean
  partition_key: string | null
}

async function relations(client: pg.Client, kinds: readonly string[]): Promise<Relation[]> {
  const { rows } = await client.query<Relation>(
    `select c.oid::text, quote_ident(c.relname) as name, c.relpersistence = 'u' as is_unlogged,
      array_to_string(c.reloptions, ', ') as options, c.relrowsecurity as has_row_security,
      pg_get_partkeydef(c.oid) as partition_key
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = any ($1) and not c.relispartition and c.relname not in (${MIGRATOR})
      and ${OURS('pg_class', 'c')} order by c.relname`,
    [kinds],
  )
  return rows
}

async function tables(client: pg.Client): Promise<string[]> {
  const texts: string[] = []
  for (const table of await relations(client, ['r', 'p'])) texts.push(await printTable(client, table))
  return texts
}

async function printTable(client: pg.Client, table: Relation): Promise<string> {
  const parts = [...(await columns(client, table)), ...(await constraints(client, table))]
  return [
    heading(table.name),
    `CREATE ${table.is_unlogged ? 'UNLOGGED ' : ''}TABLE ${table.name} (\n  ${parts.join(',\n  ')}\n)${partitioning(table)};`,
    ...(table.options === null ? [] : [`ALTER TABLE ${table.name} SET (${table.options});`]),
    ...(table.partition_key === null
      ? []
      : [`-- Partitions: ${table.name}_2026 for 2026/27 and so on, one for each school year.`]),
    ...(await comments(client, table, 'TABLE')),
    ...(await indexes(client, table)),
    ...(await triggers(client, table)),
    ...(table.has_row_security ? [`ALTER TABLE ${table.name} ENABLE ROW LEVEL SECURITY;`] : []),
    ...(await policies(client, table)),
    ...(await grants(client, table)),
    ...(await initialRows(client, table)),
  ].join('\n')
}

const partitioning = ({ partition_key }: Relation): string =>
  partition_key === null ? '' : ` PARTITION BY ${partition_key}`

/** Whether a check speaks of one column and has the name that it gets by itself: then it stands beside that column. */
const IS_OF_COLUMN = `k.contype = 'c' and cardinality(k.conkey) = 1
  and k.conname = (select format('%s_%s_check', c.relname, a.attname) from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.oid = k.conrelid and a.attnum = k.conkey[1])`

const columns = async (client: pg.Client, { oid }: Relation): Promise<string[]> => {
  const lines = await read(
    client,
    `select concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
      case when a.attcollation <> t.typcollation then 'COLLATE ' || a.attcollation::regcollation end,
      case when a.attnotnull then 'NOT NULL' end,
      case a.attidentity when 'a' then 'GENERATED ALWAYS AS IDENTITY' when 'd' then 'GENERATED BY DEFAULT AS IDENTITY' end,
      case a.attgenerated when 's' then format('GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid, true))
        when 'v' then format('GENERATED ALWAYS AS (%s) VIRTUAL', pg_get_expr(d.adbin, d.adrelid, true))
        else 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid, true) end,
      (select pg_get_constraintdef(k.oid, true) from pg_constraint k
        where k.conrelid = a.attrelid and k.conkey[1] = a.attnum and ${IS_OF_COLUMN})) as text
    from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [oid],
  )
  return lines.map(plain)
}

const constraints = async (client: pg.Client, { oid }: Relation): Promise<string[]> => {
  const lines = await read(
    client,
    `select format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid, true)) as text from pg_constraint k
    where k.conrelid = $1 and k.contype in ('p', 'u', 'x', 'f', 'c') and not (${IS_OF_COLUMN})
    order by position(k.contype::text in 'puxfc'), k.conname`,
    [oid],
  )
  return lines.map((line) => wrapped(plain(line), '    '))
}

const comments = (client: pg.Client, { oid, name }: Relation, kind: 'TABLE' | 'VIEW'): Promise<string[]> =>
  read(
    client,
    `select case when d.objsubid = 0 then format('COMMENT ON ${kind} ${name} IS %L;', d.description)
      else format('COMMENT ON COLUMN ${name}.%I IS %L;', a.attname, d.description) end as text
    from pg_description d left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
    where d.classoid = 'pg_class'::regclass and d.objoid = $1 order by d.objsubid`,
    [oid],
  )

const indexes = async (client: pg.Client, { oid }: Relation): Promise<string[]> => {
  const lines = await read(
    client,
    `select pg_get_indexdef(i.indexrelid, 0, true) || ';' as text from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = $1 and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid)
    order by c.relname`,
    [oid],
  )
  return lines.map(plain)
}

const triggers = async (client: pg.Client, { oid }: Relation): Promise<string[]> => {
  const lines = await read(
    client,
    `select pg_get_triggerdef(oid, true) || ';' || case tgenabled when 'O' then '' else format(' -- enabled: %s', tgenabled) end as text
    from pg_trigger where tgrelid = $1 and not tgisinternal order by tgname`,
    [oid],
  )
  return lines.map(plain)
}

async function policies(client: pg.Client, { oid, name }: Relation): Promise<string[]> {
  const { rows } = await client.query<{ head: string; using: string | null; check: string | null }>(
    `select format('CREATE POLICY %I ON ${name}%s%s TO %s', p.polname,
      case when p.polpermissive then '' else ' AS RESTRICTIVE' end,
      case p.polcmd when 'r' then ' FOR SELECT' when 'a' then ' FOR INSERT' when 'w' then ' FOR UPDATE' when 'd' then ' FOR DELETE' else '' end,
      (select string_agg(case when role = 0 then 'PUBLIC' else role::regrole::text end, ', ') from unnest(p.polroles) role)) as head,
      pg_get_expr(p.polqual, p.polrelid, true) as using, pg_get_expr(p.polwithcheck, p.polrelid, true) as check
    from pg_policy p where p.polrelid = $1 order by p.polname`,
    [oid],
  )
  const condition = (word: string, text: string | null): string =>
    text === null ? '' : `\n  ${word} (${wrapped(plain(text), '    ')})`
  return rows.map(
    ({ head, using, check }) => `${head}${condition('USING', using)}${condition('WITH CHECK', check)};`,
  )
}

/** What others than the owner may do with a table, and what they may do with single columns of it. */
const grants = (client: pg.Client, { oid, name }: Relation): Promise<string[]> =>
  read(
    client,
    `with allowed as (
      select a.grantee, a.privilege_type as act, a.is_grantable, 0 as place, null as columns
      from pg_class c, aclexplode(c.relacl) a where c.oid = $1 and a.grantee <> c.relowner
      union all
      select a.grantee, a.privilege_type, a.is_grantable, 1, string_agg(quote_ident(t.attname), ', ' order by t.attnum)
      from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
      where t.attrelid = $1 and a.grantee <> c.relowner group by 1, 2, 3
    )
    select format('GRANT %s ON ${name} TO %s%s;', string_agg(concat(act, ' (' || columns || ')'), ', ' order by place, act),
      case when grantee = 0 then 'PUBLIC' else grantee::regrole::text end, case when is_grantable then ' WITH GRANT OPTION' else '' end) as text
    from allowed group by grantee, is_grantable order by 1`,
    [oid],
  )

/** The rows that the migrations insert: a table of rules is part of the schema. */
async function initialRows(client: pg.Client, { name }: Relation): Promise<string[]> {
  const { rows } = await client.query<{ row: Record<string, unknown> }>(
    `select to_json(t) as row from ${name} as t order by t::text`,
  )
  const literal = (value: unknown): string => {
    if (value === null) return 'NULL'
    return client.escapeLiteral(typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  return rows.map(({ row }) => `INSERT INTO ${name} VALUES (${Object.values(row).map(literal).join(', ')});`)
}

async function views(client: pg.Client): Promise<string[]> {
  const texts: string[] = []
  for (const view of await relations(client, ['v'])) texts.push(await printView(client, view))
  return texts
}

async function printView(client: pg.Client, view: Relation): Promise<string> {
  const [definition = ''] = await read(
    client,
    `select format('CREATE VIEW ${view.name}%s AS\n%s', format(' WITH (%s)', array_to_string(reloptions, ', ')),
      pg_get_viewdef(oid, true)) as text from pg_class where oid = $1`,
    [view.oid],
  )
  return [
    heading(`${view.name} (view)`),
    definition,
    ...(await comments(client, view, 'VIEW')),
    ...(await triggers(client, view)),
    ...(await grants(client, view)),
  ].join('\n')
}

const functions = (client: pg.Client): Promise<string[]> =>
  read(
    client,
    `select concat_ws(E'\\n',
      rpad(format('-- %s() ', p.proname), 104, '-'),
      replace(rtrim(pg_get_functiondef(p.oid), E'\\n'), 'CREATE OR REPLACE FUNCTION public.', 'CREATE FUNCTION ') || ';',
      format('COMMENT ON FUNCTION %I(%s) IS ', p.proname, pg_get_function_identity_arguments(p.oid)) || quote_literal(obj_description(p.oid, 'pg_proc')) || ';',
      case when not exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
        then format('REVOKE EXECUTE ON FUNCTION %I(%s) FROM PUBLIC;', p.proname, pg_get_function_identity_arguments(p.oid)) end,
      (select string_agg(format('GRANT EXECUTE ON FUNCTION %I(%s) TO %s;', p.proname, pg_get_function_identity_arguments(p.oid), a.grantee::regrole), E'\\n' order by a.grantee::regrole::text)
        from aclexplode(p.proacl) a where a.grantee not in (0, p.proowner))) as text
    from pg_proc p where p.pronamespace = 'public'::regnamespace and ${OURS('pg_proc', 'p')}
    order by p.proname, pg_get_function_identity_arguments(p.oid)`,
  )
