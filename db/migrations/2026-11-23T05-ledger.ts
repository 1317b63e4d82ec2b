import { type Kysely, sql } from 'kysely'

/**
 * Double-entry ledger. The database itself keeps its promises:
 * journals and entries are never changed; the entries of a journal are written by one statement and sum to zero;
 * a balance moves only by the entries' own trigger, with the accounts locked in sorted order; every journal has entries.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table account (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      kind text not null check (kind in ('household', 'clearing', 'meals', 'opening', 'adjustment')),
      service_id uuid not null,
      household_id uuid,
      school_id uuid,
      balance_cents bigint not null default 0,
      updated_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique nulls not distinct (municipality_id, service_id, kind, household_id, school_id),
      foreign key (municipality_id, service_id) references service,
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, school_id) references school,
      check ((kind = 'household') = (household_id is not null)),
      check ((kind = 'meals') = (school_id is not null))
    );
    create index account_by_household on account (municipality_id, household_id);
    comment on column account.balance_cents is 'Cached sum of the entries. A household in credit is positive.';

    create table journal (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      kind text not null check (kind in ('opening', 'top_up', 'meals', 'meals_reversal', 'adjustment', 'refund', 'chargeback')),
      idempotency_key text not null check (length(idempotency_key) between 1 and 120),
      description text not null default '',
      person_id uuid,
      posted_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique (municipality_id, idempotency_key)
    );

    create table entry (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      journal_id uuid not null,
      account_id uuid not null,
      kind text not null check (kind in ('opening', 'top_up', 'meals', 'meals_reversal', 'adjustment', 'refund', 'chargeback')),
      amount_cents integer not null check (amount_cents <> 0),
      posted_at timestamptz not null default app_now(),
      pupil_id uuid,
      service_day_id uuid,
      day date,
      top_up_id uuid,
      primary key (municipality_id, id),
      foreign key (municipality_id, journal_id) references journal,
      foreign key (municipality_id, account_id) references account,
      foreign key (municipality_id, pupil_id) references pupil,
      check (pupil_id is null or (service_day_id is not null and day is not null))
    );
    create index entry_by_account on entry (municipality_id, account_id, posted_at, id);
    create index entry_by_journal on entry (municipality_id, journal_id);
    create unique index one_charge_per_meal on entry (municipality_id, service_day_id, pupil_id, kind) where pupil_id is not null;
    create unique index one_credit_per_top_up on entry (municipality_id, top_up_id, account_id) where top_up_id is not null and kind = 'top_up';

    create function entries_balance() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      if exists (select from added group by municipality_id, journal_id having sum(amount_cents) <> 0 or count(*) < 2) then
        raise exception 'a journal sums to zero and has two entries at least' using errcode = 'check_violation';
      end if;
      if (select count(*) from added) <> (
        select count(*) from entry e join (select distinct municipality_id, journal_id from added) j using (municipality_id, journal_id)
      ) then
        raise exception 'the entries of a journal are written once, together' using errcode = 'restrict_violation';
      end if;
      perform 1 from account a
        where (a.municipality_id, a.id) in (select municipality_id, account_id from added)
        order by a.municipality_id, a.id for no key update;
      update account a set balance_cents = a.balance_cents + s.amount, updated_at = app_now()
        from (select municipality_id, account_id, sum(amount_cents) as amount from added group by 1, 2) s
        where a.municipality_id = s.municipality_id and a.id = s.account_id;
      return null;
    end $$;
    create trigger entry_balance after insert on entry referencing new table as added for each statement execute function entries_balance();
    create trigger entry_append_only before update or delete on entry for each row execute function refuse_change();
    create trigger entry_no_truncate before truncate on entry execute function refuse_change();
    create trigger journal_append_only before update or delete on journal for each row execute function refuse_change();
    create trigger journal_no_truncate before truncate on journal execute function refuse_change();

    create function journal_has_entries() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      if not exists (select from entry e where e.municipality_id = new.municipality_id and e.journal_id = new.id) then
        raise exception 'a journal has entries' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
    create constraint trigger journal_with_entries after insert on journal deferrable initially deferred
      for each row execute function journal_has_entries();

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
    create trigger account_no_delete before delete on account for each row execute function refuse_change();
    create trigger account_no_truncate before truncate on account execute function refuse_change();
  `)
    .execute(db)
}
