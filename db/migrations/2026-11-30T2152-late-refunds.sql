-- A credit that arises after a family has left opens its case by itself: no person did.
alter table refund_case alter column opened_by drop not null;
alter table refund_case drop constraint refund_case_cause_check;
alter table refund_case add constraint refund_case_cause_check check (cause in ('ended', 'rollover', 'late'));
alter table refund_case add constraint refund_case_opened_by_check check (opened_by is not null or cause <> 'ended');
comment on column refund_case.opened_by is 'Null: the portal, when a credit arose after the family had left';
