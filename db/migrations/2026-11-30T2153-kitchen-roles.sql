-- The role of a kitchen may be for one kitchen: it counts the schools that this kitchen serves on the day that is asked for.

alter table staff_member add column kitchen_id uuid;
alter table staff_member add foreign key (municipality_id, kitchen_id) references kitchen;
create index staff_member_by_kitchen on staff_member (municipality_id, kitchen_id) where kitchen_id is not null;
alter table staff_member drop constraint staff_member_place_check;
alter table staff_member
  add constraint staff_member_place_check check (
    case role
      when 'teacher' then school_class_id is not null and kitchen_id is null
      when 'school_office' then school_id is not null and school_class_id is null and kitchen_id is null
      when 'kitchen' then school_class_id is null and (school_id is null or kitchen_id is null)
      else school_id is null and school_class_id is null and kitchen_id is null
    end
  );
comment on column staff_member.kitchen_id is 'The one kitchen of the role: its schools are those that it serves on the asked day; null with no school: all schools';
