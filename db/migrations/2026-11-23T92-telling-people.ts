import { type Kysely, sql } from 'kysely'

/**
 * Two ways to reach somebody who is not in the room: whoever is invited and known already, and a browser with a new address.
 * A family may ask for a person by the hash of a fiscal code that it knows, in the own town; it gets an id, which opens nothing.
 *
 * A browser changes the address at which it receives by itself, often while nobody is signed in. It proves to be the same
 * browser with the secret of the old address, which only it and we have.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create function person_with_code(town uuid, code_hash bytea) returns uuid language sql stable security definer set search_path = public as $$
      select p.id from person p
      where p.municipality_id = town and town = app_municipality() and app_audience() in ('family', 'staff', 'system')
        and p.fiscal_code_hash = code_hash
    $$;
    revoke execute on function person_with_code from public;
    grant execute on function person_with_code to refettorio_web;

    create function renew_push_subscription(old_endpoint text, old_auth text, endpoint text, p256dh text, auth text)
    returns integer language plpgsql security definer set search_path = public as $$
    #variable_conflict use_column
    declare
      town uuid;
      kept record;
      renewed integer := 0;
    begin
      for town in select id from municipality loop
        update push_subscription s set ended_at = app_now(), end_reason = 'moved'
        where s.municipality_id = town and s.endpoint = old_endpoint and s.auth = old_auth and s.ended_at is null
        returning s.person_id, s.device_name into kept;
        if kept.person_id is not null then
          insert into push_subscription (municipality_id, person_id, endpoint, p256dh, auth, device_name)
          values (town, kept.person_id, renew_push_subscription.endpoint, renew_push_subscription.p256dh,
            renew_push_subscription.auth, kept.device_name)
          on conflict (municipality_id, endpoint) where ended_at is null do nothing;
          renewed := renewed + 1;
        end if;
      end loop;
      return renewed;
    end $$;
    revoke execute on function renew_push_subscription from public;
    grant execute on function renew_push_subscription to refettorio_web;
  `)
    .execute(db)
}
