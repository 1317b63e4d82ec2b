-- Who may reach news, documents, communications and questionnaires.
-- The database's clock decides what is public when it is read: published, begun, not expired, not withdrawn. A family reads
-- a communication that was addressed to the very person, while that person belongs to the household; about money, while
-- that person pays. Anonymous answers are readable only after the end, and only by the office.

alter table stored_file enable row level security;
create policy stored_file_scope on stored_file to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or exists (select from content_version_file f
        where f.municipality_id = stored_file.municipality_id and f.file_id = stored_file.id)
      or exists (select from municipality_settings s
        where s.municipality_id = stored_file.municipality_id and s.coat_of_arms_id = stored_file.id))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy stored_file_of_communication on stored_file for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and exists (select from communication_version_file f
      where f.municipality_id = stored_file.municipality_id and f.file_id = stored_file.id)
  );
grant select, insert on stored_file to refettorio_web;

alter table content_item enable row level security;
create policy content_item_scope on content_item to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or content_item.published_version is not null
      and content_item.withdrawn_at is null
      and content_item.publish_at <= app_now()
      and (content_item.expire_at is null or content_item.expire_at > app_now()))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on content_item to refettorio_web;

alter table content_version enable row level security;
create policy content_version_scope on content_version to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or exists (select from content_item i
        where i.municipality_id = content_version.municipality_id
        and i.id = content_version.item_id
        and i.published_version = content_version.number
        and i.published_version is not null
        and i.withdrawn_at is null
        and i.publish_at <= app_now()
        and (i.expire_at is null or i.expire_at > app_now())))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on content_version to refettorio_web;

alter table content_version_file enable row level security;
create policy content_version_file_scope on content_version_file to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or exists (select from content_item i
        where i.municipality_id = content_version_file.municipality_id
        and i.id = content_version_file.item_id
        and i.published_version = content_version_file.version
        and i.published_version is not null
        and i.withdrawn_at is null
        and i.publish_at <= app_now()
        and (i.expire_at is null or i.expire_at > app_now())))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on content_version_file to refettorio_web;

alter table municipality_settings enable row level security;
create policy municipality_settings_scope on municipality_settings to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or true))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on municipality_settings to refettorio_web;

alter table communication enable row level security;
create policy communication_scope on communication to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (published_version is not null
        and id = any (app_communications())))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert, update on communication to refettorio_web;

alter table communication_version enable row level security;
create policy communication_version_scope on communication_version to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or communication_id::text || ':' || number = any (app_communication_versions()))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_version to refettorio_web;

alter table communication_version_file enable row level security;
create policy communication_version_file_scope on communication_version_file to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or communication_id::text || ':' || version = any (app_communication_versions()))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_version_file to refettorio_web;

alter table communication_publication enable row level security;
create policy communication_publication_scope on communication_publication to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or communication_id = any (app_communications()))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_publication to refettorio_web;

alter table communication_recipient enable row level security;
create policy communication_recipient_scope on communication_recipient to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or communication_id::text || ':' || household_id = any (app_communication_copies()))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_recipient to refettorio_web;

alter table communication_recipient_person enable row level security;
create policy communication_recipient_person_scope on communication_recipient_person to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (person_id = app_person()
        and app_audience() = 'family'
        and (household_id = any (app_paying_households())
          or about = 'service' and household_id = any (app_households()))))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_recipient_person to refettorio_web;

alter table communication_read enable row level security;
create policy communication_read_scope on communication_read to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (person_id = app_person() and app_audience() = 'family'))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (person_id = app_person()
        and communication_id::text || ':' || version = any (app_communication_versions())))
  );
grant select, insert on communication_read to refettorio_web;

alter table communication_acknowledgement enable row level security;
create policy communication_acknowledgement_scope on communication_acknowledgement to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (household_id = any (app_households())
        and communication_id = any (app_communications())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (person_id = app_person()
        and household_id = any (app_households())
        and communication_id::text || ':' || version = any (app_communication_versions())))
  );
grant select, insert on communication_acknowledgement to refettorio_web;

alter table communication_reminder enable row level security;
create policy communication_reminder_scope on communication_reminder to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_reminder to refettorio_web;

alter table questionnaire enable row level security;
create policy questionnaire_read on questionnaire for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or app_audience() = 'family' and questionnaire.published_at is not null and questionnaire.opens_at <= app_now())
  );
create policy questionnaire_add on questionnaire for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy questionnaire_change on questionnaire for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy questionnaire_drop on questionnaire for delete to refettorio_web
  using (
    municipality_id = app_municipality() and app_audience() in ('staff', 'system') and published_at is null
  );
grant select, insert, update, delete on questionnaire to refettorio_web;

alter table questionnaire_question enable row level security;
create policy questionnaire_question_read on questionnaire_question for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or app_audience() = 'family' and questionnaire_id = any (app_begun_questionnaires()))
  );
create policy questionnaire_question_add on questionnaire_question for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy questionnaire_question_drop on questionnaire_question for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete on questionnaire_question to refettorio_web;

alter table questionnaire_part enable row level security;
create policy questionnaire_part_read on questionnaire_part for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or household_id = any (app_households())
      and (pupil_id is null or pupil_id = any (app_pupils())))
  );
create policy questionnaire_part_add on questionnaire_part for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and household_id = any (app_households())
    and (pupil_id is null or pupil_id = any (app_pupils()))
    and questionnaire_id = any (app_open_questionnaires())
  );
create policy questionnaire_part_change on questionnaire_part for update to refettorio_web
  using (
    municipality_id = app_municipality()
    and household_id = any (app_households())
    and (pupil_id is null or pupil_id = any (app_pupils()))
    and person_id = app_person()
  )
  with check (
    municipality_id = app_municipality()
    and household_id = any (app_households())
    and (pupil_id is null or pupil_id = any (app_pupils()))
    and person_id = app_person()
    and questionnaire_id = any (app_open_questionnaires())
  );
grant select, insert, update (answered_at) on questionnaire_part to refettorio_web;

alter table questionnaire_answer enable row level security;
create policy questionnaire_answer_read on questionnaire_answer for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      and (part is not null or questionnaire_id = any (app_closed_questionnaires()))
      or part = any (app_questionnaire_parts()))
  );
create policy questionnaire_answer_add on questionnaire_answer for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and app_audience() = 'family'
    and questionnaire_id = any (app_open_questionnaires())
    and (part is null and questionnaire_id = any (app_anonymous_questionnaires())
      or part = any (app_questionnaire_parts()))
  );
create policy questionnaire_answer_replace on questionnaire_answer for delete to refettorio_web
  using (
    municipality_id = app_municipality()
    and questionnaire_id = any (app_open_questionnaires())
    and part = any (app_questionnaire_parts())
  );
grant select, insert, delete on questionnaire_answer to refettorio_web;
