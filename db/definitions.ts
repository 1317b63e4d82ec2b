import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { LANGUAGES } from '#lib/words/locales.ts'
import type { Trx } from './client.ts'
import { webRoleDefinition } from './role-settings.ts'

/**
 * The part of the schema that has no rows and is kept as current source: functions and triggers in db/functions/, views in
 * db/views/, row security and the grants of the runtime role in db/policies/. Each folder needs those before it. The
 * languages of lib/words/locales.ts, the partitions of the school years and the settings of the runtime role come last.
 */
const FOLDERS = ['functions', 'views', 'policies']

/** A language that is no longer offered keeps its row: messages were written in it. */
const LANGUAGE_ROWS = `insert into language (code) values ${LANGUAGES.map((code) => `('${code}')`).join(', ')} on conflict do nothing`

const SCHOOL_YEARS = 'select keep_school_years()'

/** The text of every file of definitions, in the order in which they are created. */
export function readDefinitions(): string[] {
  const files = FOLDERS.flatMap((folder) => {
    const place = path.join(import.meta.dirname, folder)
    return readdirSync(place)
      .sort()
      .map((file) => readFileSync(path.join(place, file), 'utf8'))
  })
  return [...files, LANGUAGE_ROWS, SCHOOL_YEARS, webRoleDefinition()]
}

/**
 * Takes all definitions away, so that migrations meet bare tables and nothing outlives its source. Functions that a
 * column's default or a constraint calls belong to the migrations and stay.
 * The tables are locked first: requests wait for the end of the transaction and never see a table without its policies.
 */
export async function dropDefinitions(trx: Trx): Promise<void> {
  await sql
    .raw(`
    do $$
    declare
      it record;
    begin
      for it in select format('lock table %I in access exclusive mode', relname) as command from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname
      loop
        execute it.command;
      end loop;
      for it in
        select format('drop policy %I on %I', policyname, tablename) as command from pg_policies where schemaname = 'public'
        union all
        select format('drop trigger %I on %I', t.tgname, c.relname) from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and t.tgparentid = 0
        union all
        select format('drop view if exists %I cascade', relname) from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'v'
      loop
        execute it.command;
      end loop;
      for it in
        select format('drop function %s', p.oid::regprocedure) as command from pg_proc p
        where p.pronamespace = 'public'::regnamespace and not exists (
          select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
          union all
          select from pg_depend d where d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid
            and d.classid in ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_class'::regclass))
      loop
        execute it.command;
      end loop;
      if exists (select from pg_roles where rolname = 'refettorio_web') then
        revoke all on all tables in schema public from refettorio_web;
      end if;
    end $$`)
    .execute(trx)
}

/**
 * Creates the definitions in a database whose old ones were dropped. The bodies of functions are checked at the end, when
 * everything that they name is there: so no file has to come before another.
 */
export async function createDefinitions(trx: Trx, definitions: readonly string[]): Promise<void> {
  await sql.raw('set local check_function_bodies = off').execute(trx)
  for (const definition of definitions) await sql.raw(definition).execute(trx)
  await sql
    .raw(`
    set local check_function_bodies = on;
    select case l.lanname when 'sql' then fmgr_sql_validator(p.oid) else plpgsql_validator(p.oid) end
    from pg_proc p join pg_language l on l.oid = p.prolang and l.lanname in ('sql', 'plpgsql')
    where p.pronamespace = 'public'::regnamespace`)
    .execute(trx)
}
