package dev.lantern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.Lantern;
import dev.lantern.SpawnRequest;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LanternExtensionTest {
    record Ticket(String id, int failures) {}

    record Report(String text, int bodies) {}

    private static final String DIGEST = "@sha256:" + "ab".repeat(32);
    private static final AgentSpec TRIAGE = spec("registry.example/triage");
    private static final AgentSpec PATIENT = spec("registry.example/patient");

    private final AtomicInteger bodies = new AtomicInteger();
    private final CountDownLatch waiting = new CountDownLatch(1);

    // tag::extension[]
    @RegisterExtension
    final LanternExtension lantern = LanternExtension.inMemory()
            .agent("registry.example/triage", Ticket.class, (steps, ticket) -> {
                String summary = steps.step("summarise", String.class, attempt -> "ticket " + ticket.id());
                steps.step("count", attempt -> bodies.incrementAndGet());
                if (bodies.get() <= ticket.failures()) {
                    throw new IllegalStateException("the script wants it so");
                }
                return new Report(summary, bodies.get());
            })
            .secret("acme", "api", "s3cret-of-acme")
            .agent("registry.example/caller", Ticket.class, (steps, ticket) -> {
                String key = steps.secret("API_KEY").text();
                return new Report(key.equals("s3cret-of-acme") ? "called" : "denied", 1);
            })
            .agent("registry.example/patient", Ticket.class, (steps, ticket) -> {
                waiting.countDown();
                new CountDownLatch(1).await();
                return new Report("never", 0);
            });
    // end::extension[]

    private static final AgentSpec CALLER = AgentSpec.builder("caller")
            .image("registry.example/caller" + DIGEST)
            .isolation(Isolation.STANDARD)
            .secret(SecretRef.of("API_KEY", SecretUri.ofOwnTenant("api")))
            .build();

    private static AgentSpec spec(String image) {
        return AgentSpec.builder("triage")
                .image(image + DIGEST)
                .isolation(Isolation.STANDARD)
                .build();
    }

    private static SpawnRequest request(AgentSpec spec, Ticket ticket) {
        return Lantern.spawn(spec).tenant("acme").runId("ticket-" + ticket.id()).input(ticket);
    }

    // tag::test[]
    @Test
    void agent_of_a_lambda_delivers_its_output() throws Exception {
        RunResult result = lantern.spawn(request(TRIAGE, new Ticket("4711", 0))).await();

        assertThat(result).isInstanceOf(RunResult.Succeeded.class);
        assertThat(((RunResult.Succeeded) result).output().as(Report.class)).isEqualTo(new Report("ticket 4711", 1));
    }
    // end::test[]

    @Test
    void agent_that_fails_resumes_behind_its_recorded_steps() throws Exception {
        AgentRun run = lantern.spawn(request(TRIAGE, new Ticket("4712", 1)));

        assertThat(run.await(Duration.ofSeconds(30)))
                .hasValueSatisfying(result -> assertThat(result).isInstanceOf(RunResult.Failed.class));
        assertThat(bodies).as("the recorded step never ran again").hasValue(1);
        assertThat(run.usage().instances()).isEqualTo(3);
    }

    @Test
    void agent_is_given_the_secrets_of_its_tenant() throws Exception {
        AgentRun run = lantern.spawn(request(CALLER, new Ticket("4717", 0)));

        assertThat(run.await(Duration.ofSeconds(30)))
                .hasValueSatisfying(result -> assertThat(
                                ((RunResult.Succeeded) result).output().as(Report.class))
                        .isEqualTo(new Report("called", 1)));
        assertThat(run.onEnd().get(20, TimeUnit.SECONDS)).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(run.events().toString())
                .contains("lantern.secret://tenant/acme/key/api")
                .doesNotContain("s3cret");
    }

    @Test
    void secret_of_another_tenant_is_refused() throws Exception {
        AgentRun run = lantern.spawn(
                Lantern.spawn(CALLER).tenant("umbrella").runId("ticket-4718").input(new Ticket("4718", 0)));

        assertThat(run.await(Duration.ofSeconds(30)))
                .contains(new RunResult.Failed(
                        "secret API_KEY could not be given to the agent (absent); see secret_refused"));
    }

    @Test
    void store_of_the_test_outlives_the_runtime_and_is_the_only_one() {
        InMemorySecretStore store =
                new InMemorySecretStore().put(new SecretPlace("default", "api"), new byte[] {1, 2, 3});
        LanternExtension other = LanternExtension.inMemory().secrets(store);
        other.runtime();
        other.close();

        assertThat(store.issue(new SecretPlace("default", "api"), Duration.ofMinutes(1), Duration.ofSeconds(1)))
                .isPresent();
        assertThatThrownBy(() -> other.secret("more", "value"))
                .isInstanceOf(LanternException.class)
                .hasMessage(
                        "a runtime has one secret store, and this one was given .secret(…) and .secrets(…): put all of"
                                + " them into the store that .secrets(…) is given");
        assertThatThrownBy(() -> lantern.secrets(store)).hasMessageContaining("one secret store");
    }

    @Test
    void same_run_id_attaches() throws Exception {
        lantern.spawn(request(TRIAGE, new Ticket("4713", 0))).await();
        lantern.spawn(request(TRIAGE, new Ticket("4713", 0))).await();

        assertThat(bodies).hasValue(1);
    }

    @Test
    void cancelled_agent_is_interrupted_and_the_run_ends() throws Exception {
        AgentRun run = lantern.spawn(request(PATIENT, new Ticket("4714", 0)));
        assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
        run.cancel("no longer needed");

        assertThat(run.await(Duration.ofSeconds(20))).contains(new RunResult.Cancelled("no longer needed"));
        assertThat(run.onEnd().get(20, TimeUnit.SECONDS)).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void agent_that_still_waits_ends_with_its_test() throws Exception {
        lantern.spawn(request(PATIENT, new Ticket("4715", 0)));
        assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void unknown_image_is_named() throws Exception {
        AgentRun run = lantern.spawn(
                request(spec("registry.example/nobody"), new Ticket("4716", 0)).limits(limits -> limits.timeout("2s")));

        run.await(Duration.ofSeconds(20));
        assertThat(run.events())
                .anySatisfy(event ->
                        assertThat(event.toString()).contains("there is no agent for image registry.example/nobody"));
    }
}
