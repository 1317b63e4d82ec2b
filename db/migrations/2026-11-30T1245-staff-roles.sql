-- A role of the office is a row of its own, which a manager gives and ends from the portal: it may end at an instant and not only
-- at the end of a day, and it may be for one school or one class only. An ended row stays as a trace.

alter table staff_member
  add column id uuid not null default uuidv7(),
  add column school_id uuid,
  add column school_class_id uuid,
  add column given_by uuid,
  add column given_at timestamptz not null default app_now(),
  add column ended_at timestamptz,
  add column ended_by uuid;
alter table staff_member drop constraint staff_member_pkey;
alter table staff_member add primary key (municipality_id, id);
alter table staff_member
  add foreign key (municipality_id, school_id) references school,
  add foreign key (municipality_id, school_id, school_class_id) references school_class (municipality_id, school_id, id),
  add foreign key (municipality_id, given_by) references person,
  add foreign key (municipality_id, ended_by) references person;
create index staff_member_by_person on staff_member (municipality_id, person_id);

alter table staff_member drop constraint staff_member_role_check;
alter table staff_member
  add constraint staff_member_role_check check (
    role in ('operator', 'accountant', 'manager', 'editor', 'reader', 'kitchen', 'school_office', 'teacher')
  ),
  add constraint staff_member_place_check check (
    case role
      when 'teacher' then school_class_id is not null
      when 'school_office' then school_id is not null and school_class_id is null
      when 'kitchen' then school_class_id is null
      else school_id is null and school_class_id is null
    end
  );
comment on column staff_member.school_id is 'The one school of the role; null: all of them';
comment on column staff_member.ended_at is 'Not null: ended at this instant, also where valid_to is later';
