-- Who gave a role is asked for each person who is taken back with an import: without this, the roles of a town for each person.
create index household_member_by_giver on household_member (municipality_id, given_by);
