-- What anyone may know of news and documents that are gone.

create function content_gone(of_kind text, of_slug text) returns table (state text, gone_at timestamptz, reason text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  moment constant timestamptz := app_now();
begin
  return query
    select case when i.withdrawn_at is not null then 'withdrawn' else 'expired' end,
      coalesce(i.withdrawn_at, i.expire_at), coalesce(i.withdrawn_reason, '')
    from content_item i
    where i.municipality_id = municipality and i.kind = of_kind and i.slug = of_slug
      and i.publish_at <= moment and (i.withdrawn_at is null or i.withdrawn_at >= i.publish_at)
      and (i.withdrawn_at is not null or i.expire_at <= moment);
end $$;
comment on function content_gone is 'What anyone may know of something that was public and no longer is: that it was, since when not, and why.';
revoke execute on function content_gone from public;
grant execute on function content_gone to refettorio_web;
