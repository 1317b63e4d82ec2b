-- What was charged does not change: neither the price of a day that is closed nor the band of a child on it.

create function meal_price_charged(m uuid, s uuid, first_day date) returns boolean language sql stable as $$
  select exists (select from service_day d where d.municipality_id = m and d.service_id = s and d.status = 'closed' and d.day >= first_day
    and d.day < coalesce((select min(p.valid_from) from meal_price p
      where p.municipality_id = m and p.service_id = s and p.valid_from > first_day), 'infinity'))
$$;

create function fare_band_price_charged(m uuid, s uuid, c text, first_day date) returns boolean language sql stable as $$
  select exists (select from fare_assignment f
    join service_day d on d.municipality_id = m and d.service_id = f.service_id
      and d.day between greatest(f.valid_from, first_day) and f.valid_to
    where f.municipality_id = m and f.service_id = s and f.band_code = c and d.status = 'closed'
      and d.day < coalesce((select min(p.valid_from) from fare_band_price p
        where p.municipality_id = m and p.service_id = s and p.code = c and p.valid_from > first_day), 'infinity'))
$$;

create function fare_charged(m uuid, s uuid, p uuid, first_day date, last_day date) returns boolean language sql stable as $$
  select exists (select from enrolment e
    join service_day d on d.municipality_id = m and d.service_id = e.service_id and d.school_id = e.school_id
      and d.day between greatest(e.valid_from, first_day) and least(e.valid_to, last_day)
    where e.municipality_id = m and e.service_id = s and e.pupil_id = p and d.status = 'closed')
$$;

create function charged_meal_price_stays() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and meal_price_charged(old.municipality_id, old.service_id, old.valid_from)
    or tg_op <> 'DELETE' and meal_price_charged(new.municipality_id, new.service_id, new.valid_from) then
    raise exception 'a price that was charged does not change' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger meal_price_stays before insert or update or delete on meal_price for each row
  execute function charged_meal_price_stays();

create function charged_band_price_stays() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and fare_band_price_charged(old.municipality_id, old.service_id, old.code, old.valid_from)
    or tg_op <> 'DELETE' and fare_band_price_charged(new.municipality_id, new.service_id, new.code, new.valid_from) then
    raise exception 'a price that was charged does not change' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger fare_band_price_stays before insert or update or delete on fare_band_price for each row
  execute function charged_band_price_stays();

create function charged_fare_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if (old.pupil_id, old.service_id, old.band_code, old.valid_from) is distinct from (new.pupil_id, new.service_id, new.band_code, new.valid_from) then
      raise exception 'a band that was given keeps its pupil, its code and its first day' using errcode = 'restrict_violation';
    end if;
    if fare_charged(old.municipality_id, old.service_id, old.pupil_id,
        least(old.valid_to, new.valid_to) + 1, greatest(old.valid_to, new.valid_to)) then
      raise exception 'a band of a charged day does not change' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'INSERT' then
    if fare_charged(new.municipality_id, new.service_id, new.pupil_id, new.valid_from, new.valid_to) then
      raise exception 'a band does not reach a charged day' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if fare_charged(old.municipality_id, old.service_id, old.pupil_id, old.valid_from, old.valid_to) then
    raise exception 'a band of a charged day does not change' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
create trigger fare_assignment_stays before insert or update or delete on fare_assignment for each row
  execute function charged_fare_stays();
