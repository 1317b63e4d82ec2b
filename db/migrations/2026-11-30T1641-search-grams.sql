-- A search of people by any part of a word reads an index, and not every name of a municipality.

create function search_grams(municipality uuid, key text) returns text[] language sql immutable parallel safe strict as $$
  select coalesce(array_agg(distinct municipality::text || ' ' || substr(key, at, size)), '{}')
  from generate_series(1, length(key) - 1) at, (values (2), (3)) sizes (size)
  where at + size - 1 <= length(key)
$$;
comment on function search_grams is 'The pairs and triples of letters of a key, each with its municipality: what holds a word holds its triples';

-- Each search reads what is not merged yet: a short list, also after an import.
create index pupil_by_grams on pupil using gin (search_grams(municipality_id, search_key)) with (gin_pending_list_limit = 256);
create index person_by_grams on person using gin (search_grams(municipality_id, search_key)) with (gin_pending_list_limit = 256);
-- People remember how a number ends, and write its country or not.
create index person_by_phone on person (municipality_id, reverse(phone) text_pattern_ops) where phone is not null;
