package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.harness.HeldSecret;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.ProblemJson;
import dev.lantern.value.Opening;
import dev.lantern.value.internal.Json;
import java.util.ArrayList;
import java.util.List;

/** How the harness's answers look on the agent's side: a shell branches on the status alone. */
final class Answers {
    private Answers() {}

    /** 200 the result is here; 201 run the body; 202 it has happened, complete it. */
    static HttpResponse begun(GatewayReply reply) {
        if (reply instanceof GatewayReply.RunIt run) {
            return stepKey(201, run.idempotencyKey()).with("Lantern-Attempt", Integer.toString(run.attempt()));
        } else if (reply instanceof GatewayReply.Happened happened) {
            return stepKey(202, happened.idempotencyKey());
        } else if (reply instanceof GatewayReply.Recorded recorded) {
            return payload(recorded.result());
        } else if (reply instanceof GatewayReply.Erased erased) {
            return problem(
                    "result-erased",
                    410,
                    "the step is done, but its result was erased; only its commitment "
                            + erased.result().hex() + " is left");
        } else if (reply instanceof GatewayReply.InDoubt doubt) {
            return inDoubt(doubt);
        }
        return refused(reply);
    }

    /** 200 and the head: what was asked is durable. */
    static HttpResponse durable(GatewayReply reply) {
        if (reply instanceof GatewayReply.Accepted accepted) {
            return json(Json.object()
                    .put("durable", true)
                    .put("seq", accepted.seq())
                    .put("hash", accepted.hash().hex())
                    .build());
        }
        return refused(reply);
    }

    /** 202: the harness holds it, and it becomes durable with the step. */
    static HttpResponse noted(GatewayReply reply) {
        if (reply instanceof GatewayReply.Refused) {
            return refused(reply);
        }
        return HttpResponse.of(
                202, BodyType.JSON, Json.object().put("durable", false).build().bytes());
    }

    static HttpResponse payload(Opening opening) {
        return HttpResponse.of(200, opening.mediaType(), opening.bytes());
    }

    /** What can be had now, and for how long; no values. */
    static HttpResponse secrets(List<HeldSecret> secrets) {
        List<Json> listed = new ArrayList<>();
        for (HeldSecret secret : secrets) {
            listed.add(Json.object()
                    .put("name", secret.name())
                    // Rounded up: 0 means that there is none.
                    .put(
                            "expiresInSeconds",
                            secret.left().plusNanos(999_999_999).toSeconds())
                    .build());
        }
        return notStored(json(Json.object().put("secrets", Json.array(listed)).build()));
    }

    static HttpResponse secret(HeldSecret secret) {
        return notStored(secret.value()
                .map(value -> HttpResponse.of(200, BodyType.BYTES, value.reveal()))
                .orElseGet(() -> repeatShortly(problem(
                        "secret-unavailable",
                        503,
                        "there is no value of secret " + secret.name()
                                + " now, because its lease has passed and the host has not answered yet: repeat"
                                + " shortly"))));
    }

    static HttpResponse noSuchSecret() {
        return problem(
                "no-such-secret",
                404,
                "the spec of this run grants no secret of this name; GET /v1/secrets lists those that it does");
    }

    private static HttpResponse notStored(HttpResponse response) {
        return response.with("Cache-Control", "no-store");
    }

    private static HttpResponse repeatShortly(HttpResponse response) {
        return response.with("Retry-After", "1");
    }

    static HttpResponse json(Json.Obj json) {
        return HttpResponse.of(200, BodyType.JSON, json.bytes());
    }

    static HttpResponse problem(Problem problem) {
        HttpResponse response =
                problem(problem.code().wireName(), problem.code().status(), problem.detail());
        return response.status() == 503 ? repeatShortly(response) : response;
    }

    static HttpResponse problem(String code, int status, String detail) {
        return HttpResponse.of(
                status,
                ProblemJson.MEDIA_TYPE,
                ProblemJson.of(code, status, detail).build().bytes());
    }

    private static HttpResponse stepKey(int status, String key) {
        return HttpResponse.text(status, BodyType.TEXT, key).with("Lantern-Step-Key", key);
    }

    private static HttpResponse inDoubt(GatewayReply.InDoubt doubt) {
        Json.Obj json = ProblemJson.of(
                        Problem.Code.STEP_IN_DOUBT.wireName(),
                        Problem.Code.STEP_IN_DOUBT.status(),
                        ResumeDocument.say(doubt.step()))
                .put("idempotencyKey", doubt.idempotencyKey())
                .put("inDoubt", ResumeDocument.doubtful(doubt.step()).build())
                .build();
        return HttpResponse.of(409, ProblemJson.MEDIA_TYPE, json.bytes());
    }

    private static HttpResponse refused(GatewayReply reply) {
        if (reply instanceof GatewayReply.Refused refused) {
            return problem(refused.problem());
        }
        return problem("unexpected-answer", 500, "the gateway's answer does not fit the question");
    }
}
