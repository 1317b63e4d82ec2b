-- Kitchens and what they serve: for the office and the worker alone.

alter table kitchen enable row level security;
create policy kitchen_scope on kitchen to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (name, emails, phone, revision, updated_by) on kitchen to refettorio_web;

-- The past stays: only a change that has not begun gives way.
alter table kitchen_school enable row level security;
create policy kitchen_school_read on kitchen_school for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy kitchen_school_add on kitchen_school for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system') and valid_from >= app_today());
create policy kitchen_school_end on kitchen_school for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system') and valid_from >= app_today());
grant select, insert, delete on kitchen_school to refettorio_web;

alter table count_mail enable row level security;
create policy count_mail_read on count_mail for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy count_mail_write on count_mail for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() = 'system');
create policy count_mail_sheet on count_mail for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'system')
  with check (municipality_id = app_municipality() and app_audience() = 'system');
grant select, insert, update (count_sheet_id) on count_mail to refettorio_web;

-- What went out stays as it went out: a cook reads it by functions.
alter table count_sheet enable row level security;
create policy count_sheet_read on count_sheet for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy count_sheet_write on count_sheet for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() = 'system');
grant select, insert on count_sheet to refettorio_web;

-- A cook writes it by a function, which asks whose count it is.
alter table count_acknowledgement enable row level security;
create policy count_acknowledgement_read on count_acknowledgement for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select on count_acknowledgement to refettorio_web;

alter table kitchen_setting enable row level security;
create policy kitchen_setting_scope on kitchen_setting to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (seen_minutes, names_on_labels, revision) on kitchen_setting to refettorio_web;
