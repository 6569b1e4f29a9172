package dev.lantern.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.identity.SecurityEvent;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.ChainVerdict;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An instance that has secrets is stopped with SIGSTOP past its heartbeat, while the result of its second step is on its way.
 * Its successor works, and then it goes on, with everything that it still holds: its key, what it proves itself with, its
 * leases, its files, and a result that it has signed.
 */
@Tag("long")
class ZombieWithSecretsTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(300);
    private static final Duration SILENCE = Duration.ofSeconds(4);
    private static final RunRef RUN = new RunRef("default", "zombie");
    private static final SecretPlace API = new SecretPlace("default", "api");
    private static final SecretPlace DATABASE = new SecretPlace("default", "database");
    private static final String STALE = Problem.Code.STALE_EPOCH.wireName();
    private static final int FEWEST_CALLS = 12;

    private final InMemorySecretStore secrets = new InMemorySecretStore()
            .put(API, "canary-of-the-api".getBytes(StandardCharsets.UTF_8))
            .makes(
                    DATABASE,
                    Duration.ofHours(1),
                    number -> ("canary-of-the-database-" + number).getBytes(StandardCharsets.UTF_8));
    private final List<SecurityEvent> alarms = new CopyOnWriteArrayList<>();
    private final List<Runnable> heldUp = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    private UnreachableNode node;
    private LanternRuntime runtime;

    @BeforeEach
    void start() {
        node = new UnreachableNode(LocalProcessSubstrate.in(directory.resolve("instances")), this::onTheWay);
        runtime = Lantern.runtime()
                .journal(JdbcJournal.embedded(directory.resolve("journal")))
                .substrate(node)
                .secrets(secrets)
                .security(alarms::add)
                .heartbeat(HEARTBEAT, SILENCE)
                .start();
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void zombie_completes_vends_and_renews_nothing_and_each_attempt_is_an_event_of_its_run() throws Exception {
        AgentRun run = Lantern.spawn(spec()).runId(RUN.run()).on(runtime);
        awaitSuccessor();
        String first = secrets.leases().get(0).handle();
        Wait.until(
                "what was made for the first is ended", () -> secrets.revoked().contains(first));

        List<GatewayReply> answers = zombieGoesOn();

        int attempts = assertAllStale(answers);
        Wait.until("an event tells of the zombie", () -> !anomalies(run).isEmpty());
        Files.createFile(directory.resolve("finish"));
        assertSucceeded(run);
        node.isReachableAgain();
        assertThat(run.onEnd().get()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(anomalies(run)).allSatisfy(data -> {
            assertThat(data.text("reason")).isEqualTo(STALE);
            assertThat(data.integer("instance")).isEqualTo(1);
        });
        assertThat(anomalies(run).stream()
                        .mapToLong(data -> data.integer("count"))
                        .sum())
                .as("each attempt is counted before the chain is sealed")
                .isEqualTo(attempts);
        assertThat(alarms)
                .as("the chain tells of it, and it is the chain's alone")
                .isEmpty();
        assertNothingWasGivenToTheZombie(run);
    }

    @Test
    void zombie_of_a_run_that_has_ended_is_in_the_security_log_and_not_in_the_chain() throws Exception {
        node.isForgotten();
        AgentRun run = Lantern.spawn(spec()).runId(RUN.run()).on(runtime);
        Files.createFile(directory.resolve("finish"));
        awaitSuccessor();
        assertSucceeded(run);
        assertThat(run.onEnd().get()).isEqualTo(RunStatus.SUCCEEDED);
        List<RunEvent> sealed = run.events();
        assertThat(anomalies(run)).isEmpty();

        List<GatewayReply> answers = zombieGoesOn();

        int attempts = assertAllStale(answers);
        Wait.until("each attempt is told", () -> alarms.size() >= attempts);
        assertThat(alarms).hasSize(attempts).allSatisfy(alarm -> {
            assertThat(alarm.reason()).isEqualTo(STALE);
            assertThat(alarm.run()).contains(RUN);
            assertThat(alarm.epoch()).hasValue(1);
            assertThat(alarm.detail()).isEqualTo("instance 1 of run " + RUN + " was given up; the newest is 2");
        });
        assertThat(run.events()).isEqualTo(sealed);
        assertThat(run.verify()).isInstanceOf(ChainVerdict.Intact.class);
        assertNothingWasGivenToTheZombie(run);
    }

    /** Stops the first instance when it has sent the result of its second step, which does not arrive yet. */
    private void onTheWay(GatewayCall call, Runnable carryOn) {
        boolean second = call instanceof GatewayCall.Complete complete
                && complete.record().step().name().equals("two");
        if (second && heldUp.isEmpty()) {
            heldUp.add(carryOn);
            first().signal("STOP");
        } else {
            carryOn.run();
        }
    }

    private void awaitSuccessor() throws IOException {
        Wait.until("the successor has done its work", () -> Files.exists(directory.resolve("worked")));
        assertThat(Files.readString(directory.resolve("worked")).strip()).isEqualTo("2");
        assertThat(secretsOf(1).resolve("API_KEY"))
                .as("nobody reaches the zombie's memory and files")
                .hasContent("canary-of-the-api");
    }

    /** Lets it, and asks for everything that can be asked for with what it proves itself with. */
    private List<GatewayReply> zombieGoesOn() throws Exception {
        int before = node.answered().size();
        first().signal("CONT");
        heldUp.forEach(Runnable::run);
        Wait.until("the agent is told to stop", () -> Files.exists(directory.resolve("left.1")));
        assertThat(directory.resolve("left.1"))
                .as("secrets of the zombie when its agent is told to stop")
                .isEmptyFile();
        assertThat(Files.readAllLines(directory.resolve("completed")))
                .contains("two 2 200")
                .doesNotContain("two 1 200");
        Wait.until("the zombie's secrets are gone with it", () -> !Files.exists(secretsOf(1)));

        List<GatewayReply> answers = new ArrayList<>();
        Map<String, GatewayCall> calls = calls();
        for (GatewayCall call : calls.values()) {
            answers.add(node.asFirst(call));
        }
        List<UnreachableNode.Answered> own =
                node.answered().subList(before, node.answered().size());
        own.forEach(answered -> answers.add(answered.reply()));
        assertThat(own)
                .as("the held-up result is answered")
                .anySatisfy(answered -> assertThat(answered.call()).isInstanceOf(GatewayCall.Complete.class));
        System.out.println("ZombieWithSecretsTest: " + calls.size() + " calls of a zombie " + calls.keySet() + ", "
                + own.size() + " of its harness's own");
        assertThat(calls).hasSizeGreaterThanOrEqualTo(FEWEST_CALLS);
        return answers;
    }

    /** Fewer than the security log has lines in a second, together with what a harness asks by itself. */
    private Map<String, GatewayCall> calls() {
        Map<String, GatewayCall> calls = new LinkedHashMap<>();
        calls.put("heartbeat", new GatewayCall.Heartbeat(RUN, 1, 0, Optional.empty()));
        calls.put(
                "begin",
                new GatewayCall.Begin(RUN, 1, StepId.occurrence("three", 1), Effect.PURE, Optional.empty(), 0));
        calls.put("fail", new GatewayCall.Fail(RUN, 1, StepId.occurrence("two", 1), 1, "it failed"));
        calls.put("report", new GatewayCall.Report(RUN, 1, "report", List.of()));
        calls.put("renew", new GatewayCall.Renew(RUN, 1));
        calls.put("vend DATABASE anew", new GatewayCall.Vend(RUN, 1, "DATABASE", "again"));
        for (UnreachableNode.Answered answered : node.answered()) {
            if (answered.call() instanceof GatewayCall.Vend vend
                    && answered.reply() instanceof GatewayReply.Vended vended) {
                calls.put("renew its lease of " + vend.name(), new GatewayCall.RenewLease(RUN, 1, vended.lease()));
                calls.put("return its lease of " + vend.name(), new GatewayCall.ReturnLease(RUN, 1, vended.lease()));
                calls.put("vend " + vend.name() + " as it did", vend);
            }
        }
        return calls;
    }

    /** @return how many there are */
    private static int assertAllStale(List<GatewayReply> answers) {
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer)
                        .isInstanceOfSatisfying(
                                GatewayReply.Refused.class,
                                refused -> assertThat(refused.problem().code()).isEqualTo(Problem.Code.STALE_EPOCH)));
        return answers.size();
    }

    private void assertNothingWasGivenToTheZombie(AgentRun run) {
        assertThat(secrets.leases())
                .as("one for each instance, and none for the zombie")
                .hasSize(2)
                .allMatch(InMemorySecretStore.Lease::revoked);
        boolean lost = false;
        for (RunEvent event : run.events()) {
            lost |= event.kind().equals("instance_lost");
            if (lost && event.kind().equals("secret_vended")) {
                assertThat(event.json()).contains("\"lease\":\"2-");
            }
        }
        assertThat(lost).isTrue();
    }

    private static void assertSucceeded(AgentRun run) throws InterruptedException {
        assertThat(run.await())
                .isInstanceOfSatisfying(
                        RunResult.Succeeded.class,
                        success -> assertThat(new String(success.output().bytes(), StandardCharsets.UTF_8))
                                .isEqualTo("one by 1, two by 2"));
    }

    private static List<Json.Obj> anomalies(AgentRun run) {
        return run.events().stream()
                .filter(event -> event.kind().equals("anomaly_detected"))
                .map(event -> EventEnvelope.parse(event.json().getBytes(StandardCharsets.UTF_8))
                        .data())
                .toList();
    }

    private Session first() {
        return new Session(directory.resolve("pid.1"));
    }

    private Path secretsOf(int epoch) {
        try {
            return Path.of(
                    Files.readString(directory.resolve("secrets." + epoch)).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AgentSpec spec() throws IOException {
        Path agent = directory.resolve("zombie-with-secrets.sh");
        try (InputStream script = ZombieWithSecretsTest.class.getResourceAsStream("zombie-with-secrets.sh")) {
            Files.copy(script, agent);
        }
        return AgentSpec.builder("zombie")
                .image("lantern/zombie@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of("sh", agent.toString(), directory.toString()))
                .secret(SecretRef.of("API_KEY", SecretUri.ofOwnTenant(API.key())))
                .secret(SecretRef.of("DATABASE", SecretUri.ofOwnTenant(DATABASE.key()))
                        .ttl("3s"))
                .build();
    }
}
