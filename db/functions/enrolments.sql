-- Whether a pupil eats on a day of a running enrolment: the rule of eatsOn (lib/meals/cutoff.ts), for statements.
create function eats_on(weekdays smallint[], on_day date) returns boolean language sql immutable
as $$ select weekdays is null or extract(isodow from on_day)::smallint = any (weekdays) $$;

-- Whether a last day is the end of what a class has of a service in its year: who ends earlier was taken out. Null where the service is
-- not given there.
create function reaches_its_end(in_municipality uuid, in_service uuid, in_class uuid, last_day date) returns boolean
language sql stable as $$
  select last_day >= least(t.ends_on, k.valid_to, s.valid_to) from school_class k
  join school s on s.municipality_id = in_municipality and s.id = k.school_id
  join service_schedule t on t.municipality_id = in_municipality and t.school_id = k.school_id
    and t.school_year_id = k.school_year_id and t.service_id = in_service
  where k.municipality_id = in_municipality and k.id = in_class
$$;
