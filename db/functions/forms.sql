-- Online forms: a published version and what was sent are frozen; a request moves along its lawful ways; the database
-- forgets drafts, documents and answers by its own clock.

create function published_version_is_frozen() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.published_at is not null then
    raise exception 'a published version is frozen' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger online_form_version_frozen before update or delete on online_form_version for each row
  execute function published_version_is_frozen();

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
create trigger form_submission_lawful before insert or update or delete on form_submission for each row
  execute function submission_is_lawful();

create function document_is_lawful() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.submission_id is null then return old; end if;
    raise exception 'a document that was sent stays with its request' using errcode = 'restrict_violation';
  end if;
  if (old.household_id, old.person_id, old.field, old.name, old.media_type, old.size, old.sha256)
      is distinct from (new.household_id, new.person_id, new.field, new.name, new.media_type, new.size, new.sha256)
    or old.submission_id is not null and old.submission_id is distinct from new.submission_id
    -- The web role may not write the content at all; the owner seals it again when a key is replaced (npm run db:reseal).
    or old.content is distinct from new.content
      and not (new.content is not null and old.content is not null and coalesce(current_setting('refettorio.reseal', true), '') = 'on')
      and not (new.content is null and exists (select from form_submission s
      where s.municipality_id = old.municipality_id and s.id = old.submission_id
        and (s.state = 'withdrawn' or s.decided_at < app_now() - interval '24 months'))) then
    raise exception 'a document does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger form_document_lawful before update or delete on form_document for each row
  execute function document_is_lawful();

-- The next number of the municipality's year, in the transaction that uses it: the second request waits for the first.
create function next_protocol() returns table (year integer, number integer)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  this_year constant integer := extract(year from app_today());
begin
  return query
    insert into protocol_series as s (municipality_id, year, last_number) values (municipality, this_year, 1)
    on conflict (municipality_id, year) do update set last_number = s.last_number + 1
    returning s.year, s.last_number;
end $$;
revoke execute on function next_protocol from public;
grant execute on function next_protocol to refettorio_web;

-- The web role may not write a document; of a request that was withdrawn it may have them emptied.
create function empty_withdrawn_documents(which uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  here constant uuid := app_municipality();
begin
  update form_document d set content = null
  where d.municipality_id = here and d.submission_id = which and d.content is not null
    and exists (select from form_submission s where s.municipality_id = here and s.id = which and s.state = 'withdrawn');
end $$;
revoke execute on function empty_withdrawn_documents from public;
grant execute on function empty_withdrawn_documents to refettorio_web;

-- Drafts that were left alone for 90 days, documents and answers past their time, holds of diets that were decided.
create function forget_forms(most integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  ninety_days_ago constant timestamptz := app_now() - interval '90 days';
  two_years_ago constant timestamptz := app_now() - interval '24 months';
  five_years_ago constant timestamptz := app_now() - interval '5 years';
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  for each_municipality in select m.id from municipality m
    where exists (select from form_draft d where d.municipality_id = m.id and d.updated_at < ninety_days_ago)
      or exists (select from form_submission s where s.municipality_id = m.id and s.decided_at < two_years_ago)
      or exists (select from diet_hold h where h.municipality_id = m.id and h.until < app_today())
      or exists (select from diet_end_notice n where n.municipality_id = m.id and n.last_day < app_today() - 365)
      or exists (select from form_batch b where b.municipality_id = m.id and b.made_at < ninety_days_ago)
      or exists (select from link_request r where r.municipality_id = m.id and coalesce(r.decided_at, r.sent_at) < two_years_ago)
  loop
    delete from form_document where municipality_id = each_municipality and draft_id in (select d.id from form_draft d
      where d.municipality_id = each_municipality and d.updated_at < ninety_days_ago);
    get diagnostics gone = row_count; total := total + gone;
    delete from form_draft where municipality_id = each_municipality and updated_at < ninety_days_ago;
    get diagnostics gone = row_count; total := total + gone;
    update form_document set content = null where municipality_id = each_municipality and id = any (array(
      select f.id from form_document f join form_submission s on s.municipality_id = each_municipality and s.id = f.submission_id
      where f.municipality_id = each_municipality and f.content is not null and s.decided_at < two_years_ago limit most));
    get diagnostics gone = row_count; total := total + gone;
    update form_submission set answers = '{}', shown = '[]' where municipality_id = each_municipality and id = any (array(
      select id from form_submission where municipality_id = each_municipality and shown <> '[]'
        and decided_at < five_years_ago limit most));
    get diagnostics gone = row_count; total := total + gone;
    delete from diet_hold where municipality_id = each_municipality and until < app_today();
    get diagnostics gone = row_count; total := total + gone;
    delete from diet_end_notice where municipality_id = each_municipality and last_day < app_today() - 365;
    get diagnostics gone = row_count; total := total + gone;
    delete from form_batch_item where municipality_id = each_municipality and batch_id in (select b.id from form_batch b
      where b.municipality_id = each_municipality and b.made_at < ninety_days_ago);
    get diagnostics gone = row_count; total := total + gone;
    delete from link_request where municipality_id = each_municipality and coalesce(decided_at, sent_at) < two_years_ago;
    get diagnostics gone = row_count; total := total + gone;
    delete from form_batch where municipality_id = each_municipality and made_at < ninety_days_ago;
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $$;
revoke execute on function forget_forms from public;
grant execute on function forget_forms to refettorio_web;

-- Keeps what requests of earlier versions lack, as `completeness.ts` reads it from their answers; once for each.
create function keep_older_lacks(read jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  here constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  update form_submission s set lacks = f.lacks, lacks_known = true
    from jsonb_to_recordset(read) as f (id uuid, lacks text[])
    where s.municipality_id = here and s.id = f.id and not s.lacks_known;
end $$;
revoke execute on function keep_older_lacks from public;
grant execute on function keep_older_lacks to refettorio_web;
