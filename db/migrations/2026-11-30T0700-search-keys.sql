-- What a search compares: letters without accents, capitals, apostrophes, spaces and signs. A column's value calls the function, so
-- it belongs to the migrations.
create function search_key(words text) returns text language sql immutable parallel safe strict as $$
  select regexp_replace(
    translate(
      replace(replace(replace(lower(normalize(words, nfkd) collate pg_c_utf8), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
      'đðłøıħ', 'ddloih'),
    '[\u0300-\u036f[:space:][:punct:]’‘ʼ´`“”«»–—]', '', 'g')
$$;
comment on function search_key is 'Letters and digits alone, without accents and capitals: D’Angelo and D''ANGELO are dangelo';

alter table person add column search_key text not null generated always as (search_key(given_name || family_name)) stored;
alter table pupil add column search_key text not null generated always as (search_key(given_name || family_name)) stored;
alter table municipality add column search_key text not null generated always as (search_key(name)) stored;
