import { type Kysely, sql } from 'kysely'

/**
 * Tariffs that the office manages. A price that was charged, and a band that a charged meal was eaten under, never change:
 * the database refuses it whoever asks. What the portal may write begins today at the earliest, and what has begun stays.
 * The service counts the changes of its tariffs, so that two people at once do not decide on the same old page.
 * Only the office writes here: until now a family's transaction could have dropped its own bands.
 */
const OFFICE = `app_audience() in ('staff', 'system')`
const IN_TOWN = 'municipality_id = (select app_municipality())'

const pricePolicies = (table: string) => `
    drop policy ${table}_scope on ${table};
    create policy ${table}_read on ${table} for select to refettorio_web using (${IN_TOWN});
    create policy ${table}_decide on ${table} for insert to refettorio_web
      with check (${IN_TOWN} and ${OFFICE} and valid_from >= app_today());
    create policy ${table}_cancel on ${table} for delete to refettorio_web
      using (${IN_TOWN} and ${OFFICE} and valid_from > app_today());
    grant insert, delete on ${table} to refettorio_web;`

const decision = (table: string) => `
    alter table ${table}
      add column decided_by uuid,
      add column decided_at timestamptz not null default app_now(),
      add column note text not null default '' check (length(note) <= 200),
      add foreign key (municipality_id, decided_by) references person;`

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    alter table service
      add column tariff_revision integer not null default 0,
      add column tariff_changed_by uuid,
      add foreign key (municipality_id, tariff_changed_by) references person;
    drop policy service_scope on service;
    create policy service_read on service for select to refettorio_web using (${IN_TOWN});
    create policy service_tariffs on service for update to refettorio_web
      using (${IN_TOWN} and ${OFFICE}) with check (${IN_TOWN} and ${OFFICE});
    grant update (tariff_revision, tariff_changed_by) on service to refettorio_web;

    ${decision('meal_price')}
    ${decision('fare_band_price')}
    ${pricePolicies('meal_price')}
    ${pricePolicies('fare_band_price')}

    alter table fare_band
      add column description text not null default '' check (length(description) <= 300),
      add column closed_at timestamptz;
    comment on column fare_band.closed_at is 'From then on nobody new gets the band; whoever has it keeps it to its end';
    drop policy fare_band_scope on fare_band;
    create policy fare_band_read on fare_band for select to refettorio_web using (${IN_TOWN});
    create policy fare_band_create on fare_band for insert to refettorio_web with check (${IN_TOWN} and ${OFFICE});
    create policy fare_band_change on fare_band for update to refettorio_web
      using (${IN_TOWN} and ${OFFICE}) with check (${IN_TOWN} and ${OFFICE});
    grant insert on fare_band to refettorio_web;
    grant update (name, description, closed_at) on fare_band to refettorio_web;

    alter table fare_assignment
      add column reason text not null default '' check (length(reason) <= 300),
      add column ended_by uuid,
      add column ended_at timestamptz,
      add column end_reason text not null default '' check (length(end_reason) <= 300),
      add foreign key (municipality_id, ended_by) references person;
    drop policy fare_assignment_scope on fare_assignment;
    create policy fare_assignment_read on fare_assignment for select to refettorio_web
      using (${IN_TOWN} and (${OFFICE} or pupil_id in (select p.id from pupil p where p.municipality_id = fare_assignment.municipality_id
        and p.household_id = any (array(select app_paying_households())))));
    create policy fare_assignment_give on fare_assignment for insert to refettorio_web with check (${IN_TOWN} and ${OFFICE});
    create policy fare_assignment_end on fare_assignment for update to refettorio_web
      using (${IN_TOWN} and ${OFFICE}) with check (${IN_TOWN} and ${OFFICE});
    create policy fare_assignment_drop on fare_assignment for delete to refettorio_web using (${IN_TOWN} and ${OFFICE});
    grant update (ended_by, ended_at, end_reason) on fare_assignment to refettorio_web;

    create function meal_price_charged(m uuid, s uuid, first_day date) returns boolean language sql stable as $$
      select exists (select from service_day d where d.municipality_id = m and d.service_id = s and d.status = 'closed' and d.day >= first_day
        and d.day < coalesce((select min(p.valid_from) from meal_price p
          where p.municipality_id = m and p.service_id = s and p.valid_from > first_day), 'infinity'))
    $$;
    create function fare_band_price_charged(m uuid, s uuid, c text, first_day date) returns boolean language sql stable as $$
      select exists (select from fare_assignment f
        join service_day d on d.municipality_id = f.municipality_id and d.service_id = f.service_id
          and d.day between greatest(f.valid_from, first_day) and f.valid_to
        where f.municipality_id = m and f.service_id = s and f.band_code = c and d.status = 'closed'
          and d.day < coalesce((select min(p.valid_from) from fare_band_price p
            where p.municipality_id = m and p.service_id = s and p.code = c and p.valid_from > first_day), 'infinity'))
    $$;
    create function fare_charged(m uuid, s uuid, p uuid, first_day date, last_day date) returns boolean language sql stable as $$
      select exists (select from enrolment e
        join service_day d on d.municipality_id = e.municipality_id and d.service_id = e.service_id and d.school_id = e.school_id
          and d.day between greatest(e.valid_from, first_day) and least(e.valid_to, last_day)
        where e.municipality_id = m and e.service_id = s and e.pupil_id = p and d.status = 'closed')
    $$;

    create function charged_price_stays() returns trigger language plpgsql as $$
    declare
      touched record;
    begin
      for touched in select old.* where tg_op <> 'INSERT' union all select new.* where tg_op <> 'DELETE' loop
        if tg_table_name = 'meal_price' then
          if meal_price_charged(touched.municipality_id, touched.service_id, touched.valid_from) then
            raise exception 'a price that was charged does not change' using errcode = 'restrict_violation';
          end if;
        elsif fare_band_price_charged(touched.municipality_id, touched.service_id, touched.code, touched.valid_from) then
          raise exception 'a price that was charged does not change' using errcode = 'restrict_violation';
        end if;
      end loop;
      return coalesce(new, old);
    end $$;
    create trigger meal_price_stays before insert or update or delete on meal_price
      for each row execute function charged_price_stays();
    create trigger fare_band_price_stays before insert or update or delete on fare_band_price
      for each row execute function charged_price_stays();

    create function charged_fare_stays() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' then
        if (old.pupil_id, old.service_id, old.band_code, old.valid_from) is distinct from (new.pupil_id, new.service_id, new.band_code, new.valid_from) then
          raise exception 'a band that was given keeps its pupil, its code and its first day' using errcode = 'restrict_violation';
        end if;
        if fare_charged(old.municipality_id, old.service_id, old.pupil_id,
            least(old.valid_to, new.valid_to) + 1, greatest(old.valid_to, new.valid_to)) then
          raise exception 'a band of a charged day does not change' using errcode = 'restrict_violation';
        end if;
        return new;
      end if;
      if tg_op = 'INSERT' then
        if fare_charged(new.municipality_id, new.service_id, new.pupil_id, new.valid_from, new.valid_to) then
          raise exception 'a band does not reach a charged day' using errcode = 'restrict_violation';
        end if;
        return new;
      end if;
      if fare_charged(old.municipality_id, old.service_id, old.pupil_id, old.valid_from, old.valid_to) then
        raise exception 'a band of a charged day does not change' using errcode = 'restrict_violation';
      end if;
      return old;
    end $$;
    create trigger fare_assignment_stays before insert or update or delete on fare_assignment
      for each row execute function charged_fare_stays();
  `)
    .execute(db)
}
