-- What is wrong with a payment becomes a row of its own: since when, how much, and what the office did about it.

create table payment_alarm (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  top_up_id uuid not null,
  finding text not null check (finding in ('late-success', 'surplus', 'mismatch', 'unknown-answer', 'reversed',
    'credited-but-not-paid', 'mode-mixed', 'forged-notifications')),
  cents integer check (cents > 0),
  raised_at timestamptz not null default app_now(),
  settled_at timestamptz,
  settled_by uuid,
  note text check (length(note) between 1 and 300),
  primary key (municipality_id, id),
  unique (municipality_id, top_up_id, finding),
  foreign key (municipality_id, top_up_id) references top_up,
  foreign key (municipality_id, settled_by) references person,
  check (settled_at is not null or settled_by is null),
  check ((settled_by is null) = (note is null))
);
comment on table payment_alarm is 'What a person must look at in a payment, each finding once';
comment on column payment_alarm.cents is 'What was taken beyond the order, or given back at the provider; null for a finding without a sum';
comment on column payment_alarm.settled_at is 'When the office settled it, or when a later clear answer of the provider took it back (settled_by is null)';
comment on column payment_alarm.note is 'What the office did, in words for the payer';
create index payment_alarm_open on payment_alarm (municipality_id, raised_at) where settled_at is null;

-- How much was taken or given back was not kept; nearly always it was the whole order.
insert into payment_alarm (municipality_id, top_up_id, finding, cents, raised_at)
  select t.municipality_id, t.id, a.finding, case when a.finding in ('surplus', 'reversed') then t.amount_cents end,
    coalesce(t.answered_at, t.updated_at)
  from top_up t cross join unnest(t.alarms) a (finding);
comment on column top_up.alarms is 'Before payment_alarm; the version that runs during this migration still reads it, and nothing after it does';
