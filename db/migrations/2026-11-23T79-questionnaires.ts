import { type Kysely, sql } from 'kysely'

/**
 * Questionnaires of the office to the families.
 * Of an anonymous one the database keeps who has answered (`questionnaire_part`) apart from what was answered
 * (`questionnaire_answer`): no column joins them, neither side has a time, ids are random and not UUIDv7, each answer stands
 * alone, and `settle_questionnaires` writes both sides again in batches, so that not even the number of the transaction or
 * the place on disk pairs them. docs/decisions/0025-anonymous-questionnaires.md says what this does and does not promise.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const office = `app_audience() in ('staff', 'system')`
  const inTown = 'municipality_id = (select app_municipality())'
  const shown = (q: string) => `${q}.published_at is not null and ${q}.opens_at <= app_now()`
  const open = (q: string) => `${shown(q)} and ${q}.closes_at > app_now()`
  const of = (table: string, condition: string) =>
    `exists (select from questionnaire q where q.municipality_id = ${table}.municipality_id and q.id = ${table}.questionnaire_id and ${condition})`
  const mine = `household_id = any (array(select app_households())) and (pupil_id is null or pupil_id = any (array(select app_pupils())))`

  await sql
    .raw(`
    create table questionnaire (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      title text not null check (length(title) <= 160),
      intro text not null default '' check (length(intro) <= 2000),
      per text not null check (per in ('child', 'household')),
      anonymous boolean not null,
      shows_results boolean not null,
      school_ids uuid[] not null default '{}',
      class_ids uuid[] not null default '{}',
      opens_at timestamptz,
      closes_at timestamptz,
      version integer not null default 1,
      saved_by uuid not null,
      saved_at timestamptz not null default app_now(),
      published_at timestamptz,
      published_by uuid,
      announced_at timestamptz,
      reminded_at timestamptz,
      ended_early_at timestamptz,
      settled_at timestamptz,
      asked_total integer,
      answered_total integer,
      primary key (municipality_id, id),
      foreign key (municipality_id, saved_by) references person,
      foreign key (municipality_id, published_by) references person,
      check ((published_at is null) = (published_by is null)),
      check (published_at is null or opens_at is not null and closes_at > opens_at and title <> '')
    );
    comment on column questionnaire.school_ids is 'With class_ids: for whom; both empty: for everybody';
    comment on column questionnaire.settled_at is 'Closed, mixed for the last time, and its totals counted';

    create table questionnaire_question (
      municipality_id uuid not null,
      questionnaire_id uuid not null,
      id uuid not null default uuidv7(),
      position integer not null check (position >= 0),
      kind text not null check (kind in ('one', 'several', 'scale', 'text')),
      words text not null check (length(words) <= 300),
      required boolean not null,
      options text[] not null default '{}' check (cardinality(options) <= 20),
      low_label text not null default '' check (length(low_label) <= 60),
      high_label text not null default '' check (length(high_label) <= 60),
      primary key (municipality_id, id),
      unique (municipality_id, questionnaire_id, position),
      foreign key (municipality_id, questionnaire_id) references questionnaire on delete cascade
    );

    create table questionnaire_part (
      municipality_id uuid not null,
      part uuid not null default gen_random_uuid(),
      questionnaire_id uuid not null,
      household_id uuid not null,
      pupil_id uuid,
      person_id uuid,
      answered_at timestamptz,
      mixed boolean not null default false,
      primary key (municipality_id, part),
      unique nulls not distinct (municipality_id, questionnaire_id, household_id, pupil_id),
      foreign key (municipality_id, questionnaire_id) references questionnaire,
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, pupil_id) references pupil,
      foreign key (municipality_id, person_id) references person,
      check ((person_id is null) = (answered_at is null))
    );
    comment on table questionnaire_part is 'Who has answered; of an anonymous questionnaire neither which parent nor when';
    comment on column questionnaire_part.part is 'Random, never UUIDv7: an id must not tell the moment';

    create table questionnaire_answer (
      municipality_id uuid not null,
      slip uuid not null default gen_random_uuid(),
      questionnaire_id uuid not null,
      question_id uuid not null,
      part uuid,
      chosen smallint[],
      words text check (words <> '' and length(words) <= 2000),
      mixed boolean not null default false,
      primary key (municipality_id, slip),
      foreign key (municipality_id, questionnaire_id) references questionnaire,
      foreign key (municipality_id, question_id) references questionnaire_question,
      foreign key (municipality_id, part) references questionnaire_part,
      unique (municipality_id, part, question_id),
      check ((chosen is null) <> (words is null))
    );
    create index questionnaire_answer_by_question on questionnaire_answer (municipality_id, questionnaire_id, question_id);
    comment on column questionnaire_answer.part is 'Whose answer it is; always null in an anonymous questionnaire';
    comment on column questionnaire_answer.chosen is 'Places of the chosen options from 0, or the one step of a scale from 1';

    create function keep_published_questionnaire() returns trigger language plpgsql as $$
    begin
      if old.published_at is not null and old.opens_at <= app_now() and (
        (new.title, new.intro, new.per, new.anonymous, new.shows_results, new.school_ids, new.class_ids, new.opens_at, new.published_at)
          is distinct from
        (old.title, old.intro, old.per, old.anonymous, old.shows_results, old.school_ids, old.class_ids, old.opens_at, old.published_at)
        or new.closes_at > old.closes_at)
      then raise exception 'an open questionnaire does not change' using errcode = 'restrict_violation'; end if;
      return new;
    end $$;
    create trigger questionnaire_kept before update on questionnaire for each row execute function keep_published_questionnaire();

    create function keep_published_question() returns trigger language plpgsql security definer set search_path = public as $$
    declare
      it questionnaire_question := case when tg_op = 'DELETE' then old else new end;
    begin
      if exists (select from questionnaire q where q.municipality_id = it.municipality_id and q.id = it.questionnaire_id
        and q.published_at is not null)
      then raise exception 'the questions of a published questionnaire do not change' using errcode = 'restrict_violation'; end if;
      return it;
    end $$;
    create trigger questionnaire_question_kept before insert or update or delete on questionnaire_question
      for each row execute function keep_published_question();

    create function keep_answers_apart() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      if exists (select from questionnaire q where q.municipality_id = new.municipality_id and q.id = new.questionnaire_id and q.anonymous)
        and (to_jsonb(new) -> 'part' <> 'null' and tg_table_name = 'questionnaire_answer' or to_jsonb(new) ->> 'person_id' is not null)
      then raise exception 'an anonymous questionnaire knows no person' using errcode = 'restrict_violation'; end if;
      return new;
    end $$;
    create trigger questionnaire_answer_apart before insert or update on questionnaire_answer for each row execute function keep_answers_apart();
    create trigger questionnaire_part_apart before insert or update on questionnaire_part for each row execute function keep_answers_apart();

    alter table questionnaire enable row level security;
    create policy questionnaire_read on questionnaire for select to refettorio_web
      using (${inTown} and (${office} or app_audience() = 'family' and ${shown('questionnaire')}));
    create policy questionnaire_add on questionnaire for insert to refettorio_web with check (${inTown} and ${office});
    create policy questionnaire_change on questionnaire for update to refettorio_web
      using (${inTown} and ${office}) with check (${inTown} and ${office});
    create policy questionnaire_drop on questionnaire for delete to refettorio_web
      using (${inTown} and ${office} and published_at is null);

    alter table questionnaire_question enable row level security;
    create policy questionnaire_question_read on questionnaire_question for select to refettorio_web
      using (${inTown} and (${office} or app_audience() = 'family' and ${of('questionnaire_question', shown('q'))}));
    create policy questionnaire_question_add on questionnaire_question for insert to refettorio_web with check (${inTown} and ${office});
    create policy questionnaire_question_drop on questionnaire_question for delete to refettorio_web using (${inTown} and ${office});

    alter table questionnaire_part enable row level security;
    create policy questionnaire_part_read on questionnaire_part for select to refettorio_web
      using (${inTown} and (${office} or ${mine}));
    create policy questionnaire_part_add on questionnaire_part for insert to refettorio_web
      with check (${inTown} and ${mine} and ${of('questionnaire_part', open('q'))});
    create policy questionnaire_part_change on questionnaire_part for update to refettorio_web
      using (${inTown} and ${mine} and person_id = app_person())
      with check (${inTown} and ${mine} and person_id = app_person() and ${of('questionnaire_part', open('q'))});

    -- What was answered anonymously is read by nobody before the end, and then by the office only.
    alter table questionnaire_answer enable row level security;
    create policy questionnaire_answer_read on questionnaire_answer for select to refettorio_web
      using (${inTown} and (
        ${office} and (part is not null or ${of('questionnaire_answer', 'q.closes_at <= app_now()')})
        or part in (select p.part from questionnaire_part p where p.municipality_id = questionnaire_answer.municipality_id and p.person_id = app_person())));
    create policy questionnaire_answer_add on questionnaire_answer for insert to refettorio_web
      with check (${inTown} and app_audience() = 'family' and ${of('questionnaire_answer', open('q'))}
        and (part is null and ${of('questionnaire_answer', 'q.anonymous')}
          or part in (select p.part from questionnaire_part p where p.municipality_id = questionnaire_answer.municipality_id and p.person_id = app_person())));
    create policy questionnaire_answer_replace on questionnaire_answer for delete to refettorio_web
      using (${inTown} and ${of('questionnaire_answer', open('q'))}
        and part in (select p.part from questionnaire_part p where p.municipality_id = questionnaire_answer.municipality_id and p.person_id = app_person()));

    grant select, insert, update, delete on questionnaire to refettorio_web;
    grant select, insert, delete on questionnaire_question, questionnaire_answer to refettorio_web;
    grant select, insert on questionnaire_part to refettorio_web;
    grant update (answered_at) on questionnaire_part to refettorio_web;

    -- The children that a questionnaire asks about, as far as the reader may see them.
    create function questionnaire_pupils(which uuid) returns table (household_id uuid, pupil_id uuid) language sql stable as $$
      select p.household_id, p.id from questionnaire q
      join enrolment e on e.municipality_id = q.municipality_id
        and e.valid_from <= app_today() and (e.valid_to is null or e.valid_to >= app_today())
        and (q.school_ids = '{}' and q.class_ids = '{}' or e.school_id = any (q.school_ids) or e.school_class_id = any (q.class_ids))
      join pupil p on p.municipality_id = e.municipality_id and p.id = e.pupil_id
      where q.municipality_id = app_municipality() and q.id = which
      group by p.household_id, p.id
    $$;

    -- Whoever answers and whoever closes wait for each other.
    create function hold_questionnaire(which uuid) returns void language sql security definer set search_path = public as $$
      select from questionnaire q where q.municipality_id = app_municipality() and q.id = which for share
    $$;

    -- How many chose what; a null value counts whoever answered the question at all.
    create function questionnaire_counts(which uuid) returns table (question_id uuid, value smallint, people integer)
    language sql stable security definer set search_path = public as $$
      with readable as (select q.municipality_id, q.id from questionnaire q
        where q.municipality_id = app_municipality() and q.id = which and q.published_at is not null
          and (${office} and (not q.anonymous or q.closes_at <= app_now())
            or app_audience() = 'family' and q.shows_results and q.closes_at <= app_now()))
      select a.question_id, null, count(*)::integer from readable q
        join questionnaire_answer a on a.municipality_id = q.municipality_id and a.questionnaire_id = q.id group by 1
      union all
      select a.question_id, v.value, count(*)::integer from readable q
        join questionnaire_answer a on a.municipality_id = q.municipality_id and a.questionnaire_id = q.id
        cross join lateral unnest(a.chosen) as v (value) group by 1, 2
    $$;

    create function mix_questionnaire(town uuid, which uuid, everything boolean) returns void
    language plpgsql security definer set search_path = public as $$
    begin
      create temporary table mixing_part on commit drop as
        select * from questionnaire_part where municipality_id = town and questionnaire_id = which and (everything or not mixed);
      create temporary table mixing_answer on commit drop as
        select * from questionnaire_answer where municipality_id = town and questionnaire_id = which and (everything or not mixed);
      delete from questionnaire_part where municipality_id = town and questionnaire_id = which and (everything or not mixed);
      delete from questionnaire_answer where municipality_id = town and questionnaire_id = which and (everything or not mixed);
      insert into questionnaire_part (municipality_id, questionnaire_id, household_id, pupil_id, mixed)
        select municipality_id, questionnaire_id, household_id, pupil_id, true from mixing_part order by random();
      insert into questionnaire_answer (municipality_id, questionnaire_id, question_id, chosen, words, mixed)
        select municipality_id, questionnaire_id, question_id, chosen, words, true from mixing_answer order by random();
      drop table mixing_part, mixing_answer;
    end $$;
    comment on function mix_questionnaire is 'Writes who answered and what was answered again, in one transaction, each in an order of its own and with new ids';

    -- Mixes what came in since the last time, once there is enough of it to hide in; when one has closed, mixes all of it
    -- and counts its totals. A year after the end forgets who answered and what was written in words: the numbers stay.
    create function settle_questionnaires(enough integer) returns integer language plpgsql security definer set search_path = public as $$
    declare
      q questionnaire;
      done integer := 0;
    begin
      for q in select * from questionnaire c where c.published_at is not null and c.settled_at is null and c.opens_at <= app_now()
        and (c.closes_at <= app_now() or c.anonymous and (select count(*) from questionnaire_part p
          where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id and not p.mixed) >= enough)
        order by c.municipality_id, c.id limit 20 for update skip locked
      loop
        perform set_config('app.municipality_id', q.municipality_id::text, true);
        if q.anonymous then perform mix_questionnaire(q.municipality_id, q.id, q.closes_at <= app_now()); end if;
        if q.closes_at <= app_now() then
          update questionnaire c set settled_at = app_now(),
            asked_total = (select case c.per when 'child' then count(*) else count(distinct r.household_id) end from questionnaire_pupils(c.id) r),
            answered_total = (select count(*) from questionnaire_part p where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id)
          where c.municipality_id = q.municipality_id and c.id = q.id;
        end if;
        done := done + 1;
      end loop;
      with old as (select c.municipality_id, c.id from questionnaire c where c.settled_at < app_now() - interval '12 months'
          and exists (select from questionnaire_part p where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id)
          order by c.municipality_id, c.id limit 1),
        words as (delete from questionnaire_answer a using old o
          where a.municipality_id = o.municipality_id and a.questionnaire_id = o.id and a.words is not null)
      update questionnaire_answer a set part = null from old o
        where a.municipality_id = o.municipality_id and a.questionnaire_id = o.id and a.chosen is not null;
      with old as (select c.municipality_id, c.id from questionnaire c where c.settled_at < app_now() - interval '12 months'
          and exists (select from questionnaire_part p where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id)
          order by c.municipality_id, c.id limit 1),
        gone as (delete from questionnaire_part p using old o
          where p.municipality_id = o.municipality_id and p.questionnaire_id = o.id returning p.questionnaire_id)
      select done + count(distinct questionnaire_id) into done from gone;
      return done;
    end $$;

    revoke execute on function questionnaire_pupils, hold_questionnaire, questionnaire_counts, mix_questionnaire, settle_questionnaires from public;
    grant execute on function questionnaire_pupils, hold_questionnaire, questionnaire_counts, settle_questionnaires to refettorio_web;
  `)
    .execute(db)
}
