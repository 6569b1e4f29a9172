package dev.lantern.core.event;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.agent.wire.UsageJson;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Violation;
import dev.lantern.secrets.SecretMode;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretUri;
import dev.lantern.substrate.PodId;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Events to the {@code data} member of the envelope, and back. */
public final class EventData {
    /** The version that every kind has today. */
    public static final int VERSION = 1;

    private final SpecForms specs;

    public EventData(SpecForms specs) {
        this.specs = specs;
    }

    public Json.Obj write(RunEvent event) {
        Json.Builder data = Json.object();
        if (event instanceof RunEvent.RunCreated e) {
            data.put("spec", specs.canonical(e.spec()))
                    .put("requested", e.requested().hex())
                    .put("request", e.request().hex())
                    .put("input", e.input().hex())
                    .put("traceId", e.traceId());
        } else if (event instanceof RunEvent.GatePassed e) {
            data.put("isolation", e.isolation().text())
                    .put("handler", lower(e.handler()))
                    .put("evidence", list(e.evidence(), EventData::evidence));
        } else if (event instanceof RunEvent.RunRefused e) {
            data.put("violations", list(e.violations(), EventData::violation))
                    .put("evidence", list(e.evidence(), EventData::evidence));
        } else if (event instanceof RunEvent.ResumeRefused e) {
            data.put("violations", list(e.violations(), EventData::violation))
                    .put("evidence", list(e.evidence(), EventData::evidence));
        } else if (event instanceof RunEvent.RunAdopted e) {
            data.put("host", e.host());
        } else if (event instanceof RunEvent.InstanceStarted e) {
            data.put("secret", e.secret().hex());
        } else if (event instanceof RunEvent.BoundaryVerified e) {
            data.put("checkpoint", e.checkpoint()).put("evidence", list(e.evidence(), EventData::evidence));
            e.node().ifPresent(node -> data.put("node", node(node)));
            e.pod().ifPresent(pod -> data.put("pod", pod(pod)));
        } else if (event instanceof RunEvent.BoundaryViolated e) {
            data.put("checkpoint", e.checkpoint()).put("violations", list(e.violations(), EventData::violation));
        } else if (event instanceof RunEvent.InstanceEnrolled e) {
            data.put("publicKey", e.publicKey()).put("protocol", e.protocol()).put("token", e.token());
        } else if (event instanceof RunEvent.InstanceStopped e) {
            data.put("how", e.how());
        } else if (event instanceof RunEvent.InstanceLost e) {
            data.put("lost", e.lost())
                    .put("cause", e.cause())
                    .put("budget", e.budget().wireName())
                    .put("exhausted", e.exhausted());
        } else if (event instanceof RunEvent.RunResumed e) {
            data.put("completedSteps", e.completedSteps());
        } else if (event instanceof RunEvent.StepStarted e) {
            data.put("step", e.step().json())
                    .put("effect", e.effect().wireName())
                    .put("input", e.input().map(Commitment::hex))
                    .put("reservedTokens", e.reservedTokens());
        } else if (event instanceof RunEvent.StepCompleted e) {
            data.put("record", e.record().json()).put("signature", e.signature());
        } else if (event instanceof RunEvent.StepFailed e) {
            data.put("step", e.step().json()).put("error", e.error());
        } else if (event instanceof RunEvent.StepResolved e) {
            data.put("step", e.step().json()).put("happened", e.happened()).put("how", e.how());
        } else if (event instanceof RunEvent.UsageRecorded e) {
            data.put("report", e.report()).put("usage", UsageJson.list(e.usage()));
        } else if (event instanceof RunEvent.LimitExceeded e) {
            data.put("limit", e.limit()).put("used", e.used()).put("allowed", e.allowed());
        } else if (event instanceof RunEvent.AnomalyDetected e) {
            data.put("reason", e.reason())
                    .put("instance", e.instance())
                    .put("count", e.count())
                    .put("detail", e.detail());
        } else if (event instanceof RunEvent.SecretVended e) {
            data.put("lease", e.lease())
                    .put("name", e.name())
                    .put("secret", e.secret().toString())
                    .put("mode", mode(e.mode()))
                    .put("handle", e.handle())
                    .put("version", e.version())
                    .put("expiresAt", e.expiresAt().toString())
                    .put("renewal", e.renewal());
        } else if (event instanceof RunEvent.SecretRefused e) {
            data.put("name", e.name())
                    .put("secret", e.secret().map(SecretUri::toString))
                    .put("reason", e.reason())
                    .put("instance", e.instance())
                    .put("count", e.count());
        } else if (event instanceof RunEvent.LeaseClosed e) {
            data.put("lease", e.lease()).put("how", e.how());
        } else if (event instanceof RunEvent.RotationOwed e) {
            data.put(
                    "secrets",
                    Json.texts(e.secrets().stream().map(SecretUri::toString).toList()));
        } else if (event instanceof RunEvent.JournalRegressed e) {
            data.put("seq", e.seq()).put("hash", e.hash().map(Digest::hex));
        } else if (event instanceof RunEvent.CancelRequested e) {
            data.put("reason", e.reason());
        } else if (event instanceof RunEvent.ResultReady e) {
            data.put("source", "agent").put("record", e.record().json()).put("signature", e.signature());
        } else if (event instanceof RunEvent.EndedWithoutOutput e) {
            data.put("source", "substrate").put("exitCode", e.exitCode());
        } else if (event instanceof RunEvent.RunSucceeded e) {
            data.put("standing", Json.texts(e.standing()));
        } else if (event instanceof RunEvent.RunFailed e) {
            data.put("reason", e.reason()).put("standing", Json.texts(e.standing()));
        } else if (event instanceof RunEvent.RunCancelled e) {
            data.put("reason", e.reason()).put("standing", Json.texts(e.standing()));
        } else if (event instanceof RunEvent.RunLimitExceeded e) {
            data.put("standing", Json.texts(e.standing()));
        }
        return data.build();
    }

    /** @throws UnknownEventException if this host does not know the kind or the version */
    public RunEvent read(String kind, long version, Json.Obj data) {
        if (version != VERSION) {
            throw new UnknownEventException(kind, version);
        }
        return switch (kind) {
            case "run_created" ->
                new RunEvent.RunCreated(
                        specs.spec(data.object("spec")),
                        Digest.ofHex(data.text("requested")),
                        Digest.ofHex(data.text("request")),
                        Commitment.ofHex(data.text("input")),
                        data.text("traceId"));
            case "gate_passed" ->
                new RunEvent.GatePassed(
                        isolation(data.text("isolation")),
                        handler(data.text("handler")),
                        items(data.array("evidence"), EventData::evidence));
            case "run_refused" ->
                new RunEvent.RunRefused(
                        items(data.array("violations"), EventData::violation),
                        items(data.array("evidence"), EventData::evidence));
            case "resume_refused" ->
                new RunEvent.ResumeRefused(
                        items(data.array("violations"), EventData::violation),
                        items(data.array("evidence"), EventData::evidence));
            case "run_adopted" -> new RunEvent.RunAdopted(data.integer("host"));
            case "instance_started" -> new RunEvent.InstanceStarted(Digest.ofHex(data.text("secret")));
            case "boundary_verified" ->
                new RunEvent.BoundaryVerified(
                        data.text("checkpoint"),
                        data.find("node").map(EventData::object).map(EventData::node),
                        data.find("pod").map(EventData::object).map(EventData::pod),
                        items(data.array("evidence"), EventData::evidence));
            case "boundary_violated" ->
                new RunEvent.BoundaryViolated(
                        data.text("checkpoint"), items(data.array("violations"), EventData::violation));
            case "instance_enrolled" ->
                new RunEvent.InstanceEnrolled(
                        data.text("publicKey"), integer(data, "protocol"), data.findText("token"));
            case "instance_stopped" -> new RunEvent.InstanceStopped(data.text("how"));
            case "instance_lost" ->
                new RunEvent.InstanceLost(
                        integer(data, "lost"), data.text("cause"), budget(data.text("budget")), data.bool("exhausted"));
            case "run_resumed" -> new RunEvent.RunResumed(integer(data, "completedSteps"));
            case "step_started" ->
                new RunEvent.StepStarted(
                        StepId.of(data.object("step")),
                        Effect.ofWireName(data.text("effect")),
                        data.findText("input").map(Commitment::ofHex),
                        data.integer("reservedTokens"));
            case "step_completed" ->
                new RunEvent.StepCompleted(StepRecord.of(data.object("record")), data.text("signature"));
            case "step_failed" -> new RunEvent.StepFailed(StepId.of(data.object("step")), data.text("error"));
            case "step_resolved" ->
                new RunEvent.StepResolved(StepId.of(data.object("step")), data.bool("happened"), data.text("how"));
            case "usage_recorded" -> new RunEvent.UsageRecorded(data.text("report"), UsageJson.of(data.array("usage")));
            case "limit_exceeded" ->
                new RunEvent.LimitExceeded(data.text("limit"), data.text("used"), data.text("allowed"));
            case "anomaly_detected" ->
                new RunEvent.AnomalyDetected(
                        data.text("reason"), integer(data, "instance"), integer(data, "count"), data.text("detail"));
            case "secret_vended" ->
                new RunEvent.SecretVended(
                        data.text("lease"),
                        data.text("name"),
                        SecretUri.parse(data.text("secret")),
                        mode(data.text("mode")),
                        data.findText("handle"),
                        data.findText("version"),
                        instant(data.text("expiresAt")),
                        integer(data, "renewal"));
            case "secret_refused" ->
                new RunEvent.SecretRefused(
                        data.text("name"),
                        data.findText("secret").map(SecretUri::parse),
                        data.text("reason"),
                        integer(data, "instance"),
                        integer(data, "count"));
            case "lease_closed" -> new RunEvent.LeaseClosed(data.text("lease"), data.text("how"));
            case "rotation_owed" ->
                new RunEvent.RotationOwed(texts(data.array("secrets")).stream()
                        .map(SecretUri::parse)
                        .toList());
            case "journal_regressed" ->
                new RunEvent.JournalRegressed(
                        data.integer("seq"), data.findText("hash").map(Digest::ofHex));
            case "cancel_requested" -> new RunEvent.CancelRequested(data.text("reason"));
            case "result_ready" -> result(data);
            case "run_succeeded" -> new RunEvent.RunSucceeded(texts(data.array("standing")));
            case "run_failed" -> new RunEvent.RunFailed(data.text("reason"), texts(data.array("standing")));
            case "run_cancelled" -> new RunEvent.RunCancelled(data.text("reason"), texts(data.array("standing")));
            case "run_limit_exceeded" -> new RunEvent.RunLimitExceeded(texts(data.array("standing")));
            default -> throw new UnknownEventException(kind, version);
        };
    }

    private static RunEvent result(Json.Obj data) {
        return data.text("source").equals("agent")
                ? new RunEvent.ResultReady(OutputRecord.of(data.object("record")), data.text("signature"))
                : new RunEvent.EndedWithoutOutput(integer(data, "exitCode"));
    }

    private static Json.Obj evidence(Evidence e) {
        return Json.object()
                .put("checkpoint", e.checkpoint())
                .put("found", e.found())
                .put("source", e.source())
                .put("at", e.at().toString())
                .build();
    }

    private static Evidence evidence(Json.Obj e) {
        return new Evidence(e.text("checkpoint"), e.text("found"), e.text("source"), instant(e.text("at")));
    }

    private static Json.Obj node(NodeId node) {
        return Json.object()
                .put("name", node.name())
                .put("uid", node.uid())
                .put("bootId", node.bootId())
                .build();
    }

    private static NodeId node(Json.Obj node) {
        return new NodeId(node.text("name"), node.text("uid"), node.text("bootId"));
    }

    private static Json.Obj pod(PodId pod) {
        return Json.object()
                .put("namespace", pod.namespace())
                .put("name", pod.name())
                .put("uid", pod.uid())
                .build();
    }

    private static PodId pod(Json.Obj pod) {
        return new PodId(pod.text("namespace"), pod.text("name"), pod.text("uid"));
    }

    private static String mode(SecretMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static SecretMode mode(String name) {
        for (SecretMode mode : SecretMode.values()) {
            if (mode(mode).equals(name)) {
                return mode;
            }
        }
        throw new LanternException("secret mode \"" + name + "\" is not known to this host");
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new LanternException("an event has a time that is none", e);
        }
    }

    private static Isolation isolation(String text) {
        return Isolation.parse(text);
    }

    private static Json.Obj violation(Violation v) {
        return Json.object()
                .put("code", v.code())
                .put("path", v.path())
                .put("found", v.found())
                .put("allowed", v.allowed())
                .put("fix", v.fix())
                .build();
    }

    private static Violation violation(Json.Obj v) {
        return new Violation(v.text("code"), v.text("path"), v.text("found"), v.text("allowed"), v.text("fix"));
    }

    private static <T> Json.Array list(List<T> items, Function<T, Json.Obj> write) {
        return Json.array(items.stream().map(write).toList());
    }

    private static <T> List<T> items(List<Json> items, Function<Json.Obj, T> read) {
        return items.stream().map(EventData::object).map(read).toList();
    }

    private static Json.Obj object(Json item) {
        if (item instanceof Json.Obj object) {
            return object;
        }
        throw new LanternException("an event lists something that is no object");
    }

    private static List<String> texts(List<Json> items) {
        return items.stream().map(EventData::text).toList();
    }

    private static String text(Json item) {
        if (item instanceof Json.Text text) {
            return text.value();
        }
        throw new LanternException("an event lists something that is no string");
    }

    private static int integer(Json.Obj data, String name) {
        return Math.toIntExact(data.integer(name));
    }

    private static String lower(HandlerKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static HandlerKind handler(String name) {
        for (HandlerKind kind : HandlerKind.values()) {
            if (lower(kind).equals(name)) {
                return kind;
            }
        }
        throw new LanternException("handler kind \"" + name + "\" is not known to this host");
    }

    private static RunEvent.Budget budget(String name) {
        for (RunEvent.Budget budget : RunEvent.Budget.values()) {
            if (budget.wireName().equals(name)) {
                return budget;
            }
        }
        throw new LanternException("budget \"" + name + "\" is not known to this host");
    }
}
