package dev.lantern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.agent.Effect;
import dev.lantern.agent.StepSpec;
import dev.lantern.agent.Steps;
import dev.lantern.run.RunResult;
import dev.lantern.spec.AgentSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

class CrashTestTest {
    record Order(String id) {}

    record Receipt(String charge, String mail) {}

    private static final AgentSpec BOOKING = AgentSpec.builder("booking")
            .image("registry.example/booking@sha256:" + "ab".repeat(32))
            .build();
    private static final List<String> PLACES = new ArrayList<>();

    /** The bank, outside of everything: it knows each charge by its idempotency key. */
    private final List<String> charges = Collections.synchronizedList(new ArrayList<>());

    @CrashTest
    void card_is_charged_once_wherever_the_host_dies(Crashes crashes) throws Exception {
        RunResult result = crashes.agent("registry.example/booking", Order.class, this::book)
                .result(Lantern.spawn(BOOKING).tenant("acme").runId("order-7").input(new Order("7")));

        assertThat(result).isInstanceOf(RunResult.Succeeded.class);
        assertThat(((RunResult.Succeeded) result).output().as(Receipt.class))
                .isEqualTo(new Receipt("charged 7", "mailed 7"));
        assertThat(charges).as("charges at the bank, %s", crashes).hasSize(1);
        PLACES.add(crashes.toString());
    }

    private Receipt book(Steps steps, Order order) throws Exception {
        StepSpec charge =
                StepSpec.named("charge").withKey("order-" + order.id()).withEffect(Effect.AT_MOST_ONCE);
        for (var doubtful : steps.inDoubt()) {
            steps.resolve(
                    doubtful,
                    charges.isEmpty() ? Steps.Resolution.DID_NOT_HAPPEN : Steps.Resolution.HAPPENED,
                    "the bank says so");
            if (!charges.isEmpty()) {
                steps.settle(charge, "charged " + order.id());
            }
        }
        String charged = steps.step(charge, String.class, attempt -> {
            charges.add(attempt.idempotencyKey());
            return "charged " + order.id();
        });
        String mailed = steps.step("mail", String.class, attempt -> "mailed " + order.id());
        return new Receipt(charged, mailed);
    }

    @AfterAll
    static void every_boundary_was_tried() {
        System.out.println(
                "crash test: " + PLACES.size() + " runs, " + PLACES.get(PLACES.size() - 1) + " came after the end");
        assertThat(PLACES).hasSizeGreaterThanOrEqualTo(14).startsWith("clean", "killed before write 1");
    }
}
