-- Who may reach schools, households and their people.
-- Every policy needs the municipality of the transaction. What belongs to a family also needs staff, system or the own
-- household; what belongs to a person needs that person.

alter table school_year enable row level security;
create policy school_year_read on school_year for select to refettorio_web
  using (municipality_id = app_municipality());
create policy school_year_add on school_year for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy school_year_change on school_year for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (starts_on, ends_on, revision, updated_by) on school_year to refettorio_web;

alter table school enable row level security;
create policy school_read on school for select to refettorio_web
  using (municipality_id = app_municipality());
create policy school_add on school for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy school_change on school for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (name, kind, street, mechanographic_code, valid_to, revision, updated_by) on school to refettorio_web;

alter table school_class enable row level security;
create policy school_class_read on school_class for select to refettorio_web
  using (municipality_id = app_municipality());
create policy school_class_add on school_class for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy school_class_change on school_class for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (name, valid_to, revision, updated_by) on school_class to refettorio_web;

alter table diet enable row level security;
create policy diet_read on diet for select to refettorio_web
  using (municipality_id = app_municipality());
create policy diet_add on diet for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy diet_change on diet for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (name, legend, allergens, parts, valid_from, valid_to, revision, updated_by) on diet to refettorio_web;

alter table person enable row level security;
-- A family reads the own contacts and codes; what the others of its households are called, it reads in the view `person_name`.
create policy person_read on person for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or id = app_person())
  );
create policy person_add on person for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy person_change on person for update to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or id = app_person()))
  with check (
    municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or id = app_person())
  );
grant select, insert, update (email, phone, street, postcode, city, province, country, email_verified_at, refused_email, phone_verified_at) on person to refettorio_web;

alter table person_code enable row level security;
create policy person_code_read on person_code for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or person_id = app_person())
  );
grant select on person_code to refettorio_web;

alter table service enable row level security;
create policy service_read on service for select to refettorio_web
  using (municipality_id = app_municipality());
create policy service_tariffs on service for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy service_add on service for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() = 'staff');
grant select, insert, update (name, valid_to, revision, updated_by, tariff_revision, tariff_changed_by) on service to refettorio_web;

-- A family's transaction obeys it. The past stays: only a change that has not begun gives way.
alter table service_rule enable row level security;
create policy service_rule_read on service_rule for select to refettorio_web
  using (municipality_id = app_municipality());
create policy service_rule_add on service_rule for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() = 'staff' and valid_from >= app_today());
create policy service_rule_end on service_rule for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'staff' and valid_from >= app_today());
grant select, insert, delete on service_rule to refettorio_web;

alter table household enable row level security;
create policy household_read on household for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or id = any (app_households()) or id = any (app_filling_households()))
  );
create policy household_add on household for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy household_change on household for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (name) on household to refettorio_web;

alter table household_member enable row level security;
create policy household_member_read on household_member for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or household_id = any (app_households())
      or person_id = app_person())
  );
create policy household_member_give on household_member for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy household_member_end on household_member for update to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or role = 'delegate' and (household_id = any (app_paying_households()) or person_id = app_person()))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or role = 'delegate' and ended_at is not null)
  );
grant select, insert, update (valid_to, ended_at) on household_member to refettorio_web;

alter table pupil enable row level security;
create policy pupil_read on pupil for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or id = any (app_pupils()))
  );
create policy pupil_add on pupil for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy pupil_lock on pupil for update to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or id = any (app_pupils()))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or id = any (app_pupils()))
  );
-- A change of meals locks its pupils, and a lock asks for the right to update a column: a generated one takes no value.
grant select, insert, update (full_name) on pupil to refettorio_web;

alter table delegate_pupil enable row level security;
create policy delegate_pupil_scope on delegate_pupil to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on delegate_pupil to refettorio_web;

alter table delegate_invitation enable row level security;
create policy delegate_invitation_scope on delegate_invitation to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (household_id = any (app_paying_households())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (household_id = any (app_paying_households())))
  );
grant select, insert, update (closed_at, outcome, accepted_by, fiscal_code_sealed) on delegate_invitation to refettorio_web;

alter table enrolment enable row level security;
create policy enrolment_read on enrolment for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or pupil_id = any (app_pupils()))
  );
create policy enrolment_give on enrolment for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy enrolment_change on enrolment for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy enrolment_drop on enrolment for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete, update (valid_to, diet_code, severe_reaction) on enrolment to refettorio_web;

alter table staff_member enable row level security;
create policy staff_member_scope on staff_member to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select on staff_member to refettorio_web;

alter table role_notice enable row level security;
create policy role_notice_scope on role_notice to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on role_notice to refettorio_web;

alter table email_change enable row level security;
create policy email_change_scope on email_change to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or person_id = app_person())
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or person_id = app_person())
  );
grant select, insert, update (attempts, closed_at) on email_change to refettorio_web;

alter table phone_change enable row level security;
create policy phone_change_scope on phone_change to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and person_id = app_person())
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and person_id = app_person())
  );
grant select, insert, update (attempts, closed_at, undelivered_at) on phone_change to refettorio_web;

alter table audit_event enable row level security;
create policy audit_event_write on audit_event for insert to refettorio_web
  with check (municipality_id = app_municipality());
create policy audit_event_read on audit_event for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or person_id = app_person())
  );
grant select, insert on audit_event to refettorio_web;

alter table list_view enable row level security;
create policy list_view_own on list_view to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'partner') and person_id = app_person())
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'partner') and person_id = app_person());
grant select, insert, delete, update (query, kept_at) on list_view to refettorio_web;

-- The office begins and ends the own looks, and the holder reads them; what one may see, `enter_scope` asks each time.
alter table family_look enable row level security;
create policy family_look_read on family_look for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or household_id = any (app_paying_households()))
  );
create policy family_look_begin on family_look for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() = 'staff' and person_id = app_person());
create policy family_look_end on family_look for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'staff' and person_id = app_person())
  with check (municipality_id = app_municipality() and app_audience() = 'staff' and person_id = app_person());
grant select, insert (municipality_id, household_id, holder_id, person_id, session_id, reason), update (ended_at)
  on family_look to refettorio_web;

-- What is a person's own secret, a means of payment or half written is not seen by a colleague who looks as the family.
create policy email_change_looking on email_change as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy phone_change_looking on phone_change as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy calendar_feed_looking on calendar_feed as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy push_subscription_looking on push_subscription as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy top_up_looking on top_up as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy top_up_transition_looking on top_up_transition as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy payment_alarm_looking on payment_alarm as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy invoice_looking on invoice as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy invoice_copy_looking on invoice_copy as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy form_draft_looking on form_draft as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());
create policy form_document_looking on form_document as restrictive for select to refettorio_web
  using (municipality_id = app_municipality() and not app_is_looking());

-- How pupils go on into the next school year is the office's alone.
alter table year_rollover enable row level security;
create policy year_rollover_scope on year_rollover to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (renewal_form_id, lapsing_diets, revision, updated_by, done_at, done_by, fingerprint) on year_rollover to refettorio_web;

alter table year_rollover_class enable row level security;
create policy year_rollover_class_scope on year_rollover_class to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (to_class_id, leaves, revision) on year_rollover_class to refettorio_web;

alter table year_rollover_choice enable row level security;
create policy year_rollover_choice_scope on year_rollover_choice to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (decision, to_class_id, revision) on year_rollover_choice to refettorio_web;

alter table year_rollover_pupil enable row level security;
create policy year_rollover_pupil_scope on year_rollover_pupil to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete on year_rollover_pupil to refettorio_web;

alter table year_rollover_work enable row level security;
create policy year_rollover_work_scope on year_rollover_work to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (act, fingerprint, state, refusal, asked_by, session_id, asked_at, done, total, stop_asked)
  on year_rollover_work to refettorio_web;

-- Who has applied is read by the transaction's scope and by the office, never by a family itself.
alter table household_applicant enable row level security;
create policy household_applicant_scope on household_applicant to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (valid_to, ended_at) on household_applicant to refettorio_web;

alter table link_request enable row level security;
create policy link_request_scope on link_request to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (state, pupil_id, decided_by, decided_at, reason, plan_fingerprint) on link_request to refettorio_web;

-- Two pupils who are one child: for the office alone.
alter table pupil_merge enable row level security;
create policy pupil_merge_scope on pupil_merge to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (undone_at, undone_by) on pupil_merge to refettorio_web;

-- Two who look like one and are two: for the office alone.
alter table told_apart enable row level security;
create policy told_apart_scope on told_apart to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (taken_back_at, taken_back_by) on told_apart to refettorio_web;

-- Two adults who are one person: for the office alone.
alter table person_merge enable row level security;
create policy person_merge_scope on person_merge to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (undone_at, undone_by) on person_merge to refettorio_web;

-- The copy for the other municipality, and its answer, go by functions alone (db/functions/transfers.sql).
alter table departing_transfer enable row level security;
create policy departing_transfer_read on departing_transfer for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy departing_transfer_send on departing_transfer for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() = 'staff' and sent_by = app_person() and state = 'sent');
grant select, insert (municipality_id, household_id, pupil_ids, to_municipality_id, last_day, with_diets, reason, fingerprint, before,
  after_sum, sent_by) on departing_transfer to refettorio_web;

alter table arriving_transfer enable row level security;
create policy arriving_transfer_read on arriving_transfer for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select on arriving_transfer to refettorio_web;

-- Two households of one family: for the office alone.
alter table household_merge enable row level security;
create policy household_merge_scope on household_merge to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (undone_at, undone_by) on household_merge to refettorio_web;
