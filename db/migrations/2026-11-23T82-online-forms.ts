import { type Kysely, sql } from 'kysely'

/**
 * Online forms: their versions, what a family is writing, what it sent, its documents and the way of each request.
 * A published version is frozen and so is what was sent; a request's state moves only along the lawful ways, each step an
 * event that nobody changes. Documents may speak of health and income: the family's own author and the office read them,
 * they live in the database and nowhere else, and the database forgets them by its own clock.
 */
const OFFICE = `app_audience() in ('staff', 'system')`
const FAMILY = `app_audience() = 'family'`
const IN_TOWN = 'municipality_id = (select app_municipality())'

const policy = (table: string, own: string, writes: string) => `
  alter table ${table} enable row level security;
  create policy ${table}_scope on ${table} to refettorio_web
    using (${IN_TOWN} and (${OFFICE} or (${FAMILY} and (${own}))))
    with check (${IN_TOWN} and (${OFFICE} or (${FAMILY} and (${writes}))));`

const MINE = 'person_id = app_person() and household_id = any (array(select app_paying_households()))'

const ofOwnRequest = (table: string) => `exists (select from form_submission s
  where s.municipality_id = ${table}.municipality_id and s.id = ${table}.submission_id and s.person_id = app_person()
    and s.household_id = any (array(select app_paying_households())))`

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table online_form (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      kind text not null check (kind in ('enrolment', 'diet', 'fare', 'withdrawal', 'other')),
      latest_version integer not null check (latest_version >= 1),
      published_version integer check (published_version between 1 and latest_version),
      closed_at timestamptz,
      closed_reason text not null default '',
      created_by uuid not null,
      created_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      foreign key (municipality_id, created_by) references person,
      check (closed_at is null or (published_version is not null and closed_reason <> ''))
    );
    comment on column online_form.closed_at is 'Closed by the office before its window ended; from this instant nothing is taken';

    create table online_form_version (
      municipality_id uuid not null,
      form_id uuid not null,
      number integer not null check (number >= 1),
      revision integer not null default 1 check (revision >= 1),
      definition jsonb not null,
      school_year_id uuid not null,
      opens_at timestamptz not null,
      closes_at timestamptz check (closes_at > opens_at),
      author_id uuid not null,
      saved_at timestamptz not null default app_now(),
      published_at timestamptz,
      primary key (municipality_id, form_id, number),
      foreign key (municipality_id, form_id) references online_form,
      foreign key (municipality_id, school_year_id) references school_year,
      foreign key (municipality_id, author_id) references person
    );
    comment on column online_form_version.definition is 'Title, rules and steps (lib/forms/form.ts): data, never code';
    comment on column online_form_version.revision is 'Grows at each change of a version that is not published yet';
    comment on column online_form_version.closes_at is 'Requests are taken strictly before this instant; null: all the year';

    create function published_version_is_frozen() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' or old.published_at is not null then
        raise exception 'a published version is frozen' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$;
    create trigger online_form_version_frozen before update or delete on online_form_version
      for each row execute function published_version_is_frozen();

    create table form_draft (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      form_id uuid not null,
      version integer not null,
      household_id uuid not null,
      person_id uuid not null,
      revision integer not null default 1 check (revision >= 1),
      answers jsonb not null default '{}',
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique (municipality_id, form_id, person_id, household_id),
      foreign key (municipality_id, form_id, version) references online_form_version,
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, person_id) references person
    );
    create index form_draft_by_person on form_draft (municipality_id, person_id);
    create index form_draft_by_age on form_draft (municipality_id, updated_at);

    create table protocol_series (
      municipality_id uuid not null references municipality,
      year integer not null check (year between 2000 and 2199),
      last_number integer not null default 0 check (last_number >= 0),
      primary key (municipality_id, year)
    );
    comment on table protocol_series is 'Numbers without holes: the row stays locked until the request that took one is kept or undone';

    create table form_submission (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      form_id uuid not null,
      version integer not null,
      draft_id uuid not null,
      household_id uuid not null,
      person_id uuid not null,
      pupil_id uuid,
      protocol_year integer not null,
      protocol_number integer not null check (protocol_number >= 1),
      submitted_at timestamptz not null default app_now(),
      answers jsonb not null,
      shown jsonb not null,
      about text not null,
      state text not null default 'submitted'
        check (state in ('submitted', 'in_review', 'integration', 'accepted', 'rejected', 'withdrawn')),
      once_key text,
      assigned_to uuid,
      due_on date,
      decided_at timestamptz,
      primary key (municipality_id, id),
      unique (municipality_id, draft_id),
      unique (municipality_id, protocol_year, protocol_number),
      foreign key (municipality_id, form_id, version) references online_form_version,
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, person_id) references person,
      foreign key (municipality_id, pupil_id) references pupil,
      foreign key (municipality_id, assigned_to) references person,
      foreign key (municipality_id, protocol_year) references protocol_series,
      check ((state in ('accepted', 'rejected', 'withdrawn')) = (decided_at is not null)),
      check ((state = 'integration') = (due_on is not null))
    );
    create unique index form_submission_once on form_submission (municipality_id, form_id, once_key) where once_key is not null;
    create index form_submission_by_form on form_submission (municipality_id, form_id, submitted_at desc);
    create index form_submission_by_person on form_submission (municipality_id, person_id, submitted_at desc);
    create index form_submission_by_age on form_submission (municipality_id, decided_at);
    comment on column form_submission.shown is 'The answers in the words the family read when it sent them: the copy that never changes';
    comment on column form_submission.once_key is 'What may be asked once at a time; emptied when the same may be asked again';

    create function submission_is_lawful() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if new.state <> 'submitted' then
          raise exception 'a request starts as submitted' using errcode = 'restrict_violation';
        end if;
        return new;
      end if;
      if tg_op = 'DELETE' then
        raise exception 'a request is never deleted' using errcode = 'restrict_violation';
      end if;
      if (old.form_id, old.version, old.draft_id, old.household_id, old.person_id, old.pupil_id, old.protocol_year, old.protocol_number, old.submitted_at)
          is distinct from (new.form_id, new.version, new.draft_id, new.household_id, new.person_id, new.pupil_id, new.protocol_year, new.protocol_number, new.submitted_at)
        or (old.answers, old.shown, old.about) is distinct from (new.answers, new.shown, new.about)
          and not (new.answers = '{}' and new.shown = '[]' and old.decided_at < app_now() - interval '5 years') then
        raise exception 'what was sent does not change' using errcode = 'restrict_violation';
      end if;
      if new.state <> old.state and old.state in ('accepted', 'rejected', 'withdrawn') then
        raise exception 'a decided request stays decided' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$;
    create trigger form_submission_lawful before insert or update or delete on form_submission for each row execute function submission_is_lawful();
    create trigger form_submission_no_truncate before truncate on form_submission execute function refuse_change();

    create table form_event (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      submission_id uuid not null,
      kind text not null check (kind in ('submitted', 'taken', 'asked', 'answered', 'accepted', 'rejected', 'withdrawn')),
      occurred_at timestamptz not null default app_now(),
      person_id uuid,
      by_office boolean not null,
      words text not null default '' check (length(words) <= 2000),
      due_on date,
      primary key (municipality_id, id),
      foreign key (municipality_id, submission_id) references form_submission,
      foreign key (municipality_id, person_id) references person
    );
    create index form_event_by_submission on form_event (municipality_id, submission_id, occurred_at);
    create trigger form_event_append_only before update or delete on form_event for each row execute function refuse_change();
    create trigger form_event_no_truncate before truncate on form_event execute function refuse_change();

    create table form_document (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      household_id uuid not null,
      person_id uuid not null,
      draft_id uuid,
      submission_id uuid,
      field text not null,
      name text not null check (name <> '' and length(name) <= 120),
      media_type text not null,
      size integer not null check (size between 1 and 10485760),
      sha256 bytea not null check (octet_length(sha256) = 32),
      content bytea check (octet_length(content) = size),
      uploaded_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, person_id) references person,
      foreign key (municipality_id, draft_id) references form_draft,
      foreign key (municipality_id, submission_id) references form_submission,
      check ((draft_id is null) <> (submission_id is null))
    );
    create index form_document_by_draft on form_document (municipality_id, draft_id) where draft_id is not null;
    create index form_document_by_submission on form_document (municipality_id, submission_id) where submission_id is not null;
    comment on column form_document.content is 'Null once forgotten. Never in the object storage: one deletion forgets it.';

    create function document_is_lawful() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        if old.submission_id is null then return old; end if;
        raise exception 'a document that was sent stays with its request' using errcode = 'restrict_violation';
      end if;
      if (old.household_id, old.person_id, old.field, old.name, old.media_type, old.size, old.sha256)
          is distinct from (new.household_id, new.person_id, new.field, new.name, new.media_type, new.size, new.sha256)
        or old.submission_id is not null and old.submission_id is distinct from new.submission_id
        or old.content is distinct from new.content and not (new.content is null and exists (select from form_submission s
          where s.municipality_id = old.municipality_id and s.id = old.submission_id and s.decided_at < app_now() - interval '24 months')) then
        raise exception 'a document does not change' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$;
    create trigger form_document_lawful before update or delete on form_document for each row execute function document_is_lawful();
    create trigger form_document_no_truncate before truncate on form_document execute function refuse_change();

    ${policy('online_form', 'published_version is not null', 'false')}
    ${policy('online_form_version', 'published_at is not null', 'false')}
    ${policy('form_submission', MINE, MINE)}
    ${policy('form_event', ofOwnRequest('form_event'), `${ofOwnRequest('form_event')} and not by_office and person_id = app_person()`)}
    alter table form_draft enable row level security;
    create policy form_draft_scope on form_draft to refettorio_web
      using (${IN_TOWN} and ${FAMILY} and ${MINE}) with check (${IN_TOWN} and ${FAMILY} and ${MINE});
    alter table form_document enable row level security;
    create policy form_document_scope on form_document to refettorio_web
      using (${IN_TOWN} and (${OFFICE} and submission_id is not null or ${FAMILY} and ${MINE}))
      with check (${IN_TOWN} and ${FAMILY} and ${MINE});
    alter table protocol_series enable row level security;
    create policy protocol_series_scope on protocol_series to refettorio_web
      using (${IN_TOWN} and ${OFFICE}) with check (${IN_TOWN} and ${OFFICE});

    -- The next number of the town's year, in the transaction that uses it: whoever comes second waits for the first.
    create function next_protocol() returns table (year integer, number integer)
    language sql volatile security definer set search_path = public as $$
      insert into protocol_series as s (municipality_id, year, last_number)
      values (app_municipality(), extract(year from app_today())::integer, 1)
      on conflict (municipality_id, year) do update set last_number = s.last_number + 1
      returning s.year, s.last_number
    $$;
    revoke execute on function next_protocol from public;
    grant execute on function next_protocol to refettorio_web;

    -- Drafts that nobody touches, documents and answers past their time.
    create function forget_forms(most integer) returns integer language plpgsql security definer set search_path = public as $$
    declare
      town uuid;
      gone integer;
      total integer := 0;
    begin
      for town in select id from municipality loop
        delete from form_document where municipality_id = town and draft_id in (select d.id from form_draft d
          where d.municipality_id = town and d.updated_at < app_now() - interval '90 days');
        get diagnostics gone = row_count; total := total + gone;
        delete from form_draft where municipality_id = town and updated_at < app_now() - interval '90 days';
        get diagnostics gone = row_count; total := total + gone;
        update form_document set content = null where municipality_id = town and id = any (array(
          select f.id from form_document f join form_submission s on s.municipality_id = f.municipality_id and s.id = f.submission_id
          where f.municipality_id = town and f.content is not null and s.decided_at < app_now() - interval '24 months' limit most));
        get diagnostics gone = row_count; total := total + gone;
        update form_submission set answers = '{}', shown = '[]' where municipality_id = town and id = any (array(
          select id from form_submission where municipality_id = town and shown <> '[]'
            and decided_at < app_now() - interval '5 years' limit most));
        get diagnostics gone = row_count; total := total + gone;
      end loop;
      return total;
    end $$;
    revoke execute on function forget_forms from public;
    grant execute on function forget_forms to refettorio_web;

    grant select, insert on online_form, online_form_version, form_submission, form_event, form_document to refettorio_web;
    grant update (latest_version, published_version, closed_at, closed_reason) on online_form to refettorio_web;
    grant update (definition, school_year_id, opens_at, closes_at, revision, author_id, saved_at, published_at) on online_form_version to refettorio_web;
    grant select, insert, delete on form_draft to refettorio_web;
    grant update (version, revision, answers, updated_at) on form_draft to refettorio_web;
    grant update (state, once_key, assigned_to, due_on, decided_at) on form_submission to refettorio_web;
    grant update (draft_id, submission_id) on form_document to refettorio_web;
    grant delete on form_document to refettorio_web;
    grant select on protocol_series to refettorio_web;
  `)
    .execute(db)
}
