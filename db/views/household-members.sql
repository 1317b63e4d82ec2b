-- What every room asks about households. The first two views show a reader what the policies of their tables show.

-- The roles that count today: begun, not over, not ended. `taken_over`: another person was the holder before this role began.
create view active_member with (security_invoker = true) as
  select m.*, m.role = 'holder' and exists (select from household_member before
    where before.municipality_id = m.municipality_id and before.household_id = m.household_id and before.role = 'holder'
      and before.person_id <> m.person_id and before.started_at <= m.started_at and before.id <> m.id) as taken_over
  from household_member m
  where m.ended_at is null and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today());
grant select on active_member to refettorio_web;

-- The adults who may hear of a pupil now: the holder, a delegate of all pupils of the household, a delegate of this one.
-- A family's transaction sees only some rows of other delegates: what is told to others goes by `adults_of_pupils`.
create view adult_of_pupil with (security_invoker = true) as
  select p.municipality_id, p.id as pupil_id, m.household_id, m.id as household_member_id, m.person_id, m.role
  from active_member m
  join pupil p on p.municipality_id = m.municipality_id and p.household_id = m.household_id
  where m.all_pupils or exists (select from delegate_pupil d
    where d.municipality_id = m.municipality_id and d.household_member_id = m.id and d.pupil_id = p.id);
grant select on adult_of_pupil to refettorio_web;

-- The adults of a second household of a pupil, as long as a rule gives it days: a line for each such rule. In a view of its own,
-- so that what asks for the adults of a pupil by the own household still finds them by one key.
create view adult_of_shared_pupil with (security_invoker = true) as
  select r.municipality_id, r.pupil_id, m.household_id, m.id as household_member_id, m.person_id, m.role
  from active_member m
  join meal_household_rule r on r.municipality_id = m.municipality_id and r.household_id = m.household_id
    and (r.valid_to is null or r.valid_to >= app_today())
  where m.all_pupils or exists (select from delegate_pupil d
    where d.municipality_id = m.municipality_id and d.household_member_id = m.id and d.pupil_id = r.pupil_id);
grant select on adult_of_shared_pupil to refettorio_web;

-- What the people of a household are called. A family's transaction reads of a person only the own row, with contacts and
-- fiscal code; of everybody who has or had a role in its households it reads this, as the owner of the schema.
create view person_name with (security_barrier = true) as
  select p.municipality_id, p.id, p.given_name, p.full_name
  from person p
  where p.municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or p.id = app_person() or p.id = any (app_people()));
grant select on person_name to refettorio_web;
