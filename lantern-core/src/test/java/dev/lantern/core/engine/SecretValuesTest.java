package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretMode;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.secrets.SecretStore;
import dev.lantern.secrets.SecretValue;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecretValuesTest {
    private static final Duration WITHIN = Duration.ofSeconds(1);
    private static final String CANARY = "canary-of-the-store-4711";
    private static final SecretPlace GITHUB = new SecretPlace("acme", "github");

    private final RunFixture run = RunFixture.granted(
                    SecretPolicy.defaults(),
                    SecretRef.of("TOKEN", SecretUri.ofOwnTenant("github")),
                    SecretRef.of("DATABASE", SecretUri.ofOwnTenant("orders")))
            .running();
    private final InMemorySecretStore store =
            new InMemorySecretStore().put(GITHUB, CANARY.getBytes(StandardCharsets.UTF_8));
    private final SecretValues values = new SecretValues(Optional.of(store), WITHIN);

    // -- handing out -------------------------------------------------------------------------------------------------

    @Test
    void value_is_known_by_its_lease_until_that_is_closed_and_masked_for_longer() {
        SecretValue value = value(CANARY);
        vended("r1", fixed("1"));
        values.hold(RunFixture.RUN, lease("1-r1"), value);

        values.settle(run.state());
        assertThat(values.reveal(RunFixture.RUN, "1-r1")).contains(CANARY.getBytes(StandardCharsets.UTF_8));

        run.call(new GatewayCall.ReturnLease(RunFixture.RUN, 1, "1-r1"));
        values.settle(run.state());
        assertThat(values.reveal(RunFixture.RUN, "1-r1")).isEmpty();
        assertWiped(value);
        assertThat(masked("token=" + CANARY)).isEqualTo("token=[secret TOKEN]");
    }

    @Test
    void value_that_another_one_takes_the_place_of_is_wiped() {
        SecretValue former = value("the former value");
        SecretValue newest = value("the newest value");
        vended("r1", fixed("1"));
        values.hold(RunFixture.RUN, lease("1-r1"), former);
        values.hold(RunFixture.RUN, lease("1-r1"), newest);
        values.hold(RunFixture.RUN, lease("1-r1"), newest);

        assertWiped(former);
        assertThat(values.reveal(RunFixture.RUN, "1-r1")).contains("the newest value".getBytes(StandardCharsets.UTF_8));
        assertThat(masked("the former value")).isEqualTo("[secret TOKEN]");
    }

    // -- taking over -------------------------------------------------------------------------------------------------

    /** Events of the run become durable all the time; none of them makes a value known. */
    @Test
    void lines_stay_withheld_for_as_long_as_a_dynamic_lease_of_a_former_owner_is_open() {
        vended("r1", dynamic("h1"));
        vended("r2", fixed("1"));
        values.adopt(run.state());
        values.settle(run.state());
        assertThat(masked("any line")).isEqualTo(SecretValues.WITHHELD);

        run.call(new GatewayCall.ReturnLease(RunFixture.RUN, 1, "1-r1"));
        run.take(new Stimulus.SecretRevoked("1-r1", "returned"));
        values.settle(run.state());
        assertThat(masked("any line")).isEqualTo("any line");
    }

    @Test
    void host_that_gets_its_own_run_back_knows_what_it_handed_out() {
        vended("r1", dynamic("h1"));
        values.begin(run.state());
        values.hold(RunFixture.RUN, lease("1-r1"), value(CANARY));

        values.adopt(run.state());

        assertThat(masked("token=" + CANARY)).isEqualTo("token=[secret DATABASE]");
    }

    /** Another one has owned it in between, and renewed a lease of which this one still holds the former value. */
    @Test
    void host_that_gets_its_own_run_back_reads_what_was_handed_over_since() {
        vended("r1", fixed("1"));
        values.begin(run.state());
        SecretValue former = value(CANARY);
        values.hold(RunFixture.RUN, lease("1-r1"), former);
        store.rotate(GITHUB, "the newest value".getBytes(StandardCharsets.UTF_8));
        renewed("1-r1", fixed("2"));

        values.adopt(run.state());

        assertThat(masked("the newest value, " + CANARY)).isEqualTo("[secret TOKEN], [secret TOKEN]");
        assertWiped(former);
        assertThat(values.reveal(RunFixture.RUN, "1-r1")).contains("the newest value".getBytes(StandardCharsets.UTF_8));
    }

    /** The next value says nothing of the one before it, which the agent has. */
    @Test
    void lines_stay_withheld_when_a_value_that_could_not_be_read_is_replaced() {
        vended("r1", fixed("1"));
        store.rotate(GITHUB, "the newest value".getBytes(StandardCharsets.UTF_8));
        values.adopt(run.state());
        assertThat(masked("token=" + CANARY)).isEqualTo(SecretValues.WITHHELD);

        renewed("1-r1", fixed("2"));
        values.hold(RunFixture.RUN, lease("1-r1"), value("the newest value"));
        values.settle(run.state());

        assertThat(masked("token=" + CANARY)).isEqualTo(SecretValues.WITHHELD);
    }

    /** It answers with a dynamic secret where a static one was given out. */
    @Test
    void value_that_was_read_only_to_mask_it_and_is_another_one_is_ended_and_wiped() {
        vended("r1", fixed("1"));
        SecretValue made = value(CANARY);
        InMemorySecretStore behind = new InMemorySecretStore()
                .makes(GITHUB, Duration.ofHours(1), number -> CANARY.getBytes(StandardCharsets.UTF_8));
        SecretValues other = new SecretValues(Optional.of(new Issuing(behind, made)), WITHIN);

        other.adopt(run.state());

        assertThat(other.masked(RunFixture.RUN, "any line", true)).isEqualTo(SecretValues.WITHHELD);
        assertThat(behind.revoked()).hasSize(1);
        assertWiped(made);
    }

    // -- forgetting --------------------------------------------------------------------------------------------------

    @Test
    void run_that_nothing_is_heard_of_any_more_is_forgotten_and_its_values_are_wiped() {
        SecretValue value = value(CANARY);
        vended("r1", fixed("1"));
        values.begin(run.state());
        values.hold(RunFixture.RUN, lease("1-r1"), value);

        values.forget(RunFixture.RUN, values.times(RunFixture.RUN));

        assertWiped(value);
        assertThat(values.reveal(RunFixture.RUN, "1-r1")).isEmpty();
    }

    @Test
    void run_that_came_back_meanwhile_is_not_forgotten() {
        vended("r1", fixed("1"));
        values.begin(run.state());
        int times = values.times(RunFixture.RUN);
        values.adopt(run.state());

        values.forget(RunFixture.RUN, times);

        assertThat(values.times(RunFixture.RUN)).isEqualTo(times + 1);
        assertThat(masked("token=" + CANARY)).isEqualTo("token=[secret TOKEN]");
        values.forget(RunFixture.RUN, times + 1);
        assertThat(values.times(RunFixture.RUN)).isZero();
    }

    // -- fixture -----------------------------------------------------------------------------------------------------

    /** Hands out what was made under a value that the test can look at. */
    private record Issuing(SecretStore behind, SecretValue made) implements SecretStore {
        @Override
        public String name() {
            return "one that hands out a known value";
        }

        @Override
        public Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within) {
            return behind.issue(place, ttl, within)
                    .map(issued ->
                            new IssuedSecret(made, issued.mode(), issued.handle(), issued.ttl(), issued.version()));
        }

        @Override
        public Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within) {
            return behind.renew(place, handle, ttl, within);
        }

        @Override
        public void revoke(SecretPlace place, String handle, Duration within) {
            behind.revoke(place, handle, within);
        }

        @Override
        public void close() {}
    }

    private void vended(String request, IssuedSecret secret) {
        String name = secret.mode() == SecretMode.STATIC ? "TOKEN" : "DATABASE";
        GatewayCall call = new GatewayCall.Vend(RunFixture.RUN, 1, name, request);
        run.call(call);
        run.take(new Stimulus.SecretIssued(run.called(call), "1-" + request, GITHUB, Optional.of(secret)));
    }

    private void renewed(String lease, IssuedSecret secret) {
        GatewayCall call = new GatewayCall.RenewLease(RunFixture.RUN, 1, lease);
        run.call(call);
        run.take(new Stimulus.SecretIssued(run.called(call), lease, GITHUB, Optional.of(secret)));
        assertThat(lease(lease).renewals()).isEqualTo(1);
    }

    private Lease lease(String id) {
        return run.state().leases().open(id).orElseThrow();
    }

    private String masked(String line) {
        return values.masked(RunFixture.RUN, line, true);
    }

    private static void assertWiped(SecretValue value) {
        assertThatThrownBy(value::reveal).isInstanceOf(LanternException.class).hasMessageContaining("was closed");
    }

    private static IssuedSecret fixed(String version) {
        return new IssuedSecret(
                value(CANARY), SecretMode.STATIC, Optional.empty(), Duration.ofMinutes(5), Optional.of(version));
    }

    private static IssuedSecret dynamic(String handle) {
        return new IssuedSecret(
                value(CANARY), SecretMode.DYNAMIC, Optional.of(handle), Duration.ofMinutes(5), Optional.empty());
    }

    private static SecretValue value(String text) {
        return SecretValue.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
