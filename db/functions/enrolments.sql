-- Whether a pupil eats on a day of a running enrolment: the rule of eatsOn (lib/meals/cutoff.ts), for statements.
create function eats_on(weekdays smallint[], on_day date) returns boolean language sql immutable
as $$ select weekdays is null or extract(isodow from on_day)::smallint = any (weekdays) $$;
