import { type Kysely, sql } from 'kysely'

/**
 * Absences are exceptions to presence; every change of them is an append-only event under a receipt.
 * Kitchen counts are frozen and versioned.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table absence_receipt (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      number text not null check (number ~ '^[A-Z0-9-]{6,24}$'),
      household_id uuid not null,
      person_id uuid not null,
      action text not null check (action in ('cancel', 'restore')),
      channel text not null check (channel in ('web', 'app', 'office')),
      arrived_at timestamptz not null default app_now(),
      idempotency_key uuid not null,
      request_hash bytea not null check (octet_length(request_hash) = 32),
      not_changed jsonb not null default '[]',
      primary key (municipality_id, id),
      unique (municipality_id, number),
      unique (municipality_id, person_id, idempotency_key),
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, person_id) references person
    );
    create index absence_receipt_by_household on absence_receipt (municipality_id, household_id, arrived_at desc);
    comment on column absence_receipt.not_changed is 'What was asked and left as it was: [{pupilId, day, why}]';

    create table absence (
      municipality_id uuid not null,
      service_day_id uuid not null,
      pupil_id uuid not null,
      receipt_id uuid not null,
      primary key (municipality_id, service_day_id, pupil_id),
      foreign key (municipality_id, service_day_id) references service_day,
      foreign key (municipality_id, pupil_id) references pupil,
      foreign key (municipality_id, receipt_id) references absence_receipt
    );
    create index absence_by_pupil on absence (municipality_id, pupil_id);

    create table absence_event (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      receipt_id uuid not null,
      service_day_id uuid not null,
      pupil_id uuid not null,
      kind text not null check (kind in ('cancelled', 'restored')),
      occurred_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique (municipality_id, receipt_id, service_day_id, pupil_id),
      foreign key (municipality_id, receipt_id) references absence_receipt,
      foreign key (municipality_id, service_day_id) references service_day,
      foreign key (municipality_id, pupil_id) references pupil
    );
    create index absence_event_by_pupil on absence_event (municipality_id, pupil_id, service_day_id);
    create trigger absence_event_append_only before update or delete on absence_event for each row execute function refuse_change();
    create trigger absence_event_no_truncate before truncate on absence_event execute function refuse_change();
    create trigger absence_receipt_append_only before update or delete on absence_receipt for each row execute function refuse_change();
    create trigger absence_receipt_no_truncate before truncate on absence_receipt execute function refuse_change();

    -- The last net: whatever the application believes, a day that is not open keeps its absences as they were counted.
    create function absence_needs_open_day() returns trigger language plpgsql security definer set search_path = public as $$
    declare
      row_changed absence := coalesce(new, old);
    begin
      if not exists (
        select from service_day d
        where d.municipality_id = row_changed.municipality_id and d.id = row_changed.service_day_id and d.status = 'open'
      ) then
        raise exception 'the service day is not open' using errcode = 'restrict_violation';
      end if;
      return row_changed;
    end $$;
    create trigger absence_open_day before insert or update or delete on absence for each row execute function absence_needs_open_day();

    create table kitchen_count (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      service_day_id uuid not null,
      version integer not null check (version >= 1),
      frozen_at timestamptz not null default app_now(),
      reason text not null default '',
      primary key (municipality_id, id),
      unique (municipality_id, service_day_id, version),
      foreign key (municipality_id, service_day_id) references service_day
    );

    create table kitchen_count_line (
      municipality_id uuid not null,
      kitchen_count_id uuid not null,
      school_class_id uuid not null,
      diet_code text not null,
      meals integer not null check (meals >= 0),
      absent integer not null check (absent >= 0),
      primary key (municipality_id, kitchen_count_id, school_class_id, diet_code),
      foreign key (municipality_id, kitchen_count_id) references kitchen_count,
      foreign key (municipality_id, school_class_id) references school_class,
      foreign key (municipality_id, diet_code) references diet
    );
    create trigger kitchen_count_append_only before update or delete on kitchen_count for each row execute function refuse_change();
    create trigger kitchen_count_no_truncate before truncate on kitchen_count execute function refuse_change();
    create trigger kitchen_count_line_append_only before update or delete on kitchen_count_line for each row execute function refuse_change();
    create trigger kitchen_count_line_no_truncate before truncate on kitchen_count_line execute function refuse_change();
  `)
    .execute(db)
}
