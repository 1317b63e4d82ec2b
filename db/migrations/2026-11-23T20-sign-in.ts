import { type Kysely, sql } from 'kysely'

/**
 * Sign-in answers that were already used, and who a session belongs to.
 * `viewer_of_session` is one statement because every request of a signed-in person begins with it. It runs as the
 * schema's owner: nobody's scope is known yet, and whoever calls it holds the secret whose hash it looks up.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table used_sign_in (
      state_hash bytea primary key check (octet_length(state_hash) = 32),
      used_at timestamptz not null default app_now()
    );
    create index used_sign_in_by_time on used_sign_in (used_at);
    comment on table used_sign_in is 'Answers of the identity provider already spent: each opens at most one session. Rows live an hour.';
    grant select, insert, delete on used_sign_in to refettorio_web;

    create function viewer_of_session(token_hash bytea, slug text, idle interval)
    returns table (
      session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamptz,
      given_name text, family_name text,
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
          c.given_name, c.family_name, m.id, p.id, p.given_name || ' ' || p.family_name,
          coalesce((select jsonb_agg(jsonb_build_object('householdId', h.household_id, 'role', h.role) order by h.household_id)
            from household_member h
            where h.municipality_id = p.municipality_id and h.person_id = p.id
              and h.valid_from <= app_today() and (h.valid_to is null or h.valid_to >= app_today())), '[]'),
          coalesce((select array_agg(distinct r.role)
            from staff_member r
            where r.municipality_id = p.municipality_id and r.person_id = p.id
              and r.valid_from <= app_today() and (r.valid_to is null or r.valid_to >= app_today())), '{}')
        from citizen c
        left join municipality m on m.slug = viewer_of_session.slug and m.active
        left join person p on p.municipality_id = m.id and p.fiscal_code_hash = c.fiscal_code_hash
        where c.id = live.citizen_id;
    end $$;
    revoke execute on function viewer_of_session from public;
    grant execute on function viewer_of_session to refettorio_web;
  `)
    .execute(db)
}
