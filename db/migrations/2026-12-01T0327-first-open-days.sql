-- The first day that no kitchen has counted is asked for by every form that moves pupils or prices: without these a year of service days
-- of every school was read from its end.
create index service_day_counted on service_day (municipality_id, service_id, day) where status = 'closed';
create index service_day_by_cutoff on service_day (municipality_id, cutoff_at) where status = 'open';
