package dev.lantern.k8s;

import dev.lantern.gate.HandlerKind;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.EgressRule;
import dev.lantern.spec.ImageRef;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.NetworkMode;
import dev.lantern.substrate.GatewayTrust;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** One request for each class of isolation, and the variants in which a pod looks different. */
final class Requests {
    static final String AGENT_IMAGE =
            "registry.example.com/agents/triage@sha256:3333333333333333333333333333333333333333333333333333333333333333";
    static final String HARNESS_IMAGE =
            "registry.example.com/lantern/harness@sha256:4444444444444444444444444444444444444444444444444444444444444444";

    private static final String INSTALLATION = "6f1c9d2e-8a47-4b5e-9c3d-0e2f4a6b8c1d";
    private static final Deadlines DEADLINES = new Deadlines(
            Duration.ofMinutes(35), Duration.ofMinutes(31), Duration.ofMinutes(3), Duration.ofSeconds(10));

    private Requests() {}

    /** By the name of the golden file. */
    static Map<String, PodRequest> all() {
        Map<String, PodRequest> all = new LinkedHashMap<>();
        all.put("trusted-runc", of(agent(Isolation.TRUSTED, b -> b), onRunc(Isolation.TRUSTED)));
        all.put(
                "trusted-open-tag",
                of(
                        agent(
                                Isolation.TRUSTED,
                                b -> b.image("registry.example.com/agents/triage:dev")
                                        .network(NetworkMode.OPEN)),
                        onRunc(Isolation.TRUSTED)));
        all.put("standard-gvisor", of(agent(Isolation.STANDARD, b -> b), onGvisor(Isolation.STANDARD, false)));
        all.put("standard-runc", of(agent(Isolation.STANDARD, b -> b), onRunc(Isolation.STANDARD)));
        all.put(
                "standard-tenant-vpc",
                of(
                        agent(Isolation.STANDARD, b -> b.network(NetworkMode.TENANT_VPC)),
                        onGvisor(Isolation.STANDARD, false)));
        all.put("untrusted-gvisor", untrusted());
        all.put(
                "untrusted-kata-gpu",
                of(
                        agent(
                                Isolation.UNTRUSTED,
                                b -> b.limits(l -> l.gpu(2).vcpu("4000m"))
                                        .preferredRegions(List.of("eu-west-1", "eu-central-1"))),
                        new Boundary(
                                Isolation.UNTRUSTED, HandlerKind.KATA, Optional.of(kata()), false, Optional.empty())));
        all.put("hostile-kata", hostile());
        all.put(
                "wasm",
                of(
                        agent(Isolation.WASM, b -> b),
                        Boundary.of(Isolation.WASM, HandlerKind.WASM, PinnedClass.of("wasmtime", "uid-of-wasmtime"))));
        all.put("devcontainer", devcontainer());
        all.put("everything", everything());
        return all;
    }

    static PodRequest untrusted() {
        return of(agent(Isolation.UNTRUSTED, b -> b), onGvisor(Isolation.UNTRUSTED, true));
    }

    static PodRequest hostile() {
        return of(
                agent(Isolation.HOSTILE, b -> b),
                new Boundary(
                        Isolation.HOSTILE, HandlerKind.KATA, Optional.of(kata()), false, Optional.of(dedicated())));
    }

    static PodRequest devcontainer() {
        PodRequest plain = of(agent(Isolation.STANDARD, b -> b), onGvisor(Isolation.STANDARD, false));
        return new PodRequest(
                plain.key(),
                plain.namespace(),
                agent(Isolation.DEVCONTAINER, b -> b),
                onGvisor(Isolation.DEVCONTAINER, false),
                plain.harness(),
                plain.reach(),
                plain.deadlines(),
                plain.defaults(),
                plain.priority(),
                Optional.of("ws-triage"));
    }

    /** All that a spec can say, ids that do not fit a label, values that the kubelet would expand. */
    static PodRequest everything() {
        AgentSpec spec = agent(
                Isolation.UNTRUSTED,
                b -> b.command(List.of("/bin/agent", "--home=$(HOME)"))
                        .args(List.of("", "cost: $5", "$$"))
                        .env("EMPTY", "")
                        .env("GREETING", "say \"hello\" to $(LANTERN_URL)")
                        .env("HOME", "/tmp/home")
                        .label("team", "support")
                        .label("app.kubernetes.io/part-of", "helpdesk")
                        .limits(l -> l.vcpu("2").memory("1536Mi").scratchSize("5000000000"))
                        .egressRule(EgressRule.to("api.example.com")));
        return new PodRequest(
                new InstanceKey(
                        INSTALLATION,
                        new InstanceRef(new RunRef("tenant-".repeat(10) + "end", "sha256-of-something"), 12)),
                "tenant-long",
                spec,
                onGvisor(Isolation.UNTRUSTED, false),
                ImageRef.parse(HARNESS_IMAGE),
                new Reach(
                        "https://[fd00::7]:7410",
                        Optional.of(new GatewayTrust("acme.example", List.of("MIIBAA==", "MIIBAQ=="))),
                        List.of("10.96.0.1:443", "[fd00:96::1]:443")),
                DEADLINES,
                PodDefaults.usual(),
                new Priority("agents-low", -10, "Never"),
                Optional.empty());
    }

    static PodRequest of(AgentSpec spec, Boundary boundary) {
        return new PodRequest(
                new InstanceKey(INSTALLATION, new InstanceRef(new RunRef("acme", "ticket-4711"), 1)),
                "lantern-agents",
                spec,
                boundary,
                ImageRef.parse(HARNESS_IMAGE),
                new Reach(
                        "https://10.20.0.7:7410",
                        Optional.of(new GatewayTrust("lantern.internal", List.of("MIIBAA=="))),
                        List.of("10.96.0.1:443")),
                DEADLINES,
                PodDefaults.usual(),
                Priority.NONE,
                Optional.empty());
    }

    static AgentSpec agent(Isolation isolation, UnaryOperator<AgentSpec.Builder> change) {
        return change.apply(AgentSpec.builder("triage").image(AGENT_IMAGE).isolation(isolation))
                .build();
    }

    static Boundary onRunc(Isolation isolation) {
        return new Boundary(isolation, HandlerKind.RUNC, Optional.empty(), false, Optional.empty());
    }

    static Boundary onGvisor(Isolation isolation, boolean userNamespaces) {
        return new Boundary(isolation, HandlerKind.GVISOR, Optional.of(gvisor()), userNamespaces, Optional.empty());
    }

    static PinnedClass gvisor() {
        return new PinnedClass(
                "lantern-gvisor",
                "0c7c9a3e-6d1b-4b7c-8c55-1f1f3f2f7a01",
                new TreeMap<>(Map.of("cpu", "11m", "memory", "96Mi")),
                new TreeMap<>(Map.of("node-restriction.kubernetes.io/gvisor", "true")),
                List.of(Toleration.exists("sandbox")));
    }

    static PinnedClass kata() {
        return new PinnedClass(
                "lantern-kata",
                "5e2b7d10-9a44-4f0a-b8a2-6a8f8d9f4c02",
                new TreeMap<>(Map.of("cpu", "257m", "memory", "167Mi")),
                new TreeMap<>(),
                List.of());
    }

    static Toleration dedicated() {
        return new Toleration(
                Optional.of("lantern.dev/dedicated"),
                "Equal",
                Optional.of("hostile"),
                Optional.of("NoSchedule"),
                OptionalLong.empty());
    }
}
