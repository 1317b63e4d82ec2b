-- Notifications: one row per person in the portal's inbox and, by each one's choice, deliveries in the same outbox as
-- the letters, one per address (e-mail) or device (push). A command that tells people something calls
-- `notify_people` in its own transaction; a family may tell its own people and reads only the own inbox.

create table delivery_batch (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  key text not null,
  event text not null,
  title text,
  communication_id uuid,
  communication_version integer,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, key),
  constraint delivery_batch_communication_fkey
    foreign key (municipality_id, communication_id, communication_version) references communication_version,
  check ((communication_id is null) = (communication_version is null))
);
create index delivery_batch_by_time on delivery_batch (municipality_id, created_at desc, id desc);
create unique index delivery_batch_of_communication on delivery_batch (municipality_id, communication_id, communication_version)
  where communication_id is not null;
comment on table delivery_batch is 'What the office sees as one sending: a message to many, or a day of one kind of message to single persons';
comment on column delivery_batch.communication_id is 'With its version: what was published by this sending. Null for all others, reminders among them';
comment on column delivery_batch.title is 'The title of a message to many; null for messages to single persons, which are theirs alone';

create table notification (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  batch_id uuid not null,
  event text not null,
  key text not null,
  title text not null check (char_length(title) between 1 and 200),
  body text not null check (char_length(body) <= 4000),
  path text not null check (path ~ '^/([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?([?][A-Za-z0-9=&._~-]*)?(#[A-Za-z0-9_-]+)?$'),
  created_at timestamptz not null default app_now(),
  read_at timestamptz,
  translations jsonb not null default '{}',
  primary key (municipality_id, id),
  unique (municipality_id, person_id, key),
  foreign key (municipality_id, person_id) references person,
  foreign key (municipality_id, batch_id) references delivery_batch
);
create index notification_by_person on notification (municipality_id, person_id, created_at desc, id desc);
create index notification_unread on notification (municipality_id, person_id) where read_at is null;
create index notification_by_batch on notification (municipality_id, batch_id);
create index notification_by_age on notification (created_at);
comment on column notification.path is 'Place in the portal, below the municipality''s address; never another site';
comment on column notification.translations is 'language → {title, text}, as they were told; title and body are the Italian ones. Empty in rows from before';

create table notification_choice (
  municipality_id uuid not null,
  person_id uuid not null,
  choices jsonb not null default '{}',
  is_quiet boolean not null default true,
  quiet_from time not null default '21:00',
  quiet_to time not null default '07:00',
  low_balance_meals smallint not null default 3 check (low_balance_meals between 1 and 20),
  changed_at timestamptz not null default app_now(),
  primary key (municipality_id, person_id),
  foreign key (municipality_id, person_id) references person
);
comment on column notification_choice.choices is 'event → channel → boolean; what is not named follows the event''s own defaults';

create table push_subscription (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  endpoint text not null check (char_length(endpoint) <= 1000),
  p256dh text not null check (char_length(p256dh) <= 100),
  auth text not null check (char_length(auth) <= 40),
  device_name text not null check (char_length(device_name) between 1 and 80),
  created_at timestamptz not null default app_now(),
  last_sent_at timestamptz,
  ended_at timestamptz,
  end_reason text check (end_reason in ('revoked', 'gone', 'moved')),
  primary key (municipality_id, id),
  foreign key (municipality_id, person_id) references person,
  check ((ended_at is null) = (end_reason is null))
);
create unique index push_subscription_open on push_subscription (municipality_id, endpoint) where ended_at is null;
create index push_subscription_by_person on push_subscription (municipality_id, person_id) where ended_at is null;

-- Messages that leave: mail, push and texts. A due row is claimed, `sending_since` is set just before the message is handed
-- over, and a message whose fate a crash hid is never sent twice.

create table outbox (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  dedupe_key text not null,
  channel text not null check (channel in ('email', 'push', 'sms')),
  recipient text not null,
  subject text not null,
  body_text text not null,
  body_html text,
  created_at timestamptz not null default app_now(),
  due_at timestamptz default app_now(),
  attempts integer not null default 0,
  sent_at timestamptz,
  last_error text,
  sending_since timestamptz,
  secret boolean not null default false,
  batch_id uuid,
  person_id uuid,
  notification_id uuid,
  push_subscription_id uuid,
  email_change_id uuid,
  phone_change_id uuid,
  outcome text check (outcome in ('sent', 'refused', 'in_doubt', 'given_up')),
  language text not null default 'it' check (language in ('it', 'en')),
  primary key (municipality_id, id),
  unique (municipality_id, dedupe_key),
  foreign key (municipality_id, batch_id) references delivery_batch,
  foreign key (municipality_id, person_id) references person,
  foreign key (municipality_id, notification_id) references notification,
  foreign key (municipality_id, push_subscription_id) references push_subscription,
  foreign key (municipality_id, email_change_id) references email_change on delete set null (email_change_id),
  foreign key (municipality_id, phone_change_id) references phone_change on delete set null (phone_change_id),
  check (sent_at is null or due_at is null),
  constraint outbox_recipient_check check ((channel = 'push') = (recipient = '')),
  constraint outbox_device_check check ((channel = 'push') = (push_subscription_id is not null))
);
create index outbox_waiting on outbox (municipality_id, channel, due_at) where due_at is not null and sending_since is null;
create index outbox_in_hand on outbox (municipality_id, channel, due_at)
  where due_at is not null and sending_since is not null;
create index outbox_by_batch on outbox (municipality_id, batch_id, channel, outcome);
create index outbox_by_notification on outbox (municipality_id, notification_id);
create index outbox_by_age on outbox (municipality_id, created_at);
create index outbox_by_email_change on outbox (municipality_id, email_change_id) where email_change_id is not null;
create index outbox_by_phone_change on outbox (municipality_id, phone_change_id) where phone_change_id is not null;
create index outbox_by_subscription on outbox (municipality_id, push_subscription_id)
  where push_subscription_id is not null;
comment on column outbox.due_at is 'When to try next; null once sent or given up';
comment on column outbox.sending_since is 'Set just before the message is handed over; left behind only by a crash in that moment';
comment on column outbox.secret is 'The text holds a code or a link that opens something: emptied once the message is sent or given up';
comment on column outbox.outcome is 'How it ended; null while it still has to go. in_doubt: it may have gone, so it is never repeated';
comment on column outbox.email_change_id is 'The change whose code this letter carries: once it is closed the letter is over';
comment on column outbox.phone_change_id is 'The same for a text';
comment on column outbox.language is 'Of subject and text';
