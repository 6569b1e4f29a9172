-- What agents write, where it is kept in the database. Not part of any chain; capped, and dropped by age.

-- One row per run, locked by whoever appends: numbers become visible in their order, so that no reader passes one by.
create table lantern_log (
  log_key bigint generated always as identity primary key,
  tenant varchar(128) not null,
  run varchar(128) not null,
  -- The last number that was given to a line, what the chunks that stand take, and when the last one came.
  last_line bigint not null,
  bytes bigint not null,
  written_at bigint not null,
  constraint lantern_log_name unique (tenant, run)
);

-- Lines that came together. Bytes and not text: there are databases whose text cannot hold every character.
create table lantern_log_chunk (
  log_key bigint not null,
  last_line bigint not null,
  bytes integer not null,
  body varbinary(1048576) not null,
  primary key (log_key, last_line)
);
