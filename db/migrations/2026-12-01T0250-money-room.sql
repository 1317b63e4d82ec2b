-- Payments as the office reads them: an order by time that has an index, what an order's operations are found by, notes of the office;
-- what an amount of the provider that no column holds was; and two findings more.

create index top_up_by_time on top_up
  (municipality_id, (extract(epoch from coalesce(paid_at, created_at) at time zone 'UTC')::text), id);
create index top_up_by_amount on top_up (municipality_id, amount_cents);
create index provider_operation_by_top_up on provider_operation (municipality_id, top_up_id);

alter table provider_operation add column amount_said text check (length(amount_said) <= 40);
comment on column provider_operation.amount_said is 'An amount that amount_cents does not hold, as it was read; null where it does';

alter table payment_alarm drop constraint payment_alarm_finding_check;
alter table payment_alarm add constraint payment_alarm_finding_check check (finding in ('late-success', 'surplus', 'mismatch',
  'unknown-answer', 'reversed', 'credited-but-not-paid', 'mode-mixed', 'forged-notifications', 'still-open', 'creation-failed')) not valid;
alter table payment_alarm validate constraint payment_alarm_finding_check;

create table top_up_note (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  top_up_id uuid not null,
  note text not null check (length(note) between 1 and 500),
  written_by uuid not null,
  written_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, top_up_id) references top_up,
  foreign key (municipality_id, written_by) references person
);
comment on table top_up_note is 'What the office writes down about a payment, for itself; kept as it was written';
create index top_up_note_by_top_up on top_up_note (municipality_id, top_up_id, written_at);
create index top_up_note_names_writer on top_up_note (municipality_id, written_by);
