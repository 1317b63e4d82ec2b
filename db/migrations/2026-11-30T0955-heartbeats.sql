-- When the portal answered, and when its worker ran: one row for each minute, for any number of processes.

create table heartbeat (
  source text not null check (source in ('web', 'worker')),
  minute timestamptz not null check (minute = date_trunc('minute', minute)),
  primary key (source, minute)
);
comment on table heartbeat is 'A minute in which a web process answered a request of its own, or the worker ran; a missing minute is an outage';
