import { type Kysely, sql } from 'kysely'

/**
 * News and documents of a municipality, their versions and files, and what a municipality says of itself.
 * What is public is decided by the database's clock when it is read: published, begun, not expired, not withdrawn. Nothing
 * has to run at the right moment. Versions and files are never changed: what the public read yesterday can be shown tomorrow.
 */
const OFFICE = `app_audience() in ('staff', 'system')`

const LIVE = (item: string) => `${item}.published_version is not null and ${item}.withdrawn_at is null
  and ${item}.publish_at <= app_now() and (${item}.expire_at is null or ${item}.expire_at > app_now())`

const liveVersion = (table: string, number: string) => `exists (select from content_item i
  where i.municipality_id = ${table}.municipality_id and i.id = ${table}.item_id
    and i.published_version = ${table}.${number} and ${LIVE('i')})`

const policy = (table: string, condition: string) => `
  alter table ${table} enable row level security;
  create policy ${table}_scope on ${table} to refettorio_web
    using (municipality_id = (select app_municipality()) and (${OFFICE} or ${condition}))
    with check (municipality_id = (select app_municipality()) and ${OFFICE});`

const appendOnly = (table: string) => `
  create trigger ${table}_append_only before update or delete on ${table} for each row execute function refuse_change();
  create trigger ${table}_no_truncate before truncate on ${table} execute function refuse_change();`

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table stored_file (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      name text not null check (name <> '' and length(name) <= 120),
      media_type text not null,
      size integer not null check (size between 1 and 10485760),
      sha256 bytea not null check (octet_length(sha256) = 32),
      content bytea check (octet_length(content) = size),
      uploaded_by uuid not null,
      uploaded_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      foreign key (municipality_id, uploaded_by) references person
    );
    comment on column stored_file.content is 'Null: the bytes are in the object storage, under municipality_id/id';
    comment on column stored_file.media_type is 'What the first bytes say it is, never what the browser said';

    create table content_item (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      kind text not null check (kind in ('news', 'document')),
      slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
      latest_version integer not null check (latest_version >= 1),
      published_version integer check (published_version between 1 and latest_version),
      publish_at timestamptz,
      expire_at timestamptz,
      published_at timestamptz,
      published_by uuid,
      review_version integer check (review_version between 1 and latest_version),
      review_requested_by uuid,
      review_note text not null default '',
      withdrawn_at timestamptz,
      withdrawn_reason text,
      created_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique (municipality_id, kind, slug),
      foreign key (municipality_id, published_by) references person,
      foreign key (municipality_id, review_requested_by) references person,
      check ((published_version is null) = (publish_at is null)),
      check ((published_version is null) = (published_at is null)),
      check (expire_at > publish_at),
      check ((withdrawn_at is null) = (withdrawn_reason is null)),
      check (withdrawn_at is null or published_version is not null)
    );
    create index content_item_by_date on content_item (municipality_id, kind, publish_at desc);
    comment on column content_item.published_at is 'When somebody last pressed Publish: the last update that the public sees';
    comment on column content_item.review_version is 'The version somebody asked to review; any newer version makes the request void';

    create table content_version (
      municipality_id uuid not null,
      item_id uuid not null,
      number integer not null check (number >= 1),
      title text not null check (title <> '' and length(title) <= 160),
      summary text not null check (length(summary) <= 400),
      body text not null,
      category text not null check (category ~ '^[a-z-]{3,40}$'),
      urgent boolean not null default false,
      highlighted boolean not null default false,
      author_id uuid not null,
      saved_at timestamptz not null default app_now(),
      restored_from integer,
      search tsvector generated always as (
        setweight(to_tsvector('italian', title), 'A') || setweight(to_tsvector('italian', summary), 'B')
          || to_tsvector('italian', body)) stored,
      primary key (municipality_id, item_id, number),
      foreign key (municipality_id, item_id) references content_item,
      foreign key (municipality_id, author_id) references person
    );
    create index content_version_search on content_version using gin (search);
    comment on column content_version.body is 'HTML that went through the sanitiser; it does so again when it is shown';

    create table content_version_file (
      municipality_id uuid not null,
      item_id uuid not null,
      version integer not null,
      file_id uuid not null,
      role text not null check (role in ('attachment', 'image')),
      position integer not null,
      title text not null,
      primary key (municipality_id, item_id, version, file_id),
      foreign key (municipality_id, item_id, version) references content_version,
      foreign key (municipality_id, file_id) references stored_file
    );
    create index content_version_file_by_file on content_version_file (municipality_id, file_id);

    create table municipality_settings (
      municipality_id uuid not null references municipality,
      coat_of_arms_id uuid,
      colour text check (colour ~ '^#[0-9a-f]{6}$'),
      office_hours text not null default '',
      dpo_name text not null default '',
      dpo_email text not null default '',
      security_contact text not null default '',
      site_url text not null default '',
      transparency_url text not null default '',
      accessibility_declaration_url text not null default '',
      accessibility_goals_url text not null default '',
      appointment_url text not null default '',
      report_url text not null default '',
      updated_at timestamptz not null default app_now(),
      updated_by uuid,
      primary key (municipality_id),
      foreign key (municipality_id, coat_of_arms_id) references stored_file,
      foreign key (municipality_id, updated_by) references person
    );
    ${appendOnly('content_version')}
    ${appendOnly('content_version_file')}

    ${policy('content_item', LIVE('content_item'))}
    ${policy('content_version', liveVersion('content_version', 'number'))}
    ${policy('content_version_file', liveVersion('content_version_file', 'version'))}
    ${policy('municipality_settings', 'true')}
    ${policy(
      'stored_file',
      `exists (select from content_version_file f where f.municipality_id = stored_file.municipality_id and f.file_id = stored_file.id)
        or exists (select from municipality_settings s where s.municipality_id = stored_file.municipality_id and s.coat_of_arms_id = stored_file.id)`,
    )}

    alter table municipality enable row level security;
    create policy municipality_read on municipality for select to refettorio_web using (true);
    create policy municipality_write on municipality for update to refettorio_web
      using (id = (select app_municipality()) and ${OFFICE}) with check (id = (select app_municipality()) and ${OFFICE});

    grant select, insert on stored_file, content_version, content_version_file to refettorio_web;
    grant select, insert, update on content_item, municipality_settings to refettorio_web;
    grant update (name, street, postcode, email, pec, phone) on municipality to refettorio_web;

    create function content_gone(of_kind text, of_slug text) returns table (state text, gone_at timestamptz, reason text)
    language sql stable security definer set search_path = public as $$
      select case when i.withdrawn_at is not null then 'withdrawn' else 'expired' end,
        coalesce(i.withdrawn_at, i.expire_at), coalesce(i.withdrawn_reason, '')
      from content_item i
      where i.municipality_id = app_municipality() and i.kind = of_kind and i.slug = of_slug
        and i.publish_at <= app_now() and (i.withdrawn_at is null or i.withdrawn_at >= i.publish_at)
        and (i.withdrawn_at is not null or i.expire_at <= app_now())
    $$;
    comment on function content_gone is 'What anyone may know of something that was public and no longer is: that it was, since when not, and why.';

    create function meal_figures() returns table (month text, school_id uuid, school_name text, service_days bigint, meals bigint, absent bigint)
    language sql stable security definer set search_path = public as $$
      select to_char(d.day, 'YYYY-MM'), s.id, s.name, count(distinct d.id), coalesce(sum(l.meals), 0), coalesce(sum(l.absent), 0)
      from service_day d
      join school s on s.municipality_id = d.municipality_id and s.id = d.school_id
      join lateral (select k.id from kitchen_count k where k.municipality_id = d.municipality_id and k.service_day_id = d.id
        order by k.version desc limit 1) k on true
      join kitchen_count_line l on l.municipality_id = d.municipality_id and l.kitchen_count_id = k.id
      where d.municipality_id = app_municipality()
      group by 1, 2, 3
    $$;
    comment on function meal_figures is 'Meals by month and school, from the last frozen count of each day: sums only, nobody''s row.';
    revoke execute on function content_gone, meal_figures from public;
    grant execute on function content_gone, meal_figures to refettorio_web;
  `)
    .execute(db)
}
