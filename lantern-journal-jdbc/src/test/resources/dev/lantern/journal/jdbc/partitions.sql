-- tag::partitions[]
begin;
lock table lantern_event;
alter table lantern_event rename to lantern_event_1;
alter index lantern_event_pkey rename to lantern_event_1_pkey;
create table lantern_event (like lantern_event_1 including defaults, primary key (run_key, seq))
  partition by range (run_key);
alter table lantern_event attach partition lantern_event_1 for values from (minvalue) to (1000000);
create table lantern_event_2 partition of lantern_event for values from (1000000) to (2000000);
create table lantern_event_rest partition of lantern_event default;
commit;
-- end::partitions[]
