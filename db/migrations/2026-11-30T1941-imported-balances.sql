-- An import may also write fares, and the balances that families had left with an earlier portal.

alter table pupil_import_image drop constraint pupil_import_image_table_name_check;
alter table pupil_import_image add constraint pupil_import_image_table_name_check check (table_name in
  ('household', 'person', 'household_member', 'pupil', 'account', 'enrolment', 'absence', 'fare_assignment'));

create table imported_balance (
  municipality_id uuid not null,
  import_id uuid not null,
  account_id uuid not null,
  journal_id uuid not null,
  primary key (municipality_id, import_id, account_id),
  foreign key (municipality_id, import_id) references pupil_import,
  foreign key (municipality_id, account_id) references account,
  foreign key (municipality_id, journal_id) references journal
);
comment on table imported_balance is 'The journal of each opening balance that an import wrote: undoing it writes the opposite';
