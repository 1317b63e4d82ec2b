-- An import asks for the people of thousands of codes: without this, each is compared with every code of the town.
create index person_code_by_code on person_code (municipality_id, fiscal_code);

-- Undoing an import deletes thousands of people, pupils, households and accounts, and each foreign key asks its table for each of them:
-- of a table that grows with the families it must not read all rows. tests/data/import-at-scale.test.ts knows the tables that may.
create index calendar_feed_names_household_member on calendar_feed (municipality_id, household_member_id);
create index calendar_feed_names_person on calendar_feed (municipality_id, person_id);
create index calendar_feed_names_pupil on calendar_feed (municipality_id, pupil_id);
create index communication_recipient_person_names_household on communication_recipient_person (municipality_id, household_id);
create index delegate_invitation_names_accepted_by on delegate_invitation (municipality_id, accepted_by) where accepted_by is not null;
create index delegate_invitation_names_invited_by on delegate_invitation (municipality_id, invited_by);
create index delegate_pupil_names_pupil on delegate_pupil (municipality_id, pupil_id);
create index fare_assignment_names_ended_by on fare_assignment (municipality_id, ended_by) where ended_by is not null;
create index fare_assignment_names_given_by on fare_assignment (municipality_id, given_by);
create index form_document_names_person on form_document (municipality_id, person_id);
create index form_draft_names_household on form_draft (municipality_id, household_id);
create index form_event_names_person on form_event (municipality_id, person_id) where person_id is not null;
create index form_submission_names_assigned_to on form_submission (municipality_id, assigned_to) where assigned_to is not null;
create index form_submission_names_household on form_submission (municipality_id, household_id);
create index form_submission_names_pupil on form_submission (municipality_id, pupil_id) where pupil_id is not null;
create index household_applicant_names_person on household_applicant (municipality_id, person_id);
create index imported_balance_names_account on imported_balance (municipality_id, account_id);
create index invoice_names_holder on invoice (municipality_id, holder_id);
create index invoice_copy_names_holder on invoice_copy (municipality_id, holder_id);
create index leftover_names_recorded_by on leftover (municipality_id, recorded_by);
create index link_request_names_decided_by on link_request (municipality_id, decided_by) where decided_by is not null;
create index link_request_names_pupil on link_request (municipality_id, pupil_id) where pupil_id is not null;
create index meal_notice_names_person on meal_notice (municipality_id, person_id);
create index meal_rating_names_person on meal_rating (municipality_id, person_id);
create index outbox_names_person on outbox (municipality_id, person_id) where person_id is not null;
create index push_subscription_names_person on push_subscription (municipality_id, person_id);
create index questionnaire_part_names_household on questionnaire_part (municipality_id, household_id);
create index questionnaire_part_names_person on questionnaire_part (municipality_id, person_id) where person_id is not null;
create index questionnaire_part_names_pupil on questionnaire_part (municipality_id, pupil_id) where pupil_id is not null;
create index refund_case_names_account on refund_case (municipality_id, account_id);
create index refund_case_names_to_account on refund_case (municipality_id, to_account_id) where to_account_id is not null;
create index refund_case_names_opened_by on refund_case (municipality_id, opened_by);
create index refund_case_names_taken_by on refund_case (municipality_id, taken_by) where taken_by is not null;
create index refund_case_names_decided_by on refund_case (municipality_id, decided_by) where decided_by is not null;
create index refund_case_names_closed_by on refund_case (municipality_id, closed_by) where closed_by is not null;
create index school_names_updated_by on school (municipality_id, updated_by) where updated_by is not null;
create index school_class_names_updated_by on school_class (municipality_id, updated_by) where updated_by is not null;
create index service_schedule_names_updated_by on service_schedule (municipality_id, updated_by) where updated_by is not null;
create index stored_file_names_uploaded_by on stored_file (municipality_id, uploaded_by);
create index top_up_names_account on top_up (municipality_id, account_id);
create index top_up_names_payer on top_up (municipality_id, payer_id);
create index year_rollover_choice_names_pupil on year_rollover_choice (municipality_id, pupil_id);
create index year_rollover_pupil_names_pupil on year_rollover_pupil (municipality_id, pupil_id);
