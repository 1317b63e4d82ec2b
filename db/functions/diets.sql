-- Every municipality has the code of a diet that is not decided yet: a child is held under it, never under the common diet.
create function municipality_has_undecided_diet() returns trigger language plpgsql as $$
begin
  insert into diet (municipality_id, code, name) values (new.id, 'DA-DEFINIRE', 'Dieta da definire');
  return null;
end $$;
create trigger municipality_undecided_diet after insert on municipality for each row
  execute function municipality_has_undecided_diet();

-- What the kitchen prepares while a request for a diet waits: the rule of plateWhile (lib/school/diet.ts), for statements. A
-- decided diet stays, and another is asked for beside it; without one the diet is to be decided.
create function served_diet(diet_code text, is_held boolean) returns text language sql immutable
as $$ select case when is_held and diet_code = 'STD' then 'DA-DEFINIRE' else diet_code end $$;

create function is_asked_beside(diet_code text, is_held boolean) returns boolean language sql immutable
as $$ select is_held and diet_code not in ('STD', 'DA-DEFINIRE') $$;

-- A request that is withdrawn or refused holds no pupil any more, also when another program did it.
create function diet_hold_ends() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from diet_hold h where h.municipality_id = new.municipality_id and h.submission_id = new.id;
  return null;
end $$;
create trigger form_submission_releases_diet after update of state on form_submission for each row
  when (new.state in ('rejected', 'withdrawn')) execute function diet_hold_ends();
