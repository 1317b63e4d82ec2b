import { type Kysely, sql } from 'kysely'

/**
 * Dishes, menus and one-day changes: public data of a municipality.
 * A menu is a rotation of weeks for some schools between two days. Its versions are never changed: what was published
 * can be shown as it was. A dish is written once and referred to, so that a corrected allergen reaches every menu at once;
 * `allergens` null means that nobody declared them yet, which is not the same as none.
 */
const OFFICE = `app_audience() in ('staff', 'system')`

const policy = (table: string, condition: string) => `
  alter table ${table} enable row level security;
  create policy ${table}_scope on ${table} to refettorio_web
    using (municipality_id = (select app_municipality()) and (${OFFICE} or ${condition}))
    with check (municipality_id = (select app_municipality()) and ${OFFICE});`

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table dish (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      name text not null check (length(name) between 1 and 120),
      course text not null check (course in ('primo', 'secondo', 'unico', 'contorno', 'pane', 'frutta')),
      ingredients text not null default '' check (length(ingredients) <= 1000),
      allergens text[] check (allergens <@ array['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soy', 'milk', 'nuts',
        'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs']),
      unsuited_diets text[] not null default '{}',
      archived_at timestamptz,
      updated_at timestamptz not null default app_now(),
      primary key (municipality_id, id)
    );
    create unique index dish_by_name on dish (municipality_id, lower(name)) where archived_at is null;
    comment on column dish.allergens is 'Of Annex II of Regulation (EU) 1169/2011; null while nobody declared them, empty when there are none';
    comment on column dish.unsuited_diets is 'Codes of the diets that do not eat it; a diet that is not named here is no promise that it may';

    create table menu (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      latest_version integer not null check (latest_version >= 1),
      published_version integer check (published_version between 1 and latest_version),
      published_at timestamptz,
      published_by uuid,
      withdrawn_at timestamptz,
      created_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      foreign key (municipality_id, published_by) references person,
      check ((published_version is null) = (published_at is null))
    );

    create table menu_version (
      municipality_id uuid not null,
      menu_id uuid not null,
      number integer not null check (number >= 1),
      name text not null check (length(name) between 1 and 80),
      starts_on date not null,
      ends_on date not null,
      weeks smallint not null check (weeks between 1 and 12),
      first_week smallint not null check (first_week between 1 and weeks),
      school_ids uuid[] not null check (cardinality(school_ids) between 1 and 1000),
      rotation jsonb not null,
      replacements jsonb not null,
      author_id uuid not null,
      saved_at timestamptz not null default app_now(),
      primary key (municipality_id, menu_id, number),
      foreign key (municipality_id, menu_id) references menu,
      foreign key (municipality_id, author_id) references person,
      check (starts_on <= ends_on)
    );
    comment on column menu_version.first_week is 'The week of the rotation that is served in the calendar week of starts_on';
    comment on column menu_version.rotation is '{"week-weekday": [dish ids]}, weeks from 1, ISO weekdays';
    comment on column menu_version.replacements is '{dish id: {diet code: dish id, or null where the diet goes without}}';
    create trigger menu_version_append_only before update or delete on menu_version for each row execute function refuse_change();
    create trigger menu_version_no_truncate before truncate on menu_version execute function refuse_change();

    create table menu_change (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      school_id uuid not null,
      day date not null,
      dish_id uuid not null,
      new_dish_id uuid not null,
      replacements jsonb not null default '{}',
      reason text not null check (length(reason) between 1 and 200),
      announced_by uuid not null,
      announced_at timestamptz not null default app_now(),
      withdrawn_at timestamptz,
      primary key (municipality_id, id),
      foreign key (municipality_id, school_id) references school,
      foreign key (municipality_id, dish_id) references dish,
      foreign key (municipality_id, new_dish_id) references dish,
      foreign key (municipality_id, announced_by) references person,
      check (dish_id <> new_dish_id)
    );
    create unique index menu_change_once on menu_change (municipality_id, school_id, day, dish_id) where withdrawn_at is null;
    comment on column menu_change.replacements is '{diet code: dish id, or null}: what the diets eat for which the new dish is not suited';

    ${policy('dish', 'true')}
    ${policy('menu', 'published_version is not null and withdrawn_at is null')}
    ${policy(
      'menu_version',
      `exists (select from menu m where m.municipality_id = menu_version.municipality_id and m.id = menu_version.menu_id
        and m.published_version = menu_version.number and m.withdrawn_at is null)`,
    )}
    ${policy('menu_change', 'true')}

    grant select, insert, update on dish, menu to refettorio_web;
    grant select, insert on menu_version, menu_change to refettorio_web;
    grant update (withdrawn_at) on menu_change to refettorio_web;
  `)
    .execute(db)
}
