package dev.lantern.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.harness.AgentControl;
import dev.lantern.agent.harness.Harness;
import dev.lantern.agent.harness.HarnessFixture;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.harness.ManualClockwork;
import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.harness.Transport;
import dev.lantern.agent.harness.loopback.LoopbackApi;
import dev.lantern.agent.http.Exchange;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Java agents over the harness in one JVM and one thread, without sockets. */
final class AgentStepsTest {
    record Ticket(int id) {}

    record Summary(String text, Optional<String> author, List<Integer> pages) {}

    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final ModelOwner owner = new ModelOwner();
    private final List<String> effects = new ArrayList<>();
    private final ManualClockwork clockwork = new ManualClockwork(5);

    @Test
    void results_are_recorded_and_a_second_instance_runs_no_body_again() throws Exception {
        Agent<Ticket, Summary> agent = (steps, ticket) -> {
            Instant now = steps.step("now", Instant.class, attempt -> {
                effects.add("now " + attempt.idempotencyKey() + " " + attempt.number());
                return Instant.parse("2026-01-02T03:04:05Z");
            });
            Summary summary = steps.step(
                    StepSpec.named("summarise").withInput(ticket).withEffect(Effect.PURE), Summary.class, attempt -> {
                        effects.add("summarise");
                        attempt.usage(ModelUsage.of("p", "m", 10, 2));
                        return new Summary("ticket " + ticket.id() + " at " + now, Optional.empty(), List.of(1, 2));
                    });
            steps.step("notify", attempt -> effects.add("notify"));
            return summary;
        };

        run(agent);
        run(agent);

        assertThat(effects).containsExactly("now key/now#1 1", "summarise", "notify");
        assertThat(new String(owner.output().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"text\":\"ticket 4711 at 2026-01-02T03:04:05Z\",\"pages\":[1,2]}");
        assertThat(owner.completions().stream().flatMap(complete -> complete.record().usage().stream()))
                .containsExactly(ModelUsage.of("p", "m", 10, 2));
    }

    @Test
    void body_that_throws_is_recorded_by_class_and_place_and_may_be_tried_again() throws Exception {
        List<String> failures = new ArrayList<>();
        Agent<Ticket, Integer> agent = (steps, ticket) -> {
            for (int i = 0; ; i++) {
                int tried = i;
                try {
                    return steps.step("flaky", Integer.class, attempt -> {
                        if (tried < 2) {
                            throw new IOException("secret payload " + tried);
                        }
                        return attempt.number();
                    });
                } catch (IOException e) {
                    failures.add(e.getMessage());
                }
            }
        };

        run(agent);

        assertThat(failures).containsExactly("secret payload 0", "secret payload 1");
        assertThat(owner.results()).containsOnlyKeys(StepId.occurrence("flaky", 1));
        assertThat(new String(owner.output().bytes(), StandardCharsets.UTF_8)).isEqualTo("3");
        assertThat(owner.errors())
                .hasSize(2)
                .allSatisfy(error -> assertThat(error)
                        .startsWith("java.io.IOException at dev.lantern.agent.AgentStepsTest")
                        .doesNotContain("secret"));
    }

    @Test
    void value_is_the_same_at_first_and_on_replay() throws Exception {
        List<Object> seen = new ArrayList<>();
        Agent<Ticket, String> agent = (steps, ticket) -> {
            seen.add(steps.step("map", Map.class, attempt -> Map.of("n", 1)));
            return "done";
        };

        run(agent);
        run(agent);

        assertThat(seen).containsExactly(Map.of("n", 1L), Map.of("n", 1L));
    }

    @Test
    void another_input_than_before_is_refused_with_what_to_do() throws Exception {
        run((steps, ticket) -> {
            try {
                steps.step(StepSpec.named("a").withInput("one"), String.class, attempt -> {
                    throw new IOException("x");
                });
            } catch (IOException e) {
                effects.add("failed");
            }
            assertThatThrownBy(() -> steps.step(StepSpec.named("a").withInput("two"), String.class, attempt -> "never"))
                    .isInstanceOfSatisfying(StepRefusedException.class, e -> {
                        assertThat(e.code()).isEqualTo("diverged");
                        assertThat(e.step()).isEqualTo("a");
                    })
                    .hasMessage("step a was refused (diverged): because the model says so");
            return "done";
        });

        assertThat(effects).containsExactly("failed");
    }

    @Test
    void step_in_doubt_without_a_probe_is_the_agent_s_to_resolve() throws Exception {
        owner.doubting(StepId.occurrence("charge", 1), Effect.AT_MOST_ONCE);
        StepSpec charge = StepSpec.named("charge").withEffect(Effect.AT_MOST_ONCE);
        run((steps, ticket) -> {
            assertThatThrownBy(() -> steps.step(charge, String.class, attempt -> "never"))
                    .isInstanceOfSatisfying(
                            StepInDoubtException.class,
                            e -> assertThat(e.idempotencyKey()).isEqualTo("key/charge#1"))
                    .hasMessageContaining("Instance 1 began step charge#1 and ended before saying how it went");
            StepInDoubt doubt = steps.inDoubt().get(0);
            assertThat(doubt).hasToString("charge#1");
            assertThat(doubt.effect()).isEqualTo(Effect.AT_MOST_ONCE);
            steps.resolve(doubt, Steps.Resolution.HAPPENED, "the bank says so");
            assertThat(steps.inDoubt()).isEmpty();
            assertThatThrownBy(() -> steps.step(charge, String.class, attempt -> "never"))
                    .hasMessageContaining("find the result out and call steps.settle(spec, result)");
            steps.settle(charge, "receipt 7");
            return steps.step(StepSpec.named("next"), String.class, attempt -> "then");
        });

        assertThat(new String(
                        owner.results().get(StepId.occurrence("charge", 1)).bytes(), StandardCharsets.UTF_8))
                .isEqualTo("\"receipt 7\"");
    }

    @Test
    void probe_settles_what_happened() throws Exception {
        owner.doubting(StepId.occurrence("charge", 1), Effect.PROBE);
        run((steps, ticket) -> steps.step(
                StepSpec.named("charge").withProbe(key -> Optional.of("found by " + key)),
                String.class,
                attempt -> "never"));

        assertThat(new String(owner.output().bytes(), StandardCharsets.UTF_8)).isEqualTo("\"found by key/charge#1\"");
    }

    @Test
    void probe_that_finds_nothing_lets_the_body_run() throws Exception {
        owner.doubting(StepId.occurrence("charge", 1), Effect.PROBE);
        run((steps, ticket) -> steps.step(
                StepSpec.named("charge").withProbe(key -> Optional.empty()), String.class, attempt -> "charged"));

        assertThat(new String(owner.output().bytes(), StandardCharsets.UTF_8)).isEqualTo("\"charged\"");
    }

    @Test
    void probe_that_cannot_tell_leaves_the_doubt() {
        owner.doubting(StepId.occurrence("charge", 1), Effect.PROBE);

        assertThatThrownBy(() -> run((steps, ticket) -> steps.step(
                        StepSpec.named("charge").withProbe(key -> {
                            throw new IOException("bank is closed");
                        }),
                        String.class,
                        attempt -> "never")))
                .isInstanceOf(IOException.class)
                .hasMessage("bank is closed");
        assertThat(owner.results()).isEmpty();
    }

    @Test
    void keyed_steps_may_be_open_together() throws Exception {
        run((steps, ticket) -> steps.step(
                StepSpec.named("order").withKey("größe 1"),
                String.class,
                outer -> steps.step(StepSpec.named("order").withKey("2"), String.class, inner -> "inner") + "!"));

        assertThat(owner.results()).containsOnlyKeys(StepId.keyed("order", "größe 1"), StepId.keyed("order", "2"));
    }

    @Test
    void nested_step_of_the_same_name_is_refused_with_the_fix() throws Exception {
        run((steps, ticket) -> steps.step("a", String.class, outer -> {
            assertThatThrownBy(() -> steps.step("a", String.class, inner -> "never"))
                    .hasMessageContaining("step a#1 is open")
                    .hasMessageContaining("give each a key");
            return "done";
        }));
    }

    @Test
    void null_and_missing_probe_are_told_before_harm() {
        assertThatThrownBy(() -> run((steps, ticket) -> steps.step("a", String.class, attempt -> null)))
                .hasMessage("the body of step a returned null: return a value, or use the form of step() that has no"
                        + " result");
        assertThatThrownBy(() -> run((steps, ticket) ->
                        steps.step(StepSpec.named("a").withEffect(Effect.PROBE), String.class, attempt -> "x")))
                .hasMessage("step a declares effect probe without a probe: use withProbe(…)");
        assertThatThrownBy(() -> run((steps, ticket) -> null))
                .hasMessage("the agent returned null: return its output, or an empty record for none");
    }

    @Test
    void payloads_pass_through_as_they_are() throws Exception {
        Payload png = Payload.of("image/png", new byte[] {1, 2, 3});
        Exchange harness = harness(false);
        AgentMain.call(harness, new RecordCodec(), Payload.class, (Steps steps, Payload input) -> {
            assertThat(input.mediaType()).isEqualTo("application/json");
            return steps.step("picture", Payload.class, attempt -> png);
        });

        assertThat(owner.output().mediaType()).isEqualTo("image/png");
    }

    @Test
    void agent_of_an_instance_that_is_over_is_stopped() {
        Exchange harness = harness(true);

        assertThatThrownBy(() -> AgentMain.call(
                        harness,
                        new RecordCodec(),
                        Ticket.class,
                        (Steps steps, Ticket t) -> steps.step("a", String.class, attempt -> "never")))
                .isInstanceOf(AgentStoppedException.class)
                .hasMessage("this instance is over (stale-epoch): a newer instance has taken over");
    }

    @Test
    void secret_is_asked_for_anew_each_time_and_does_not_show_itself() throws Exception {
        owner.granting("API_KEY", "canary 1").leasing(Duration.ofMinutes(3));
        Exchange harness = harness(false);

        AgentMain.call(harness, new RecordCodec(), Ticket.class, (Steps steps, Ticket t) -> {
            Secret first = steps.secret("API_KEY");
            assertThat(first.text()).isEqualTo("canary 1");
            assertThat(first).hasToString("Secret[API_KEY=…]");
            first.bytes()[0] = 'X';
            assertThat(first.bytes()).isEqualTo("canary 1".getBytes(StandardCharsets.UTF_8));
            owner.granting("API_KEY", "canary 2");
            clockwork.advance(Duration.ofMinutes(2));
            assertThat(steps.secret("API_KEY").text()).isEqualTo("canary 2");
            return "done";
        });
    }

    @Test
    void secret_that_cannot_be_had_is_told_by_why() throws Exception {
        owner.granting("API_KEY", "canary 1").leasing(Duration.ofMinutes(3));
        Exchange harness = harness(false);

        AgentMain.call(harness, new RecordCodec(), Ticket.class, (Steps steps, Ticket t) -> {
            assertThatThrownBy(() -> steps.secret("a b/c"))
                    .isExactlyInstanceOf(LanternException.class)
                    .hasMessage("secret a b/c was not given (no-such-secret): the spec of this run grants no secret of"
                            + " this name; GET /v1/secrets lists those that it does");
            owner.withhold(Problem.Code.UNAVAILABLE);
            clockwork.advance(Duration.ofMinutes(3));
            assertThatThrownBy(() -> steps.secret("API_KEY"))
                    .isInstanceOf(SecretUnavailableException.class)
                    .hasMessage("secret API_KEY was not given (secret-unavailable): there is no value of secret"
                            + " API_KEY now, because its lease has passed and the host has not answered yet: repeat"
                            + " shortly");
            owner.giveAgain();
            clockwork.advance(Duration.ofSeconds(10));
            assertThat(steps.secret("API_KEY").text()).isEqualTo("canary 1");
            return "done";
        });
        owner.over(Problem.Code.RUN_ENDED);
        clockwork.advance(HEARTBEAT);
        assertThatThrownBy(() -> new AgentSteps(new HarnessClient(harness), new RecordCodec(), "t").secret("API_KEY"))
                .isInstanceOf(AgentStoppedException.class)
                .hasMessage("secret API_KEY was not given (run-ended): because the model says so");
    }

    @Test
    void url_of_another_form_is_refused_without_being_shown() {
        assertThatThrownBy(() -> LoopbackLink.to("https://secret-token"))
                .isInstanceOf(LanternException.class)
                .hasMessage("LANTERN_URL is not http://<host>:<port>/<token>");
    }

    private <O> void run(Agent<Ticket, O> agent) throws Exception {
        AgentMain.call(harness(false), new RecordCodec(), Ticket.class, agent);
    }

    /** A new instance of the same run. */
    private Exchange harness(boolean zombie) {
        Transport transport = (to, call, outcome) -> clockwork.soon(() -> {
            boolean refused = zombie && call instanceof dev.lantern.agent.wire.GatewayCall.Begin;
            GatewayReply reply = refused
                    ? new GatewayReply.Refused(Problem.of(Problem.Code.STALE_EPOCH, "a newer instance has taken over"))
                    : owner.answer(call);
            outcome.accept(new Transport.Outcome.Answered(reply));
        });
        owner.forgetKey();
        Harness harness = new Harness(
                HarnessFixture.RUN, 1, transport, clockwork, JdkInstanceSigner.generate(), new AgentControl() {
                    @Override
                    public void release(GatewayReply.Enrolled enrolled) {}

                    @Override
                    public void stop(String why) {}
                });
        LoopbackApi api = new LoopbackApi(harness, () -> clockwork.random(12));
        harness.start();
        clockwork.settle();
        return request -> {
            List<HttpResponse> answers = new ArrayList<>();
            clockwork.soon(() -> api.handle(request, answers::add));
            clockwork.settle();
            return answers.get(0);
        };
    }
}
