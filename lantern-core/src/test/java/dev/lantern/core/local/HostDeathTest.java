package dev.lantern.core.local;

import static dev.lantern.core.local.Agents.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.substrate.InstanceRef;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostDeathTest {
    /** That it takes well under a second is a figure; that it happens is the promise. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String FAMILY =
            "for i in $(seq 12); do (sleep 300 & sleep 300) & timeout 300 sleep 300 & done; trap '' TERM HUP INT;"
                    + " echo up; while :; do sleep 0.05; done";

    @TempDir
    Path directory;

    private final List<Process> hosts = new ArrayList<>();

    @AfterEach
    void noHostOutlivesItsTest() throws InterruptedException {
        for (Process host : hosts) {
            host.destroyForcibly().waitFor();
        }
        Processes.within(SOON, "every agent is gone", () -> ours().isEmpty());
    }

    @Test
    void nothing_is_left_after_the_hosts_death() throws Exception {
        for (String signal : List.of("KILL", "TERM", "INT")) {
            Process host = host(3, FAMILY);
            Processes.within(SOON, "three families of 37 are up", () -> ours().size() >= 3 * 37);

            Processes.signal(signal, Long.toString(host.pid()));
            host.waitFor();

            Processes.within(SOON, "every agent is gone after SIG" + signal, () -> ours().isEmpty());
        }
        assertThat(Processes.named(directory.toString())).isEmpty();
    }

    @Test
    void agent_whose_watcher_was_killed_too_ends_when_the_next_host_opens() throws Exception {
        Process host = host(2, FAMILY);
        killWithItsWatchers(host);
        host.waitFor();
        List<Long> left = ours();
        assertThat(left).isNotEmpty();

        try (LocalProcessSubstrate next = opened()) {
            assertThat(ours()).isEmpty();
            assertThat(next.standing(Duration.ofSeconds(20))).isEmpty();
            assertThat(hosts()).hasSize(1);
        }
        assertThat(left).noneMatch(Processes::isAlive);
    }

    @Test
    void leftovers_are_also_found_by_a_host_that_is_open_already() throws Exception {
        try (LocalProcessSubstrate other = opened()) {
            Process host = host(2, FAMILY);
            List<InstanceRef> standing = other.standing(Duration.ofSeconds(20));
            assertThat(standing).containsExactlyInAnyOrder(ref("run-1", 1), ref("run-2", 1));
            killWithItsWatchers(host);
            host.waitFor();

            assertThat(other.standing(Duration.ofSeconds(20))).isEmpty();
            assertThat(ours()).isEmpty();
        }
    }

    @Test
    void instance_of_another_living_host_can_be_stopped_from_here() throws Exception {
        Process host = host(2, "echo up; sleep 300");
        try (LocalProcessSubstrate other = opened()) {
            other.stop(ref("run-1", 1), Duration.ofMillis(200), Duration.ofSeconds(20));

            assertThat(other.standing(Duration.ofSeconds(20))).containsExactly(ref("run-2", 1));
            assertThat(host.isAlive()).isTrue();
        } finally {
            host.destroyForcibly().waitFor();
        }
        Processes.within(SOON, "the other agent is gone", () -> ours().isEmpty());
    }

    @Test
    void agent_dies_with_its_host_even_if_somebody_removed_the_state_directory() throws Exception {
        Process host = host(2, FAMILY);
        new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();

        Processes.signal("KILL", Long.toString(host.pid()));
        host.waitFor();

        Processes.within(SOON, "every agent is gone", () -> ours().isEmpty());
    }

    @Test
    void stranger_with_a_number_that_an_agent_once_had_is_left_alone() throws Exception {
        Process stranger = new ProcessBuilder("setsid", "sleep", "300").start();
        try {
            Path dead = Files.createDirectories(directory.resolve("host-dead/i-1"));
            Files.createFile(directory.resolve("host-dead/lock"));
            ProcessTable processes = ProcessTable.ofThisMachine();
            Files.writeString(dead.resolve("instance"), "acme\nrun-1\n1\n" + processes.boot() + "\n");
            String stat = Files.readString(Path.of("/proc/" + stranger.pid() + "/stat"));
            long birth =
                    Long.parseLong(stat.substring(stat.lastIndexOf(") ") + 2).split(" ")[19]);
            Files.writeString(
                    dead.resolve("process"),
                    stat.replace(" " + birth + " ", " " + (birth - 1) + " ").strip() + "\n");

            opened().close();

            assertThat(stranger.isAlive()).isTrue();
            assertThat(directory.resolve("host-dead")).doesNotExist();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void what_another_boot_noted_means_nothing() throws Exception {
        Process stranger = new ProcessBuilder("setsid", "sleep", "300").start();
        try {
            Path dead = Files.createDirectories(directory.resolve("host-dead/i-1"));
            Files.createFile(directory.resolve("host-dead/lock"));
            Files.writeString(dead.resolve("instance"), "acme\nrun-1\n1\nanother-boot\n");
            Files.copy(Path.of("/proc/" + stranger.pid() + "/stat"), dead.resolve("process"));

            opened().close();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    private Process host(int agents, String script) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                DyingHost.class.getName(),
                directory.toString(),
                Integer.toString(agents),
                script));
        Process host = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        hosts.add(host);
        String line =
                new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(line).isEqualTo("ready");
        return host;
    }

    private static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path", "surefire.real.class.path")
                        .map(System::getProperty)
                        .filter(path -> path != null && !path.isEmpty())
                        .reduce((a, b) -> a + File.pathSeparator + b)
                        .orElseThrow()
                + File.pathSeparator
                + Path.of("target", "test-classes").toAbsolutePath();
    }

    private LocalProcessSubstrate opened() {
        LocalProcessSubstrate substrate = LocalProcessSubstrate.in(directory);
        substrate.gateway(new ScriptedDoor("{}"), "in-process");
        substrate.open(new ListeningHost(new Heard()));
        return substrate;
    }

    private List<Long> ours() {
        return Processes.mentioning("LANTERN_RESULT_FILE=" + directory);
    }

    private List<Path> hosts() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    /** Both processes of each watcher; the host is stopped first, or it would do what they cannot any more. */
    private void killWithItsWatchers(Process host) throws IOException, InterruptedException {
        Processes.signal("STOP", Long.toString(host.pid()));
        for (long watcher : Processes.named("/watch.sh")) {
            if (ours().contains(watcher)) {
                Processes.signal("KILL", Long.toString(watcher));
            }
        }
        Processes.signal("KILL", Long.toString(host.pid()));
    }
}
