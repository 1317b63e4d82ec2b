-- What a transaction may read of a subject that few transactions are about. Each `enter_<subject>` asks it once, before the
-- first statement about that subject (db/subjects.ts), and writes it into settings beside those of `enter_scope`; without it no
-- row of that subject is visible to families and the public. What waited for a lock, or changed such a row itself, asks again.

create function app_communications() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.communications', true), '')::uuid[] $$;

-- `communication:household` of each copy that is addressed to the person.
create function app_communication_copies() returns text[] language sql stable
as $$ select nullif(current_setting('app.communication_copies', true), '')::text[] $$;

-- `communication:version` of each text that was sent and not withdrawn.
create function app_communication_versions() returns text[] language sql stable
as $$ select nullif(current_setting('app.communication_versions', true), '')::text[] $$;

-- `menu:version` of each menu that is published now.
create function app_menu_versions() returns text[] language sql stable
as $$ select nullif(current_setting('app.menu_versions', true), '')::text[] $$;

-- Those that have opened, whether they are over or not.
create function app_begun_questionnaires() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.begun_questionnaires', true), '')::uuid[] $$;

create function app_open_questionnaires() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.open_questionnaires', true), '')::uuid[] $$;

create function app_anonymous_questionnaires() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.anonymous_questionnaires', true), '')::uuid[] $$;

-- Those whose anonymous answers the office may read.
create function app_closed_questionnaires() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.closed_questionnaires', true), '')::uuid[] $$;

-- The sheets with the person's name on them.
create function app_questionnaire_parts() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.questionnaire_parts', true), '')::uuid[] $$;

-- The receipts about pupils whom the person has without the whole household: of a whole one the receipt itself says it.
create function app_receipts() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.receipts', true), '')::uuid[] $$;

create function app_submissions() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.submissions', true), '')::uuid[] $$;

create function app_top_ups() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.top_ups', true), '')::uuid[] $$;

-- `top-up:state` of each order that was opened, or could not be.
create function app_opened_top_ups() returns text[] language sql stable
as $$ select nullif(current_setting('app.opened_top_ups', true), '')::text[] $$;

-- A transaction that speaks for another person, or asks again, begins without any.
create function leave_subjects() returns void language plpgsql volatile as $$
begin
  if coalesce(current_setting('app.subjects', true), '') = '' then return; end if;
  perform set_config('app.' || subject, '', true) from unnest(array['subjects', 'communications', 'communication_copies',
    'communication_versions', 'menu_versions', 'begun_questionnaires', 'open_questionnaires', 'anonymous_questionnaires',
    'closed_questionnaires', 'questionnaire_parts', 'receipts', 'submissions', 'top_ups', 'opened_top_ups']) subject;
end $$;

create function enter_communications() returns void language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  households constant uuid[] := app_households();
  paying constant uuid[] := app_paying_households();
  addressed uuid[];
  copies text[];
  versions text[];
begin
  if app_audience() <> 'family' then return; end if;
  select array_agg(distinct p.communication_id), array_agg(p.communication_id::text || ':' || p.household_id)
    into addressed, copies
    from communication_recipient_person p
    where p.municipality_id = municipality and p.person_id = person
      and (p.household_id = any (paying) or p.about = 'service' and p.household_id = any (households));
  versions := array(select x.communication_id::text || ':' || x.version from communication_publication x
    join communication c on c.municipality_id = municipality and c.id = x.communication_id
      and c.published_version is not null and c.withdrawn_at is null
    where x.municipality_id = municipality and x.communication_id = any (addressed));
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.communications', coalesce(addressed::text, ''), true),
    set_config('app.communication_copies', coalesce(copies::text, ''), true),
    set_config('app.communication_versions', versions::text, true);
end $$;
revoke execute on function enter_communications from public;
grant execute on function enter_communications to refettorio_web;

create function enter_menus() returns void language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  versions text[];
begin
  versions := array(select m.id::text || ':' || m.published_version from menu m
    where m.municipality_id = municipality and m.published_version is not null and m.withdrawn_at is null);
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.menu_versions', versions::text, true);
end $$;
revoke execute on function enter_menus from public;
grant execute on function enter_menus to refettorio_web;

create function enter_questionnaires() returns void language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  households constant uuid[] := app_households();
  pupils constant uuid[] := app_pupils();
  moment constant timestamptz := app_now();
  begun uuid[];
  opened uuid[];
  anonymous uuid[];
  closed uuid[];
  parts uuid[];
begin
  if app_audience() in ('staff', 'system') then
    closed := array(select q.id from questionnaire q where q.municipality_id = municipality and q.closes_at <= moment);
  elsif app_audience() = 'family' then
    select array_agg(q.id), array_agg(q.id) filter (where q.closes_at > moment),
        array_agg(q.id) filter (where q.closes_at > moment and q.anonymous)
      into begun, opened, anonymous
      from questionnaire q
      where q.municipality_id = municipality and q.published_at is not null and q.opens_at <= moment;
    parts := array(select p.part from questionnaire_part p
      where p.municipality_id = municipality and p.questionnaire_id = any (begun) and p.household_id = any (households)
        and p.person_id = person and (p.pupil_id is null or p.pupil_id = any (pupils)));
  end if;
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.begun_questionnaires', coalesce(begun::text, ''), true),
    set_config('app.open_questionnaires', coalesce(opened::text, ''), true),
    set_config('app.anonymous_questionnaires', coalesce(anonymous::text, ''), true),
    set_config('app.closed_questionnaires', coalesce(closed::text, ''), true),
    set_config('app.questionnaire_parts', coalesce(parts::text, ''), true);
end $$;
revoke execute on function enter_questionnaires from public;
grant execute on function enter_questionnaires to refettorio_web;

create function enter_receipts() returns void language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  pupils constant uuid[] := app_pupils();
  whole constant uuid[] := coalesce(app_whole_households(), '{}');
  households constant uuid[] := app_households();
  partly uuid[];
  receipts uuid[];
begin
  partly := array(select p.id from pupil p
    where p.municipality_id = municipality and p.id = any (pupils) and p.household_id <> all (whole));
  if partly = '{}' then return; end if;
  -- Of a pupil with two households each sees its own receipts, and those of the office.
  receipts := array(select distinct v.receipt_id from absence_event v
    join absence_receipt r on r.municipality_id = municipality and r.id = v.receipt_id
      and (r.household_id = any (households) or r.channel = 'office')
    where v.municipality_id = municipality and v.pupil_id = any (partly));
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.receipts', receipts::text, true);
end $$;
revoke execute on function enter_receipts from public;
grant execute on function enter_receipts to refettorio_web;

create function enter_submissions() returns void language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  filling constant uuid[] := app_filling_households();
  submissions uuid[];
begin
  submissions := array(select s.id from form_submission s
    where s.municipality_id = municipality and s.person_id = person and s.household_id = any (filling));
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.submissions', submissions::text, true);
end $$;
revoke execute on function enter_submissions from public;
grant execute on function enter_submissions to refettorio_web;

create function enter_top_ups() returns void language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  held uuid[];
  own uuid[];
  opened text[];
begin
  if app_audience() <> 'family' then return; end if;
  -- Only a holder pays: by household there is an index.
  held := array(select m.household_id from household_member m
    where m.municipality_id = municipality and m.person_id = person and m.role = 'holder');
  select array_agg(t.id), array_agg(t.id::text || ':' || t.state) filter (where t.state in ('redirected', 'failed'))
    into own, opened
    from top_up t where t.municipality_id = municipality and t.household_id = any (held) and t.payer_id = person;
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.top_ups', coalesce(own::text, ''), true),
    set_config('app.opened_top_ups', coalesce(opened::text, ''), true);
end $$;
revoke execute on function enter_top_ups from public;
grant execute on function enter_top_ups to refettorio_web;
