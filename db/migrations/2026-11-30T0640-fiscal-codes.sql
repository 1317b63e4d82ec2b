-- The codes that open the door to a person: the current one, which the trigger `person_code_follows` writes, and earlier ones
-- that the office lets open. One code is one person's in a municipality.

create table person_code (
  municipality_id uuid not null,
  fiscal_code_hash bytea not null check (octet_length(fiscal_code_hash) = 32),
  person_id uuid not null,
  fiscal_code text not null check (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  since timestamptz not null default app_now(),
  primary key (municipality_id, fiscal_code_hash),
  foreign key (municipality_id, person_id) references person
);
create index person_code_by_person on person_code (municipality_id, person_id);
create index person_code_by_hash on person_code (fiscal_code_hash);
comment on table person_code is 'Each code that SPID or CIE may send for a person: the one of today, and those of before that still open';

insert into person_code (municipality_id, fiscal_code_hash, person_id, fiscal_code, since)
  select municipality_id, fiscal_code_hash, id, fiscal_code, created_at from person;

drop index person_by_fiscal_code;

alter table person add column birth_date date;
comment on column person.birth_date is 'Where the office has written it: a code of eleven digits does not tell it';
