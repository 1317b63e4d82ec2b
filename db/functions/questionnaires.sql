-- Questionnaires: what is published stays as it is, and nothing joins anonymous answers to the people who gave them.

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
create trigger questionnaire_kept before update on questionnaire for each row
  execute function keep_published_questionnaire();

create function keep_published_question() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  it constant record := case when tg_op = 'DELETE' then old else new end;
begin
  if exists (select from questionnaire q where q.municipality_id = it.municipality_id and q.id = it.questionnaire_id
    and q.published_at is not null)
  then raise exception 'the questions of a published questionnaire do not change' using errcode = 'restrict_violation'; end if;
  return it;
end $$;
create trigger questionnaire_question_kept before insert or update or delete on questionnaire_question for each row
  execute function keep_published_question();

create function keep_answers_apart() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from questionnaire q where q.municipality_id = new.municipality_id and q.id = new.questionnaire_id and q.anonymous)
  then raise exception 'an anonymous questionnaire knows no person' using errcode = 'restrict_violation'; end if;
  return new;
end $$;
create trigger questionnaire_part_apart before insert or update on questionnaire_part for each row
  when (new.person_id is not null) execute function keep_answers_apart();
create trigger questionnaire_answer_apart before insert or update on questionnaire_answer for each row
  when (new.part is not null) execute function keep_answers_apart();

-- The children that a questionnaire asks about, as far as the reader may see them: in summer those who ate to the end of the year,
-- and those of the next one where it names their class.
create function questionnaire_pupils(which uuid) returns table (household_id uuid, pupil_id uuid)
language plpgsql stable as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  today constant date := app_today();
  schools uuid[];
  classes uuid[];
begin
  select q.school_ids, q.class_ids into schools, classes from questionnaire q where q.municipality_id = municipality and q.id = which;
  if not found then return; end if;
  return query
    select p.household_id, p.id from enrolment e
    join pupil p on p.municipality_id = municipality and p.id = e.pupil_id
    join school_year y on y.municipality_id = municipality and y.id = e.school_year_id and y.ends_on >= today
    where e.municipality_id = municipality and (e.valid_from <= today or e.school_class_id = any (classes))
      and (e.valid_to >= today or e.valid_to >= (select w.ends_on from service_schedule w where w.municipality_id = municipality
        and w.service_id = e.service_id and w.school_id = e.school_id and w.school_year_id = e.school_year_id))
      and (schools = '{}' and classes = '{}' or e.school_id = any (schools) or e.school_class_id = any (classes))
    group by p.household_id, p.id;
end $$;
revoke execute on function questionnaire_pupils from public;
grant execute on function questionnaire_pupils to refettorio_web;

-- An answer and the close of its questionnaire wait for each other.
create function hold_questionnaire(which uuid) returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
begin
  perform from questionnaire q where q.municipality_id = municipality and q.id = which for share;
end $$;
revoke execute on function hold_questionnaire from public;
grant execute on function hold_questionnaire to refettorio_web;

-- How many chose what; a null value counts all who answered the question.
create function questionnaire_counts(which uuid) returns table (question_id uuid, value smallint, people integer)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  perform from questionnaire q where q.municipality_id = municipality and q.id = which and q.published_at is not null
    and (app_audience() in ('staff', 'system') and (not q.anonymous or q.closes_at <= app_now())
      or app_audience() = 'family' and q.shows_results and q.closes_at <= app_now());
  if not found then return; end if;
  return query
    select a.question_id, null::smallint, count(*)::integer from questionnaire_answer a
    where a.municipality_id = municipality and a.questionnaire_id = which group by 1
    union all
    select a.question_id, v.value, count(*)::integer from questionnaire_answer a
    cross join lateral unnest(a.chosen) as v (value)
    where a.municipality_id = municipality and a.questionnaire_id = which group by 1, 2;
end $$;
revoke execute on function questionnaire_counts from public;
grant execute on function questionnaire_counts to refettorio_web;

create function mix_questionnaire(in_municipality uuid, which uuid, everything boolean) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  create temporary table mixing_part on commit drop as
    select * from questionnaire_part where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  create temporary table mixing_answer on commit drop as
    select * from questionnaire_answer where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  delete from questionnaire_part where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  delete from questionnaire_answer where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  insert into questionnaire_part (municipality_id, questionnaire_id, household_id, pupil_id, mixed)
    select municipality_id, questionnaire_id, household_id, pupil_id, true from mixing_part order by random();
  insert into questionnaire_answer (municipality_id, questionnaire_id, question_id, chosen, words, mixed)
    select municipality_id, questionnaire_id, question_id, chosen, words, true from mixing_answer order by random();
  drop table mixing_part, mixing_answer;
end $$;
comment on function mix_questionnaire is 'Writes who answered and what was answered again, in one transaction, each in an order of its own and with new ids';
revoke execute on function mix_questionnaire from public;

-- Mixes what came in since the last time, once there is enough of it to hide in; when one has closed, mixes all of it
-- and counts its totals. A year after the end forgets who answered and what was written in words: the numbers stay.
create function settle_questionnaires(enough integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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
        answered_total = (select count(*) from questionnaire_part p where p.municipality_id = q.municipality_id and p.questionnaire_id = c.id)
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
revoke execute on function settle_questionnaires from public;
grant execute on function settle_questionnaires to refettorio_web;
