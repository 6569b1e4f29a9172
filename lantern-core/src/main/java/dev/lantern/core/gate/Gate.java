package dev.lantern.core.gate;

import dev.lantern.gate.Decision;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decides whether a spec may run where these facts were seen. Pure; every reason for a no is listed. */
public final class Gate {
    private Gate() {}

    public static Decision decide(AgentSpec spec, Facts facts) {
        List<Violation> violations = new ArrayList<>();
        Optional<Facts.Handler> handler = strongEnough(spec.isolation(), facts);
        if (handler.isEmpty()) {
            violations.add(noBoundary(spec.isolation(), facts));
        }
        if (!facts.gaps().isEmpty() && needsBoundary(spec.isolation())) {
            violations.add(cannotTell(facts));
        }
        if (handler.map(found -> found.kind() == HandlerKind.PROCESS).orElse(false)) {
            violations.addAll(processViolations(spec));
        }
        if (handler.isEmpty() || !violations.isEmpty()) {
            return new Decision.Refused(violations);
        }
        return new Decision.Admitted(new Placement(handler.get().kind()), evidence(spec, facts, handler.get()));
    }

    /** The boundaries that satisfy a class; never one weaker than the design's table names for it. */
    static List<HandlerKind> allowed(Isolation isolation) {
        return switch (isolation) {
            case TRUSTED -> List.of(HandlerKind.PROCESS, HandlerKind.RUNC, HandlerKind.GVISOR, HandlerKind.KATA);
            case STANDARD, DEVCONTAINER -> List.of(HandlerKind.GVISOR);
            case UNTRUSTED -> List.of(HandlerKind.GVISOR, HandlerKind.KATA);
            case HOSTILE -> List.of(HandlerKind.KATA);
            case WASM -> List.of(HandlerKind.WASM);
        };
    }

    private static boolean needsBoundary(Isolation isolation) {
        return isolation != Isolation.TRUSTED;
    }

    private static Optional<Facts.Handler> strongEnough(Isolation isolation, Facts facts) {
        List<HandlerKind> allowed = allowed(isolation);
        return facts.handlers().stream()
                .filter(handler -> allowed.contains(handler.kind()))
                .findFirst();
    }

    private static Violation noBoundary(Isolation isolation, Facts facts) {
        String offered = facts.handlers().isEmpty()
                ? "no boundary at all"
                : facts.handlers().stream()
                        .map(handler -> lower(handler.kind()) + " (" + handler.evidence() + ")")
                        .collect(Collectors.joining(", "));
        return new Violation(
                "boundary-missing",
                "spec.isolation",
                lower(isolation) + "; " + facts.source() + " offer " + offered,
                "for " + lower(isolation) + ": "
                        + allowed(isolation).stream().map(Gate::lower).collect(Collectors.joining(" or ")),
                "run it where such a boundary is proven, or, if you wrote and trust every byte of this agent, declare"
                        + " isolation: trusted");
    }

    private static Violation cannotTell(Facts facts) {
        return new Violation(
                "cannot-tell",
                "spec.isolation",
                "facts from " + facts.source() + " with gaps: " + String.join("; ", facts.gaps()),
                "complete facts",
                "close the gaps; what cannot be told is refused");
    }

    private static List<Violation> processViolations(AgentSpec spec) {
        List<Violation> violations = new ArrayList<>();
        if (spec.command().isEmpty()) {
            violations.add(new Violation(
                    "command-missing",
                    "spec.command",
                    "no command",
                    "the command to run",
                    "local processes run spec.command and pull no image; name the command"));
        }
        if (!spec.secrets().isEmpty()) {
            violations.add(new Violation(
                    "secrets-unavailable",
                    "spec.secrets",
                    spec.secrets().size() + " secrets",
                    "none on local processes",
                    "run it on a substrate with a secret store, or remove the secrets"));
        }
        return violations;
    }

    private static List<Evidence> evidence(AgentSpec spec, Facts facts, Facts.Handler handler) {
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(
                new Evidence("spec", "isolation " + lower(spec.isolation()) + ", image " + spec.image(), "agent spec"));
        evidence.add(new Evidence("facts", handler.evidence(), facts.source()));
        if (handler.kind() == HandlerKind.PROCESS) {
            evidence.add(new Evidence(
                    "facts",
                    "network " + lower(spec.network())
                            + ", egress rules and resource limits are not enforced on a plain process",
                    facts.source()));
        }
        return evidence;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
