-- The work of the office: for the office and the worker alone.

alter table work_take enable row level security;
create policy work_take_scope on work_take to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (ended_by, ended_at, is_done) on work_take to refettorio_web;

alter table work_notice enable row level security;
-- A colleague chooses for no other one; the worker writes down which day it told.
create policy work_notice_read on work_notice for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy work_notice_add on work_notice for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() = 'staff' and person_id = app_person());
create policy work_notice_change on work_notice for update to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() = 'system' or app_audience() = 'staff' and person_id = app_person()))
  with check (municipality_id = app_municipality() and (app_audience() = 'system' or app_audience() = 'staff' and person_id = app_person()));
grant select, insert, update (email, digest_hour, is_urgent, digested_on, changed_at) on work_notice to refettorio_web;

alter table work_alert enable row level security;
create policy work_alert_scope on work_alert to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'system')
  with check (municipality_id = app_municipality() and app_audience() = 'system');
grant select, insert on work_alert to refettorio_web;
