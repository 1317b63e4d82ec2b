import { type Kysely, sql } from 'kysely'

/**
 * The language that a person chose, for mails and for the next browser; null until somebody chooses. It belongs to the citizen: one
 * choice in all the Comuni. The functions run as the schema's owner because no Comune's scope holds for a citizen.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    alter table citizen add column language text check (language in ('it', 'en'));
    comment on column citizen.language is 'Chosen with the switch of the pages; null until then';

    create function choose_language(token_hash bytea, chosen text) returns text
    language plpgsql volatile security definer set search_path = public as $$
    #variable_conflict use_column
    declare
      kept text;
    begin
      update citizen c set language = choose_language.chosen
      from session s
      where choose_language.chosen is not null and c.language is distinct from choose_language.chosen
        and s.token_hash = choose_language.token_hash and s.ended_at is null and s.expires_at > app_now()
        and c.id = s.citizen_id;
      select c.language into kept from citizen c join session s on s.citizen_id = c.id
      where s.token_hash = choose_language.token_hash and s.ended_at is null and s.expires_at > app_now();
      return kept;
    end $$;
    revoke execute on function choose_language from public;
    grant execute on function choose_language to refettorio_web;

    create function language_of_person(town uuid, who uuid) returns text
    language sql stable security definer set search_path = public as $$
      select c.language from person p join citizen c on c.fiscal_code_hash = p.fiscal_code_hash
      where p.municipality_id = town and p.id = who
    $$;
    revoke execute on function language_of_person from public;
    grant execute on function language_of_person to refettorio_web;
  `)
    .execute(db)
}
