-- The drawn copies of invoices, one for each language in which its holder asked for it.
create table invoice_copy (
  municipality_id uuid not null,
  invoice_id uuid not null,
  holder_id uuid not null,
  language text not null references language (code),
  fingerprint text not null check (length(fingerprint) = 64),
  content bytea not null check (octet_length(content) between 1 and 1048576),
  drawn_at timestamptz not null default app_now(),
  primary key (municipality_id, invoice_id, holder_id, language),
  foreign key (municipality_id, invoice_id) references invoice (municipality_id, id),
  foreign key (municipality_id, holder_id) references person (municipality_id, id)
);
comment on table invoice_copy is 'A PDF can be drawn again at any time: what is here saves its cost';
comment on column invoice_copy.holder_id is 'As on the invoice: the only person who has it';
comment on column invoice_copy.fingerprint is 'Hash of all that is drawn and of the version of the drawing: with another one the copy is not given';
