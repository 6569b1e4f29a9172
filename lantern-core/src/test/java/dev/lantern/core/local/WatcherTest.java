package dev.lantern.core.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.clockwork.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every shell and every way to start a session that this machine has, with both views of its processes. */
class WatcherTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String FAMILY =
            "trap '' TERM; for i in 1 2 3; do sleep 300 & done; timeout 300 sleep 300 & while :; do sleep 0.05; done";

    @TempDir
    Path directory;

    private int instances;

    private int cases;

    /** One combination. */
    private record Way(List<String> shell, List<String> sessionStarter, ProcessTable processes) {}

    @Test
    void watchers_do_the_same_under_every_shell() throws Exception {
        for (Way way : ways()) {
            assertThat(exitCode(way, "exit 7")).as(way.toString()).isEqualTo(7);
            assertThat(exitCode(way, "kill -KILL $$")).as(way.toString()).isEqualTo(137);
            assertThat(exitCode(way, "kill -INT $$")).as(way.toString()).isEqualTo(130);
            assertThat(exitCode(way, "cat; echo no-input")).as(way.toString()).isZero();
            assertThat(terminated(way, "trap 'exit 9' TERM; echo up; while :; do sleep 0.05; done"))
                    .as(way.toString())
                    .isEqualTo(9);
            killed(way, WatchedProcess::kill);
            killed(way, process -> {
                process.letGo();
                return true;
            });
        }
        System.out.println("watchers: " + cases + " cases");
        assertThat(cases).isGreaterThanOrEqualTo(42);
    }

    @Test
    void command_that_cannot_be_executed_is_noted_by_the_usual_shell() throws Exception {
        Way usual = new Way(List.of("/bin/sh"), Watcher.SESSION_STARTERS.get(0), ProcessTable.ofThisMachine());
        InstanceDirectory instance = instance(usual);
        WatchedProcess process = watcher(usual).start(instance, List.of("/no/such/program"), environment(instance));

        assertThat(process.await()).isEqualTo(127);
        process.letGo();
        assertThat(new Members(instance, usual.processes()).gone(Deadline.after(SOON)))
                .isTrue();
        assertThat(instance.notExecuted()).isEqualTo(!isBash("/bin/sh"));
    }

    private List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        List<List<String>> shells = List.of(List.of("/bin/sh"), List.of("/bin/bash"), List.of("/bin/bash", "--posix"));
        for (List<String> shell : shells) {
            for (List<String> starter : Watcher.SESSION_STARTERS) {
                if (Files.isExecutable(Path.of(shell.get(0))) && Files.isExecutable(Path.of(starter.get(0)))) {
                    ways.add(new Way(shell, starter, ProcessTable.ofThisMachine()));
                }
            }
        }
        return ways;
    }

    private int exitCode(Way way, String script) throws Exception {
        cases++;
        WatchedProcess process = started(way, instance(way), script);
        int code = process.await();
        process.letGo();
        assertThat(new String(process.stderr().readAllBytes(), StandardCharsets.UTF_8))
                .as("what the watcher says of %s", script)
                .isEmpty();
        return code;
    }

    private int terminated(Way way, String script) throws Exception {
        cases++;
        InstanceDirectory instance = instance(way);
        WatchedProcess process = started(way, instance, script);
        assertThat(process.stdout().read()).isEqualTo('u');
        assertThat(process.terminate()).isTrue();
        int code = process.await();
        process.letGo();
        return code;
    }

    private void killed(Way way, Predicate<WatchedProcess> order) throws Exception {
        cases++;
        InstanceDirectory instance = instance(way);
        WatchedProcess process = started(way, instance, "echo up; " + FAMILY);
        assertThat(process.stdout().read()).isEqualTo('u');
        assertThat(order.test(process)).isTrue();
        assertThat(process.await()).as(way.toString()).isEqualTo(137);
        process.letGo();
        assertThat(new Members(instance, way.processes()).gone(Deadline.after(SOON)))
                .as(way.toString())
                .isTrue();
    }

    @Test
    void processes_are_found_without_proc_too() throws Exception {
        ProcessTable portable = new PortableProcesses();
        Way way = new Way(List.of("/bin/sh"), Watcher.SESSION_STARTERS.get(0), portable);
        InstanceDirectory instance = instance(way);
        WatchedProcess process = started(way, instance, "sleep 300 & sleep 300 & echo up; sleep 300");
        assertThat(process.stdout().read()).isEqualTo('u');
        long leader = notedLeader(instance);
        String birth = lstart(leader);
        Files.writeString(instance.path().resolve("process"), leader + " " + birth + "\n");

        assertThat(instance.members(portable).size()).isGreaterThanOrEqualTo(3);
        Files.writeString(instance.path().resolve("process"), leader + " Thu Jan  1 00:00:00 1970\n");
        assertThat(instance.members(portable)).isEmpty();
        Files.writeString(instance.path().resolve("process"), leader + " " + birth + "\n");
        new Members(instance, portable).kill(Deadline.after(SOON));

        assertThat(process.await()).isEqualTo(137);
        assertThat(instance.members(portable)).isEmpty();
        process.letGo();
    }

    private WatchedProcess started(Way way, InstanceDirectory instance, String script) throws IOException {
        return watcher(way).start(instance, List.of("/bin/sh", "-c", script), environment(instance));
    }

    private Watcher watcher(Way way) throws IOException {
        return Watcher.in(Files.createTempDirectory(directory, "scripts"), way.shell(), way.sessionStarter());
    }

    private InstanceDirectory instance(Way way) throws IOException {
        InstanceDirectory instance = new InstanceDirectory(directory.resolve("i-" + ++instances));
        instance.create(Agents.ref("run-1", 1), way.processes().boot());
        return instance;
    }

    private static Map<String, String> environment(InstanceDirectory instance) {
        return ChildEnvironment.of(Agents.spec().build(), instance, List.of());
    }

    private static long notedLeader(InstanceDirectory instance) throws IOException {
        String note = Files.readString(instance.path().resolve("process"));
        return Long.parseLong(note.substring(0, note.indexOf(' ')));
    }

    private static String lstart(long pid) throws IOException {
        ProcessBuilder ps = new ProcessBuilder("/bin/ps", "-o", "lstart=", "-p", Long.toString(pid));
        ps.environment().put("LC_ALL", "C");
        return new String(ps.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static boolean isBash(String shell) throws IOException {
        return Path.of(shell).toRealPath().endsWith("bash");
    }
}
