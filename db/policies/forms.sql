-- Who may reach online forms and what families sent with them: the author while that person pays or has applied, and the office. A draft is
-- its author's alone. Bands of fare are read by the family that they concern.

alter table online_form enable row level security;
create policy online_form_scope on online_form to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and (published_version is not null)))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and (false)))
  );
grant select, insert, update (latest_version, published_version, closed_at, closed_reason) on online_form to refettorio_web;

alter table online_form_version enable row level security;
create policy online_form_version_scope on online_form_version to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and (published_at is not null)))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and (false)))
  );
grant select, insert, update (definition, school_year_id, opens_at, closes_at, revision, author_id, saved_at, published_at) on online_form_version to refettorio_web;

alter table form_draft enable row level security;
create policy form_draft_scope on form_draft to refettorio_web
  using (
    municipality_id = app_municipality()
    and app_audience() = 'family'
    and person_id = app_person()
    and household_id = any (app_filling_households())
  )
  with check (
    municipality_id = app_municipality()
    and app_audience() = 'family'
    and person_id = app_person()
    and household_id = any (app_filling_households())
  );
grant select, insert, delete, update (version, revision, answers, updated_at) on form_draft to refettorio_web;

alter table protocol_series enable row level security;
create policy protocol_series_scope on protocol_series to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select on protocol_series to refettorio_web;

alter table form_submission enable row level security;
create policy form_submission_scope on form_submission to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (app_audience() = 'family'
        and (person_id = app_person() and household_id = any (app_filling_households()))))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (app_audience() = 'family'
        and (person_id = app_person() and household_id = any (app_filling_households()))))
  );
grant select, insert, update (state, once_key, assigned_to, due_on, decided_at) on form_submission to refettorio_web;

alter table form_event enable row level security;
create policy form_event_scope on form_event to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (app_audience() = 'family' and submission_id = any (app_submissions())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (app_audience() = 'family'
        and submission_id = any (app_submissions())
        and not by_office
        and person_id = app_person()))
  );
grant select, insert on form_event to refettorio_web;

alter table form_document enable row level security;
create policy form_document_scope on form_document to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') and submission_id is not null
      or app_audience() = 'family'
      and person_id = app_person()
      and household_id = any (app_filling_households()))
  )
  with check (
    municipality_id = app_municipality()
    and app_audience() = 'family'
    and person_id = app_person()
    and household_id = any (app_filling_households())
  );
grant select, insert, delete, update (draft_id, submission_id) on form_document to refettorio_web;

-- The holder's request holds the pupil for everybody who sees the pupil; only the office says until when.
alter table diet_hold enable row level security;
create policy diet_hold_read on diet_hold for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or pupil_id = any (app_pupils()))
  );
create policy diet_hold_ask on diet_hold for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or pupil_id = any (app_paying_pupils()))
  );
create policy diet_hold_release on diet_hold for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (until) on diet_hold to refettorio_web;

alter table diet_end_notice enable row level security;
create policy diet_end_notice_scope on diet_end_notice to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete on diet_end_notice to refettorio_web;

alter table fare_assignment enable row level security;
create policy fare_assignment_read on fare_assignment for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or pupil_id = any (app_paying_pupils()))
  );
create policy fare_assignment_give on fare_assignment for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy fare_assignment_end on fare_assignment for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy fare_assignment_drop on fare_assignment for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete, update (valid_to, ended_by, ended_at, end_reason) on fare_assignment to refettorio_web;

alter table class_places enable row level security;
create policy class_places_scope on class_places to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete, update (places, updated_by, updated_at) on class_places to refettorio_web;

alter table form_batch enable row level security;
create policy form_batch_scope on form_batch to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (state, session_id, confirmed_by, confirmed_at, ended_by, ended_at, due_at) on form_batch to refettorio_web;

alter table form_batch_item enable row level security;
create policy form_batch_item_scope on form_batch_item to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (outcome, reason, subject, typed, effect, words, fingerprint, handled_at) on form_batch_item to refettorio_web;
