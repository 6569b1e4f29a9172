package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Instances that a platform knows: its word counts, its silence is no word, and secrets are worth nothing. */
class CallersTest {
    private final TestCluster cluster = new TestCluster();
    private final Host host = cluster.join("http://one:8080");
    private final RunRef run = cluster.spawn(host, "ticket-4711");
    private final GatewayCall enrol = new GatewayCall.Enrol(run, 1, RunFixture.KEY, 1, 1);

    @Test
    void instance_that_the_platform_knows_enrols() {
        platformKnows(Map.of("token-of-one", new InstanceRef(run, 1)));

        assertThat(call("token-of-one", enrol)).isInstanceOf(GatewayReply.Enrolled.class);
        assertThat(call("token-of-one", enrol)).as("repeated").isInstanceOf(GatewayReply.Enrolled.class);
    }

    @Test
    void credential_of_nobody_and_of_another_look_the_same() {
        platformKnows(Map.of("token-of-two", new InstanceRef(run, 2)));

        assertThat(told(call("token-of-nobody", enrol))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
        assertThat(told(call("token-of-two", enrol))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
    }

    @Test
    void secret_that_went_nowhere_opens_nothing() {
        platformKnows(Map.of());
        String secret = cluster.starts().get(0).enrolmentSecret();

        assertThat(told(call(secret, enrol))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
        assertThat(told(cluster.call(host, HexFormat.of().parseHex(secret), enrol)))
                .isEqualTo("UNKNOWN_INSTANCE: no such instance");
    }

    @Test
    void platform_that_cannot_tell_is_asked_again_and_ends_nobody() {
        cluster.platformKnows(credential -> {
            throw new LanternException("the API server does not answer");
        });
        assertThat(told(call("token-of-one", enrol)))
                .isEqualTo("UNAVAILABLE: who calls cannot be told at the moment; repeat the call");

        platformKnows(Map.of("token-of-one", new InstanceRef(run, 1)));
        assertThat(call("token-of-one", enrol)).isInstanceOf(GatewayReply.Enrolled.class);
    }

    @Test
    void known_instance_that_asks_the_wrong_host_is_told_the_right_one() {
        platformKnows(Map.of("token-of-one", new InstanceRef(run, 1)));
        Host other = cluster.join("http://two:8080");

        GatewayReply reply = cluster.call(other, "token-of-one".getBytes(StandardCharsets.US_ASCII), enrol);

        assertThat(reply)
                .isInstanceOfSatisfying(
                        GatewayReply.Refused.class,
                        refused -> assertThat(refused.problem().owner()).contains("http://one:8080"));
    }

    private void platformKnows(Map<String, InstanceRef> tokens) {
        cluster.platformKnows(
                credential -> Optional.ofNullable(tokens.get(new String(credential, StandardCharsets.US_ASCII))));
    }

    private GatewayReply call(String credential, GatewayCall call) {
        return cluster.call(host, credential.getBytes(StandardCharsets.US_ASCII), call);
    }

    private static String told(GatewayReply reply) {
        return RunFixture.told(reply);
    }
}
