-- The ledger keeps itself: entries of a journal sum to zero, are two at least and come in one statement; balances move by
-- entries and by nothing else. What a journal's entries ask of the ledger they ask by key, so that a close costs the same
-- after years of history. Accounts are taken in sorted order, one after the other, as each is moved.

create function entries_balance() returns trigger language plpgsql security definer set search_path = public as $$
declare
  moved record;
begin
  if exists (select from added group by municipality_id, journal_id having sum(amount_cents) <> 0 or count(*) < 2) then
    raise exception 'a journal sums to zero and has two entries at least' using errcode = 'check_violation';
  end if;
  if exists (
    select from (select municipality_id, journal_id, count(*) as entries from added group by 1, 2) j
    where j.entries <> (
      select count(*) from entry e where e.municipality_id = j.municipality_id and e.journal_id = j.journal_id)
  ) then
    raise exception 'the entries of a journal are written once, together' using errcode = 'restrict_violation';
  end if;
  for moved in
    select municipality_id, account_id, sum(amount_cents) as cents from added group by 1, 2 order by 1, 2
  loop
    update account a set balance_cents = a.balance_cents + moved.cents, updated_at = app_now()
    where a.municipality_id = moved.municipality_id and a.id = moved.account_id;
  end loop;
  return null;
end $$;
create trigger entry_balance after insert on entry referencing new table as added for each statement
  execute function entries_balance();

create function journal_has_entries() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if not exists (select from entry e where e.municipality_id = new.municipality_id and e.journal_id = new.id) then
    raise exception 'a journal has entries' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger journal_with_entries after insert on journal deferrable initially deferred for each row
  execute function journal_has_entries();

create function balance_moves_by_entries() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and new.balance_cents <> 0 then
    raise exception 'an account opens at zero' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' and new.balance_cents <> old.balance_cents and pg_trigger_depth() < 2 then
    raise exception 'a balance moves only by entries' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger account_balance before insert or update on account for each row execute function balance_moves_by_entries();
