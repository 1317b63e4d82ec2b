import { type Kysely, sql } from 'kysely'

/**
 * Delegates for some of the children, for some time, invited by the holder and ended at once; and holders that change.
 * A role ends at an instant (`ended_at`), not at midnight. A delegate with rows in `delegate_pupil` sees those pupils
 * only; without any, the whole household (roles given by the office).
 * A holder who takes a household over sees its movements from that instant on; whoever paid before keeps the own
 * payments and invoices, and nobody else sees them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const office = `app_audience() in ('staff', 'system')`
  const inTown = 'municipality_id = (select app_municipality())'
  const active = (m: string) =>
    `${m}.valid_from <= app_today() and (${m}.valid_to is null or ${m}.valid_to >= app_today()) and ${m}.ended_at is null`
  const mine = (m: string) =>
    `${m}.municipality_id = app_municipality() and ${m}.person_id = app_person() and app_audience() = 'family' and ${active(m)}`
  const policy = (table: string, own: string, writes = own) => `
    alter table ${table} enable row level security;
    drop policy if exists ${table}_scope on ${table};
    create policy ${table}_scope on ${table} to refettorio_web
      using (${inTown} and (${office} or (${own})))
      with check (${inTown} and (${office} or (${writes})));`
  const setOf = (name: string, query: string) => `
    create or replace function ${name}() returns setof uuid language sql stable security definer set search_path = public as $$ ${query} $$;`

  await sql
    .raw(`
    alter table household_member drop constraint household_member_pkey;
    alter table household_member
      add column id uuid not null default uuidv7(),
      add column started_at timestamptz not null default app_now(),
      add column ended_at timestamptz,
      add column given_by uuid,
      add primary key (municipality_id, id),
      add foreign key (municipality_id, given_by) references person;
    comment on column household_member.ended_at is 'The role ended at this instant, whatever valid_to says';
    comment on column household_member.started_at is 'From this instant a holder who took a household over sees its movements';
    drop index one_holder_per_household;
    drop index one_open_role_per_person;
    create unique index one_holder_per_household on household_member (municipality_id, household_id)
      where role = 'holder' and valid_to is null and ended_at is null;
    create unique index one_open_role_per_person on household_member (municipality_id, household_id, person_id)
      where valid_to is null and ended_at is null;

    create table delegate_pupil (
      municipality_id uuid not null,
      household_member_id uuid not null,
      pupil_id uuid not null,
      primary key (municipality_id, household_member_id, pupil_id),
      foreign key (municipality_id, household_member_id) references household_member,
      foreign key (municipality_id, pupil_id) references pupil
    );
    comment on table delegate_pupil is 'The only pupils of a delegate; a delegate without rows has the whole household';

    create table delegate_invitation (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      household_id uuid not null,
      invited_by uuid not null,
      fiscal_code_hash bytea not null check (octet_length(fiscal_code_hash) = 32),
      fiscal_code_sealed bytea,
      email text not null,
      pupil_ids uuid[] not null check (cardinality(pupil_ids) between 1 and 20),
      valid_to date,
      token_hash bytea not null check (octet_length(token_hash) = 32),
      created_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      closed_at timestamptz,
      outcome text check (outcome in ('accepted', 'declined', 'withdrawn')),
      accepted_by uuid,
      primary key (municipality_id, id),
      unique (municipality_id, token_hash),
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, invited_by) references person,
      foreign key (municipality_id, accepted_by) references person,
      check ((closed_at is null) = (outcome is null)),
      check ((accepted_by is not null) = (outcome is not distinct from 'accepted'))
    );
    create index delegate_invitation_by_household on delegate_invitation (municipality_id, household_id, created_at desc);
    create index delegate_invitation_by_person on delegate_invitation (municipality_id, fiscal_code_hash) where closed_at is null;
    comment on column delegate_invitation.token_hash is 'SHA-256 of the secret in the e-mail: used once, together with the sign-in of the very person';
    comment on column delegate_invitation.fiscal_code_sealed is 'Encrypted, for the register of persons at acceptance; emptied when the invitation closes';

    alter table outbox add column secret boolean not null default false;
    comment on column outbox.secret is 'The text holds a code or a link that opens something: emptied once the message is sent or given up';

    -- A family's change may have a letter, in the same transaction, without a right to read the outbox.
    create function enqueue_mail(town uuid, dedupe_key text, recipient text, subject text, body_text text, secret boolean)
    returns void language plpgsql security definer set search_path = public as $$
    #variable_conflict use_column
    begin
      if town is distinct from app_municipality() then
        raise exception 'a letter of another municipality' using errcode = 'insufficient_privilege';
      end if;
      insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret)
      values (town, enqueue_mail.dedupe_key, 'email', enqueue_mail.recipient, enqueue_mail.subject, enqueue_mail.body_text, enqueue_mail.secret)
      on conflict (municipality_id, dedupe_key) do nothing;
    end $$;
    revoke execute on function enqueue_mail from public;
    grant execute on function enqueue_mail to refettorio_web;

    ${setOf('app_households', `select m.household_id from household_member m where ${mine('m')}`)}
    ${setOf('app_paying_households', `select m.household_id from household_member m where m.role = 'holder' and ${mine('m')}`)}
    ${setOf(
      'app_whole_households',
      `select m.household_id from household_member m where ${mine('m')}
        and not exists (select from delegate_pupil d where d.municipality_id = m.municipality_id and d.household_member_id = m.id)`,
    )}
    ${setOf(
      'app_pupils',
      `select p.id from pupil p where p.municipality_id = app_municipality() and p.household_id in (select app_whole_households())
        union
        select d.pupil_id from household_member m
          join delegate_pupil d on d.municipality_id = m.municipality_id and d.household_member_id = m.id
          join pupil p on p.municipality_id = d.municipality_id and p.id = d.pupil_id and p.household_id = m.household_id
          where ${mine('m')}`,
    )}

    -- A holder before me: somebody else held the household until a later instant than my own beginning or right before it.
    create function taken_over(m household_member) returns boolean language sql stable security definer set search_path = public as $$
      select exists (select from household_member before
        where before.municipality_id = m.municipality_id and before.household_id = m.household_id and before.role = 'holder'
          and before.person_id <> m.person_id and before.started_at <= m.started_at and before.id <> m.id)
    $$;
    ${setOf(
      'app_paying_accounts',
      `select a.id from household_member m
        join account a on a.municipality_id = m.municipality_id and a.household_id = m.household_id
        where m.role = 'holder' and ${mine('m')} and not taken_over(m)`,
    )}
    ${setOf(
      'app_taken_over_accounts',
      `select a.id from household_member m
        join account a on a.municipality_id = m.municipality_id and a.household_id = m.household_id
        where m.role = 'holder' and ${mine('m')} and taken_over(m)`,
    )}
    create function app_account_since(account uuid) returns timestamptz language sql stable security definer set search_path = public as $$
      select max(m.started_at) from household_member m
        join account a on a.municipality_id = m.municipality_id and a.household_id = m.household_id
        where a.id = account and m.role = 'holder' and ${mine('m')}
    $$;

    ${policy('pupil', 'id = any (array(select app_pupils()))', 'household_id = any (array(select app_paying_households()))')}
    ${policy(
      'absence_receipt',
      `household_id = any (array(select app_whole_households())) or person_id = app_person()
        or exists (select from absence_event v where v.municipality_id = absence_receipt.municipality_id
          and v.receipt_id = absence_receipt.id and v.pupil_id = any (array(select app_pupils())))`,
      'household_id = any (array(select app_households())) and person_id = app_person()',
    )}
    ${policy(
      'entry',
      `account_id = any (array(select app_paying_accounts()))
        or account_id = any (array(select app_taken_over_accounts())) and posted_at >= app_account_since(account_id)`,
    )}
    ${policy(
      'top_up',
      `payer_id = app_person() and app_audience() = 'family'`,
      'household_id = any (array(select app_paying_households())) and payer_id = app_person()',
    )}
    ${policy('invoice', `holder_id = app_person() and app_audience() = 'family'`)}
    ${setOf(
      'app_own_top_ups',
      `select t.id from top_up t where t.municipality_id = app_municipality() and t.payer_id = app_person() and app_audience() = 'family'`,
    )}

    drop policy household_member_scope on household_member;
    create policy household_member_read on household_member for select to refettorio_web
      using (${inTown} and (${office} or household_id = any (array(select app_households())) or person_id = app_person()));
    create policy household_member_give on household_member for insert to refettorio_web
      with check (${inTown} and ${office});
    create policy household_member_end on household_member for update to refettorio_web
      using (${inTown} and (${office} or role = 'delegate' and (household_id = any (array(select app_paying_households())) or person_id = app_person())))
      with check (${inTown} and (${office} or role = 'delegate' and ended_at is not null));
    grant update (ended_at) on household_member to refettorio_web;

    ${policy('delegate_pupil', 'pupil_id = any (array(select app_pupils()))', 'false')}
    ${policy('delegate_invitation', 'household_id = any (array(select app_paying_households()))')}
    grant select, insert on delegate_pupil, delegate_invitation to refettorio_web;
    grant update (closed_at, outcome, accepted_by, fiscal_code_sealed) on delegate_invitation to refettorio_web;
    -- Only to lock the row: one change of a household's roles at a time.
    grant update (name) on household to refettorio_web;

    -- What a person is in a town, at this moment: open roles, and the households that the person held before.
    create function memberships_of(town uuid, who uuid) returns jsonb language sql stable security definer set search_path = public as $$
      select coalesce(jsonb_agg(role order by role ->> 'householdId', role ->> 'role'), '[]') from (
        select jsonb_strip_nulls(jsonb_build_object('householdId', m.household_id, 'role', m.role,
          'pupilIds', (select jsonb_agg(d.pupil_id order by d.pupil_id) from delegate_pupil d
            where d.municipality_id = m.municipality_id and d.household_member_id = m.id),
          'since', case when m.role = 'holder' and taken_over(m) then m.started_at end)) as role
        from household_member m
        where m.municipality_id = town and m.person_id = who and ${active('m')}
        union all
        select jsonb_build_object('householdId', m.household_id, 'role', 'past_holder')
        from household_member m
        where m.municipality_id = town and m.person_id = who and m.role = 'holder' and not (${active('m')})
          and (m.ended_at is not null or m.valid_to < app_today())
          and exists (select from top_up t where t.municipality_id = m.municipality_id and t.household_id = m.household_id and t.payer_id = who)
          and not exists (select from household_member now where now.municipality_id = m.municipality_id
            and now.household_id = m.household_id and now.person_id = who and now.role = 'holder' and ${active('now')})
        group by m.household_id
      ) roles
    $$;
    revoke execute on function memberships_of, taken_over from public;

    create or replace function viewer_of_session(token_hash bytea, slug text, idle interval)
    returns table (
      session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamptz, seconds_since_identity integer,
      opened_with text, device_id uuid, given_name text, family_name text,
      municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[]
    )
    language plpgsql volatile security definer set search_path = public as $$
    #variable_conflict use_column
    declare
      live session;
    begin
      select * into live from session s
      where s.token_hash = viewer_of_session.token_hash and s.ended_at is null
        and s.expires_at > app_now() and s.last_seen_at > app_now() - viewer_of_session.idle;
      if not found then return; end if;
      -- Once a minute is enough to know whether a session is idle, and spares a write per request.
      if live.last_seen_at < app_now() - interval '1 minute' then
        update session s set last_seen_at = app_now() where s.id = live.id and s.last_seen_at < app_now();
      end if;
      return query
        select live.id, live.citizen_id, live.method, live.level, live.authenticated_at,
          extract(epoch from app_now() - live.authenticated_at)::integer, live.opened_with, live.device_id,
          c.given_name, c.family_name, m.id, p.id, p.given_name || ' ' || p.family_name,
          case when p.id is null then '[]' else memberships_of(p.municipality_id, p.id) end,
          -- The office sees every family: a drawn sequence is not enough for that.
          coalesce((select array_agg(distinct r.role)
            from staff_member r
            where r.municipality_id = p.municipality_id and r.person_id = p.id and live.opened_with = 'identity'
              and r.valid_from <= app_today() and (r.valid_to is null or r.valid_to >= app_today())), '{}')
        from citizen c
        left join municipality m on m.slug = viewer_of_session.slug and m.active
        left join person p on p.municipality_id = m.id and p.fiscal_code_hash = c.fiscal_code_hash
        where c.id = live.citizen_id;
    end $$;
  `)
    .execute(db)
}
