-- The languages that a person may choose and a message may be in, as rows. They come from lib/words/locales.ts with the
-- definitions (db/definitions.ts); these two are those of the rows that a database has before.

create table language (
  code text primary key check (code ~ '^[a-z]{2,3}$')
);
comment on table language is 'Languages of the public and family areas: one row for each of lib/words/locales.ts';
insert into language values ('it'), ('en');

alter table citizen
  drop constraint citizen_language_check,
  add foreign key (language) references language;

alter table outbox
  drop constraint outbox_language_check,
  alter column language drop default,
  add foreign key (language) references language;
