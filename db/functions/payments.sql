-- A top-up moves only along `top_up_legal_transition`; an invoice is numbered when the money arrives, and its XML may come
-- later, once.

create function top_up_is_lawful() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'created' then
      raise exception 'a top-up starts as created' using errcode = 'restrict_violation';
    end if;
    if not exists (select from active_member m where m.municipality_id = new.municipality_id
      and m.household_id = new.household_id and m.person_id = new.payer_id and m.role = 'holder') then
      raise exception 'only the holder pays' using errcode = 'restrict_violation';
    end if;
    if not exists (select from account a where a.municipality_id = new.municipality_id and a.id = new.account_id and a.household_id = new.household_id) then
      raise exception 'the account belongs to another household' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if (old.household_id, old.account_id, old.payer_id, old.client_key, old.meals, old.unit_cents, old.method, old.order_id)
      is distinct from (new.household_id, new.account_id, new.payer_id, new.client_key, new.meals, new.unit_cents, new.method, new.order_id) then
    raise exception 'what was asked of a top-up does not change' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and not exists (select from top_up_legal_transition t where t.from_state = old.state and t.to_state = new.state) then
    raise exception 'a top-up does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and app_audience() = 'family' and (old.state <> 'created' or new.state not in ('redirected', 'failed')) then
    raise exception 'a family only opens its order: what came of it says the provider' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger top_up_lawful before insert or update on top_up for each row execute function top_up_is_lawful();

create function invoice_is_completed_once() returns trigger language plpgsql as $$
declare
  kept jsonb := to_jsonb(old) - '{customer,supplier,gaps,xml,xml_sha256,completed_at}'::text[];
begin
  if old.xml is not null or new.xml is null then
    raise exception 'invoice is append-only: update refused' using errcode = 'restrict_violation';
  end if;
  if to_jsonb(new) - '{customer,supplier,gaps,xml,xml_sha256,completed_at}'::text[] is distinct from kept then
    raise exception 'completing an invoice changes nothing else of it' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger invoice_completed_once before update on invoice for each row execute function invoice_is_completed_once();

-- One supplier serves several municipalities: the web role writes it here alone, for a member of the office of one of them.
create function save_supplier(expected integer, written jsonb) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then
    raise exception 'only the office changes a supplier' using errcode = 'insufficient_privilege';
  end if;
  update operator o set
    name = written->>'name', vat_number = written->>'vatNumber', fiscal_code = written->>'fiscalCode',
    tax_regime = written->>'taxRegime', street = written->>'street', postcode = written->>'postalCode',
    city = written->>'city', province = written->>'province', email = written->>'email', phone = written->>'phone',
    revision = o.revision + 1
  from municipality m
  where m.id = municipality and o.id = m.operator_id and o.revision = expected;
  return found;
end $$;
comment on function save_supplier is 'Writes the supplier of this municipality if it is still at the expected revision; answers whether it was';
revoke execute on function save_supplier from public;
grant execute on function save_supplier to refettorio_web;
