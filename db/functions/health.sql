-- Whether the installation works. The runtime role has no right on `health_write` and on the migrator's tables.

-- `known`: the migrations of the version that asks. One that it does not know belongs to a newer version, which it may outlive.
create function health_of(known text[]) returns table (worker_seconds double precision, missing_migrations bigint)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into health_write (written_at) values (clock_timestamp())
    on conflict (singleton) do update set written_at = excluded.written_at;
  return query select
    (select extract(epoch from clock_timestamp() - max(h.minute))::double precision from heartbeat h where h.source = 'worker'),
    (select count(*) from unnest(known) as wanted (name) where wanted.name not in (select m.name from schema_source m));
end $$;
comment on function health_of is 'Writes, and answers how old the last minute of the worker is (null: none yet) and how many migrations are missing';
revoke execute on function health_of from public;
grant execute on function health_of to refettorio_web;

-- What is late in the whole installation: counts alone, for any process that still lives.
create function installation_facts() returns table (
  worker_seconds double precision, web_seconds double precision, days_open bigint, charges_late bigint, messages_late bigint,
  payments_late bigint, is_archive_failing boolean
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select
    (select extract(epoch from clock_timestamp() - max(h.minute))::double precision from heartbeat h where h.source = 'worker'),
    (select extract(epoch from clock_timestamp() - max(h.minute))::double precision from heartbeat h where h.source = 'web'),
    (select count(*) from service_day d join municipality m on m.id = d.municipality_id and m.active
      where d.status = 'open' and d.close_at < app_now() - interval '5 minutes'),
    (select count(*) from meal_charge c where c.due_at < app_now() - interval '5 minutes'),
    (select count(*) from outbox o where o.due_at < app_now() - interval '30 minutes'),
    (select count(*) from top_up t where t.next_check_at < app_now() - interval '30 minutes'),
    -- Of the whole server, where it archives its log for a backup: the last try failed.
    (select coalesce(current_setting('archive_mode') <> 'off'
        and a.last_failed_time > coalesce(a.last_archived_time, '-infinity'), false) from pg_stat_archiver a)
$$;
revoke execute on function installation_facts from public;
grant execute on function installation_facts to refettorio_web;
