-- Imports of pupils belong to the office: no family and no public page sees a row of them.

alter table pupil_import enable row level security;
create policy pupil_import_scope on pupil_import to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (content, mapping, state, seen, counts, ignored, unknown_classes, stopped, first_day, acted_by,
  applied_by, applied_at, undone_by, undone_at) on pupil_import to refettorio_web;

alter table pupil_import_progress enable row level security;
create policy pupil_import_progress_scope on pupil_import_progress to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (done, total, stop_asked) on pupil_import_progress to refettorio_web;

alter table pupil_import_finding enable row level security;
create policy pupil_import_finding_scope on pupil_import_finding to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete, update (decision) on pupil_import_finding to refettorio_web;

alter table pupil_import_image enable row level security;
create policy pupil_import_image_scope on pupil_import_image to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on pupil_import_image to refettorio_web;

alter table imported_balance enable row level security;
create policy imported_balance_scope on imported_balance to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on imported_balance to refettorio_web;
