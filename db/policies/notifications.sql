-- Who may reach what people are told: each person the own inbox, choices and devices; the outbox only the office and the worker.

alter table delivery_batch enable row level security;
create policy delivery_batch_scope on delivery_batch to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select on delivery_batch to refettorio_web;

alter table notification enable row level security;
create policy notification_scope on notification to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  );
grant select, update (read_at) on notification to refettorio_web;

alter table notification_choice enable row level security;
create policy notification_choice_scope on notification_choice to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  );
grant select, insert, update on notification_choice to refettorio_web;

alter table push_subscription enable row level security;
create policy push_subscription_scope on push_subscription to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  );
grant select, update (last_sent_at, ended_at, end_reason) on push_subscription to refettorio_web;

alter table outbox enable row level security;
create policy outbox_scope on outbox to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert, update on outbox to refettorio_web;
