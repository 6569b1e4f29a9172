package dev.lantern.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.gate.Decision;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.Preflight;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunResult;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.value.LanternException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PreviewTest {
    @TempDir
    Path directory;

    @Test
    void preview_says_what_a_spawn_would_and_writes_nothing() throws Exception {
        AgentSpec spec = agent(Isolation.UNTRUSTED);
        try (LanternRuntime runtime = runtime(IsolationPolicy.safeDefaults())) {
            // tag::preview[]
            Decision decision = runtime.preview("acme", spec);
            if (decision instanceof Decision.Refused refused) {
                refused.violations().forEach(System.out::println);
            }
            // end::preview[]

            assertThat(runtime.runs(RunQuery.all()).runs()).isEmpty();
            AgentRun run = Lantern.spawn(spec).tenant("acme").runId("refused").on(runtime);
            RunResult result = run.await();
            assertThat(result).isInstanceOf(RunResult.Refused.class);
            assertThat(((RunResult.Refused) result).violations()).isEqualTo(((Decision.Refused) decision).violations());
        }
    }

    @Test
    void refusal_and_its_evidence_are_in_the_journal() throws Exception {
        try (LanternRuntime runtime = runtime(IsolationPolicy.safeDefaults().atLeast(Isolation.STANDARD))) {
            AgentRun run =
                    Lantern.spawn(agent(Isolation.TRUSTED)).runId("raised").on(runtime);
            run.await();

            assertThat(run.events())
                    .filteredOn(event -> event.kind().equals("run_refused"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.json())
                            .contains("boundary-missing", "isolation trusted, raised to standard by policy"));
        }
    }

    @Test
    void preflight_is_a_page_on_every_class() {
        try (LanternRuntime runtime = runtime(IsolationPolicy.safeDefaults())) {
            // tag::preflight[]
            Preflight preflight = runtime.preflight();
            System.out.println(preflight);
            // end::preflight[]

            assertThat(preflight.decisions().keySet()).containsExactly(Isolation.values());
            assertThat(preflight.decisions().get(Isolation.TRUSTED)).isInstanceOf(Decision.Admitted.class);
            assertThat(preflight.decisions().entrySet().stream()
                            .filter(entry -> entry.getKey() != Isolation.TRUSTED)
                            .toList())
                    .allSatisfy(entry -> assertThat(entry.getValue()).isInstanceOf(Decision.Refused.class));
            assertThat(preflight.toString())
                    .startsWith("What local processes can prove, at ")
                    .contains("\ntrusted: admitted\n", "\nhostile: refused\n");
        }
    }

    @Test
    void tenant_that_no_run_can_have_is_refused() {
        try (LanternRuntime runtime = runtime(IsolationPolicy.safeDefaults())) {
            assertThatThrownBy(() -> runtime.preview("a/b", agent(Isolation.TRUSTED)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("tenant \"a/b\" has a character that is not allowed");
            assertThatThrownBy(() -> runtime.preflight(""))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("tenant has 0 characters");
        }
    }

    @Test
    void policy_of_a_platform_compiles_as_the_manual_shows_it() {
        // tag::policy[]
        IsolationPolicy policy = IsolationPolicy.safeDefaults()
                .atLeast(Isolation.STANDARD)
                .handler("kata-clh-snp", HandlerKind.KATA)
                .runtimeClasses(Isolation.HOSTILE, List.of("kata-snp"));
        // end::policy[]

        try (LanternRuntime runtime = runtime(policy)) {
            assertThat(runtime.preview(agent(Isolation.TRUSTED))).isInstanceOf(Decision.Refused.class);
        }
    }

    private LanternRuntime runtime(IsolationPolicy policy) {
        return Lantern.runtime()
                .journal(new InMemoryJournal(InstantSource.system(), "a test"))
                .substrate(LocalProcessSubstrate.in(directory.resolve("instances")))
                .policy(policy)
                .start();
    }

    private static AgentSpec agent(Isolation isolation) {
        return AgentSpec.builder("previewed")
                .image("registry.example/agent@sha256:" + "a".repeat(64))
                .isolation(isolation)
                .command(List.of("true"))
                .build();
    }
}
