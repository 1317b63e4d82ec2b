-- The ledger keeps itself: entries of a journal sum to zero, are two at least and come in one statement; balances move by
-- entries and by nothing else. What a journal's entries ask of the ledger they ask by key, so that a close costs the same
-- after years of history. Accounts are locked in sorted order, all of a statement before the first is moved, so that two
-- journals never wait for each other in a ring; then one statement moves them.
-- Three foreign keys of `entry` are not enforced by the server, which would ask for each row: this asks for each statement.
-- None of the three parents can be deleted, emptied or given another key (append-only.sql), so what was found stays true.
-- Entries stand in the school year of their journal, so that a journal is looked for in one partition and cannot be continued
-- in another; those of a meal or of a credit stand in one, where a unique index holds them apart (`entry_year`).

create function entries_balance() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  batch record;
  written bigint;
  posted_in integer;
begin
  for batch in
    select municipality_id, journal_id, sum(amount_cents) as cents, count(*) as entries, min(school_year) as first_year,
      max(school_year) as last_year
    from added group by 1, 2
  loop
    if batch.cents <> 0 or batch.entries < 2 then
      raise exception 'a journal sums to zero and has two entries at least' using errcode = 'check_violation';
    end if;
    select school_year_of((j.posted_at at time zone 'Europe/Rome')::date) into posted_in from journal j
      where j.municipality_id = batch.municipality_id and j.id = batch.journal_id;
    if not found then
      raise exception 'an entry belongs to a journal that is there' using errcode = 'foreign_key_violation';
    end if;
    if batch.first_year <> posted_in or batch.last_year <> posted_in then
      raise exception 'an entry stands in the school year of its journal' using errcode = 'check_violation';
    end if;
    select count(*) into written from entry e
      where e.municipality_id = batch.municipality_id and e.journal_id = batch.journal_id and e.school_year = posted_in;
    if written <> batch.entries then
      raise exception 'the entries of a journal are written once, together' using errcode = 'restrict_violation';
    end if;
  end loop;

  for batch in
    select municipality_id, case kind when 'top_up' then top_up_id else service_day_id end as subject_id, kind, school_year
    from added where pupil_id is not null or kind = 'top_up' and top_up_id is not null
    group by 1, 2, 3, 4 order by 1, 2, 3
  loop
    insert into entry_year (municipality_id, subject_id, kind, school_year)
      values (batch.municipality_id, batch.subject_id, batch.kind, batch.school_year) on conflict do nothing;
    perform from entry_year y where y.municipality_id = batch.municipality_id and y.subject_id = batch.subject_id
      and y.kind = batch.kind and y.school_year = batch.school_year;
    if not found then
      raise exception 'what was posted in one school year is not posted in another' using errcode = 'unique_violation';
    end if;
  end loop;

  for batch in
    select municipality_id, array_agg(distinct pupil_id) as pupils from added where pupil_id is not null group by 1
  loop
    perform from pupil p where p.municipality_id = batch.municipality_id and p.id = any (batch.pupils);
    get diagnostics written = row_count;
    if written <> cardinality(batch.pupils) then
      raise exception 'an entry names a pupil that is there' using errcode = 'foreign_key_violation';
    end if;
  end loop;

  for batch in
    select municipality_id, array_agg(account_id) as accounts, array_agg(cents) as cents
    from (select municipality_id, account_id, sum(amount_cents) as cents from added group by 1, 2) moved group by 1 order by 1
  loop
    perform from account a where a.municipality_id = batch.municipality_id and a.id = any (batch.accounts)
      order by a.id for no key update;
    get diagnostics written = row_count;
    if written <> cardinality(batch.accounts) then
      raise exception 'an entry moves an account that is there' using errcode = 'foreign_key_violation';
    end if;
    update account a set balance_cents = a.balance_cents + moved.cents, updated_at = app_now()
    from unnest(batch.accounts, batch.cents) moved (id, cents)
    where a.municipality_id = batch.municipality_id and a.id = moved.id;
  end loop;
  return null;
end $$;
create trigger entry_balance after insert on entry referencing new table as added for each statement
  execute function entries_balance();

create function journal_has_entries() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from entry e where e.municipality_id = new.municipality_id and e.journal_id = new.id
    and e.school_year = school_year_of((new.posted_at at time zone 'Europe/Rome')::date)) then
    raise exception 'a journal has entries' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger journal_with_entries after insert on journal deferrable initially deferred for each row
  execute function journal_has_entries();

-- The conditions are the triggers' own: a close moves thousands of balances, and a call for each costs more than the move.
create function refuse_balance() returns trigger language plpgsql as $$
begin
  raise exception '%', tg_argv[0] using errcode = 'restrict_violation';
end $$;
create trigger account_opens before insert on account for each row when (new.balance_cents <> 0)
  execute function refuse_balance('an account opens at zero');
create trigger account_balance before update on account for each row
  when (new.balance_cents <> old.balance_cents and pg_trigger_depth() = 0)
  execute function refuse_balance('a balance moves only by entries');
create trigger account_key before update on account for each row
  when (new.municipality_id <> old.municipality_id or new.id <> old.id)
  execute function refuse_balance('an account keeps its key');
