-- Who may reach prices, accounts, payments and invoices.
-- A family reaches money only as its holder: the transaction of a delegate sees no row of these tables. A holder who took a
-- household over sees its movements from that instant on; a past holder sees the own payments and invoices, and no other
-- person does. Prices are public.

alter table meal_price enable row level security;
create policy meal_price_read on meal_price for select to refettorio_web
  using (municipality_id = app_municipality());
create policy meal_price_decide on meal_price for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and app_audience() in ('staff', 'system')
    and valid_from >= app_today()
  );
create policy meal_price_cancel on meal_price for delete to refettorio_web
  using (
    municipality_id = app_municipality() and app_audience() in ('staff', 'system') and valid_from > app_today()
  );
grant select, insert, delete on meal_price to refettorio_web;

alter table fare_band enable row level security;
create policy fare_band_read on fare_band for select to refettorio_web
  using (municipality_id = app_municipality());
create policy fare_band_create on fare_band for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy fare_band_change on fare_band for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (name, description, closed_at) on fare_band to refettorio_web;

alter table fare_band_price enable row level security;
create policy fare_band_price_read on fare_band_price for select to refettorio_web
  using (municipality_id = app_municipality());
create policy fare_band_price_decide on fare_band_price for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and app_audience() in ('staff', 'system')
    and valid_from >= app_today()
  );
create policy fare_band_price_cancel on fare_band_price for delete to refettorio_web
  using (
    municipality_id = app_municipality() and app_audience() in ('staff', 'system') and valid_from > app_today()
  );
grant select, insert, delete on fare_band_price to refettorio_web;

alter table account enable row level security;
create policy account_scope on account to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (household_id = any (app_paying_households())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (household_id = any (app_paying_households())))
  );
grant select, insert, update (updated_at) on account to refettorio_web;

alter table journal enable row level security;
create policy journal_scope on journal to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on journal to refettorio_web;

grant select on top_up_legal_transition to refettorio_web;

alter table top_up enable row level security;
create policy top_up_read on top_up for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (payer_id = app_person() and app_audience() = 'family'))
  );
create policy top_up_start on top_up for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (household_id = any (app_paying_households()) and payer_id = app_person()))
  );
-- A payer who is no longer the holder still asks what came of the own payment.
create policy top_up_follow on top_up for update to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (payer_id = app_person() and app_audience() = 'family'))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (payer_id = app_person() and app_audience() = 'family'))
  );
grant select, insert, update (state, reason, paid_at, paid_operation_id, circuit, updated_at, redirect_url, security_token_hash,
  creation_claimed_until, next_check_at, checks, hinted_at, answered_at, alarms) on top_up to refettorio_web;

alter table top_up_transition enable row level security;
create policy top_up_transition_read on top_up_transition for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or top_up_id = any (app_top_ups()))
  );
-- A family leaves the trace of the one move that it makes, once (`top_up_transition_first`): its order was opened, or could not be.
create policy top_up_transition_add on top_up_transition for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or from_state = 'created'
      and cause = 'created'
      and top_up_id::text || ':' || to_state = any (app_opened_top_ups()))
  );
grant select, insert on top_up_transition to refettorio_web;

alter table entry enable row level security;
create policy entry_read on entry for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (account_id = any (app_paying_accounts())
        or posted_at >= app_account_since(account_id)))
  );
create policy entry_add on entry for insert to refettorio_web
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on entry to refettorio_web;

-- Written by the ledger alone, as entries are.
alter table entry_year enable row level security;
create policy entry_year_read on entry_year for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select on entry_year to refettorio_web;

alter table provider_operation enable row level security;
create policy provider_operation_scope on provider_operation to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on provider_operation to refettorio_web;

-- A payer reads what is wrong with the own payments, and what the office did about it.
alter table payment_alarm enable row level security;
create policy payment_alarm_read on payment_alarm for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or top_up_id = any (app_top_ups()))
  );
create policy payment_alarm_raise on payment_alarm for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy payment_alarm_settle on payment_alarm for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (cents, raised_at, settled_at, settled_by, note) on payment_alarm to refettorio_web;

alter table notification_inbox enable row level security;
create policy notification_inbox_scope on notification_inbox to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on notification_inbox to refettorio_web;

alter table invoice_series enable row level security;
create policy invoice_series_scope on invoice_series to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert, update on invoice_series to refettorio_web;

alter table invoice enable row level security;
create policy invoice_scope on invoice to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (holder_id = app_person() and app_audience() = 'family'))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (holder_id = app_person() and app_audience() = 'family'))
  );
grant select, insert, update (customer, supplier, gaps, xml, xml_sha256, completed_at) on invoice to refettorio_web;

-- The holder of an invoice has its copies; nothing else needs one.
alter table invoice_copy enable row level security;
create policy invoice_copy_scope on invoice_copy to refettorio_web
  using (municipality_id = app_municipality() and holder_id = app_person() and app_audience() = 'family')
  with check (municipality_id = app_municipality() and holder_id = app_person() and app_audience() = 'family');
grant select, insert, update (fingerprint, content, drawn_at) on invoice_copy to refettorio_web;

-- Cases are decided by the office. Of a roll-over that is undone those go that are not decided.
alter table refund_case enable row level security;
create policy refund_case_read on refund_case for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy refund_case_open on refund_case for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system') and decision is null and closed_at is null);
create policy refund_case_decide on refund_case for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy refund_case_take_back on refund_case for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system') and rollover_id is not null and decision is null);
grant select, insert, delete,
  update (left_on, taken_at, taken_by, decision, decided_at, decided_by, decided_cents, reason, to_account_id, closed_at, closed_by,
    closed_why, revision)
  on refund_case to refettorio_web;

-- What the office writes about a payment is the office's.
alter table top_up_note enable row level security;
create policy top_up_note_read on top_up_note for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'staff');
create policy top_up_note_write on top_up_note for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() = 'staff' and written_by = app_person());
grant select, insert on top_up_note to refettorio_web;
