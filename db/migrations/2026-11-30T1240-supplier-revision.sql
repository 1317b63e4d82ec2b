-- Two people may correct the data of a supplier: each change counts, and the second is told.

alter table operator add column revision integer not null default 0;
comment on column operator.revision is 'How often the data were changed; a form that was built from an earlier one is not saved';
