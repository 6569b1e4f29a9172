package dev.lantern.core.local;

import static dev.lantern.core.local.Agents.ref;
import static dev.lantern.core.local.Agents.shell;
import static dev.lantern.core.local.Agents.spec;
import static dev.lantern.core.local.Agents.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.Placement;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalProcessSubstrateTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final InstanceRef FIRST = ref("run-1", 1);

    @TempDir
    Path directory;

    private final Heard heard = new Heard();
    private ScriptedDoor door = new ScriptedDoor("{\"question\":42}");
    private LocalProcessSubstrate substrate;

    @BeforeEach
    void open() {
        opened(LocalProcessSubstrate.in(directory));
    }

    @AfterEach
    void close() {
        substrate.close();
    }

    @Test
    void agent_of_curl_works_its_steps_and_delivers_its_output() {
        substrate.start(
                shell(
                        FIRST,
                        "set -e; curl -sf -X POST $LANTERN_URL/v1/steps/plan/begin;"
                                + " curl -sf --data '{\"n\":1}' $LANTERN_URL/v1/steps/plan/complete;"
                                + " curl -sf --data '{\"answer\":43}' $LANTERN_URL/v1/output"),
                SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(door.calls().stream().map(call -> call.getClass().getSimpleName()))
                .containsExactly("Enrol", "Begin", "Complete", "Output");
        assertThat(door.outputs()).containsExactly("{\"answer\":43}");
    }

    @Test
    void agent_finds_its_secrets_as_private_files_and_they_go_with_it() {
        door.granting("API_KEY", "canary 1");
        substrate.start(
                shell(
                        FIRST,
                        "stat -c %a $LANTERN_SECRETS $LANTERN_SECRETS/API_KEY; sha256sum < $LANTERN_SECRETS/API_KEY;"
                                + " curl -sf $LANTERN_URL/v1/secrets/API_KEY | sha256sum; env | grep -c canary"),
                SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(1));
        String digest = "stdout: "
                + Digest.sha256("canary 1".getBytes(StandardCharsets.UTF_8)).hex() + "  -";
        assertThat(heard.lines()).containsExactly("stdout: 700", "stdout: 600", digest, digest, "stdout: 0");
        assertThat(door.calls().stream().map(call -> call.getClass().getSimpleName()))
                .containsExactly("Enrol", "Vend", "ReturnLease");
    }

    @Test
    void refused_secret_starts_no_process() {
        door.granting("API_KEY", "canary 1")
                .answeringVend(new GatewayReply.Refused(Problem.of(Problem.Code.SECRET_REFUSED, "there is none")));
        substrate.start(shell(FIRST, "echo started"), SOON);

        assertThat(heard.end())
                .isEqualTo(new InstanceEnd.StartFailed(
                        "the agent of instance " + FIRST.run() + " epoch 1 was not started, because its secret API_KEY"
                                + " was refused (secret-refused): there is none",
                        false));
        assertThat(heard.lines()).isEmpty();
    }

    @Test
    void result_file_is_delivered_before_the_exit_is_told() {
        substrate.start(shell(FIRST, "echo '{\"done\":true}' > $LANTERN_RESULT_FILE"), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(door.outputs()).containsExactly("{\"done\":true}\n");
    }

    @Test
    void result_file_of_an_agent_that_failed_is_not_delivered() {
        substrate.start(shell(FIRST, "echo '{\"done\":tr' > $LANTERN_RESULT_FILE; exit 3"), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(3));
        assertThat(door.outputs()).isEmpty();
    }

    @Test
    void refused_result_file_is_told_in_the_log() {
        door.answeringOutput(new GatewayReply.Refused(Problem.of(Problem.Code.CONFLICT, "the first output stands")));
        substrate.start(shell(FIRST, "echo 1 > $LANTERN_RESULT_FILE"), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(heard.lines())
                .containsExactly("stderr: lantern: the result file was not taken: the first output stands");
    }

    @Test
    void result_file_that_is_a_link_is_left_alone() {
        substrate.start(shell(FIRST, "ln -s /etc/passwd $LANTERN_RESULT_FILE"), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(door.outputs()).isEmpty();
    }

    @Test
    void environment_holds_what_the_spec_says_and_what_is_ours() {
        substrate.start(
                start(
                        FIRST,
                        spec().command(List.of("/usr/bin/env"))
                                .env("MODE", "fast")
                                .build()),
                SOON);
        heard.end();

        List<String> names = heard.lines().stream()
                .map(line -> line.substring("stdout: ".length()).split("=", 2)[0])
                .toList();
        // A shell may add what it says of itself.
        assertThat(names)
                .contains("LANTERN_URL", "LANTERN_RESULT_FILE", "LANTERN_INPUT_FILE", "LANTERN_SECRETS")
                .contains("PATH", "HOME", "TMPDIR", "LANG")
                .contains("MODE")
                .isSubsetOf(
                        "LANTERN_URL",
                        "LANTERN_RESULT_FILE",
                        "LANTERN_INPUT_FILE",
                        "LANTERN_SECRETS",
                        "PATH",
                        "HOME",
                        "TMPDIR",
                        "LANG",
                        "MODE",
                        "PWD",
                        "OLDPWD",
                        "SHLVL",
                        "_");
        assertThat(heard.lines()).contains("stdout: MODE=fast");
    }

    @Test
    void agent_finds_its_input_an_empty_stdin_and_a_fresh_private_directory() {
        substrate.start(
                shell(
                        FIRST,
                        "cat $LANTERN_INPUT_FILE; echo; stat -c %a $LANTERN_INPUT_FILE . .. $TMPDIR; ls -A;"
                                + " [ \"$HOME\" = \"$(pwd -P)\" ] && echo home; wc -c; echo $0"),
                SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(heard.lines())
                .containsExactly(
                        "stdout: {\"question\":42}",
                        "stdout: 600",
                        "stdout: 700",
                        "stdout: 700",
                        "stdout: 700",
                        "stdout: tmp",
                        "stdout: home",
                        "stdout: 0",
                        "stdout: /bin/sh");
    }

    @Test
    void nothing_of_an_ended_instance_is_left_on_disk() throws IOException {
        substrate.start(shell(FIRST, "mkdir -p a/b; echo x > a/b/c; chmod 0 a; ln -s / root"), SOON);
        heard.end();
        substrate.stop(FIRST, Duration.ZERO, SOON);

        assertThat(instancesOnDisk()).isEmpty();
    }

    @Test
    void state_directory_is_for_this_user_alone() throws IOException {
        try (Stream<Path> hosts = Files.list(directory)) {
            assertThat(hosts.map(LocalProcessSubstrateTest::permissions)).containsOnly("rwx------");
        }
    }

    @Test
    void exit_code_is_told() {
        substrate.start(shell(FIRST, "exit 7"), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(7));
    }

    @Test
    void death_by_a_foreign_signal_is_a_loss() {
        substrate.start(shell(FIRST, "kill -KILL $$"), SOON);

        assertThat(heard.end())
                .isEqualTo(new InstanceEnd.Lost("killed by signal 9 (SIGKILL) that Lantern did not send:"
                        + " by somebody, or by the kernel for lack of memory"));
    }

    @Test
    void death_by_a_fault_of_its_own_is_the_agents_failure() {
        substrate.start(shell(FIRST, "kill -SEGV $$"), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(139));
    }

    @Test
    void missing_command_is_refused_for_good_and_without_enrolment() {
        substrate.start(start(FIRST, spec().command(List.of("no-such-agent")).build()), SOON);

        InstanceEnd.StartFailed end = (InstanceEnd.StartFailed) heard.end();
        assertThat(end.forGood()).isTrue();
        assertThat(end.cause())
                .startsWith("the command \"no-such-agent\" was found in none of ")
                .endsWith(": give an absolute path, or its directory to the substrate's programsIn");
        assertThat(door.calls()).isEmpty();
    }

    @Test
    void unusable_commands_are_refused_for_good_each_with_its_cause() throws IOException {
        Path plain = Files.writeString(directory.resolve("plain"), "not a program");
        Path orphan = executable("orphan", "#!/no/such/interpreter\n");
        List<String> commands = List.of("./agent.sh", "/no/such/agent", plain.toString(), orphan.toString(), "/tmp");
        List<String> causes = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            substrate.start(
                    start(
                            ref("bad-" + i, 1),
                            spec().command(List.of(commands.get(i))).build()),
                    SOON);
        }
        heard.ends(commands.size()).forEach(end -> {
            assertThat(((InstanceEnd.StartFailed) end).forGood()).isTrue();
            causes.add(((InstanceEnd.StartFailed) end).cause());
        });

        assertThat(causes)
                .anyMatch(cause -> cause.startsWith("the command \"./agent.sh\" is relative"))
                .anyMatch(cause -> cause.equals("the command \"/no/such/agent\" does not exist"))
                .anyMatch(cause -> cause.endsWith("is not an executable file: chmod +x it"))
                .anyMatch(cause -> cause.contains("could not be executed: its interpreter may be missing"))
                .anyMatch(cause -> cause.equals("the command \"/tmp\" is not an executable file: chmod +x it"));
    }

    @Test
    void programs_are_found_in_the_directories_given() throws IOException {
        executable("my-agent", "#!/bin/sh\necho found\n");
        substrate.close();
        opened(LocalProcessSubstrate.in(directory.resolve("other")).programsIn(directory));

        substrate.start(start(FIRST, spec().command(List.of("my-agent")).build()), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(heard.lines()).containsExactly("stdout: found");
    }

    @Test
    void refused_enrolment_is_a_failed_start() {
        door.answeringEnrol(new GatewayReply.Refused(Problem.of(Problem.Code.STALE_EPOCH, "epoch 2 has taken over")));
        substrate.start(shell(FIRST, "echo started"), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.StartFailed("epoch 2 has taken over", false));
        assertThat(heard.lines()).isEmpty();
    }

    @Test
    void only_trusted_agents_on_plain_processes_are_started() {
        InstanceStart untrusted = start(
                FIRST,
                spec().isolation(Isolation.UNTRUSTED)
                        .command(List.of("/bin/true"))
                        .build());
        InstanceStart elsewhere = new InstanceStart(
                FIRST,
                spec().command(List.of("/bin/true")).build(),
                Placement.onHost(Isolation.TRUSTED, HandlerKind.GVISOR),
                Agents.SECRET,
                "in-process",
                Optional.empty());

        assertThatThrownBy(() -> substrate.start(untrusted, SOON))
                .isInstanceOf(LanternException.class)
                .hasMessage("instance acme/run-1@1 was not started: a plain process has no boundary and takes isolation"
                        + " trusted on handler PROCESS only, found UNTRUSTED on PROCESS");
        assertThatThrownBy(() -> substrate.start(elsewhere, SOON)).hasMessageEndingWith("found TRUSTED on GVISOR");
    }

    @Test
    void stop_asks_first_and_tells_nothing_of_the_end_it_brought_about() {
        substrate.start(shell(FIRST, "trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.05; done"), SOON);
        heard.line("stdout: up");

        substrate.stop(FIRST, SOON, SOON.multipliedBy(2));

        assertThat(heard.lines()).contains("stdout: asked");
        assertThat(heard.ends()).isEmpty();
        assertThat(substrate.standing(SOON)).isEmpty();
    }

    @Test
    void stop_kills_what_ignores_it_after_the_grace() {
        substrate.start(shell(FIRST, "trap '' TERM; echo up $$; while :; do sleep 0.05; done"), SOON);
        long pid = pid(heard.line("stdout: up "));
        long before = System.nanoTime();

        substrate.stop(FIRST, Duration.ofMillis(300), SOON);

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(60));
        assertThat(Processes.isAlive(pid)).isFalse();
    }

    @Test
    void harness_that_learns_that_it_is_stale_stops_the_agent() {
        door.answeringBegin(new GatewayReply.Refused(Problem.of(Problem.Code.STALE_EPOCH, "epoch 2 has taken over")));
        substrate.start(shell(FIRST, "curl -s -X POST $LANTERN_URL/v1/steps/a/begin; exec sleep 60"), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Lost("stopped: epoch 2 has taken over"));
    }

    @Test
    void everything_that_an_agent_started_dies_with_it() {
        substrate.start(
                shell(
                        FIRST,
                        "for i in $(seq 20); do (sleep 300 & sleep 300) & timeout 300 sleep 300 & done;"
                                + " setsid sleep 300 & (setsid setsid sleep 300 &) ; echo up; sleep 300"),
                SOON);
        heard.line("stdout: up");
        Members members = members();
        assertThat(members.any()).isTrue();

        substrate.stop(FIRST, Duration.ZERO, SOON);

        assertThat(members.any()).isFalse();
        assertThat(Processes.mentioning("LANTERN_RESULT_FILE=" + directory)).isEmpty();
    }

    @Test
    void what_the_agent_leaves_running_ends_with_its_exit() {
        substrate.start(shell(FIRST, "sleep 300 & setsid sleep 300 & exit 0"), SOON);

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(Processes.mentioning("LANTERN_RESULT_FILE=" + directory)).isEmpty();
    }

    @Test
    void start_is_idempotent_and_so_is_stop() {
        InstanceStart start = shell(FIRST, "echo up; exec sleep 300");
        substrate.start(start, SOON);
        substrate.start(start, SOON);
        heard.line("stdout: up");
        substrate.start(start, SOON);

        assertThat(substrate.standing(SOON)).containsExactly(FIRST);
        substrate.stop(FIRST, Duration.ZERO, SOON);
        substrate.stop(FIRST, Duration.ZERO, SOON);
        assertThat(substrate.standing(SOON)).isEmpty();
        assertThat(heard.lines()).containsExactly("stdout: up");
    }

    /** A stop that is still cleaning up must not reach what was started after another one was done. */
    @Test
    void each_start_has_a_directory_of_its_own() throws IOException {
        InstanceStart start = shell(FIRST, "echo up; exec sleep 300");
        substrate.start(start, SOON);
        List<Path> first = instancesOnDisk();
        substrate.stop(FIRST, Duration.ZERO, SOON);
        substrate.start(start, SOON);
        List<Path> second = instancesOnDisk();

        assertThat(first).hasSize(1);
        assertThat(second).hasSize(1).isNotEqualTo(first);
    }

    @Test
    void close_ends_every_agent() {
        for (int i = 1; i <= 5; i++) {
            substrate.start(shell(ref("run-" + i, 1), "echo up-$LANTERN_URL; sleep 300"), SOON);
        }
        heard.lines(5);

        substrate.close();

        assertThat(Processes.mentioning("LANTERN_RESULT_FILE=" + directory)).isEmpty();
        assertThat(directory).isEmptyDirectory();
        assertThatThrownBy(() -> substrate.start(shell(FIRST, "true"), SOON))
                .hasMessage("local processes in " + directory + " are closed");
    }

    private void opened(LocalProcessSubstrate fresh) {
        substrate = fresh;
        substrate.gateway((secret, call, reply) -> door.call(secret, call, reply), "in-process");
        substrate.open(new ListeningHost(heard));
    }

    private Path executable(String name, String content) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    private List<Path> instancesOnDisk() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> path.getFileName().toString().startsWith("i-"))
                    .toList();
        }
    }

    private Members members() {
        try {
            return new Members(new InstanceDirectory(instancesOnDisk().get(0)), ProcessTable.ofThisMachine());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long pid(String line) {
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
