import { type Kysely, sql } from 'kysely'

/** Schools, classes, years, the service, its prices, cutoffs and weekdays, exceptions to the calendar and service days. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table school_year (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      name text not null check (name ~ '^[0-9]{4}/[0-9]{4}$'),
      starts_on date not null, ends_on date not null,
      primary key (municipality_id, id),
      unique (municipality_id, name),
      check (starts_on < ends_on)
    );

    create table school (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      name text not null,
      kind text not null check (kind in ('infanzia', 'primaria', 'secondaria')),
      street text not null,
      primary key (municipality_id, id),
      unique (municipality_id, name)
    );

    create table school_class (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      school_id uuid not null,
      school_year_id uuid not null,
      name text not null,
      primary key (municipality_id, id),
      unique (municipality_id, school_id, school_year_id, name),
      unique (municipality_id, school_id, id),
      foreign key (municipality_id, school_id) references school,
      foreign key (municipality_id, school_year_id) references school_year
    );

    create table diet (
      municipality_id uuid not null references municipality,
      code text not null check (code ~ '^[A-Z0-9-]{1,12}$'),
      name text not null,
      primary key (municipality_id, code)
    );
    comment on table diet is 'The kitchen sees the code only; the name is health or faith data and is read under audit.';

    create table service (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      code text not null check (code ~ '^[a-z-]+$'),
      name text not null,
      active boolean not null default true,
      primary key (municipality_id, id),
      unique (municipality_id, code)
    );

    create table meal_price (
      municipality_id uuid not null,
      service_id uuid not null,
      valid_from date not null,
      price_cents integer not null check (price_cents between 1 and 10000),
      vat_basis_points integer not null default 400 check (vat_basis_points between 0 and 3000),
      primary key (municipality_id, service_id, valid_from),
      foreign key (municipality_id, service_id) references service
    );
    comment on table meal_price is 'A price is valid until the next one starts, so prices can neither overlap nor leave a hole.';

    create table service_schedule (
      municipality_id uuid not null,
      service_id uuid not null,
      school_id uuid not null,
      school_year_id uuid not null,
      weekdays smallint[] not null check (weekdays <@ array[1,2,3,4,5,6,7]::smallint[] and cardinality(weekdays) > 0),
      cutoff_time time not null,
      cutoff_days_before smallint not null default 0 check (cutoff_days_before between 0 and 30),
      grace_seconds smallint not null default 3 check (grace_seconds between 0 and 60),
      starts_on date not null, ends_on date not null,
      primary key (municipality_id, service_id, school_id, school_year_id),
      foreign key (municipality_id, service_id) references service,
      foreign key (municipality_id, school_id) references school,
      foreign key (municipality_id, school_year_id) references school_year,
      check (starts_on <= ends_on)
    );
    comment on column service_schedule.weekdays is 'ISO weekdays, 1 Monday to 7 Sunday, on which the service is given';
    comment on column service_schedule.cutoff_time is 'Wall clock in Europe/Rome';

    create table calendar_exception (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      service_id uuid not null,
      school_id uuid,
      day date not null,
      kind text not null check (kind in ('holiday', 'closure', 'strike', 'trip')),
      reason text not null check (length(reason) between 1 and 200),
      created_by uuid,
      created_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique nulls not distinct (municipality_id, service_id, school_id, day),
      foreign key (municipality_id, service_id) references service,
      foreign key (municipality_id, school_id) references school
    );
    comment on column calendar_exception.school_id is 'Null: every school of the municipality';

    create table service_day (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      service_id uuid not null,
      school_id uuid not null,
      day date not null,
      cutoff_at timestamptz not null,
      close_at timestamptz not null,
      status text not null default 'open' check (status in ('open', 'closed', 'suspended')),
      closed_at timestamptz,
      exception_id uuid,
      primary key (municipality_id, id),
      unique (municipality_id, service_id, school_id, day),
      foreign key (municipality_id, service_id) references service,
      foreign key (municipality_id, school_id) references school,
      foreign key (municipality_id, exception_id) references calendar_exception,
      check (close_at >= cutoff_at),
      check (status <> 'closed' or closed_at is not null),
      check ((status = 'suspended') = (exception_id is not null))
    );
    create index service_day_due on service_day (close_at) where status = 'open';
    create index service_day_by_day on service_day (municipality_id, day, service_id);
    comment on column service_day.cutoff_at is 'Changes are accepted strictly before this instant';
    comment on column service_day.close_at is 'The worker closes the day from this instant on (cutoff plus a few seconds of grace)';

    create function service_day_moves_forward() returns trigger language plpgsql as $$
    begin
      if (old.municipality_id, old.service_id, old.school_id, old.day) is distinct from (new.municipality_id, new.service_id, new.school_id, new.day) then
        raise exception 'a service day keeps its place' using errcode = 'restrict_violation';
      end if;
      if old.status = 'closed' and new.status = 'open' then
        raise exception 'a closed service day does not open again' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$;
    create trigger service_day_forward before update on service_day for each row execute function service_day_moves_forward();
  `)
    .execute(db)
}
