# `make` prints what there is. The comments behind the targets are the help text.
MVN ?= mvn -B -ntp

.DEFAULT_GOAL := help
.PHONY: help check check-long format api mutants cluster vault reproducible bench-runs bench-journal bench-spawn bench-gateway bench-harness simulate torture

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: ## everything that CI runs, on JDK 17 and JDK 25
	.ci/run

check-long: ## the same with nothing left out: hours
	.ci/run long

format: ## format the sources
	$(MVN) -q spotless:apply

api: ## rewrite api/*.txt after a deliberate change of the public API
	$(MVN) -q -pl lantern-it -am verify -Dspotless.check.skip -Dtest=ApiTextTest -Dsurefire.failIfNoSpecifiedTests=false -Dlantern.api.update=true
	git --no-pager diff --stat -- api

mutants: ## change what decides in small ways, and list in docs/mutants.md what no test noticed; ten minutes
	.ci/mutants

CLUSTER_TESTS = -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip
cluster: ## every test that wants a real cluster, on the one that LANTERN_TEST_KUBECONFIG names; writes docs/evidence and the README's table
	@test -n "$$LANTERN_TEST_KUBECONFIG" || { echo "set LANTERN_TEST_KUBECONFIG to the kubeconfig of a cluster that tests may use" >&2; exit 2; }
	find . -path '*/target/surefire-reports/TEST-*OnClusterTest.xml' -delete
	$(MVN) -q test $(CLUSTER_TESTS) -Dtest='*OnClusterTest' -Dmaven.test.failure.ignore=true
	$(MVN) -q test $(CLUSTER_TESTS) -pl lantern-it -am -Dtest=ClusterEvidence -Dlantern.evidence.collect=true
	$(MVN) -q test $(CLUSTER_TESTS) -pl lantern-it -am -Dtest=ProvenWhereTest -Dlantern.evidence.update=true

vault: ## every test that wants a real OpenBao or Vault, on the server program that LANTERN_TEST_VAULT names
	@test -n "$$LANTERN_TEST_VAULT" || { echo "set LANTERN_TEST_VAULT to the program of an OpenBao or Vault server" >&2; exit 2; }
	$(MVN) -q test $(CLUSTER_TESTS) -pl lantern-it -am -Dtest='*OnVaultTest'

reproducible: ## build twice, in different places and time zones, and compare every jar and pom
	.ci/reproducible

bench-runs: ## 10,000 concurrent runs in 256 MiB, and the resume of a run of 10,000 steps
	$(MVN) -q -DskipTests -Pbench -Dbench=BenchRuns -pl benchmarks -am package

POSTGRES ?=
PARTS ?=
bench-journal: ## the journal on H2 and PostgreSQL against raw commits and a peer; POSTGRES=jdbc:… takes a server of yours
	$(MVN) -q -DskipTests -Dspotless.check.skip -Pbench -Dbench=BenchJournal -Dlantern.bench.postgres='$(POSTGRES)' -Dlantern.bench.parts='$(PARTS)' -pl benchmarks -am package

bench-spawn: ## what spawning on Kubernetes costs, on the fake API server and, with LANTERN_TEST_KUBECONFIG and LANTERN_BENCH_NAMESPACE, on a real one
	$(MVN) -q -DskipTests -Dspotless.check.skip -Pbench -Dbench=BenchSpawn -pl benchmarks -am package

bench-gateway: ## what a step call over TLS costs a host, how many it answers, how fast, and what an idle connection holds
	$(MVN) -q -DskipTests -Dspotless.check.skip -Pbench -Dbench=BenchGateway -pl benchmarks -am package

HARNESS ?=
bench-harness: ## how fast the harness starts and what it adds to a step; HARNESS=dir takes the unpacked image as well
	$(MVN) -q -DskipTests -Dspotless.check.skip -Pbench -Dbench=BenchHarness -Dlantern.bench.postgres='$(POSTGRES)' -Dlantern.bench.harness='$(HARNESS)' -pl benchmarks -am package

RUNS ?= 2000
torture: ## three hosts on one PostgreSQL, tortured for RUNS runs (default 2000); seed and counts are printed
	$(MVN) -q -pl lantern-it -am test -Dspotless.check.skip -Dtest=TortureTest -Dsurefire.failIfNoSpecifiedTests=false -Dlantern.torture.runs=$(RUNS) -Dlantern.test.seconds=7200

SEEDS ?= 1000
FIRST ?= 1
simulate: ## run SEEDS seeds of the simulation from FIRST on (default 1000 from 1); the story of a failing one is printed
	$(MVN) -q -pl lantern-testkit -am test -Dspotless.check.skip -Dtest='SimulationTest#every_invariant_holds_in_every_seed' -Dsurefire.failIfNoSpecifiedTests=false -Dlantern.seeds=$(SEEDS) -Dlantern.seeds.first=$(FIRST) -Dlantern.seeds.seconds=86400
