-- The journal of Lantern on H2.
-- Hot rows are narrow and apart (lantern_head), events are stored exactly as hashed, and what can be erased
-- stands in nullable columns beside them. No index holds a column that an append changes.

create table lantern_installation (
  id varchar(64) not null primary key
);
insert into lantern_installation (id) values (cast(random_uuid() as varchar(64)));

-- One row per incarnation of a host process. Numbers are never used twice.
create table lantern_host (
  host bigint generated always as identity primary key,
  address varchar(1024) not null,
  renewed_at timestamp(6) with time zone not null,
  lease_until timestamp(6) with time zone not null,
  departed boolean default false not null,
  -- How many claims have taken a run from this host by name.
  taken bigint default 0 not null
);

create table lantern_run (
  run_key bigint generated always as identity primary key,
  tenant varchar(128) not null,
  run varchar(128) not null,
  agent varchar(255) not null,
  created_at timestamp(6) with time zone not null,
  -- What is left of the run: WHOLE, CHAIN or TOMBSTONE.
  retained varchar(9) default 'WHOLE' not null,
  constraint lantern_run_name unique (tenant, run)
);

-- Lists are in the order of creation.
create index lantern_run_created on lantern_run (created_at, run_key);
create index lantern_run_tenant_created on lantern_run (tenant, created_at, run_key);

create table lantern_label (
  run_key bigint not null,
  name varchar(317) not null,
  content varchar(255) not null,
  primary key (run_key, name)
);
create index lantern_label_content on lantern_label (name, content, run_key);

-- What was erased and deleted of which run, when and why; one row per run and kind.
create table lantern_disposal (
  run_key bigint not null,
  kind varchar(7) not null,
  disposed_at timestamp(6) with time zone not null,
  reason varchar(1000) not null,
  primary key (run_key, kind)
);

-- The fence: owner, epoch and end of the chain. The owner is null once the run is closed; where a host released the
-- run it is that host's number, negative.
create table lantern_head (
  run_key bigint not null primary key,
  host bigint,
  epoch integer not null,
  seq bigint not null,
  hash binary(32) not null,
  status varchar(16) not null
);
create index lantern_head_host on lantern_head (host);

create table lantern_event (
  run_key bigint not null,
  seq bigint not null,
  bytes varbinary(1048576) not null,
  hash binary(32) not null,
  salts varbinary(1048576),
  body varbinary(1048576),
  -- In the place of body where that is too long for it: the input of a run.
  large_body blob,
  primary key (run_key, seq)
);

-- Payloads too large for an event's row, written before the event that commits to them.
create table lantern_opening (
  run_key bigint not null,
  commitment binary(32) not null,
  body blob,
  primary key (run_key, commitment)
);

create table lantern_inbox (
  id bigint generated always as identity primary key,
  run_key bigint not null,
  kind varchar(255) not null,
  body varbinary(1048576) not null
);
create index lantern_inbox_run on lantern_inbox (run_key);
