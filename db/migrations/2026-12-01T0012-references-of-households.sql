-- Who takes back an import asks every table that grows with the families whether it refers to a row: each is found by an index.
create index household_merge_by_gone on household_merge (municipality_id, gone_id);
create index household_merge_by_doer on household_merge (municipality_id, done_by);
create index household_merge_by_undoer on household_merge (municipality_id, undone_by) where undone_by is not null;
create index meal_household_rule_by_giver on meal_household_rule (municipality_id, given_by);
