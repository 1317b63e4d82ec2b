-- The tables that grow with the years are partitioned by school year, 1 September to 31 August on the wall clock in Italy:
-- one partition a year, `audit_event_2026` for 2026/27. There is no partition for what falls outside of them: it is refused,
-- and not kept in a place that grows without being seen. So the next year's stand ready a year ahead.
-- A partition is reached only by way of its table: nothing is granted on it, and row security lets nothing through to it.
-- What the table does for each row its partitions do by themselves; what it does for each statement they are given here,
-- so that the owner of the schema cannot empty one of them either.

create function make_school_years(first_day date, last_day date) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set lock_timeout = '2s' as $$
declare
  grown record;
  guard record;
  made integer := 0;
begin
  for grown in
    select c.relname as name, format('%s_%s', c.relname, y.year) as part,
      format(bound.form, y.year) as first, format(bound.form, y.year + 1) as after
    from pg_partitioned_table p
    join pg_class c on c.oid = p.partrelid and c.relnamespace = 'public'::regnamespace
    join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    cross join lateral (select case a.atttypid when 'timestamptz'::regtype then '%s-09-01 Europe/Rome'
      when 'date'::regtype then '%s-09-01' else '%s' end as form) bound
    cross join generate_series(school_year_of(first_day), school_year_of(last_day)) y (year)
    order by y.year, c.relname
  loop
    continue when to_regclass(grown.part) is not null;
    -- Two workers make it one after the other, and the second finds it.
    execute format('lock table %I in share update exclusive mode', grown.name);
    continue when to_regclass(grown.part) is not null;
    -- Made beside the table and attached: reads and writes of the other years do not wait.
    execute format('create table public.%I (like %I including defaults including constraints)', grown.part, grown.name);
    execute format('alter table %I enable row level security', grown.part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)',
      grown.name, grown.part, grown.first, grown.after);
    made := made + 1;
  end loop;

  for guard in
    select replace(pg_get_triggerdef(t.oid), format(' ON public.%I ', c.relname), format(' ON public.%I ', p.relname)) as command
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid and c.relkind = 'p' and c.relnamespace = 'public'::regnamespace
    join pg_inherits i on i.inhparent = c.oid
    join pg_class p on p.oid = i.inhrelid
    -- For each statement, where the partition has none of that name yet.
    where not t.tgisinternal and t.tgtype & 1 = 0
      and not exists (select from pg_trigger own where own.tgrelid = p.oid and own.tgname = t.tgname)
  loop
    execute guard.command;
  end loop;
  return made;
end $$;
comment on function make_school_years is 'Makes the partitions of the school years from one day to another that are not there yet; answers how many.';
revoke execute on function make_school_years from public;

-- Those of this school year and of the next. The worker calls it, so that August asks for no work of a person.
create function keep_school_years() returns integer language sql security definer set search_path = pg_catalog, public, pg_temp
as $$ select make_school_years(app_today(), (app_today() + interval '1 year')::date) $$;
comment on function keep_school_years is 'Keeps the partitions of this school year and of the next; answers how many it made.';
revoke execute on function keep_school_years from public;
grant execute on function keep_school_years to refettorio_web;

-- The last enrolment of each pupil in each service of a school year, of households from the first to before the last. A function, so
-- that the planner knows how many rows to expect: of a year and a range it expects one, and joins the pupils of a town to its classes
-- in nested loops. It is planned for the very range, so that a wide one joins whole tables and a narrow one looks its pupils up.
create function last_enrolments(in_year uuid, first_household uuid, before_household uuid)
returns table (
  id uuid, pupil_id uuid, household_id uuid, birth_date date, service_id uuid, school_id uuid, school_class_id uuid, diet_code text,
  severe_reaction boolean, weekdays smallint[], valid_from date, valid_to date
)
language plpgsql stable rows 100000 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select distinct on (e.pupil_id, e.service_id) e.id, e.pupil_id, p.household_id, p.birth_date, e.service_id, e.school_id,
      e.school_class_id, e.diet_code, e.severe_reaction, e.weekdays, e.valid_from, e.valid_to
    from pupil p
    join enrolment e on e.municipality_id = municipality and e.pupil_id = p.id and e.school_year_id = in_year
    where p.municipality_id = municipality and p.household_id >= first_household and p.household_id < before_household
    order by e.pupil_id, e.service_id, e.valid_to desc;
end $$;
revoke execute on function last_enrolments from public;
grant execute on function last_enrolments to refettorio_web;
