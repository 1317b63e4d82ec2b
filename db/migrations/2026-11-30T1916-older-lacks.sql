-- Requests that were sent before the portal wrote what each lacks are read once, when the office opens its queue.

alter table form_submission add column lacks_known boolean not null default false;
comment on column form_submission.lacks_known is 'False for a request of earlier versions whose lacks are not read yet';
create index form_submission_lacks_unknown on form_submission (municipality_id, id) where not lacks_known and decided_at is null;
