-- What lists of the office narrow by, each by an index: a part of a telephone number, the name of a family, the places that are still to
-- come or over, the requests of a family, and the operations that say why.

create index person_by_phone_grams on person using gin (search_grams(municipality_id, phone)) with (gin_pending_list_limit = 256)
  where phone is not null;
create index household_by_grams on household using gin (search_grams(municipality_id, list_key)) with (gin_pending_list_limit = 256);
create index enrolment_by_begin on enrolment (municipality_id, valid_from);
create index enrolment_by_end on enrolment (municipality_id, valid_to);
create index form_submission_by_household on form_submission (municipality_id, household_id);
create index audit_event_with_reason on audit_event (municipality_id, occurred_at) where details ? 'reason';
