package dev.lantern.agent.wire;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The bodies of calls. Tenant, run and epoch stand in the path; where a record repeats them they must agree. */
final class CallJson {
    static final List<String> NAMES = List.of(
            "enrol",
            "begin",
            "complete",
            "fail",
            "resolve",
            "usage",
            "output",
            "heartbeat",
            "unreachable",
            "renew",
            "vend",
            "renew-lease",
            "return-lease");

    private static final int KEY_LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;
    private static final int MAX_PROTOCOL = 1_000_000;
    private static final Pattern SECRET_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern REQUEST = Pattern.compile(GatewayCall.REQUEST_FORM);
    private static final Pattern LEASE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private CallJson() {}

    static String name(GatewayCall call) {
        if (call instanceof GatewayCall.Enrol) {
            return "enrol";
        } else if (call instanceof GatewayCall.Begin) {
            return "begin";
        } else if (call instanceof GatewayCall.Complete) {
            return "complete";
        } else if (call instanceof GatewayCall.Fail) {
            return "fail";
        } else if (call instanceof GatewayCall.Resolve) {
            return "resolve";
        } else if (call instanceof GatewayCall.Report) {
            return "usage";
        } else if (call instanceof GatewayCall.Output) {
            return "output";
        } else if (call instanceof GatewayCall.Heartbeat) {
            return "heartbeat";
        } else if (call instanceof GatewayCall.Unreachable) {
            return "unreachable";
        } else if (call instanceof GatewayCall.Renew) {
            return "renew";
        } else if (call instanceof GatewayCall.Vend) {
            return "vend";
        } else if (call instanceof GatewayCall.RenewLease) {
            return "renew-lease";
        } else if (call instanceof GatewayCall.ReturnLease) {
            return "return-lease";
        }
        throw new LanternException(call.getClass().getSimpleName() + " has no name on the wire");
    }

    static Json.Obj of(GatewayCall call) {
        if (call instanceof GatewayCall.Enrol enrol) {
            return enrol(enrol);
        } else if (call instanceof GatewayCall.Begin begin) {
            return begin(begin);
        } else if (call instanceof GatewayCall.Complete complete) {
            return complete(complete);
        } else if (call instanceof GatewayCall.Fail fail) {
            return Json.object()
                    .put("step", fail.step().json())
                    .put("attempt", fail.attempt())
                    .put("error", fail.error())
                    .build();
        } else if (call instanceof GatewayCall.Resolve resolve) {
            return resolve(resolve);
        } else if (call instanceof GatewayCall.Report report) {
            return Json.object()
                    .put("report", report.report())
                    .put("usage", UsageJson.list(report.usage()))
                    .build();
        } else if (call instanceof GatewayCall.Output output) {
            return output(output);
        } else if (call instanceof GatewayCall.Heartbeat heartbeat) {
            return Json.object()
                    .put("seq", heartbeat.seq())
                    .put("hash", heartbeat.hash().map(Digest::hex))
                    .build();
        } else if (call instanceof GatewayCall.Unreachable unreachable) {
            return Json.object()
                    .put("owner", unreachable.owner())
                    .put("tries", unreachable.tries())
                    .put("silenceMillis", unreachable.silence().toMillis())
                    .build();
        } else if (call instanceof GatewayCall.Renew) {
            return Json.object().build();
        } else if (call instanceof GatewayCall.Vend vend) {
            return Json.object()
                    .put("name", vend.name())
                    .put("request", vend.request())
                    .build();
        } else if (call instanceof GatewayCall.RenewLease renew) {
            return Json.object().put("lease", renew.lease()).build();
        } else if (call instanceof GatewayCall.ReturnLease back) {
            return Json.object().put("lease", back.lease()).build();
        }
        throw new LanternException(call.getClass().getSimpleName() + " has no form on the wire");
    }

    static GatewayCall read(CallPath path, Json.Obj json) {
        return switch (path.call()) {
            case "enrol" -> readEnrol(path, json);
            case "begin" -> readBegin(path, json);
            case "complete" -> readComplete(path, json);
            case "fail" -> readFail(path, json);
            case "resolve" -> readResolve(path, json);
            case "usage" -> readReport(path, json);
            case "output" -> readOutput(path, json);
            case "heartbeat" -> readHeartbeat(path, json);
            case "unreachable" -> readUnreachable(path, json);
            case "renew" -> {
                json.requireOnly();
                yield new GatewayCall.Renew(path.run(), path.epoch());
            }
            case "vend" -> readVend(path, json);
            case "renew-lease" -> new GatewayCall.RenewLease(path.run(), path.epoch(), lease(json));
            case "return-lease" -> new GatewayCall.ReturnLease(path.run(), path.epoch(), lease(json));
            default -> throw new LanternException("no such call; there are " + String.join(", ", NAMES));
        };
    }

    private static Json.Obj enrol(GatewayCall.Enrol enrol) {
        Json.Builder json = Json.object()
                .put("publicKey", Members.hex(enrol.publicKey()))
                .put("oldestProtocol", enrol.oldestProtocol())
                .put("newestProtocol", enrol.newestProtocol());
        enrol.inside().ifPresent(inside -> json.put("inside", inside.json()));
        enrol.proof().ifPresent(proof -> json.put("proof", Members.hex(proof)));
        return json.build();
    }

    /** Versions are agreed on by this call alone, so a newer harness may say more in it than this version knows. */
    private static GatewayCall readEnrol(CallPath path, Json.Obj json) {
        int oldest = Members.integer(json, "oldestProtocol", 1, MAX_PROTOCOL);
        return new GatewayCall.Enrol(
                path.run(),
                path.epoch(),
                Members.hex(json, "publicKey", KEY_LENGTH),
                oldest,
                Members.integer(json, "newestProtocol", oldest, MAX_PROTOCOL),
                json.find("inside").isPresent()
                        ? Optional.of(InsideReport.of(json.object("inside")))
                        : Optional.empty(),
                json.find("proof").isPresent()
                        ? Optional.of(Members.hex(json, "proof", SIGNATURE_LENGTH))
                        : Optional.empty());
    }

    private static GatewayCall readVend(CallPath path, Json.Obj json) {
        json.requireOnly("name", "request");
        return new GatewayCall.Vend(
                path.run(),
                path.epoch(),
                Members.word(json, "name", SECRET_NAME),
                Members.word(json, "request", REQUEST));
    }

    private static String lease(Json.Obj json) {
        json.requireOnly("lease");
        return Members.word(json, "lease", LEASE);
    }

    private static Json.Obj begin(GatewayCall.Begin begin) {
        Json.Builder json = Json.object()
                .put("step", begin.step().json())
                .put("effect", begin.effect().wireName())
                .put("reserveTokens", begin.reserveTokens())
                .put("seq", begin.seq())
                .put("hash", begin.hash().map(Digest::hex));
        begin.input().ifPresent(input -> json.put("input", OpeningJson.of(input)));
        return json.build();
    }

    private static GatewayCall readBegin(CallPath path, Json.Obj json) {
        json.requireOnly("step", "effect", "input", "reserveTokens", "seq", "hash");
        return new GatewayCall.Begin(
                path.run(),
                path.epoch(),
                step(json),
                Effect.ofWireName(json.text("effect")),
                OpeningJson.find(json, "input"),
                Members.natural(json, "reserveTokens"),
                Members.natural(json, "seq"),
                json.findText("hash").map(Digest::ofHex));
    }

    private static Json.Obj complete(GatewayCall.Complete complete) {
        Json.Builder json = Json.object()
                .put("record", complete.record().json())
                .put("signature", Members.hex(complete.signature()))
                .put("result", OpeningJson.of(complete.result()));
        complete.input().ifPresent(input -> json.put("input", OpeningJson.of(input)));
        return json.build();
    }

    private static GatewayCall readComplete(CallPath path, Json.Obj json) {
        json.requireOnly("record", "signature", "input", "result");
        StepRecord record = StepRecord.of(json.object("record"));
        Members.requireSame(json.object("record"), record.json(), record, "a step record");
        requireSameInstance(path, record.run(), record.epoch());
        Optional<Opening> input = OpeningJson.find(json, "input");
        Opening result = OpeningJson.of(json.object("result"));
        if (!record.input().equals(input.map(Opening::commitment))
                || !record.result().equals(result.commitment())) {
            throw new LanternException("the record of step " + record.step()
                    + " commits to another input or result than the ones sent with it");
        }
        return new GatewayCall.Complete(
                path.run(), path.epoch(), record, Members.hex(json, "signature", SIGNATURE_LENGTH), input, result);
    }

    private static GatewayCall readFail(CallPath path, Json.Obj json) {
        json.requireOnly("step", "attempt", "error");
        return new GatewayCall.Fail(path.run(), path.epoch(), step(json), attempt(json), json.text("error"));
    }

    private static Json.Obj resolve(GatewayCall.Resolve resolve) {
        return Json.object()
                .put("step", resolve.step().json())
                .put("attempt", resolve.attempt())
                .put("happened", resolve.happened())
                .put("how", resolve.how())
                .build();
    }

    private static GatewayCall readResolve(CallPath path, Json.Obj json) {
        json.requireOnly("step", "attempt", "happened", "how");
        return new GatewayCall.Resolve(
                path.run(), path.epoch(), step(json), attempt(json), json.bool("happened"), json.text("how"));
    }

    private static int attempt(Json.Obj json) {
        return Members.integer(json, "attempt", 0, Integer.MAX_VALUE);
    }

    private static GatewayCall readReport(CallPath path, Json.Obj json) {
        json.requireOnly("report", "usage");
        List<ModelUsage> usage = UsageJson.of(json.array("usage"));
        if (!UsageJson.list(usage).items().equals(json.array("usage"))) {
            throw new LanternException("usage is not written as the protocol writes it");
        }
        return new GatewayCall.Report(path.run(), path.epoch(), json.text("report"), usage);
    }

    private static Json.Obj output(GatewayCall.Output output) {
        return Json.object()
                .put("record", output.record().json())
                .put("signature", Members.hex(output.signature()))
                .put("output", OpeningJson.of(output.output()))
                .build();
    }

    private static GatewayCall readOutput(CallPath path, Json.Obj json) {
        json.requireOnly("record", "signature", "output");
        OutputRecord record = OutputRecord.of(json.object("record"));
        Members.requireSame(json.object("record"), record.json(), record, "an output record");
        requireSameInstance(path, record.run(), record.epoch());
        Opening output = OpeningJson.of(json.object("output"));
        if (!record.output().equals(output.commitment())) {
            throw new LanternException("the output record commits to another output than the one sent with it");
        }
        return new GatewayCall.Output(
                path.run(), path.epoch(), record, Members.hex(json, "signature", SIGNATURE_LENGTH), output);
    }

    private static GatewayCall readHeartbeat(CallPath path, Json.Obj json) {
        json.requireOnly("seq", "hash");
        return new GatewayCall.Heartbeat(
                path.run(),
                path.epoch(),
                Members.natural(json, "seq"),
                json.findText("hash").map(Digest::ofHex));
    }

    private static GatewayCall readUnreachable(CallPath path, Json.Obj json) {
        json.requireOnly("owner", "tries", "silenceMillis");
        return new GatewayCall.Unreachable(
                path.run(),
                path.epoch(),
                json.text("owner"),
                Members.integer(json, "tries", 1, Integer.MAX_VALUE),
                Duration.ofMillis(Members.integer(json, "silenceMillis", 0, Integer.MAX_VALUE)));
    }

    private static StepId step(Json.Obj json) {
        StepId step = StepId.of(json.object("step"));
        return Members.requireSame(json.object("step"), step.json(), step, "a step");
    }

    private static void requireSameInstance(CallPath path, RunRef run, int epoch) {
        if (!path.run().equals(run) || path.epoch() != epoch) {
            throw new LanternException("the signed record names another instance than the path");
        }
    }
}
