-- The scope of a transaction, which every policy reads: municipality, person and audience. db/client.ts sets it for each
-- transaction; without it no row is visible. A day begins and ends on the wall clock in Italy.

create function app_today() returns date language sql stable
as $$ select (app_now() at time zone 'Europe/Rome')::date $$;

create function app_municipality() returns uuid language sql stable
as $$ select nullif(current_setting('app.municipality_id', true), '')::uuid $$;

create function app_person() returns uuid language sql stable
as $$ select nullif(current_setting('app.person_id', true), '')::uuid $$;

create function app_audience() returns text language sql stable
as $$ select coalesce(current_setting('app.audience', true), '') $$;
