import { type Kysely, sql } from 'kysely'

/**
 * What families thought of a meal, and what was left on the plates.
 * A rating names a child, so the office never reads its rows: it gets sums through a function that hides small ones, and
 * comments without anybody's name. Leftovers are weighed by staff, per course, for a class or a whole school.
 */
const inTown = 'municipality_id = (select app_municipality())'
const own = `pupil_id = any (array(select app_pupils())) or app_audience() = 'system'`
const office = `app_audience() in ('staff', 'system')`

const policy = (table: string, reads: string, writes = reads) => `
  alter table ${table} enable row level security;
  create policy ${table}_scope on ${table} to refettorio_web
    using (${inTown} and (${reads})) with check (${inTown} and (${writes}));`

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table menu_settings (
      municipality_id uuid not null references municipality,
      show_ratings boolean not null default false,
      primary key (municipality_id)
    );
    comment on column menu_settings.show_ratings is 'Families see the average of their school';

    create table meal_rating (
      municipality_id uuid not null,
      pupil_id uuid not null,
      service_day_id uuid not null,
      person_id uuid not null,
      comment text not null default '' check (length(comment) <= 300),
      rated_at timestamptz not null default app_now(),
      changed_at timestamptz not null default app_now(),
      primary key (municipality_id, pupil_id, service_day_id),
      foreign key (municipality_id, pupil_id) references pupil,
      foreign key (municipality_id, service_day_id) references service_day,
      foreign key (municipality_id, person_id) references person
    );
    create index meal_rating_by_day on meal_rating (municipality_id, service_day_id);

    create table meal_rating_dish (
      municipality_id uuid not null,
      pupil_id uuid not null,
      service_day_id uuid not null,
      dish_id uuid not null,
      score smallint not null check (score between 1 and 3),
      primary key (municipality_id, pupil_id, service_day_id, dish_id),
      foreign key (municipality_id, pupil_id, service_day_id) references meal_rating on delete cascade,
      foreign key (municipality_id, dish_id) references dish
    );
    comment on column meal_rating_dish.score is '1 not eaten, 2 so so, 3 liked';

    create table leftover (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      service_day_id uuid not null,
      school_class_id uuid,
      course text not null check (course in ('primo', 'secondo', 'unico', 'contorno', 'pane', 'frutta')),
      grams integer check (grams between 0 and 500000),
      share smallint check (share between 0 and 100),
      recorded_by uuid not null,
      recorded_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique nulls not distinct (municipality_id, service_day_id, school_class_id, course),
      foreign key (municipality_id, service_day_id) references service_day,
      foreign key (municipality_id, school_class_id) references school_class,
      foreign key (municipality_id, recorded_by) references person,
      check (num_nonnulls(grams, share) = 1)
    );
    comment on column leftover.school_class_id is 'Null: the whole school';
    comment on column leftover.share is 'Per cent of what was served';

    ${policy('menu_settings', 'true', office)}
    ${policy('meal_rating', own)}
    ${policy('meal_rating_dish', own)}
    ${policy('leftover', office)}
    grant select, insert, update on menu_settings, leftover to refettorio_web;
    grant select, insert, update, delete on meal_rating_dish to refettorio_web;
    grant select, insert on meal_rating to refettorio_web;
    grant update (person_id, comment, changed_at) on meal_rating to refettorio_web;
    grant delete on leftover to refettorio_web;

    create function meal_rating_figures(first_day date, smallest integer)
    returns table (school_id uuid, dish_id uuid, answers bigint, liked bigint, so_so bigint, not_eaten bigint)
    language sql stable security definer set search_path = public as $$
      select d.school_id, r.dish_id, count(*), count(*) filter (where r.score = 3), count(*) filter (where r.score = 2),
        count(*) filter (where r.score = 1)
      from meal_rating_dish r
      join service_day d on d.municipality_id = r.municipality_id and d.id = r.service_day_id
      where r.municipality_id = app_municipality() and d.day >= first_day
        and (app_audience() in ('staff', 'system') or exists (select from menu_settings s
          where s.municipality_id = app_municipality() and s.show_ratings))
      group by 1, 2 having count(*) >= greatest(smallest, 5)
    $$;
    comment on function meal_rating_figures is 'Opinions by school and dish: sums only, none under five answers; to families only where the office chose so.';

    create function meal_rating_comments(first_day date)
    returns table (school_name text, month text, comment text)
    language sql stable security definer set search_path = public as $$
      select s.name, to_char(d.day, 'YYYY-MM'), r.comment
      from meal_rating r
      join service_day d on d.municipality_id = r.municipality_id and d.id = r.service_day_id
      join school s on s.municipality_id = d.municipality_id and s.id = d.school_id
      where r.municipality_id = app_municipality() and app_audience() in ('staff', 'system') and d.day >= first_day and r.comment <> ''
      order by 2 desc, 1, r.comment limit 200
    $$;
    comment on function meal_rating_comments is 'What families wrote, by school and month: no child, no parent, no day, in alphabetical order.';

    create function purge_meal_ratings(most integer) returns integer language plpgsql security definer set search_path = public as $$
    declare
      gone integer;
    begin
      delete from meal_rating where (municipality_id, pupil_id, service_day_id) in (
        select municipality_id, pupil_id, service_day_id from meal_rating where rated_at < app_now() - interval '24 months' limit most);
      get diagnostics gone = row_count;
      return gone;
    end $$;
    revoke execute on function meal_rating_figures, meal_rating_comments, purge_meal_ratings from public;
    grant execute on function meal_rating_figures, meal_rating_comments, purge_meal_ratings to refettorio_web;
  `)
    .execute(db)
}
