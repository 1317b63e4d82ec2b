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
