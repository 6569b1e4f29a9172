package dev.lantern.core.gate;

import dev.lantern.agent.wire.FenceReport;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.SandboxReport;
import dev.lantern.gate.BoundarySignature;
import dev.lantern.gate.BoundarySignature.Place;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checkpoint five: whether the sandbox, seen from inside, is of the kind that the gate admitted, and the fence around it holds.
 * The name of a handler
 * proves nothing, a kernel that says what it is does, as far as its node can be trusted: whoever owns the node can make a
 * kernel say anything.
 *
 * <p>A kind is known by a positive signature, one of a table that the policy extends. That the boot id is not the node's is
 * demanded besides: it shows a kernel of its own, and by itself says nothing of which. What runs on the node's own kernel is
 * not known by anything and needs no proof. The fence is proven by what was tried, for every kind. A pure function.
 */
public final class Attestation {
    /** What the checkpoint is called in events and evidence. */
    public static final String CHECKPOINT = Checkpoint.ATTESTATION.text();

    /** So many rounds and so much time at a stretch are what counts as proof, whoever says so. */
    private static final int ROUNDS = 3;

    private static final Duration STRETCH = Duration.ofSeconds(1);

    /** Older releases say it in the command line alone. */
    private static final List<BoundarySignature> GVISOR = List.of(
            new BoundarySignature(Place.KERNEL, "-gvisor"),
            new BoundarySignature(Place.KERNEL, "gVisor"),
            new BoundarySignature(Place.COMMAND_LINE, "-gvisor"));

    /** The guest's root comes by a share of this name, and its init is told to start Kata's agent. */
    private static final List<BoundarySignature> KATA = List.of(
            new BoundarySignature(Place.MOUNT, "kataShared"),
            new BoundarySignature(Place.COMMAND_LINE, "kata-containers.target"),
            new BoundarySignature(Place.COMMAND_LINE, "agent.log"));

    private static final int SHOWN = 120;
    private static final int SHOWN_OF_FENCE = 400;

    private final HandlerKind kind;
    private final Optional<NodeId> node;
    private final SandboxReport report;
    private final FenceReport fence;
    private final List<BoundarySignature> table;
    private final List<Violation> violations = new ArrayList<>();

    private Attestation(HandlerKind kind, Optional<NodeId> node, InsideReport inside, IsolationPolicy policy) {
        this.kind = kind;
        this.node = node;
        this.report = inside.sandbox();
        this.fence = inside.fence();
        this.table = table(kind, policy);
    }

    /** What became of it. */
    public sealed interface Verdict {

        /** It is what was admitted, as far as can be seen from inside. */
        record Attested(List<Evidence> evidence) implements Verdict {
            public Attested {
                evidence = List.copyOf(evidence);
            }
        }

        /** It is not, or cannot be told. */
        record Contradicted(List<Violation> violations) implements Verdict {
            public Contradicted {
                violations = List.copyOf(violations);
            }
        }
    }

    /**
     * Judges a report.
     *
     * @param kind the boundary that the gate admitted
     * @param node where the instance was found to run; empty if that is not known
     * @param report what its harness saw; empty if it sent none
     * @param at when the report came
     */
    public static Verdict judge(
            HandlerKind kind,
            Optional<NodeId> node,
            Optional<InsideReport> report,
            IsolationPolicy policy,
            Instant at) {
        if (report.isEmpty()) {
            return new Verdict.Contradicted(List.of(new Violation(
                    "attestation-missing",
                    "sandbox",
                    "no report of the sandbox",
                    "a harness that reports what it finds inside",
                    "run the harness's image of this version of Lantern")));
        }
        return new Attestation(kind, node, report.get(), policy).verdict(at);
    }

    private Verdict verdict(Instant at) {
        String sandbox = kind == HandlerKind.RUNC || kind == HandlerKind.PROCESS
                ? "no boundary was admitted, and none is claimed; the kernel says " + shown(report.kernel())
                : sandbox();
        if (!fence.holds() || fence.rounds() < ROUNDS || fence.stretch().compareTo(STRETCH) < 0) {
            open();
        }
        if (!violations.isEmpty()) {
            return new Verdict.Contradicted(violations);
        }
        return new Verdict.Attested(List.of(
                seen(sandbox, at),
                seen(
                        "in " + fence.rounds() + " rounds over "
                                + fence.stretch().toMillis() + " ms the gateway answered and "
                                + shown(fence.forbidden(), SHOWN_OF_FENCE) + " did not",
                        at)));
    }

    private static Evidence seen(String what, Instant at) {
        return new Evidence(CHECKPOINT, what, "the harness, from inside the sandbox", at);
    }

    private String sandbox() {
        Optional<BoundarySignature> found = signature();
        if (found.isEmpty()) {
            unsigned();
        }
        kernelOfItsOwn();
        return kind.text() + ": " + found.map(BoundarySignature::toString).orElse("unsigned") + ", boot id "
                + shown(report.bootId()) + " where the node has "
                + shown(node.map(NodeId::bootId).orElse(""));
    }

    private void open() {
        violations.add(new Violation(
                "fence-open",
                "network",
                fence.said().isEmpty()
                        ? fence.rounds() + " rounds over " + fence.stretch().toMillis() + " ms"
                        : shown(fence.said(), SHOWN_OF_FENCE),
                "the gateway answers and " + shown(fence.forbidden(), SHOWN_OF_FENCE) + " does not, " + ROUNDS
                        + " times and over " + STRETCH.toMillis() + " ms",
                "see whether node " + shown(node.map(NodeId::name).orElse("")) + "'s network plugin enforces"
                        + " NetworkPolicies, in each family of addresses that pods have"));
    }

    private Optional<BoundarySignature> signature() {
        // Of gVisor two things have to be seen: its texts are what other kernels can be given.
        if (kind == HandlerKind.GVISOR && !report.gvisor()) {
            return Optional.empty();
        }
        return table.stream().filter(this::isSeen).findFirst();
    }

    private boolean isSeen(BoundarySignature signature) {
        return switch (signature.place()) {
            case KERNEL -> report.kernel().contains(signature.text());
            case COMMAND_LINE -> report.commandLine().contains(signature.text());
            case MOUNT -> report.mounts().stream().anyMatch(mount -> mount.contains(signature.text()));
        };
    }

    private void unsigned() {
        String allowed = table.isEmpty()
                ? "a signature, and none is known of " + kind.text()
                : String.join(
                                " or ",
                                table.stream().map(BoundarySignature::toString).toList())
                        + (kind == HandlerKind.GVISOR ? ", and /proc/gvisor or /proc/sentry-meminfo" : "");
        violations.add(new Violation(
                "attestation-unsigned",
                "sandbox",
                "kernel " + shown(report.kernel()) + ", command line " + shown(report.commandLine()) + ", "
                        + (report.gvisor() ? "a" : "no") + " file in /proc that is gVisor's own",
                allowed,
                table.isEmpty()
                        ? "add one with IsolationPolicy.signature"
                        : "see which binary is behind the handler's name on that node; a runtime of your own is made known"
                                + " with IsolationPolicy.signature"));
    }

    private void kernelOfItsOwn() {
        if (report.bootId().isEmpty() || node.isEmpty() || node.get().bootId().isEmpty()) {
            violations.add(new Violation(
                    "attestation-boot-id",
                    "sandbox",
                    "boot id " + shown(report.bootId()) + ", node's boot id "
                            + shown(node.map(NodeId::bootId).orElse("")),
                    "both, and not the same",
                    "see why the node or the sandbox does not tell its boot id"));
        } else if (report.bootId().equals(node.get().bootId())) {
            violations.add(new Violation(
                    "attestation-boot-id",
                    "sandbox",
                    "the boot id of node " + shown(node.get().name()),
                    "another boot id: a kernel of its own",
                    "see which binary is behind the handler's name on that node"));
        }
    }

    private static List<BoundarySignature> table(HandlerKind kind, IsolationPolicy policy) {
        List<BoundarySignature> table = new ArrayList<>();
        if (kind == HandlerKind.GVISOR) {
            table.addAll(GVISOR);
        } else if (kind == HandlerKind.KATA) {
            table.addAll(KATA);
        }
        table.addAll(policy.signatures(kind));
        return table;
    }

    /** In quotes, printable ASCII, cut: it comes from inside. */
    private static String shown(String text) {
        return shown(text, SHOWN);
    }

    private static String shown(String text, int most) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().limit(most).forEach(c -> out.append(c >= 0x20 && c < 0x7f && c != '"' ? (char) c : '?'));
        return out.append(text.codePointCount(0, text.length()) > most ? "…\"" : "\"")
                .toString();
    }
}
