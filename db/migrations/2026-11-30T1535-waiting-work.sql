-- What waits for the office is counted at each of its pages: each count has an index of the few rows that it counts.

create index diet_hold_waiting on diet_hold (municipality_id, pupil_id) where until is null;
create index enrolment_undecided on enrolment (municipality_id, valid_to) where diet_code = 'DA-DEFINIRE';
create index meal_charge_failing on meal_charge (municipality_id, service_day_id) where due_at is not null and failures > 0;
create index outbox_failed on outbox (municipality_id, created_at)
  where outcome in ('refused', 'given_up') and channel = 'email' and not secret;
create index service_day_open on service_day (municipality_id, close_at) where status = 'open';
