-- Who may reach what belongs to the whole installation. Sign-in happens before a scope is known, so these tables have no
-- policies: the runtime role has exactly the rights that sign-in, sessions and devices need. It changes single columns: whose a
-- session or a device is, and how its person signed in, stays as it was written.

grant select on operator to refettorio_web;

alter table municipality enable row level security;
create policy municipality_read on municipality for select to refettorio_web
  using (true);
create policy municipality_write on municipality for update to refettorio_web
  using (id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, update (name, street, postcode, email, pec, phone, opens_on, patron_name, patron_day) on municipality to refettorio_web;

grant select, insert, update (given_name, family_name, birth_date, updated_at) on citizen to refettorio_web;

grant select, insert, update (citizen_id, method, last_level, last_seen_at) on identity_link to refettorio_web;

grant select, insert, update (secret_hash, previous_secret_hash, rotated_at, sequence_salt, sequence_hash, failures, attempted_at, last_used_at, revoked_at, revoke_reason)
  on remembered_device to refettorio_web;

grant select, insert, update (ended_at, end_reason) on session to refettorio_web;

grant select, insert on sign_in_event to refettorio_web;

grant select, insert, delete on used_sign_in to refettorio_web;

grant select, insert, delete, update (counter, last_used_at) on passkey to refettorio_web;

grant select, insert, delete on webauthn_challenge to refettorio_web;

grant select, insert, delete on interrupted_form to refettorio_web;

grant select, insert, delete, update (attempts, due_at) on token_revocation to refettorio_web;

grant select, insert, delete on heartbeat to refettorio_web;

grant select, insert, update (raised_at, told_at, is_open) on alert to refettorio_web;

grant select (expires_at), delete on attempt_window, attempt_count to refettorio_web;

-- A temporary table stands before the real one for every statement that does not say its schema: no role but the owner makes any.
do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$;
