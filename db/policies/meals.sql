-- Who may reach the calendar, absences, counts and menus.
-- Every transaction of the municipality may read the calendar, and a family's transaction locks its days; only the office and the
-- worker write it. The office never reads the rows of ratings, which name a child: it gets sums and comments by functions.

alter table service_schedule enable row level security;
create policy service_schedule_read on service_schedule for select to refettorio_web
  using (municipality_id = app_municipality());
create policy service_schedule_add on service_schedule for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy service_schedule_change on service_schedule for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (weekdays, cutoff_time, cutoff_days_before, ends_on, next_from, next_weekdays, next_cutoff_time,
  next_cutoff_days_before, served_weekdays, starts_on, revision, updated_by) on service_schedule to refettorio_web;

alter table closure enable row level security;
create policy closure_scope on closure to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (undone_at, undone_by) on closure to refettorio_web;

alter table service_day enable row level security;
create policy service_day_scope on service_day to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on service_day to refettorio_web;

alter table absence_receipt enable row level security;
create policy absence_receipt_scope on absence_receipt to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (household_id = any (app_whole_households())
        or person_id = app_person()
        or id = any (app_receipts())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (household_id = any (app_households()) and person_id = app_person()))
  );
grant select, insert on absence_receipt to refettorio_web;

-- Each person keeps and reads the own keys; the worker forgets them by a function.
alter table overtaken_change enable row level security;
create policy overtaken_change_scope on overtaken_change to refettorio_web
  using (municipality_id = app_municipality() and person_id = app_person())
  with check (municipality_id = app_municipality() and person_id = app_person());
grant select, insert on overtaken_change to refettorio_web;

-- A person asks that the own changes be told; only the worker takes such a row away, when it has told them.
alter table meal_notice enable row level security;
create policy meal_notice_read on meal_notice for select to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or person_id = app_person()));
create policy meal_notice_ask on meal_notice for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (household_id = any (app_households()) and person_id = app_person()))
  );
create policy meal_notice_hold on meal_notice for update to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or person_id = app_person()))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or person_id = app_person()));
create policy meal_notice_tell on meal_notice for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'system');
grant select, insert, delete, update (since) on meal_notice to refettorio_web;

alter table absence enable row level security;
create policy absence_scope on absence to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  );
grant select, insert, delete on absence to refettorio_web;

alter table absence_event enable row level security;
create policy absence_event_scope on absence_event to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  );
grant select, insert on absence_event to refettorio_web;

-- Both households of a pupil read which days are whose; the office decides it.
alter table meal_household_rule enable row level security;
create policy meal_household_rule_read on meal_household_rule for select to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or pupil_id = any (app_pupils())));
create policy meal_household_rule_give on meal_household_rule for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() = 'staff');
create policy meal_household_rule_end on meal_household_rule for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'staff')
  with check (municipality_id = app_municipality() and app_audience() = 'staff');
create policy meal_household_rule_drop on meal_household_rule for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'staff');
grant select, insert, delete, update (valid_to) on meal_household_rule to refettorio_web;

alter table kitchen_count enable row level security;
create policy kitchen_count_scope on kitchen_count to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on kitchen_count to refettorio_web;

alter table kitchen_count_line enable row level security;
create policy kitchen_count_line_scope on kitchen_count_line to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on kitchen_count_line to refettorio_web;

alter table counted_meals enable row level security;
create policy counted_meals_scope on counted_meals to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'system')
  with check (municipality_id = app_municipality() and app_audience() = 'system');
grant select, insert on counted_meals to refettorio_web;

alter table meal_charge enable row level security;
create policy meal_charge_scope on meal_charge to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (due_at, failures, charged_at) on meal_charge to refettorio_web;

alter table dish enable row level security;
create policy dish_scope on dish to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or true))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on dish to refettorio_web;

alter table menu enable row level security;
create policy menu_scope on menu to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or published_version is not null and withdrawn_at is null)
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on menu to refettorio_web;

alter table menu_version enable row level security;
create policy menu_version_scope on menu_version to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or menu_id::text || ':' || number = any (app_menu_versions()))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on menu_version to refettorio_web;

alter table menu_change enable row level security;
create policy menu_change_scope on menu_change to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or true))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (withdrawn_at) on menu_change to refettorio_web;

alter table menu_settings enable row level security;
create policy menu_settings_scope on menu_settings to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert, update on menu_settings to refettorio_web;

alter table meal_rating enable row level security;
create policy meal_rating_scope on meal_rating to refettorio_web
  using (
    municipality_id = app_municipality()
    and (pupil_id = any (app_pupils()) or app_audience() = 'system')
  )
  with check (
    municipality_id = app_municipality()
    and (pupil_id = any (app_pupils()) or app_audience() = 'system')
  );
grant select, insert, update (person_id, comment, changed_at) on meal_rating to refettorio_web;

alter table meal_rating_dish enable row level security;
create policy meal_rating_dish_scope on meal_rating_dish to refettorio_web
  using (
    municipality_id = app_municipality()
    and (pupil_id = any (app_pupils()) or app_audience() = 'system')
  )
  with check (
    municipality_id = app_municipality()
    and (pupil_id = any (app_pupils()) or app_audience() = 'system')
  );
grant select, insert, update, delete on meal_rating_dish to refettorio_web;

alter table leftover enable row level security;
create policy leftover_scope on leftover to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert, update, delete on leftover to refettorio_web;

alter table calendar_feed enable row level security;
create policy calendar_feed_read on calendar_feed for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() = 'system' or app_audience() = 'family' and person_id = app_person())
  );
create policy calendar_feed_open on calendar_feed for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and (app_audience() = 'system'
      or app_audience() = 'family' and person_id = app_person() and pupil_id = any (app_pupils()))
  );
-- An address of a child who is no longer the person's own can still be ended.
create policy calendar_feed_end on calendar_feed for update to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() = 'system' or app_audience() = 'family' and person_id = app_person())
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() = 'system' or app_audience() = 'family' and person_id = app_person())
  );
grant select, insert, update (revoked_at, alarm_minutes) on calendar_feed to refettorio_web;
