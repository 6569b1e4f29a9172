package dev.lantern.agent.harness.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.agent.wire.StepId;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The agents in {@code docs/agents} do the same, each in its language, and lose and double nothing wherever they are killed. */
final class WholeAgentsTest {
    private static final Path AGENTS = agents();
    private static final String OUTPUT =
            "{\"ticket\":4711,\"summary\":\"ticket 4711: login fails\",\"team\":\"identity\",\"receipt\":\"receipt 4711\"}";
    private static final List<String> CALLS = List.of(
            "begin summarise",
            "complete summarise",
            "begin classify",
            "fail classify",
            "begin classify",
            "complete classify",
            "begin charge",
            "complete charge",
            "usage",
            "output");
    private static final Set<Language> KILLED = EnumSet.complementOf(EnumSet.of(Language.JAVA_SOURCE));
    private static final int COMPLETE_CHARGE = CALLS.indexOf("complete charge");

    @TempDir
    private Path folder;

    @TempDir
    private static Path compiled;

    private final DeadlyOwner run = new DeadlyOwner();

    /** What the agents run on. */
    enum Language {
        BUSYBOX {
            @Override
            List<String> command() throws IOException {
                Path busybox = required("busybox");
                Process list = new ProcessBuilder(busybox.toString(), "--list").start();
                String applets = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return shell(links("busybox", busybox, applets.split("\n")).toString());
            }
        },
        SH {
            @Override
            List<String> command() throws IOException {
                String path = System.getenv("PATH");
                return shell(found("nc").isPresent() ? path : path + ":" + links("only-nc", required("busybox"), "nc"));
            }
        },
        PYTHON {
            @Override
            List<String> command() {
                return List.of(
                        required("python3").toString(),
                        AGENTS.resolve("agent.py").toString());
            }
        },
        JAVA {
            @Override
            List<String> command() {
                return List.of(
                        jdk("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        compiled + File.pathSeparator + classPath(),
                        "TriageAgent");
            }
        },
        JAVA_SOURCE {
            @Override
            List<String> command() {
                return List.of(
                        jdk("java"),
                        "-cp",
                        classPath(),
                        AGENTS.resolve("TriageAgent.java").toString());
            }
        };

        /** Starts the agent; skips the test where there is nothing to start it with. */
        abstract List<String> command() throws IOException;
    }

    @BeforeAll
    static void compile() throws Exception {
        String source = AGENTS.resolve("TriageAgent.java").toString();
        Process javac = new ProcessBuilder(jdk("javac"), "-d", compiled.toString(), "-cp", classPath(), source)
                .inheritIO()
                .start();
        assertThat(javac.waitFor()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void agent_makes_the_same_calls_in_every_language(Language language) throws Exception {
        Ended ended = instance(language, DeadlyOwner.NEVER, Map.of());

        assertDone(ended);
        assertThat(ended.calls()).isEqualTo(CALLS);
        assertThat(ended.errors())
                .as("what it read of the run")
                .containsAnyOf("You are instance 3 of run ticket-4711. No step is done yet.", "in doubt: []");
        assertThat(run.owner.errors()).hasSize(1);
        assertThat(run.owner.reports()).isEqualTo(1);
        assertThat(run.owner.completions().stream()
                        .filter(done -> done.record().step().name().equals("summarise"))
                        .flatMap(done -> done.record().usage().stream()))
                .hasSize(1)
                .allSatisfy(usage -> assertThat(usage.totalTokens()).isEqualTo(812 + 64));
    }

    @ParameterizedTest
    @EnumSource
    void agent_that_died_inside_its_charge_finds_out_that_it_did_not_happen(Language language) throws Exception {
        assertThat(instance(language, DeadlyOwner.NEVER, Map.of("DIE_ONCE", "yes")))
                .satisfies(died -> assertThat(died.code()).as(died.errors()).isEqualTo(137))
                .extracting(Ended::calls)
                .isEqualTo(CALLS.subList(0, 7));

        Ended ended = instance(language, DeadlyOwner.NEVER, Map.of("DIE_ONCE", "yes"));

        assertDone(ended);
        assertThat(ended.calls()).isEqualTo(afterDeath(false));
    }

    @ParameterizedTest
    @EnumSource
    void agent_that_was_killed_after_its_charge_finds_out_that_it_happened(Language language) throws Exception {
        instance(language, new DeadlyOwner.Death(COMPLETE_CHARGE, false), Map.of());

        Ended ended = instance(language, DeadlyOwner.NEVER, Map.of());

        assertDone(ended);
        assertThat(ended.calls()).isEqualTo(afterDeath(true));
    }

    /** What an instance asks for that comes after one which died inside its charge. */
    private static List<String> afterDeath(boolean happened) {
        return List.of(
                "begin summarise",
                "begin classify",
                "begin charge",
                "resolve charge " + happened,
                "begin charge",
                "complete charge",
                "usage",
                "output");
    }

    @ParameterizedTest
    @MethodSource
    void agent_that_is_killed_once_more_when_it_has_found_out_goes_on(Language language, boolean happened)
            throws Exception {
        instance(
                language, new DeadlyOwner.Death(happened ? COMPLETE_CHARGE : COMPLETE_CHARGE - 1, !happened), Map.of());
        Ended killed = instance(language, new DeadlyOwner.Death(3, true), Map.of());
        assertThat(killed.calls()).isEqualTo(afterDeath(happened).subList(0, 4));

        assertDone(instance(language, DeadlyOwner.NEVER, Map.of()));
    }

    static Stream<Arguments> agent_that_is_killed_once_more_when_it_has_found_out_goes_on() {
        return KILLED.stream()
                .flatMap(language -> Stream.of(false, true).map(happened -> Arguments.of(language, happened)));
    }

    /** Before the journal has the call, and after it has it and before the agent knows. */
    @Tag("long")
    @ParameterizedTest
    @MethodSource
    void agent_that_is_killed_at_any_call_goes_on(Language language, DeadlyOwner.Death death) throws Exception {
        Ended killed = instance(language, death, Map.of());
        assertThat(killed.code()).as(killed.errors()).isEqualTo(137);
        assertThat(killed.calls()).isEqualTo(CALLS.subList(0, death.call() + 1));

        assertDone(instance(language, DeadlyOwner.NEVER, Map.of()));
    }

    static Stream<Arguments> agent_that_is_killed_at_any_call_goes_on() {
        List<Arguments> all = new ArrayList<>();
        for (Language language : KILLED) {
            for (int call = 0; call < CALLS.size(); call++) {
                all.add(Arguments.of(language, new DeadlyOwner.Death(call, false)));
                all.add(Arguments.of(language, new DeadlyOwner.Death(call, true)));
            }
        }
        return all.stream();
    }

    private void assertDone(Ended last) throws IOException {
        assertThat(last.code()).as(last.errors()).isZero();
        assertThat(new String(run.owner.output().bytes(), StandardCharsets.UTF_8))
                .isEqualTo(OUTPUT);
        assertThat(run.owner.output().mediaType()).isEqualTo("application/json");
        assertThat(run.owner.results())
                .containsOnlyKeys(
                        StepId.occurrence("summarise", 1),
                        StepId.occurrence("classify", 1),
                        StepId.occurrence("charge", 1));
        assertThat(Files.readAllLines(folder.resolve("bank"))).containsExactly("key/charge#1");
    }

    /** How an instance's agent ended, and what it had asked for. */
    private record Ended(int code, String errors, List<String> calls) {}

    private Ended instance(Language language, DeadlyOwner.Death death, Map<String, String> environment)
            throws Exception {
        List<String> command = language.command();
        File errors = folder.resolve("stderr").toFile();
        try (DeadlyOwner.Instance instance = run.instance(death)) {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
            builder.environment().put("LANTERN_URL", instance.loopback.url.toString());
            builder.environment().put("BANK", folder.resolve("bank").toString());
            builder.environment().put("TMPDIR", folder.toString());
            builder.environment().putAll(environment);
            Process process = builder.redirectOutput(folder.resolve("stdout").toFile())
                    .redirectError(errors)
                    .start();
            instance.runs(process);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return new Ended(process.exitValue(), Files.readString(errors.toPath()), instance.calls());
        }
    }

    private static List<String> shell(String path) {
        return List.of("env", "PATH=" + path, "sh", AGENTS.resolve("agent.sh").toString());
    }

    /** A folder of busybox under the names of its applets; not in a temporary one, which complains of links when it goes. */
    private static Path links(String folder, Path busybox, String... applets) throws IOException {
        Path links =
                Files.createDirectories(Path.of("target", "applets", folder).toAbsolutePath());
        for (String applet : applets) {
            Files.deleteIfExists(links.resolve(applet));
            Files.createSymbolicLink(links.resolve(applet), busybox);
        }
        return links;
    }

    private static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private static Path required(String tool) {
        Optional<Path> found = found(tool);
        assumeTrue(found.isPresent(), tool + " is not installed");
        return found.orElseThrow();
    }

    private static Optional<Path> found(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(place -> Path.of(place, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The tests run patched into the module, so the classes are on the module path. */
    private static String classPath() {
        String modules = System.getProperty("jdk.module.path");
        return System.getProperty("java.class.path") + (modules == null ? "" : File.pathSeparator + modules);
    }

    private static Path agents() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("docs/agents"))) {
            here = here.getParent();
        }
        return here.resolve("docs/agents");
    }
}
