-- Tables whose rows are written once. Two registers forget after 24 months, and only then.
-- Accounts, journals and pupils are never deleted and keep their keys: entries refer to them by keys that only
-- `entries_balance` verifies (ledger.sql). Only an import that is undone takes back accounts and pupils of its own to which nothing
-- refers (imports.sql); the runtime role has no right to delete any. A pupil keeps its household, to which a
-- counted meal is charged: only a merge of two households of one holder moves it, when all is charged (household-merges.sql).

-- The table is an argument: a partition has a name of its own.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_argv[0], lower(tg_op) using errcode = 'restrict_violation';
end $$;
create trigger sign_in_event_no_truncate before truncate on sign_in_event execute function refuse_change('sign_in_event');
create trigger audit_event_no_truncate before truncate on audit_event execute function refuse_change('audit_event');
create trigger absence_receipt_append_only before update or delete on absence_receipt for each row
  execute function refuse_change('absence_receipt');
create trigger absence_receipt_no_truncate before truncate on absence_receipt execute function refuse_change('absence_receipt');
create trigger absence_event_append_only before update or delete on absence_event for each row
  execute function refuse_change('absence_event');
create trigger absence_event_no_truncate before truncate on absence_event execute function refuse_change('absence_event');
create trigger kitchen_count_append_only before update or delete on kitchen_count for each row
  execute function refuse_change('kitchen_count');
create trigger kitchen_count_no_truncate before truncate on kitchen_count execute function refuse_change('kitchen_count');
create trigger kitchen_count_line_append_only before update or delete on kitchen_count_line for each row
  execute function refuse_change('kitchen_count_line');
create trigger kitchen_count_line_no_truncate before truncate on kitchen_count_line execute function refuse_change('kitchen_count_line');
create trigger counted_meals_append_only before update or delete on counted_meals for each row
  execute function refuse_change('counted_meals');
create trigger counted_meals_no_truncate before truncate on counted_meals execute function refuse_change('counted_meals');
create trigger meal_charge_no_delete before delete on meal_charge for each row execute function refuse_change('meal_charge');
create trigger meal_charge_no_truncate before truncate on meal_charge execute function refuse_change('meal_charge');
create trigger menu_version_append_only before update or delete on menu_version for each row
  execute function refuse_change('menu_version');
create trigger menu_version_no_truncate before truncate on menu_version execute function refuse_change('menu_version');
create trigger account_no_delete before delete on account for each row
  when (coalesce(current_setting('app.undoes_import', true), '') = '') execute function refuse_change('account');
create trigger account_no_truncate before truncate on account execute function refuse_change('account');
create trigger journal_append_only before update or delete on journal for each row execute function refuse_change('journal');
create trigger pupil_no_delete before delete on pupil for each row
  when (coalesce(current_setting('app.undoes_import', true), '') = '') execute function refuse_change('pupil');
create trigger pupil_no_truncate before truncate on pupil execute function refuse_change('pupil');
create trigger pupil_key before update of municipality_id, id, household_id on pupil for each row
  when (coalesce(current_setting('app.merges_households', true), '') = '' or new.municipality_id <> old.municipality_id or new.id <> old.id)
  execute function refuse_change('pupil');
create trigger journal_no_truncate before truncate on journal execute function refuse_change('journal');
create trigger top_up_no_delete before delete on top_up for each row execute function refuse_change('top_up');
create trigger top_up_no_truncate before truncate on top_up execute function refuse_change('top_up');
create trigger top_up_transition_append_only before update or delete on top_up_transition for each row
  execute function refuse_change('top_up_transition');
create trigger entry_append_only before update or delete on entry for each row execute function refuse_change('entry');
create trigger entry_no_truncate before truncate on entry execute function refuse_change('entry');
create trigger entry_year_append_only before update or delete on entry_year for each row execute function refuse_change('entry_year');
create trigger entry_year_no_truncate before truncate on entry_year execute function refuse_change('entry_year');
create trigger invoice_no_truncate before truncate on invoice execute function refuse_change('invoice');
create trigger invoice_no_delete before delete on invoice for each row execute function refuse_change('invoice');
create trigger content_version_append_only before update or delete on content_version for each row
  execute function refuse_change('content_version');
create trigger content_version_no_truncate before truncate on content_version execute function refuse_change('content_version');
create trigger content_version_file_append_only before update or delete on content_version_file for each row
  execute function refuse_change('content_version_file');
create trigger content_version_file_no_truncate before truncate on content_version_file execute function refuse_change('content_version_file');
create trigger communication_version_append_only before update or delete on communication_version for each row
  execute function refuse_change('communication_version');
create trigger communication_version_no_truncate before truncate on communication_version execute function refuse_change('communication_version');
create trigger communication_version_file_append_only before update or delete on communication_version_file for each row
  execute function refuse_change('communication_version_file');
create trigger communication_version_file_no_truncate before truncate on communication_version_file
  execute function refuse_change('communication_version_file');
create trigger communication_publication_append_only before update or delete on communication_publication for each row
  execute function refuse_change('communication_publication');
create trigger communication_publication_no_truncate before truncate on communication_publication
  execute function refuse_change('communication_publication');
create trigger communication_recipient_append_only before update or delete on communication_recipient for each row
  execute function refuse_change('communication_recipient');
create trigger communication_recipient_no_truncate before truncate on communication_recipient
  execute function refuse_change('communication_recipient');
create trigger communication_recipient_person_append_only before update or delete on communication_recipient_person
  for each row execute function refuse_change('communication_recipient_person');
create trigger communication_recipient_person_no_truncate before truncate on communication_recipient_person
  execute function refuse_change('communication_recipient_person');
create trigger communication_read_append_only before update or delete on communication_read for each row
  execute function refuse_change('communication_read');
create trigger communication_read_no_truncate before truncate on communication_read execute function refuse_change('communication_read');
create trigger communication_acknowledgement_append_only before update or delete on communication_acknowledgement
  for each row execute function refuse_change('communication_acknowledgement');
create trigger communication_acknowledgement_no_truncate before truncate on communication_acknowledgement
  execute function refuse_change('communication_acknowledgement');
create trigger communication_reminder_append_only before update or delete on communication_reminder for each row
  execute function refuse_change('communication_reminder');
create trigger communication_reminder_no_truncate before truncate on communication_reminder
  execute function refuse_change('communication_reminder');
create trigger form_submission_no_truncate before truncate on form_submission execute function refuse_change('form_submission');
create trigger form_event_append_only before update or delete on form_event for each row execute function refuse_change('form_event');
create trigger form_event_no_truncate before truncate on form_event execute function refuse_change('form_event');
create trigger form_document_no_truncate before truncate on form_document execute function refuse_change('form_document');

create function refuse_change_but_forget() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.occurred_at < app_now() - kept_for('operations') then return old; end if;
  raise exception '% is append-only: % refused', tg_argv[0], lower(tg_op) using errcode = 'restrict_violation';
end $$;
create trigger sign_in_event_append_only before update or delete on sign_in_event for each row
  execute function refuse_change_but_forget('sign_in_event');
create trigger audit_event_append_only before update or delete on audit_event for each row
  execute function refuse_change_but_forget('audit_event');
create trigger top_up_note_append_only before update or delete on top_up_note for each row
  execute function refuse_change('top_up_note');
create trigger top_up_note_no_truncate before truncate on top_up_note execute function refuse_change('top_up_note');
