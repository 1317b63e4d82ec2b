-- Searches by words, for every list: `search_key` says what is compared (db/migrations), `search_patterns` what is looked for.

create function search_patterns(typed text) returns setof text language sql immutable parallel safe as $$
  select '%' || search_key(word) || '%' from regexp_split_to_table(typed, '\s+') word where search_key(word) <> ''
$$;
comment on function search_patterns is 'A pattern for each typed word: a key that is like all of them holds every word, wherever it stands';
