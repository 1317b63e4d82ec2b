-- Searches by words, for every list: `search_key` says what is compared (db/migrations), `search_patterns` what is looked for.

create function search_patterns(typed text) returns setof text language sql immutable parallel safe as $$
  select '%' || search_key(word) || '%' from regexp_split_to_table(typed, '\s+') word where search_key(word) <> ''
$$;
comment on function search_patterns is 'A pattern for each typed word: a key that is like all of them holds every word, wherever it stands';

-- The grams that a key must have to hold every typed word: triples, and the pair of a word of two letters. A single letter has none.
create function typed_grams(municipality uuid, typed text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct municipality::text || ' ' || substr(word, at, size)), '{}')
  from (select search_key(typed_word) as word from regexp_split_to_table(typed, '\s+') typed_word) words
  cross join lateral (select least(length(word), 3) as size) sizes
  cross join lateral generate_series(1, length(word) - size + 1) at
  where size >= 2
$$;

-- The index is not for a statement of the web role: with row-level security only operators that tell nothing may come before the
-- policies. So these ask themselves who reads, and answer with ids alone. Names that begin with the first typed word come first.

-- The pupils whose names hold every typed word.
create function find_pupils(typed text, most integer) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
  beginning constant text := lower(split_part(btrim(typed), ' ', 1));
  -- Two letters are in half of all names: so many of them are ranked, and who wants another writes more.
  ranked constant integer := 5000;
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  return query
    select c.id from (
      select p.id, p.family_name, p.given_name from pupil p
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns)
      limit ranked) c
    order by starts_with(lower(c.family_name), beginning) desc, starts_with(lower(c.given_name), beginning) desc, c.family_name,
      c.given_name, c.id
    limit most;
end $$;
revoke execute on function find_pupils from public;
grant execute on function find_pupils to refettorio_web;

-- Whether more than so many pupils, or adults, have a name that holds every typed word: then a list asks line after line, and does not
-- look all of them up.
create function is_name_of_many(typed text, most integer, among_adults boolean) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return false; end if;
  if among_adults then
    return (select count(*) > most from (select from person p
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns) limit most + 1) found);
  end if;
  return (select count(*) > most from (select from pupil c
    where search_grams(c.municipality_id, c.search_key) @> grams and c.municipality_id = municipality
      and c.search_key like all (patterns) limit most + 1) found);
end $$;
revoke execute on function is_name_of_many from public;
grant execute on function is_name_of_many to refettorio_web;

-- All of them with what they are sorted by, in no order: what a list of pupils is narrowed to.
create function pupils_named(typed text) returns table (id uuid, list_key text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  return query
    select c.id, c.list_key from pupil c
    where search_grams(c.municipality_id, c.search_key) @> grams and c.municipality_id = municipality
      and c.search_key like all (patterns);
end $$;
revoke execute on function pupils_named from public;
grant execute on function pupils_named to refettorio_web;

-- The same of the households in which the name of a pupil, or of an adult with a role now, holds every typed word.
create function households_named(typed text) returns table (id uuid, list_key text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  return query
    select h.id, h.list_key from household h
    where h.municipality_id = municipality and h.id = any (array(
      select c.household_id from pupil c
      where search_grams(c.municipality_id, c.search_key) @> grams and c.municipality_id = municipality
        and c.search_key like all (patterns)
      union
      select m.household_id from person p
      join active_member m on m.municipality_id = municipality and m.person_id = p.id
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns)));
end $$;
revoke execute on function households_named from public;
grant execute on function households_named to refettorio_web;

-- The pupils who have such a name themselves, or an adult of whose household has.
create function pupils_of_named(typed text) returns table (id uuid, list_key text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  return query
    select n.id, n.list_key from pupils_named(typed) n
    union
    select c.id, c.list_key from pupil c
    where c.municipality_id = municipality and c.household_id = any (array(
      select m.household_id from person p
      join active_member m on m.municipality_id = municipality and m.person_id = p.id
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns)));
end $$;
revoke execute on function pupils_of_named from public;
grant execute on function pupils_of_named to refettorio_web;

-- The first of these households in the order of their names, at most so many. What is in the names of very many is asked of household
-- after household in that order: the next is near. What fewer have is looked up.
create function first_households_named(typed text, most integer, many integer) returns table (id uuid, list_key text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
  found uuid[];
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  found := array(select c.household_id from pupil c
    where search_grams(c.municipality_id, c.search_key) @> grams and c.municipality_id = municipality
      and c.search_key like all (patterns) limit many + 1);
  if cardinality(found) <= many then
    found := found || array(select m.household_id from person p
      join active_member m on m.municipality_id = municipality and m.person_id = p.id
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns) limit many + 1);
  end if;
  if cardinality(found) <= many then
    return query select h.id, h.list_key from household h where h.municipality_id = municipality and h.id = any (found)
      order by h.list_key, h.id limit most;
    return;
  end if;
  return query
    select h.id, h.list_key from household h
    where h.municipality_id = municipality and coalesce(
      (select true from pupil c
        where c.municipality_id = municipality and c.household_id = h.id and c.search_key like all (patterns) limit 1),
      (select true from active_member m join person p on p.municipality_id = municipality and p.id = m.person_id
        where m.municipality_id = municipality and m.household_id = h.id and p.search_key like all (patterns) limit 1))
    order by h.list_key, h.id limit most;
end $$;
revoke execute on function first_households_named from public;
grant execute on function first_households_named to refettorio_web;

-- The households of which no pupil has a place from today on, at most so many.
create function households_without_place(most integer) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set work_mem = '32MB' as $$
declare
  municipality constant uuid := app_municipality();
  today constant date := app_today();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    select h.id from household h
    where h.municipality_id = municipality and not exists (select from pupil c
      join enrolment e on e.municipality_id = municipality and e.pupil_id = c.id and e.valid_to >= today
      where c.municipality_id = municipality and c.household_id = h.id)
    limit most;
end $$;
revoke execute on function households_without_place from public;
grant execute on function households_without_place to refettorio_web;

-- The recipients of a communication in whose names, the household's and the person's together, every typed word is. The word that
-- the fewest adults have is looked up, and the others are asked of what it finds.
create function recipients_named(communication uuid, typed text)
returns table (household_id uuid, person_id uuid, had_email boolean, list_key text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  patterns constant text[] := array(select search_patterns(typed));
  rarest text := patterns[1];
  grams text[];
begin
  if cardinality(patterns) > 1 then
    rarest := (select w from unnest(patterns) w where cardinality(typed_grams(municipality, w)) > 0
      order by (select count(*) from (select from person p where search_grams(p.municipality_id, p.search_key) @> typed_grams(municipality, w)
        and p.municipality_id = municipality and p.search_key like w limit 5000) few) limit 1);
  end if;
  grams := typed_grams(municipality, rarest);
  if app_audience() is distinct from 'staff' or coalesce(cardinality(grams), 0) = 0 then return; end if;
  return query
    select r.household_id, r.person_id, r.had_email, h.list_key
    from (
      select r.household_id, r.person_id, r.had_email from communication_recipient_person r
      where r.municipality_id = municipality and r.communication_id = recipients_named.communication and r.household_id = any (array(
        select h.id from household h where search_grams(h.municipality_id, h.list_key) @> grams and h.municipality_id = municipality
          and h.list_key like rarest))
      union
      select r.household_id, r.person_id, r.had_email from communication_recipient_person r
      where r.municipality_id = municipality and r.communication_id = recipients_named.communication and r.person_id = any (array(
        select p.id from person p where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
          and p.search_key like rarest))
    ) r
    join household h on h.municipality_id = municipality and h.id = r.household_id
    join person p on p.municipality_id = municipality and p.id = r.person_id
    where h.list_key || p.search_key like all (patterns);
end $$;
revoke execute on function recipients_named from public;
grant execute on function recipients_named to refettorio_web;

-- The people whose telephone holds these digits, wherever they stand in it.
create function phones_with(digits text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, digits);
begin
  if app_audience() is distinct from 'staff' or digits !~ '^[0-9]{3,}$' then return; end if;
  return query
    select p.id from person p
    where p.phone is not null and search_grams(p.municipality_id, p.phone) @> grams and p.municipality_id = municipality
      and p.phone like '%' || digits || '%';
end $$;
revoke execute on function phones_with from public;

-- Whether more than so many people have a telephone with these digits: see `is_name_of_many`.
create function is_phone_of_many(digits text, most integer) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select count(*) > most from (select from phones_with(digits) limit most + 1) found
$$;
revoke execute on function is_phone_of_many from public;
grant execute on function is_phone_of_many to refettorio_web;

-- The households in which an adult with a role now has such a telephone.
create function households_with_phone(digits text) returns table (id uuid, list_key text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select h.id, h.list_key from household h
    where h.municipality_id = municipality and h.id = any (array(
      select m.household_id from active_member m
      where m.municipality_id = municipality and m.person_id = any (array(select phones_with(digits)))));
end $$;
revoke execute on function households_with_phone from public;
grant execute on function households_with_phone to refettorio_web;

-- The same of adults with a role in a household; or, with digits, those whose telephone ends with them.
create function find_adults(typed text, digits text, most integer) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
  beginning constant text := lower(split_part(btrim(typed), ' ', 1));
  ranked constant integer := 5000;
begin
  if app_audience() is distinct from 'staff' then return; end if;
  if digits ~ '^[0-9]+$' then
    return query
      select p.id from person p
      where p.municipality_id = municipality and p.phone is not null
        -- The colon follows the nine: every number that begins so.
        and reverse(p.phone) ~>=~ reverse(digits) and reverse(p.phone) ~<~ (reverse(digits) || ':')
        and exists (select from active_member m where m.municipality_id = municipality and m.person_id = p.id)
      order by p.family_name, p.given_name, p.id
      limit most;
  end if;
  if cardinality(grams) = 0 then return; end if;
  return query
    select p.id from (
      select a.id, a.family_name, a.given_name from person a
      where search_grams(a.municipality_id, a.search_key) @> grams and a.municipality_id = municipality
        and a.search_key like all (patterns)
        and exists (select from active_member m where m.municipality_id = municipality and m.person_id = a.id)
      limit ranked) p
    order by starts_with(lower(p.family_name), beginning) desc, starts_with(lower(p.given_name), beginning) desc, p.family_name,
      p.given_name, p.id
    limit most;
end $$;
revoke execute on function find_adults from public;
grant execute on function find_adults to refettorio_web;
