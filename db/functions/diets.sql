-- Every municipality has the code of a diet that is not decided yet: a child is held under it, never under the common diet.
create function municipality_has_undecided_diet() returns trigger language plpgsql as $$
begin
  insert into diet (municipality_id, code, name) values (new.id, 'DA-DEFINIRE', 'Dieta da definire');
  return null;
end $$;
create trigger municipality_undecided_diet after insert on municipality for each row
  execute function municipality_has_undecided_diet();
