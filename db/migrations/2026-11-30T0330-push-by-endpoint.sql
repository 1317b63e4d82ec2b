-- A browser that renews its address knows the old one and no municipality.
create index push_subscription_by_endpoint on push_subscription (endpoint) where ended_at is null;
