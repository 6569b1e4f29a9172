package dev.lantern.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.spec.Isolation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IsolationPolicyTest {
    private static final IsolationPolicy SAFE = IsolationPolicy.safeDefaults();

    @Test
    void defaults_excuse_nothing_and_know_the_settled_handlers() {
        assertThat(SAFE.floor()).isEmpty();
        assertThat(SAFE.isStandardWithoutBoundary()).isFalse();
        assertThat(SAFE.isImageTagsForTrusted()).isFalse();
        assertThat(SAFE.needsAdmissionPolicy(Isolation.HOSTILE)).isTrue();
        assertThat(SAFE.needsAdmissionPolicy(Isolation.UNTRUSTED)).isFalse();
        assertThat(SAFE.maxFactAge()).isEqualTo(Duration.ofMinutes(1));
        assertThat(SAFE.maxClockSkew()).isEqualTo(Duration.ofSeconds(30));
        assertThat(SAFE.kindOf("")).contains(HandlerKind.RUNC);
        assertThat(SAFE.kindOf("crun")).contains(HandlerKind.RUNC);
        assertThat(SAFE.kindOf("runsc")).contains(HandlerKind.GVISOR);
        assertThat(SAFE.kindOf("kata-qemu")).contains(HandlerKind.KATA);
    }

    @Test
    void handler_that_nobody_declared_stands_for_nothing() {
        for (String name : List.of("runsc-debug", "kata-qemu-debug", "Runsc", "runsc ", "gvisor-kvm", "wasmtime")) {
            assertThat(SAFE.kindOf(name)).as(name).isEmpty();
        }
        assertThat(SAFE.handler("wasmtime", HandlerKind.WASM).kindOf("wasmtime"))
                .contains(HandlerKind.WASM);
        assertThat(SAFE.kindOf("wasmtime")).as("a policy never changes").isEmpty();
    }

    @Test
    void debugging_variant_is_never_a_boundary() {
        for (HandlerKind kind : List.of(HandlerKind.GVISOR, HandlerKind.KATA, HandlerKind.WASM)) {
            assertThatThrownBy(() -> SAFE.handler("Kata-QEMU-Debug", kind))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "handler \"Kata-QEMU-Debug\" as " + kind.text() + ": debugging variants open the guest's"
                                    + " console and are no boundary; declare the production variant");
        }
        assertThat(SAFE.handler("runc-debug", HandlerKind.RUNC).kindOf("runc-debug"))
                .contains(HandlerKind.RUNC);
    }

    @Test
    void settled_name_is_never_passed_off_as_a_stronger_boundary() {
        assertThatThrownBy(() -> SAFE.handler("runc", HandlerKind.GVISOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "handler \"runc\" as gVisor: it is runc everywhere; give a handler of your own a name of its"
                                + " own");
        assertThatThrownBy(() -> SAFE.handler("runsc", HandlerKind.KATA)).isInstanceOf(IllegalArgumentException.class);
        assertThat(SAFE.handler("runsc", HandlerKind.GVISOR).kindOf("runsc")).contains(HandlerKind.GVISOR);
        assertThat(SAFE.handler("", HandlerKind.GVISOR).kindOf("")).contains(HandlerKind.GVISOR);
    }

    @Test
    void handler_of_a_node_is_never_a_plain_process() {
        assertThatThrownBy(() -> SAFE.handler("none", HandlerKind.PROCESS))
                .hasMessage("handler \"none\": no handler of a node is a plain process");
    }

    @Test
    void floor_is_a_rung_of_the_ladder() {
        assertThat(SAFE.atLeast(Isolation.UNTRUSTED).floor()).contains(Isolation.UNTRUSTED);
        for (Isolation none : List.of(Isolation.WASM, Isolation.DEVCONTAINER)) {
            assertThatThrownBy(() -> SAFE.atLeast(none))
                    .hasMessage("at least " + none.text()
                            + ": allowed are trusted, standard, untrusted and hostile, which are stronger one by one");
        }
    }

    @Test
    void ages_and_skews_have_limits() {
        assertThat(SAFE.maxFactAge(Duration.ofSeconds(1)).maxFactAge()).isEqualTo(Duration.ofSeconds(1));
        assertThat(SAFE.maxFactAge(Duration.ofMinutes(10)).maxFactAge()).isEqualTo(Duration.ofMinutes(10));
        assertThat(SAFE.maxClockSkew(Duration.ofSeconds(2)).maxClockSkew()).isEqualTo(Duration.ofSeconds(2));
        assertThat(SAFE.maxClockSkew(Duration.ofMinutes(10)).maxClockSkew()).isEqualTo(Duration.ofMinutes(10));
        assertThatThrownBy(() -> SAFE.maxFactAge(Duration.ofMillis(999)))
                .hasMessage("facts of an age of PT0.999S: allowed is 1 s to 10 min");
        assertThatThrownBy(() -> SAFE.maxFactAge(Duration.ofMinutes(10).plusMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SAFE.maxClockSkew(Duration.ofMillis(1999)))
                .hasMessage("a clock skew of PT1.999S: allowed is 2 s to 10 min");
        assertThatThrownBy(() -> SAFE.maxClockSkew(Duration.ofMinutes(10).plusMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nodes_cannot_give_themselves_the_marks_of_dedicated_ones() {
        Taint taint = new Taint("dedicated", "agents", "NoExecute");
        for (String label : List.of(
                "pool", "example.com/pool", "node-restriction.kubernetes.io", "xnode-restriction.kubernetes.io/a")) {
            assertThatThrownBy(() -> new IsolationPolicy.DedicatedNodes(label, "yes", taint))
                    .as(label)
                    .hasMessageStartingWith("label " + label + ": allowed are labels under");
        }
        for (String label :
                List.of("node-restriction.kubernetes.io/a", "example.com.node-restriction.kubernetes.io/a")) {
            assertThat(SAFE.dedicatedNodes(new IsolationPolicy.DedicatedNodes(label, "yes", taint))
                            .dedicatedNodes()
                            .label())
                    .isEqualTo(label);
        }
        assertThatThrownBy(() -> new IsolationPolicy.DedicatedNodes(
                        "node-restriction.kubernetes.io/a", "yes", new Taint("a", "", "PreferNoSchedule")))
                .hasMessage("taint a:PreferNoSchedule: allowed are NoSchedule and NoExecute");
    }

    @Test
    void each_change_keeps_the_others() {
        IsolationPolicy policy = SAFE.atLeast(Isolation.STANDARD)
                .standardWithoutBoundary()
                .imageTagsForTrusted()
                .admissionPolicyFor(List.of())
                .runtimeClasses(Isolation.HOSTILE, List.of("kata"))
                .gpuResource("amd.com/gpu")
                .handler("spin", HandlerKind.WASM);

        assertThat(policy.floor()).contains(Isolation.STANDARD);
        assertThat(policy.isStandardWithoutBoundary()).isTrue();
        assertThat(policy.isImageTagsForTrusted()).isTrue();
        assertThat(policy.needsAdmissionPolicy(Isolation.HOSTILE)).isFalse();
        assertThat(policy.runtimeClasses(Isolation.HOSTILE)).containsExactly("kata");
        assertThat(policy.runtimeClasses(Isolation.UNTRUSTED)).isEmpty();
        assertThat(policy.gpuResource()).isEqualTo("amd.com/gpu");
        assertThat(policy.kindOf("spin")).contains(HandlerKind.WASM);
    }
}
