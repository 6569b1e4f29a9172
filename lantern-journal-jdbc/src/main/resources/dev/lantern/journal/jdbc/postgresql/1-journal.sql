-- The journal of Lantern on PostgreSQL.
-- Hot rows are narrow and apart (lantern_head), events are stored exactly as hashed, and what can be erased
-- stands in nullable columns beside them. No index holds a column that an append changes.

create table lantern_installation (
  id text not null primary key
);
insert into lantern_installation (id) values (gen_random_uuid()::text);

-- Stands in every statement that writes: under other settings a rival's commit would fail a whole group instead of
-- one append, or a commit would be acknowledged before it is on disk. Bounds the waiting for locks as well, for this
-- transaction alone: whatever stands between client and server, no session is changed.
create function lantern_guard(lock_millis integer) returns boolean
language plpgsql volatile as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'lantern(%)', current_setting('transaction_isolation') using errcode = 'LN001';
  end if;
  if current_setting('synchronous_commit') = 'off' then
    raise exception 'lantern(%)', current_setting('synchronous_commit') using errcode = 'LN002';
  end if;
  perform set_config('lock_timeout', lock_millis::text, true);
  return true;
end;
$$;

-- One row per incarnation of a host process. Numbers are never used twice.
create table lantern_host (
  host bigint generated always as identity primary key,
  renewed_at timestamptz not null,
  lease_until timestamptz not null,
  -- How many claims have taken a run from this host by name.
  taken bigint default 0 not null,
  departed boolean default false not null,
  address text not null
) with (fillfactor = 50);

create table lantern_run (
  run_key bigint generated always as identity primary key,
  tenant text collate "C" not null,
  run text collate "C" not null,
  agent text collate "C" not null,
  created_at timestamptz not null,
  -- What is left of the run: WHOLE, CHAIN or TOMBSTONE.
  retained text collate "C" default 'WHOLE' not null,
  constraint lantern_run_name unique (tenant, run)
);

-- Lists are in the order of creation.
create index lantern_run_created on lantern_run (created_at, run_key);
create index lantern_run_tenant_created on lantern_run (tenant, created_at, run_key);

create table lantern_label (
  run_key bigint not null,
  name text collate "C" not null,
  content text collate "C" not null,
  primary key (run_key, name)
);
create index lantern_label_content on lantern_label (name, content, run_key);

-- What was erased and deleted of which run, when and why; one row per run and kind.
create table lantern_disposal (
  run_key bigint not null,
  kind text collate "C" not null,
  disposed_at timestamptz not null,
  reason text not null,
  primary key (run_key, kind)
);

-- The fence: owner, epoch and end of the chain. The owner is null once the run is closed; where a host released the
-- run it is that host's number, negative. Half of each page stays free, so that the next version of a row finds room
-- beside the last and no index has to hear of it.
create table lantern_head (
  run_key bigint not null primary key,
  host bigint,
  seq bigint not null,
  epoch integer not null,
  status text collate "C" not null,
  hash bytea not null
) with (fillfactor = 50);
create index lantern_head_host on lantern_head (host) where host is not null;

create table lantern_event (
  run_key bigint not null,
  seq bigint not null,
  hash bytea not null,
  bytes bytea not null,
  salts bytea,
  body bytea,
  primary key (run_key, seq)
);

-- Payloads too large for an event's row, written before the event that commits to them.
create table lantern_opening (
  run_key bigint not null,
  commitment bytea not null,
  body bytea,
  primary key (run_key, commitment)
);

create table lantern_inbox (
  id bigint generated always as identity primary key,
  run_key bigint not null,
  kind text not null,
  body bytea not null
);
create index lantern_inbox_run on lantern_inbox (run_key);
