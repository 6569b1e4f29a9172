package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.Credentials;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.StepId;
import dev.lantern.core.gateway.PeerIdentity;
import dev.lantern.core.gateway.Presented;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.journal.Event;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import dev.lantern.substrate.GatewayTrust;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hosts that give secrets to instances, and die, and take over. */
class VendingTest {
    private static final String CANARY = "canary-of-the-store-4711";
    private static final SecretPlace GITHUB = new SecretPlace("acme", "github");
    private static final SecretPlace ORDERS = new SecretPlace("acme", "orders");

    private final TestCluster cluster = new TestCluster();
    private final InMemorySecretStore store = new InMemorySecretStore();

    @BeforeEach
    void secrets() {
        store.put(GITHUB, CANARY.getBytes(StandardCharsets.UTF_8));
        store.makes(ORDERS, Duration.ofMinutes(15), n -> (CANARY + "-" + n).getBytes(StandardCharsets.UTF_8));
        cluster.grants(
                SecretRef.of("TOKEN", SecretUri.ofOwnTenant("github")),
                SecretRef.of("DATABASE", SecretUri.ofOwnTenant("orders")));
        cluster.givesSecretsOf(store);
    }

    @Test
    void value_is_handed_over_and_no_event_holds_it() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");

        GatewayReply.Vended vended = vended(cluster.call(host, vend(run, 1, "TOKEN", "r1")));

        assertThat(text(vended)).isEqualTo(CANARY);
        assertThat(vended.lease()).isEqualTo("1-r1");
        assertThat(vended.ttl()).isLessThanOrEqualTo(Duration.ofMinutes(5)).isPositive();
        assertThat(vended.toString()).doesNotContain(CANARY);
        assertThat(cluster.kinds(run)).endsWith("instance_enrolled", "secret_vended");
        assertThat(chain(run)).doesNotContain("canary");
    }

    @Test
    void repeat_of_a_request_gets_the_same_value_under_the_same_lease() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");

        GatewayReply.Vended first = vended(cluster.call(host, vend(run, 1, "DATABASE", "r1")));
        GatewayReply.Vended again = vended(cluster.call(host, vend(run, 1, "DATABASE", "r1")));

        assertThat(text(again)).isEqualTo(text(first));
        assertThat(again.lease()).isEqualTo(first.lease());
        assertThat(store.leases()).as("made once").hasSize(1);
        assertThat(cluster.kinds(run)).filteredOn("secret_vended"::equals).hasSize(1);
    }

    @Test
    void lines_are_masked_from_the_first_one_on_that_could_hold_the_value() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        cluster.call(host, vend(run, 1, "TOKEN", "r1"));

        log(host, run, 1, "token=" + CANARY + " ok");
        cluster.call(host, new GatewayCall.ReturnLease(run, 1, "1-r1"));
        log(host, run, 1, "still " + CANARY);

        assertThat(cluster.lines()).containsExactly("token=[secret TOKEN] ok", "still [secret TOKEN]");
    }

    @Test
    void what_an_agent_says_of_its_steps_is_masked_as_its_lines_are() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        StepId step = StepId.occurrence("call", 1);
        cluster.call(host, vend(run, 1, "TOKEN", "r1"));
        begin(host, run, 1, step, Effect.IDEMPOTENT);

        String error = "401 for https://api.example/?key=" + CANARY + "x".repeat(5_000) + CANARY;
        assertThat(cluster.call(host, new GatewayCall.Fail(run, 1, step, 1, error)))
                .isInstanceOf(GatewayReply.Accepted.class);

        assertThat(chain(run)).doesNotContain("canary").contains("401 for https://api.example/?key=[secret TOKEN]xxx");
    }

    @Test
    void how_a_step_was_settled_is_masked_as_well() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        StepId step = StepId.occurrence("charge", 1);
        begin(host, run, 1, step, Effect.AT_MOST_ONCE);
        host.ended(new InstanceRef(run, 1), new InstanceEnd.Lost("its node is gone"));
        cluster.settle();
        assertThat(cluster.call(host, new GatewayCall.Enrol(run, 2, RunFixture.KEY, 1, 1)))
                .isInstanceOf(GatewayReply.Enrolled.class);
        cluster.call(host, vend(run, 2, "TOKEN", "r1"));

        assertThat(cluster.call(host, new GatewayCall.Resolve(run, 2, step, 1, true, "asked with " + CANARY)))
                .isInstanceOf(GatewayReply.Accepted.class);

        assertThat(chain(run)).doesNotContain("canary").contains("asked with [secret TOKEN]");
    }

    @Test
    void error_is_withheld_while_a_value_that_it_may_hold_cannot_be_known() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        StepId step = StepId.occurrence("call", 1);
        cluster.call(first, vend(run, 1, "TOKEN", "r1"));
        begin(first, run, 1, step, Effect.IDEMPOTENT);
        store.rotate(GITHUB, "another-value".getBytes(StandardCharsets.UTF_8));

        Host second = takenOverFrom(first, run);
        assertThat(cluster.call(second, new GatewayCall.Fail(run, 1, step, 1, "401 for " + CANARY)))
                .isInstanceOf(GatewayReply.Accepted.class);

        assertThat(chain(run)).doesNotContain("canary").contains(SecretValues.WITHHELD);
    }

    @Test
    void host_that_takes_over_masks_what_it_never_handed_out() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        cluster.call(first, vend(run, 1, "TOKEN", "r1"));

        Host second = takenOverFrom(first, run);
        log(second, run, 1, "token=" + CANARY);

        assertThat(cluster.lines()).containsExactly("token=[secret TOKEN]");
    }

    @Test
    void lines_are_withheld_while_a_value_that_they_may_hold_cannot_be_known() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        cluster.call(first, vend(run, 1, "TOKEN", "r1"));
        store.rotate(GITHUB, "another-value".getBytes(StandardCharsets.UTF_8));

        Host second = takenOverFrom(first, run);
        log(second, run, 1, "token=" + CANARY);

        assertThat(cluster.lines()).containsExactly(SecretValues.WITHHELD);
    }

    /** The next owner gives the agent what this host has never heard of. */
    @Test
    void lines_are_withheld_from_an_owner_that_cannot_tell_whether_it_is_one() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        cluster.call(host, vend(run, 1, "TOKEN", "r1"));

        cluster.suspend(host, TestCluster.SETTINGS.lease());
        log(host, run, 1, "token=of-another-host");
        cluster.pass(TestCluster.SETTINGS.lease());
        log(host, run, 1, "token=" + CANARY);

        assertThat(cluster.lines()).containsExactly(SecretValues.WITHHELD, "token=[secret TOKEN]");
    }

    @Test
    void lines_that_still_come_to_a_former_owner_are_withheld() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        log(first, run, 1, "nothing was given yet");
        cluster.join("http://two:8080");
        long owner = cluster.row(run).host().orElseThrow();
        cluster.journal.claim(cluster.row(run).key(), owner, owner + 1, Duration.ofSeconds(5));
        cluster.pass(TestCluster.SETTINGS.lease().multipliedBy(2));

        log(first, run, 1, "token=" + CANARY);

        assertThat(first.owns(run)).isFalse();
        assertThat(cluster.lines()).containsExactly("nothing was given yet", SecretValues.WITHHELD);
    }

    @Test
    void last_lines_of_a_run_that_has_ended_are_masked() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        cluster.call(host, vend(run, 1, "TOKEN", "r1"));
        cluster.journal.put(InboxForms.cancel(cluster.row(run).key(), "enough"), Duration.ofSeconds(1));
        host.lookIntoInbox();
        cluster.pass(Duration.ofSeconds(5));

        log(host, run, 1, "token=" + CANARY);

        assertThat(cluster.kinds(run)).endsWith("run_cancelled");
        assertThat(cluster.lines()).containsExactly("token=[secret TOKEN]");
    }

    @Test
    void dynamic_value_of_a_former_owner_is_replaced_and_lines_flow_again() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        String old = text(vended(cluster.call(first, vend(run, 1, "DATABASE", "r1"))));

        Host second = takenOverFrom(first, run);
        log(second, run, 1, "withheld " + old);
        assertThat(refused(cluster.call(second, vend(run, 1, "DATABASE", "r1"))))
                .isEqualTo("LEASE_CLOSED: lease 1-r1 is not open: ask for the secret anew");
        GatewayReply.Vended anew = vended(cluster.call(second, vend(run, 1, "DATABASE", "r2")));
        log(second, run, 1, "new " + text(anew));

        assertThat(text(anew)).isNotEqualTo(old);
        assertThat(store.revoked()).containsExactly(store.leases().get(0).handle());
        assertThat(cluster.lines()).containsExactly(SecretValues.WITHHELD, "new [secret DATABASE]");
    }

    @Test
    void what_a_dead_instance_was_given_is_ended_by_whoever_owns_the_run() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        cluster.call(first, vend(run, 1, "DATABASE", "r1"));
        cluster.call(first, vend(run, 1, "TOKEN", "r2"));

        Host second = takenOverFrom(first, run);
        second.ended(new InstanceRef(run, 1), new InstanceEnd.Lost("its node is gone"));
        cluster.settle();

        assertThat(store.revoked()).hasSize(1);
        assertThat(cluster.kinds(run)).filteredOn("lease_closed"::equals).hasSize(2);
    }

    @Test
    void owner_that_has_lost_the_run_hands_nothing_over_and_what_it_had_made_is_ended() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        cluster.call(first, vend(run, 1, "TOKEN", "r0"));
        Host second = cluster.join("http://two:8080");
        long owner = cluster.row(run).host().orElseThrow();
        cluster.journal.claim(cluster.row(run).key(), owner, owner + 1, Duration.ofSeconds(5));

        GatewayReply reply = cluster.call(first, vend(run, 1, "DATABASE", "r1"));

        assertThat(refused(reply)).as("the append was fenced").startsWith("UNAVAILABLE");
        assertThat(store.leases()).hasSize(1);
        assertThat(store.revoked()).hasSize(1);
        assertThat(cluster.kinds(run)).filteredOn("secret_vended"::equals).hasSize(1);
        assertThat(second).isNotNull();
    }

    @Test
    void value_is_not_handed_over_if_its_instance_is_given_up_in_the_same_append() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");

        List<GatewayReply> replies = cluster.begin(host, vend(run, 1, "DATABASE", "r1"));
        cluster.begin(host, new GatewayCall.Report(run, 1, "first", List.of(ModelUsage.of("acme", "small", 1, 1))));
        cluster.settleUntil(() -> !store.leases().isEmpty());
        host.ended(new InstanceRef(run, 1), new InstanceEnd.Lost("its node is gone"));
        cluster.settle();

        assertThat(cluster.kinds(run)).containsSubsequence("secret_vended", "instance_lost", "lease_closed");
        assertThat(replies).hasSize(1);
        assertThat(refused(replies.get(0))).startsWith("STALE_EPOCH");
        assertThat(store.revoked()).hasSize(1);
    }

    @Test
    void store_that_is_away_gives_nothing_and_loses_nothing() {
        SwitchedStore switched = new SwitchedStore(store);
        switched.away(true);
        cluster.givesSecretsOf(switched.store());
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");

        assertThat(refused(cluster.call(host, vend(run, 1, "TOKEN", "r1"))))
                .isEqualTo("UNAVAILABLE: the secret store does not answer; repeat the call");
        switched.away(false);
        assertThat(text(vended(cluster.call(host, vend(run, 1, "TOKEN", "r1")))))
                .isEqualTo(CANARY);
    }

    @Test
    void dynamic_lease_is_renewed_under_the_same_value() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        GatewayReply.Vended first = vended(cluster.call(host, vend(run, 1, "DATABASE", "r1")));
        cluster.pass(Duration.ofSeconds(10));

        GatewayReply.Vended renewed = vended(cluster.call(host, new GatewayCall.RenewLease(run, 1, first.lease())));

        assertThat(text(renewed)).isEqualTo(text(first));
        assertThat(renewed.ttl()).isEqualTo(Duration.ofMinutes(5));
        assertThat(store.leases())
                .singleElement()
                .satisfies(lease -> assertThat(lease.revoked()).isFalse());
        assertThat(cluster.kinds(run)).filteredOn("secret_vended"::equals).hasSize(2);
    }

    @Test
    void store_that_is_away_neither_renews_nor_ends_and_is_asked_until_it_does() {
        SwitchedStore switched = new SwitchedStore(store);
        cluster.givesSecretsOf(switched.store());
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        String lease =
                vended(cluster.call(host, vend(run, 1, "DATABASE", "r1"))).lease();

        switched.away(true);
        assertThat(refused(cluster.call(host, new GatewayCall.RenewLease(run, 1, lease))))
                .isEqualTo("UNAVAILABLE: the secret store does not answer; repeat the call");
        assertThat(cluster.call(host, new GatewayCall.ReturnLease(run, 1, lease)))
                .isInstanceOf(GatewayReply.Accepted.class);
        assertThat(cluster.kinds(run)).doesNotContain("lease_closed");
        switched.away(false);
        cluster.pass(Duration.ofSeconds(3));

        assertThat(store.revoked()).hasSize(1);
        assertThat(cluster.kinds(run)).endsWith("lease_closed");
    }

    /** What was made for nobody is ended, and the call is repeated as it was. */
    @Test
    void request_whose_answer_came_to_an_owner_in_doubt_is_served_when_it_is_repeated() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        List<GatewayReply> replies = cluster.begin(host, vend(run, 1, "DATABASE", "r1"));
        cluster.suspend(host, TestCluster.SETTINGS.lease());
        cluster.settle();
        assertThat(replies)
                .singleElement()
                .satisfies(reply -> assertThat(refused(reply)).startsWith("NOT_OWNER"));
        assertThat(store.revoked()).hasSize(1);

        cluster.pass(TestCluster.SETTINGS.lease());

        assertThat(text(vended(cluster.call(host, vend(run, 1, "DATABASE", "r1")))))
                .isEqualTo(CANARY + "-2");
    }

    /** Nor is a run without an owner because its store has a defect. */
    @Test
    void run_is_taken_over_though_its_store_fails_in_a_way_that_no_store_should() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        cluster.call(first, vend(run, 1, "TOKEN", "r1"));
        cluster.givesSecretsOf((SecretStore) Proxy.newProxyInstance(
                SecretStore.class.getClassLoader(), new Class<?>[] {SecretStore.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("a defect of this store");
                }));

        Host second = takenOverFrom(first, run);
        log(second, run, 1, "token=" + CANARY);

        assertThat(second.owns(run)).isTrue();
        assertThat(cluster.lines()).containsExactly(SecretValues.WITHHELD);
    }

    @Test
    void instance_with_a_certificate_is_given_secrets_and_the_token_of_its_platform_gives_none() {
        cluster.certifies(new CredentialIssuer() {
            @Override
            public Credentials issue(Subject subject, Duration within) {
                return Credentials.of(
                        List.of(new byte[] {1}), "a.b.c", List.of(new byte[] {2}), Duration.ofMinutes(10));
            }

            @Override
            public GatewayTrust trust(Duration within) {
                return new GatewayTrust("lantern.internal", List.of("AQ=="));
            }
        });
        Host host = cluster.join("https://one:8080");
        RunRef run = cluster.spawn(host, "ticket-4711");
        cluster.platformKnows(credential -> Optional.of(new InstanceRef(run, 1)));
        GatewayCall enrol = new GatewayCall.Enrol(
                run, 1, RunFixture.KEY, 1, 3, Optional.empty(), Optional.of(RunFixture.SIGNATURE));

        assertThat(cluster.call(host, enrol)).isInstanceOfSatisfying(GatewayReply.Enrolled.class, enrolled -> {
            assertThat(enrolled.credentials()).isPresent();
            assertThat(enrolled.secrets()).containsExactly("TOKEN", "DATABASE");
        });
        assertThat(refused(cluster.call(host, vend(run, 1, "TOKEN", "r1"))))
                .isEqualTo("UNKNOWN_INSTANCE: no such instance");
        PeerIdentity peer = new PeerIdentity(run, 1, HexFormat.of().formatHex(RunFixture.KEY), Instant.MAX);
        assertThat(text(vended(cluster.call(host, new Presented.Certificate(peer), vend(run, 1, "TOKEN", "r1")))))
                .isEqualTo(CANARY);
        assertThat(cluster.starts().get(0).trust()).isPresent();
    }

    @Test
    void zombie_can_neither_complete_nor_vend_and_each_attempt_leaves_a_trace() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        host.ended(new InstanceRef(run, 1), new InstanceEnd.Lost("its node is gone"));
        cluster.settle();

        assertThat(refused(cluster.call(host, vend(run, 1, "TOKEN", "r1")))).startsWith("STALE_EPOCH");
        assertThat(cluster.kinds(run)).as("before the seal").contains("anomaly_detected");
        assertThat(cluster.strangers()).isEmpty();

        cluster.journal.put(InboxForms.cancel(cluster.row(run).key(), "enough"), Duration.ofSeconds(1));
        host.lookIntoInbox();
        cluster.pass(Duration.ofSeconds(5));
        assertThat(cluster.kinds(run)).endsWith("run_cancelled");
        int sealed = cluster.kinds(run).size();
        assertThat(refused(cluster.call(host, vend(run, 1, "TOKEN", "r2")))).startsWith("STALE_EPOCH");

        assertThat(cluster.kinds(run)).hasSize(sealed);
        assertThat(cluster.strangers()).as("behind the seal").containsExactly("stale-epoch");
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void strangers_leave_a_trace_that_is_not_in_the_chain() {
        Host host = cluster.join("http://one:8080");
        RunRef run = cluster.running(host, "ticket-4711");
        int before = cluster.kinds(run).size();

        byte[] guessed = "a guessed secret".getBytes(StandardCharsets.US_ASCII);

        cluster.call(host, guessed, vend(run, 1, "TOKEN", "r1"));
        cluster.call(host, guessed, vend(new RunRef("acme", "no-such-run"), 1, "TOKEN", "r1"));

        assertThat(cluster.kinds(run)).hasSize(before);
        assertThat(cluster.strangers()).containsExactly("proof-of-nobody", "run-unknown");
    }

    private Host takenOverFrom(Host first, RunRef run) {
        Host second = cluster.join("http://two:8080");
        cluster.kill(first);
        cluster.pass(TestCluster.SETTINGS.lease().multipliedBy(2));
        assertThat(second.owns(run)).isTrue();
        return second;
    }

    private void begin(Host host, RunRef run, int epoch, StepId step, Effect effect) {
        assertThat(cluster.call(host, new GatewayCall.Begin(run, epoch, step, effect, Optional.empty(), 0)))
                .isInstanceOf(GatewayReply.RunIt.class);
    }

    private void log(Host host, RunRef run, int epoch, String line) {
        host.logged(new InstanceRef(run, epoch), Instant.EPOCH, "stdout", line);
    }

    private String chain(RunRef run) {
        StringBuilder all = new StringBuilder();
        for (Event event : cluster.journal.read(cluster.row(run).key(), 0, 1_000, Duration.ofSeconds(5))) {
            all.append(new String(event.bytes(), StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    private static GatewayCall vend(RunRef run, int epoch, String name, String request) {
        return new GatewayCall.Vend(run, epoch, name, request);
    }

    private static GatewayReply.Vended vended(GatewayReply reply) {
        assertThat(reply).isInstanceOf(GatewayReply.Vended.class);
        return (GatewayReply.Vended) reply;
    }

    private static String text(GatewayReply.Vended vended) {
        return new String(vended.value().reveal(), StandardCharsets.UTF_8);
    }

    private static String refused(GatewayReply reply) {
        return RunFixture.told(reply);
    }

    /** A store that sometimes does not answer. */
    private static final class SwitchedStore {
        private final SecretStore store;
        private boolean away;

        SwitchedStore(SecretStore behind) {
            store = (SecretStore) Proxy.newProxyInstance(
                    SecretStore.class.getClassLoader(), new Class<?>[] {SecretStore.class}, (proxy, method, args) -> {
                        if (away) {
                            throw new LanternException("the store does not answer");
                        }
                        return method.invoke(behind, args);
                    });
        }

        SecretStore store() {
            return store;
        }

        void away(boolean now) {
            away = now;
        }
    }
}
