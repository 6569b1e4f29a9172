package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.journal.Append;
import dev.lantern.journal.Create;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a run with one step costs the journal: each write, and what it is for. */
class AppendsOfOneStepTest {
    private final TestCluster cluster = new TestCluster();
    private final List<String> writes = new ArrayList<>();
    private final Host host = cluster.join("http://one:8080", told(cluster.journal));

    @Test
    void one_step_costs_six_writes() {
        RunRef run = cluster.running(host, "ticket-4711");
        Opening result = RunFixture.opening("result");
        cluster.call(host, new GatewayCall.Begin(run, 1, RunFixture.STEP, Effect.IDEMPOTENT, Optional.empty(), 0));
        StepRecord record = new StepRecord(
                run, 1, RunFixture.STEP, Effect.IDEMPOTENT, Optional.empty(), result.commitment(), List.of());
        cluster.call(host, new GatewayCall.Complete(run, 1, record, RunFixture.SIGNATURE, Optional.empty(), result));
        OutputRecord output = new OutputRecord(run, 1, result.commitment());
        cluster.call(host, new GatewayCall.Output(run, 1, output, RunFixture.SIGNATURE, result));
        cluster.pass(Duration.ofSeconds(10));

        assertThat(writes)
                .containsExactly(
                        "create run_created", // on(runtime) returns
                        "append gate_passed instance_started", // the instance starts
                        "append instance_enrolled", // its key is bound, the agent starts
                        "append step_completed", // the step is never run again
                        "append result_ready", // await() returns
                        "append instance_stopped run_succeeded"); // everything is torn down
        assertThat(cluster.row(run).status().terminal()).isTrue();
    }

    private Journal told(Journal journal) {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, args) -> {
                    if (method.getName().equals("create")) {
                        ((List<?>) args[0]).forEach(one -> writes.add("create" + kinds(((Create) one).events())));
                    } else if (method.getName().equals("append")) {
                        ((List<?>) args[0]).forEach(one -> writes.add("append" + kinds(((Append) one).events())));
                    }
                    try {
                        return method.invoke(journal, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static String kinds(List<Event> events) {
        return events.stream()
                .map(event -> " " + EventEnvelope.parse(event.bytes()).kind())
                .collect(Collectors.joining());
    }
}
