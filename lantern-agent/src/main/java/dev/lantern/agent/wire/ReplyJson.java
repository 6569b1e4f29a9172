package dev.lantern.agent.wire;

import dev.lantern.agent.Effect;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bodies of replies: member {@code reply} says which one it is. */
final class ReplyJson {
    private static final int MAX_HEARTBEAT_MILLIS = 3_600_000;
    private static final int MAX_TTL_MILLIS = 3_600_000;

    private ReplyJson() {}

    static Json.Obj of(GatewayReply reply) {
        if (reply instanceof GatewayReply.Enrolled enrolled) {
            return enrolled(enrolled);
        } else if (reply instanceof GatewayReply.RunIt run) {
            return kind("run")
                    .put("idempotencyKey", run.idempotencyKey())
                    .put("attempt", run.attempt())
                    .build();
        } else if (reply instanceof GatewayReply.Recorded recorded) {
            return kind("recorded")
                    .put("result", OpeningJson.of(recorded.result()))
                    .build();
        } else if (reply instanceof GatewayReply.Erased erased) {
            return kind("erased").put("result", erased.result().hex()).build();
        } else if (reply instanceof GatewayReply.InDoubt doubt) {
            return unsettled("in-doubt", doubt.idempotencyKey(), doubt.step());
        } else if (reply instanceof GatewayReply.Happened happened) {
            return unsettled("happened", happened.idempotencyKey(), happened.step());
        } else if (reply instanceof GatewayReply.Accepted accepted) {
            return kind("accepted")
                    .put("seq", accepted.seq())
                    .put("hash", accepted.hash().hex())
                    .build();
        } else if (reply instanceof GatewayReply.Alive alive) {
            return kind("alive").put("stop", alive.stop()).build();
        } else if (reply instanceof GatewayReply.Renewed renewed) {
            return kind("renewed")
                    .put("credentials", renewed.credentials().json())
                    .build();
        } else if (reply instanceof GatewayReply.Vended vended) {
            return kind("vended")
                    .put("lease", vended.lease())
                    .put("value", vended.value().base64())
                    .put("ttlMillis", vended.ttl().toMillis())
                    .build();
        }
        throw new LanternException(reply.getClass().getSimpleName() + " has no form on the wire");
    }

    static GatewayReply read(Json.Obj json) {
        return switch (json.text("reply")) {
            case "enrolled" -> readEnrolled(json);
            case "run" -> readRun(json);
            case "recorded" -> {
                json.requireOnly("reply", "result");
                yield new GatewayReply.Recorded(OpeningJson.of(json.object("result")));
            }
            case "erased" -> {
                json.requireOnly("reply", "result");
                yield new GatewayReply.Erased(Commitment.ofHex(json.text("result")));
            }
            case "in-doubt" -> {
                json.requireOnly("reply", "idempotencyKey", "step");
                yield new GatewayReply.InDoubt(Members.key(json, "idempotencyKey"), doubtful(json.object("step")));
            }
            case "happened" -> {
                json.requireOnly("reply", "idempotencyKey", "step");
                yield new GatewayReply.Happened(Members.key(json, "idempotencyKey"), doubtful(json.object("step")));
            }
            case "accepted" -> {
                json.requireOnly("reply", "seq", "hash");
                yield new GatewayReply.Accepted(Members.natural(json, "seq"), Digest.ofHex(json.text("hash")));
            }
            case "alive" -> {
                json.requireOnly("reply", "stop");
                yield new GatewayReply.Alive(json.bool("stop"));
            }
            case "renewed" -> {
                json.requireOnly("reply", "credentials");
                yield new GatewayReply.Renewed(Credentials.of(json.object("credentials")));
            }
            case "vended" -> {
                json.requireOnly("reply", "lease", "value", "ttlMillis");
                yield new GatewayReply.Vended(
                        Members.key(json, "lease"),
                        Confidential.ofBase64(json.text("value")),
                        Duration.ofMillis(Members.integer(json, "ttlMillis", 1, MAX_TTL_MILLIS)));
            }
            default -> throw new LanternException("the gateway's reply is of a kind that this protocol does not know");
        };
    }

    private static Json.Builder kind(String name) {
        return Json.object().put("reply", name);
    }

    private static Json.Obj unsettled(String kind, String idempotencyKey, GatewayReply.DoubtfulStep step) {
        return kind(kind)
                .put("idempotencyKey", idempotencyKey)
                .put("step", doubtful(step))
                .build();
    }

    private static GatewayReply readRun(Json.Obj json) {
        json.requireOnly("reply", "idempotencyKey", "attempt");
        return new GatewayReply.RunIt(
                Members.key(json, "idempotencyKey"), Members.integer(json, "attempt", 1, Integer.MAX_VALUE));
    }

    private static Json.Obj enrolled(GatewayReply.Enrolled enrolled) {
        Json.Builder json = kind("enrolled")
                .put("protocol", enrolled.protocol())
                .put("heartbeatEveryMillis", enrolled.heartbeatEvery().toMillis())
                .put("owner", enrolled.owner())
                .put("resume", resume(enrolled.resume()));
        // A harness of an earlier protocol refuses members that it does not know.
        enrolled.credentials().ifPresent(credentials -> json.put("credentials", credentials.json()));
        if (!enrolled.secrets().isEmpty()) {
            json.put("secrets", Json.texts(enrolled.secrets()));
        }
        return json.build();
    }

    private static GatewayReply readEnrolled(Json.Obj json) {
        json.requireOnly("reply", "protocol", "heartbeatEveryMillis", "owner", "resume", "credentials", "secrets");
        return new GatewayReply.Enrolled(
                Members.integer(json, "protocol", 1, Integer.MAX_VALUE),
                Duration.ofMillis(Members.integer(json, "heartbeatEveryMillis", 1, MAX_HEARTBEAT_MILLIS)),
                json.findText("owner"),
                readResume(json.object("resume")),
                json.find("credentials").isPresent()
                        ? Optional.of(Credentials.of(json.object("credentials")))
                        : Optional.empty(),
                json.find("secrets").isPresent() ? Members.texts(json, "secrets") : List.of());
    }

    private static Json.Obj resume(GatewayReply.Resume resume) {
        List<Json> completed = new ArrayList<>();
        for (GatewayReply.CompletedStep step : resume.completed()) {
            completed.add(Json.object()
                    .put("step", step.step().json())
                    .put("result", step.result().hex())
                    .build());
        }
        List<Json> inDoubt = new ArrayList<>();
        for (GatewayReply.DoubtfulStep step : resume.inDoubt()) {
            inDoubt.add(doubtful(step));
        }
        return Json.object()
                .put("input", OpeningJson.of(resume.input()))
                .put("completed", Json.array(completed))
                .put("inDoubt", Json.array(inDoubt))
                .build();
    }

    private static GatewayReply.Resume readResume(Json.Obj json) {
        json.requireOnly("input", "completed", "inDoubt");
        List<GatewayReply.CompletedStep> completed = new ArrayList<>();
        for (Json item : json.array("completed")) {
            completed.add(completed(object(item)));
        }
        List<GatewayReply.DoubtfulStep> inDoubt = new ArrayList<>();
        for (Json item : json.array("inDoubt")) {
            inDoubt.add(doubtful(object(item)));
        }
        return new GatewayReply.Resume(OpeningJson.of(json.object("input")), completed, inDoubt);
    }

    private static GatewayReply.CompletedStep completed(Json.Obj json) {
        json.requireOnly("step", "result");
        return new GatewayReply.CompletedStep(StepId.of(json.object("step")), Commitment.ofHex(json.text("result")));
    }

    private static Json.Obj doubtful(GatewayReply.DoubtfulStep step) {
        return Json.object()
                .put("step", step.step().json())
                .put("effect", step.effect().wireName())
                .put("startedInEpoch", step.startedInEpoch())
                .put("attempt", step.attempt())
                .build();
    }

    private static GatewayReply.DoubtfulStep doubtful(Json.Obj json) {
        json.requireOnly("step", "effect", "startedInEpoch", "attempt");
        return new GatewayReply.DoubtfulStep(
                StepId.of(json.object("step")),
                Effect.ofWireName(json.text("effect")),
                Members.integer(json, "startedInEpoch", 1, Integer.MAX_VALUE),
                Members.integer(json, "attempt", 0, Integer.MAX_VALUE));
    }

    private static Json.Obj object(Json item) {
        if (item instanceof Json.Obj object) {
            return object;
        }
        throw new LanternException("an entry of the resume document must be an object");
    }
}
