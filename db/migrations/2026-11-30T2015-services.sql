-- A service that is made, corrected and ended in the portal: until when it is given, whether a kitchen cooks for it, and who may cancel
-- a meal of it since when.

alter table service
  add column valid_to date,
  add column is_cooked boolean not null default true,
  add column revision integer not null default 1,
  add column updated_by uuid,
  add foreign key (municipality_id, updated_by) references person;
comment on column service.valid_to is 'The last day on which it is given; null while it has no end';
comment on column service.is_cooked is 'A kitchen prepares something for it: its meals are in the count';

create table service_rule (
  municipality_id uuid not null,
  service_id uuid not null,
  valid_from date not null,
  cancelled_by text not null check (cancelled_by in ('holder', 'all')),
  decided_by uuid,
  decided_at timestamptz not null default app_now(),
  primary key (municipality_id, service_id, valid_from),
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, decided_by) references person
);
comment on table service_rule is 'Who of a household may cancel a meal of a day, from a day on; without a row: holder and delegates';
