import { type Kysely, sql } from 'kysely'

/**
 * The Comuni in which one citizen has something to do, to move between them without signing in again.
 * It runs as the schema's owner because no Comune's scope holds for it; it tells names of Comuni and nothing of the families.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create function towns_of_citizen(who uuid) returns table (slug text, name text)
    language sql stable security definer set search_path = public as $$
      select m.slug, m.name from citizen c
      join person p on p.fiscal_code_hash = c.fiscal_code_hash
      join municipality m on m.id = p.municipality_id and m.active
      where c.id = who and (
        jsonb_array_length(memberships_of(m.id, p.id)) > 0
        or exists (select from staff_member r where r.municipality_id = m.id and r.person_id = p.id
          and r.valid_from <= app_today() and (r.valid_to is null or r.valid_to >= app_today())))
      order by m.name, m.slug
    $$;
    revoke execute on function towns_of_citizen from public;
    grant execute on function towns_of_citizen to refettorio_web;
    create index person_by_fiscal_code on person (fiscal_code_hash);
  `)
    .execute(db)
}
