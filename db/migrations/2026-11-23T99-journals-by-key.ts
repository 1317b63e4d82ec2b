import { type Kysely, sql } from 'kysely'

/**
 * What a journal's entries ask of the ledger they ask by key. Before, the planner took the few rows of a journal for a
 * reason to read all entries and all accounts of the town, twice: a close or a payment cost more with every year of history.
 * The promises are the same: entries of a journal sum to zero, are two at least and are written by one statement; balances
 * move here and nowhere else, and the accounts are taken in sorted order, one after the other, as each is moved.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create or replace function entries_balance() returns trigger language plpgsql security definer set search_path = public as $$
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
  `)
    .execute(db)
}
