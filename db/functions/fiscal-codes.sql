-- The hash under which a fiscal code is written while its key is replaced. `hashes` are those of one code: first the one with the
-- current key, then with the others of the ring. All rows of a code carry the same hash at each moment, because they are compared
-- with each other; who writes one takes the lock of the code.

create function lock_code(hashes bytea[]) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  select pg_advisory_xact_lock(hashtextextended(encode(min(h), 'hex'), 0)) from unnest(hashes) as h
$$;
revoke execute on function lock_code from public;

-- The citizen of a code gets this hash. Two of them come together: the second was made by a process that did not know the first key.
create function citizen_takes_hash(hashes bytea[], kept bytea) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  main uuid;
  other uuid;
begin
  for other in select c.id from citizen c where c.fiscal_code_hash = any (hashes) and c.fiscal_code_hash <> kept loop
    select c.id into main from citizen c where c.fiscal_code_hash = kept;
    if found then
      update identity_link l set citizen_id = main where l.citizen_id = other;
      update interrupted_form f set citizen_id = main where f.citizen_id = other;
      update remembered_device d set citizen_id = main where d.citizen_id = other;
      update session s set citizen_id = main where s.citizen_id = other;
      update link_request r set citizen_id = main where r.citizen_id = other;
      delete from citizen c where c.id = other;
    else
      update citizen c set fiscal_code_hash = kept where c.id = other;
    end if;
  end loop;
end $$;
revoke execute on function citizen_takes_hash from public;

create function hash_of_code(hashes bytea[]) returns bytea
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  kept bytea;
begin
  perform lock_code(hashes);
  select coalesce(
    (select k.fiscal_code_hash from person_code k where k.fiscal_code_hash = any (hashes) limit 1),
    (select i.fiscal_code_hash from delegate_invitation i
      where i.fiscal_code_hash = any (hashes) and i.fiscal_code_sealed is not null limit 1),
    hashes[1]) into kept;
  -- A citizen whom no municipality knows is in no row with a readable code: this is the only moment at which it can change.
  perform citizen_takes_hash(hashes, kept);
  return kept;
end $$;
comment on function hash_of_code is 'The hash under which a code is written at this moment; it stays so until the transaction ends';
revoke execute on function hash_of_code from public;
grant execute on function hash_of_code to refettorio_web;

-- Moves every row of a code to its current hash; of the owner alone (npm run db:reseal). Invitations come first: who answers one
-- holds its lock, and may write the person down who is moved after it.
create function rekey_code(hashes bytea[]) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  it record;
begin
  perform lock_code(hashes);
  update delegate_invitation i set fiscal_code_hash = hashes[1]
    where i.fiscal_code_hash = any (hashes) and i.fiscal_code_hash <> hashes[1];
  update person_code k set fiscal_code_hash = hashes[1]
    where k.fiscal_code_hash = any (hashes) and k.fiscal_code_hash <> hashes[1];
  for it in select k.municipality_id, k.person_id from person_code k where k.fiscal_code_hash = hashes[1] loop
    update person p set fiscal_code_hash = hashes[1]
      where p.municipality_id = it.municipality_id and p.id = it.person_id
        and p.fiscal_code_hash = any (hashes) and p.fiscal_code_hash <> hashes[1];
  end loop;
  perform citizen_takes_hash(hashes, hashes[1]);
end $$;
revoke execute on function rekey_code from public;
