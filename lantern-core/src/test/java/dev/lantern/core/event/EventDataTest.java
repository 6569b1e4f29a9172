package dev.lantern.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Violation;
import dev.lantern.secrets.SecretMode;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretUri;
import dev.lantern.spec.SpecReader;
import dev.lantern.substrate.PodId;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EventDataTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");
    private static final Digest DIGEST = Digest.sha256(new byte[] {1});
    private static final SecretUri SECRET = SecretUri.parse("lantern.secret://tenant/acme/key/github");
    private static final Commitment COMMITMENT = new Commitment(DIGEST);
    private static final AgentSpec SPEC = AgentSpec.builder("triage")
            .image("registry.example/triage@sha256:" + "ab".repeat(32))
            .build();

    private final EventData data = new EventData(new SpecForms() {
        @Override
        public Json.Obj canonical(AgentSpec spec) {
            return (Json.Obj) dev.lantern.agent.wire.StrictJson.parseCanonical(
                    spec.canonicalJson().getBytes(StandardCharsets.UTF_8),
                    dev.lantern.agent.wire.StrictJson.Bounds.ofBytes(AgentSpec.MAX_BYTES));
        }

        @Override
        public AgentSpec spec(Json.Obj canonical) {
            return SpecReader.installed().parse("journaled spec", canonical.bytes());
        }
    });

    private static List<RunEvent> events() {
        ModelUsage usage = new ModelUsage("acme", "large", 10, 5, 2, 1, Optional.of(new BigDecimal("0.0125")));
        StepId keyed = StepId.keyed("mail", "order ü 7");
        StepRecord record = new StepRecord(
                RUN, 3, keyed, Effect.AT_MOST_ONCE, Optional.of(COMMITMENT), COMMITMENT, List.of(usage, usage));
        List<String> standing = List.of("acme/ticket-4711@3");
        return List.of(
                new RunEvent.RunCreated(SPEC, SPEC.digest(), DIGEST, COMMITMENT, "ab".repeat(16)),
                new RunEvent.GatePassed(
                        Isolation.UNTRUSTED,
                        HandlerKind.GVISOR,
                        List.of(new Evidence(
                                "facts", "gvisor", "cluster", Instant.parse("2026-01-02T03:04:05.678901Z")))),
                new RunEvent.GatePassed(Isolation.TRUSTED, HandlerKind.PROCESS, List.of()),
                new RunEvent.RunRefused(
                        List.of(new Violation("code", "path", "found", "allowed", "fix \"it\"\n")),
                        List.of(new Evidence("spec", "seen", "spec", Instant.EPOCH))),
                new RunEvent.ResumeRefused(
                        List.of(new Violation("code", "path", "found", "allowed", "fix")),
                        List.of(new Evidence("facts", "seen", "cluster", Instant.EPOCH))),
                new RunEvent.RunAdopted(Json.MAX_INTEGER),
                new RunEvent.InstanceStarted(DIGEST),
                new RunEvent.BoundaryVerified(
                        "node",
                        Optional.of(new NodeId("node-1", "uid", "boot")),
                        Optional.of(new PodId("agents", "ln-x", "uid")),
                        List.of(new Evidence("node", "bound to node-1", "cluster", Instant.EPOCH))),
                new RunEvent.BoundaryVerified("pod", Optional.empty(), Optional.empty(), List.of()),
                new RunEvent.BoundaryViolated(
                        "drift", List.of(new Violation("code", "path", "found", "allowed", "fix"))),
                new RunEvent.InstanceEnrolled("00".repeat(32), 1, Optional.empty()),
                new RunEvent.InstanceEnrolled("00".repeat(32), 3, Optional.of("a.b.c")),
                new RunEvent.SecretVended(
                        "3-r1",
                        "GITHUB_TOKEN",
                        SECRET,
                        SecretMode.STATIC,
                        Optional.empty(),
                        Optional.of("7"),
                        Instant.parse("2026-01-02T03:04:05.678901Z"),
                        2),
                new RunEvent.SecretVended(
                        "3-r2",
                        "DB",
                        SECRET,
                        SecretMode.DYNAMIC,
                        Optional.of("database/creds/x/1"),
                        Optional.empty(),
                        Instant.EPOCH,
                        0),
                new RunEvent.SecretRefused("OTHER", Optional.empty(), RunEvent.SecretRefused.NOT_IN_SPEC, 3, 12),
                new RunEvent.SecretRefused("DB", Optional.of(SECRET), RunEvent.SecretRefused.ABSENT, 3, 1),
                new RunEvent.LeaseClosed("3-r1", "returned"),
                new RunEvent.RotationOwed(List.of(SECRET)),
                new RunEvent.InstanceStopped("torn down"),
                new RunEvent.InstanceLost(3, "its node is gone", RunEvent.Budget.INFRASTRUCTURE, false),
                new RunEvent.InstanceLost(4, "exit code 1", RunEvent.Budget.AGENT, true),
                new RunEvent.RunResumed(12),
                new RunEvent.StepStarted(keyed, Effect.PROBE, Optional.of(COMMITMENT), 500),
                new RunEvent.StepStarted(StepId.occurrence("plan", 2), Effect.IDEMPOTENT, Optional.empty(), 0),
                new RunEvent.StepCompleted(record, "ff".repeat(64)),
                new RunEvent.StepFailed(keyed, "java.io.IOException"),
                new RunEvent.StepResolved(keyed, true, "the bank says so"),
                new RunEvent.StepResolved(keyed, false, ""),
                new RunEvent.UsageRecorded("report", List.of(usage)),
                new RunEvent.LimitExceeded("max_tokens", "11", "10"),
                new RunEvent.JournalRegressed(17, Optional.of(DIGEST)),
                new RunEvent.JournalRegressed(17, Optional.empty()),
                new RunEvent.AnomalyDetected("diverged", 2, 17, "step pay#1 is recorded with another input"),
                new RunEvent.CancelRequested("no longer needed"),
                new RunEvent.ResultReady(new OutputRecord(RUN, 3, COMMITMENT), "ff".repeat(64)),
                new RunEvent.EndedWithoutOutput(0),
                new RunEvent.RunSucceeded(standing),
                new RunEvent.RunFailed("no tries left", standing),
                new RunEvent.RunCancelled("no longer needed", List.of()),
                new RunEvent.RunLimitExceeded(standing));
    }

    @Test
    void every_event_is_read_as_it_was_written() {
        TreeSet<String> types = new TreeSet<>();
        for (RunEvent event : events()) {
            Json.Obj written = data.write(event);
            RunEvent read = data.read(event.kind(), EventData.VERSION, written);

            assertThat(read).isEqualTo(event);
            assertThat(data.write(read)).isEqualTo(written);
            types.add(event.getClass().getSimpleName());
        }
        assertThat(types)
                .as("every permitted event is tried")
                .containsExactlyElementsOf(new TreeSet<>(Arrays.stream(RunEvent.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList()));
        System.out.println("event data: " + events().size() + " events of " + types.size() + " types");
    }

    @Test
    void event_of_a_newer_host_is_refused_by_name() {
        assertThatThrownBy(() -> data.read("run_paused", 1, Json.object().build()))
                .isInstanceOf(UnknownEventException.class)
                .hasMessage("event kind \"run_paused\" version 1 is not known to this host; a newer version of Lantern"
                        + " wrote it and must continue the run");
        assertThatThrownBy(() ->
                        data.read("run_adopted", 2, Json.object().put("host", 1).build()))
                .isInstanceOf(UnknownEventException.class)
                .hasMessageContaining("event kind \"run_adopted\" version 2 is not known");
    }

    @Test
    void word_that_this_host_does_not_know_is_refused() {
        Json.Obj passed = Json.object()
                .put("isolation", "trusted")
                .put("handler", "enclave")
                .put("evidence", Json.array(List.of()))
                .build();
        assertThatThrownBy(() -> data.read("gate_passed", 1, passed))
                .isInstanceOf(LanternException.class)
                .hasMessage("handler kind \"enclave\" is not known to this host");
    }
}
