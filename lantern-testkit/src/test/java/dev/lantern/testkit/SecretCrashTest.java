package dev.lantern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.agent.Steps;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.run.RunResult;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** An agent that works with secrets, on hosts that die at each of their writes. */
class SecretCrashTest {
    record Order(String id) {}

    private static final String API_KEY = "canary-4711-api-key";
    private static final String PASSWORD = "canary-4711-password-";
    private static final SecretPlace API = new SecretPlace("acme", "api");
    private static final SecretPlace ORDERS = new SecretPlace("acme", "orders");
    private static final AgentSpec SHIPPING = AgentSpec.builder("shipping")
            .image("registry.example/shipping@sha256:" + "ab".repeat(32))
            .secret(SecretRef.of("API_KEY", SecretUri.ofOwnTenant("api")))
            .secret(SecretRef.of("DATABASE", SecretUri.ofOwnTenant("orders")))
            .build();
    private static final List<String> PLACES = new ArrayList<>();

    private final InMemorySecretStore store = new InMemorySecretStore()
            .put(API, API_KEY.getBytes(StandardCharsets.UTF_8))
            .makes(ORDERS, Duration.ofHours(1), number -> (PASSWORD + number).getBytes(StandardCharsets.UTF_8));

    @CrashTest
    void agent_has_its_secrets_wherever_the_host_dies_and_none_is_left_behind(Crashes crashes) throws Exception {
        RunResult result = crashes.secrets(store)
                .agent("registry.example/shipping", Order.class, SecretCrashTest::ship)
                .result(Lantern.spawn(SHIPPING).tenant("acme").runId("order-7").input(new Order("7")));

        assertThat(result).isInstanceOf(RunResult.Succeeded.class);
        assertThat(((RunResult.Succeeded) result).output().as(String.class)).isEqualTo("shipped 7");
        assertThat(store.leases()).as("passwords that were made, %s", crashes).isNotEmpty();
        assertThat(store.leases().stream().filter(lease -> !lease.revoked()).count())
                .as("passwords that were made for a host which died before it could tell anybody, %s", crashes)
                .isLessThanOrEqualTo(1);
        PLACES.add(crashes.toString());
    }

    private static String ship(Steps steps, Order order) throws Exception {
        return steps.step("ship", String.class, attempt -> {
            boolean right = steps.secret("API_KEY").text().equals(API_KEY)
                    && steps.secret("DATABASE").text().startsWith(PASSWORD);
            return (right ? "shipped " : "without secrets ") + order.id();
        });
    }

    @AfterAll
    static void every_boundary_was_tried() {
        System.out.println("crash test with secrets: " + PLACES.size() + " runs");
        assertThat(PLACES).hasSizeGreaterThanOrEqualTo(14).startsWith("clean", "killed before write 1");
    }
}
