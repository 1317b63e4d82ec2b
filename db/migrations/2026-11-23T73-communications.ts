import { type Kysely, sql } from 'kysely'

/**
 * Communications with versions, approval, and recipients that are a fact: who gets one is resolved when it is published and
 * kept for ever, with the balance that it spoke of. Nothing that a family could read is ever changed: a correction is another
 * version with its reason, a withdrawal leaves the title and the reason.
 * A family reads what was addressed to the very person, while that person still belongs to the household; about money, while
 * that person pays.
 */
const OFFICE = `app_audience() in ('staff', 'system')`
const IN_TOWN = 'municipality_id = (select app_municipality())'

const policy = (table: string, own: string, writes = 'false') => `
  alter table ${table} enable row level security;
  create policy ${table}_scope on ${table} to refettorio_web
    using (${IN_TOWN} and (${OFFICE} or (${own}))) with check (${IN_TOWN} and (${OFFICE} or (${writes})));`

const appendOnly = (table: string) => `
  create trigger ${table}_append_only before update or delete on ${table} for each row execute function refuse_change();
  create trigger ${table}_no_truncate before truncate on ${table} execute function refuse_change();`

/** Somebody's own copy of a communication: the policy of `communication_recipient_person` decides whether it is visible. */
const addressed = (
  table: string,
  column = 'communication_id',
) => `exists (select from communication_recipient_person p
  where p.municipality_id = ${table}.municipality_id and p.communication_id = ${table}.${column} and p.person_id = app_person())`

const published = (table: string, column: string) => `exists (select from communication_publication x
  join communication c on c.municipality_id = x.municipality_id and c.id = x.communication_id
  where x.municipality_id = ${table}.municipality_id and x.communication_id = ${table}.communication_id
    and x.version = ${table}.${column} and c.withdrawn_at is null)`

const TABLES = `
  create table communication (
    municipality_id uuid not null references municipality,
    id uuid not null default uuidv7(),
    latest_version integer not null check (latest_version >= 1),
    submitted_version integer check (submitted_version between 1 and latest_version),
    submitted_by uuid,
    wanted_at timestamptz,
    note text not null default '',
    approved_version integer check (approved_version between 1 and latest_version),
    approved_by uuid,
    due_at timestamptz,
    published_version integer check (published_version between 1 and latest_version),
    published_at timestamptz,
    expires_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawn_reason text,
    created_at timestamptz not null default app_now(),
    primary key (municipality_id, id),
    foreign key (municipality_id, submitted_by) references person,
    foreign key (municipality_id, approved_by) references person,
    foreign key (municipality_id, withdrawn_by) references person,
    check ((published_version is null) = (published_at is null)),
    check (due_at is null or published_version is null and approved_version is not null),
    check ((withdrawn_at is null) = (withdrawn_reason is null)),
    check (withdrawn_at is null or published_version is not null)
  );
  create index communication_latest on communication (municipality_id, published_at desc);
  create index communication_due on communication (municipality_id, due_at) where due_at is not null;
  comment on column communication.due_at is 'The worker publishes the approved version from this instant on; null once it is published';
  comment on column communication.submitted_version is 'The version that waits for approval; any newer version makes the request void';

  create table communication_version (
    municipality_id uuid not null,
    communication_id uuid not null,
    number integer not null check (number >= 1),
    kind text not null check (kind in ('information', 'reminder', 'notice')),
    about text not null check (about in ('service', 'money')),
    title text not null check (title <> '' and length(title) <= 120),
    body text not null,
    audience jsonb not null,
    acknowledgement text not null check (acknowledgement in ('none', 'household', 'person')),
    acknowledge_by date,
    expires_at timestamptz,
    reason text not null default '',
    author_id uuid,
    saved_at timestamptz not null default app_now(),
    primary key (municipality_id, communication_id, number),
    foreign key (municipality_id, communication_id) references communication,
    foreign key (municipality_id, author_id) references person,
    check (acknowledge_by is null or acknowledgement <> 'none')
  );
  comment on column communication_version.body is 'HTML that went through the sanitiser; it does so again when it is shown. {saldo}, {debito} and {nome} are filled for each reader';
  comment on column communication_version.reason is 'Why something published was corrected: the families read it';

  create table communication_version_file (
    municipality_id uuid not null,
    communication_id uuid not null,
    version integer not null,
    file_id uuid not null,
    role text not null check (role in ('attachment', 'image')),
    position integer not null,
    title text not null,
    primary key (municipality_id, communication_id, version, file_id),
    foreign key (municipality_id, communication_id, version) references communication_version,
    foreign key (municipality_id, file_id) references stored_file
  );
  create index communication_version_file_by_file on communication_version_file (municipality_id, file_id);

  create table communication_publication (
    municipality_id uuid not null,
    communication_id uuid not null,
    version integer not null,
    title text not null,
    published_at timestamptz not null default app_now(),
    approved_by uuid,
    primary key (municipality_id, communication_id, version),
    foreign key (municipality_id, communication_id, version) references communication_version,
    foreign key (municipality_id, approved_by) references person
  );
  comment on table communication_publication is 'The versions that families could read: the first one, then its corrections';

  create table communication_recipient (
    municipality_id uuid not null,
    communication_id uuid not null,
    household_id uuid not null,
    about text not null check (about in ('service', 'money')),
    balance_cents bigint,
    primary key (municipality_id, communication_id, household_id),
    foreign key (municipality_id, communication_id) references communication,
    foreign key (municipality_id, household_id) references household,
    check (balance_cents is null or about = 'money')
  );
  create index communication_recipient_by_household on communication_recipient (municipality_id, household_id);
  comment on column communication_recipient.balance_cents is 'The balance at the moment of publication, the one that the text speaks of; only about money';

  create table communication_recipient_person (
    municipality_id uuid not null,
    communication_id uuid not null,
    household_id uuid not null,
    person_id uuid not null,
    about text not null check (about in ('service', 'money')),
    role text not null check (role in ('holder', 'delegate')),
    had_email boolean not null,
    primary key (municipality_id, communication_id, household_id, person_id),
    foreign key (municipality_id, communication_id) references communication,
    foreign key (municipality_id, household_id) references household,
    foreign key (municipality_id, person_id) references person,
    check (about = 'service' or role = 'holder')
  );
  comment on table communication_recipient_person is 'Its household is in communication_recipient: both are written by one statement, where a
    foreign key between them would look up ten thousand new rows with a plan made for none';
  create index communication_recipient_person_own on communication_recipient_person (municipality_id, person_id, communication_id);

  create table communication_read (
    municipality_id uuid not null,
    communication_id uuid not null,
    version integer not null,
    person_id uuid not null,
    read_at timestamptz not null default app_now(),
    primary key (municipality_id, communication_id, version, person_id),
    foreign key (municipality_id, communication_id, version) references communication_publication,
    foreign key (municipality_id, person_id) references person
  );
  create index communication_read_by_person on communication_read (municipality_id, person_id, communication_id);

  create table communication_acknowledgement (
    municipality_id uuid not null,
    communication_id uuid not null,
    version integer not null,
    household_id uuid not null,
    person_id uuid not null,
    once_per text not null check (once_per in ('household', 'person')),
    acknowledged_at timestamptz not null default app_now(),
    was_late boolean not null,
    primary key (municipality_id, communication_id, version, household_id, person_id),
    foreign key (municipality_id, communication_id, version) references communication_publication,
    foreign key (municipality_id, communication_id, household_id, person_id) references communication_recipient_person
  );
  create unique index acknowledged_once_per_household on communication_acknowledgement (municipality_id, communication_id, version, household_id)
    where once_per = 'household';

  create table communication_reminder (
    municipality_id uuid not null,
    communication_id uuid not null,
    id uuid not null default uuidv7(),
    version integer not null,
    target text not null check (target in ('unread', 'unacknowledged')),
    persons integer not null check (persons > 0),
    sent_by uuid not null,
    sent_at timestamptz not null default app_now(),
    primary key (municipality_id, communication_id, id),
    foreign key (municipality_id, communication_id, version) references communication_publication,
    foreign key (municipality_id, sent_by) references person
  );
`

/** What was written before versions existed becomes a first version, addressed to whoever may read it now. */
const CARRY_OVER = `
  insert into communication (municipality_id, id, latest_version, approved_version, published_version, published_at, expires_at, created_at)
    select municipality_id, id, 1, 1, 1, published_at, expires_at, published_at from earlier_communication;
  insert into communication_version (municipality_id, communication_id, number, kind, about, title, body, audience, acknowledgement, expires_at, saved_at)
    select municipality_id, id, 1, 'notice', about, left(title, 120),
      '<p>' || replace(replace(replace(replace(body, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\\n', '<br />') || '</p>',
      case when household_id is null then '{"to": "everybody", "ids": [], "inDebt": false}'::jsonb
        else jsonb_build_object('to', 'households', 'ids', jsonb_build_array(household_id), 'inDebt', false) end,
      'none', expires_at, published_at
    from earlier_communication;
  insert into communication_publication (municipality_id, communication_id, version, title, published_at)
    select municipality_id, id, 1, left(title, 120), published_at from earlier_communication;
  insert into communication_recipient (municipality_id, communication_id, household_id, about)
    select e.municipality_id, e.id, h.id, e.about from earlier_communication e
    join household h on h.municipality_id = e.municipality_id and (e.household_id is null or e.household_id = h.id);
  insert into communication_recipient_person (municipality_id, communication_id, household_id, person_id, about, role, had_email)
    select distinct on (r.municipality_id, r.communication_id, r.household_id, m.person_id)
      r.municipality_id, r.communication_id, r.household_id, m.person_id, r.about, m.role, p.email is not null
    from communication_recipient r
    join household_member m on m.municipality_id = r.municipality_id and m.household_id = r.household_id
    join person p on p.municipality_id = m.municipality_id and p.id = m.person_id
    where m.ended_at is null and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today())
      and (r.about = 'service' or m.role = 'holder')
    order by r.municipality_id, r.communication_id, r.household_id, m.person_id, m.role desc;
`

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create temp table earlier_communication on commit drop as select * from communication;
    drop table communication;
    ${TABLES}
    ${CARRY_OVER}
    ${[
      'communication_version',
      'communication_version_file',
      'communication_publication',
      'communication_recipient',
      'communication_recipient_person',
      'communication_read',
      'communication_acknowledgement',
      'communication_reminder',
    ]
      .map(appendOnly)
      .join('')}

    ${policy(
      'communication_recipient_person',
      `person_id = app_person() and app_audience() = 'family' and (household_id = any (array(select app_paying_households()))
        or about = 'service' and household_id = any (array(select app_households())))`,
    )}
    ${policy(
      'communication_recipient',
      `exists (select from communication_recipient_person p where p.municipality_id = communication_recipient.municipality_id
        and p.communication_id = communication_recipient.communication_id and p.household_id = communication_recipient.household_id
        and p.person_id = app_person())`,
    )}
    ${policy('communication', `published_version is not null and ${addressed('communication', 'id')}`)}
    ${policy('communication_publication', addressed('communication_publication'))}
    ${policy('communication_version', published('communication_version', 'number'))}
    ${policy('communication_version_file', published('communication_version_file', 'version'))}
    ${policy(
      'communication_read',
      `person_id = app_person() and app_audience() = 'family'`,
      `person_id = app_person() and ${published('communication_read', 'version')}`,
    )}
    ${policy(
      'communication_acknowledgement',
      `household_id = any (array(select app_households())) and ${addressed('communication_acknowledgement')}`,
      `person_id = app_person() and household_id = any (array(select app_households())) and ${published('communication_acknowledgement', 'version')}`,
    )}
    ${policy('communication_reminder', 'false')}
    create policy stored_file_of_communication on stored_file for select to refettorio_web
      using (${IN_TOWN} and exists (select from communication_version_file f
        where f.municipality_id = stored_file.municipality_id and f.file_id = stored_file.id));

    grant select, insert, update on communication to refettorio_web;
    grant select, insert on communication_version, communication_version_file, communication_publication, communication_recipient,
      communication_recipient_person, communication_read, communication_acknowledgement, communication_reminder to refettorio_web;
  `)
    .execute(db)
}
