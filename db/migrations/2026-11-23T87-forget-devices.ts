import { type Kysely, sql } from 'kysely'

/**
 * Devices that open nothing any more, a year after: revoked, or not used since. Until then their owner reads in the list
 * what happened to them. The sessions that they opened go first, thirty days after their end.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create function purge_devices(most integer) returns integer language plpgsql security definer set search_path = public as $$
    declare
      old uuid[];
    begin
      old := array(
        select d.id from remembered_device d
        where coalesce(d.revoked_at, d.last_used_at) < app_now() - interval '12 months'
          and not exists (select from session s where s.device_id = d.id)
        limit most for update skip locked);
      delete from passkey where device_id = any (old);
      delete from remembered_device where id = any (old);
      return coalesce(array_length(old, 1), 0);
    end $$;
    revoke execute on function purge_devices from public;
    grant execute on function purge_devices to refettorio_web;
  `)
    .execute(db)
}
