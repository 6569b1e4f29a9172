package dev.lantern.testkit.sim;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Hosts that check less of what instances call than they should: seen from outside, through a door that lies to them. */
final class DoorMutants {
    private DoorMutants() {}

    /** What every door of one world knows of all instances. */
    static final class Known {
        private final Map<RunRef, Integer> newest = new LinkedHashMap<>();
        private final Map<RunRef, byte[]> secrets = new LinkedHashMap<>();
        private final Map<String, Optional<Opening>> inputs = new LinkedHashMap<>();
        private final Map<String, Integer> attempts = new LinkedHashMap<>();
    }

    /** A host that takes calls of an older instance for calls of the newest one. */
    static Door epochUnchecked(Door door, Known known) {
        return (secret, call, reply) -> {
            if (call.epoch() >= known.newest.getOrDefault(call.run(), 0)) {
                known.newest.put(call.run(), call.epoch());
                known.secrets.put(call.run(), secret);
                door.call(secret, call, reply);
            } else {
                door.call(known.secrets.get(call.run()), asOf(known.newest.get(call.run()), call), reply);
            }
        };
    }

    private static GatewayCall asOf(int epoch, GatewayCall call) {
        RunRef run = call.run();
        if (call instanceof GatewayCall.Begin c) {
            return new GatewayCall.Begin(
                    run, epoch, c.step(), c.effect(), c.input(), c.reserveTokens(), c.seq(), c.hash());
        } else if (call instanceof GatewayCall.Complete c) {
            StepRecord r = c.record();
            StepRecord record = new StepRecord(run, epoch, r.step(), r.effect(), r.input(), r.result(), r.usage());
            return new GatewayCall.Complete(run, epoch, record, c.signature(), c.input(), c.result());
        } else if (call instanceof GatewayCall.Fail c) {
            return new GatewayCall.Fail(run, epoch, c.step(), c.attempt(), c.error());
        } else if (call instanceof GatewayCall.Resolve c) {
            return new GatewayCall.Resolve(run, epoch, c.step(), c.attempt(), c.happened(), c.how());
        } else if (call instanceof GatewayCall.Heartbeat c) {
            return new GatewayCall.Heartbeat(run, epoch, c.seq(), c.hash());
        }
        return call;
    }

    /** A host that answers a step whatever input it is begun with. */
    static Door inputUnchecked(Door door, Known known) {
        return (secret, call, reply) -> {
            if (call instanceof GatewayCall.Begin begin) {
                Optional<Opening> first = known.inputs.computeIfAbsent(key(call, begin.step()), key -> begin.input());
                door.call(
                        secret,
                        new GatewayCall.Begin(
                                call.run(),
                                call.epoch(),
                                begin.step(),
                                begin.effect(),
                                first,
                                begin.reserveTokens(),
                                begin.seq(),
                                begin.hash()),
                        reply);
            } else if (call instanceof GatewayCall.Complete complete) {
                door.call(secret, complete, reply);
            } else {
                door.call(secret, call, reply);
            }
        };
    }

    /** A host that does not look at what an instance knows. */
    static Door headUnchecked(Door door) {
        return (secret, call, reply) -> {
            if (call instanceof GatewayCall.Begin c) {
                door.call(
                        secret,
                        new GatewayCall.Begin(c.run(), c.epoch(), c.step(), c.effect(), c.input(), c.reserveTokens()),
                        reply);
            } else if (call instanceof GatewayCall.Heartbeat) {
                door.call(secret, new GatewayCall.Heartbeat(call.run(), call.epoch(), 0, Optional.empty()), reply);
            } else {
                door.call(secret, call, reply);
            }
        };
    }

    /** A host that takes a resolution for the attempt that is in doubt now, whichever it was made for. */
    static Door attemptUnchecked(Door door, Known known) {
        return (secret, call, reply) -> {
            if (call instanceof GatewayCall.Resolve c) {
                int attempt = known.attempts.getOrDefault(key(call, c.step()), c.attempt());
                door.call(
                        secret,
                        new GatewayCall.Resolve(call.run(), call.epoch(), c.step(), attempt, c.happened(), c.how()),
                        reply);
            } else if (call instanceof GatewayCall.Begin begin) {
                door.call(secret, call, noting(begin, known, reply));
            } else {
                door.call(secret, call, reply);
            }
        };
    }

    private static Consumer<GatewayReply> noting(GatewayCall.Begin begin, Known known, Consumer<GatewayReply> reply) {
        return answer -> {
            if (answer instanceof GatewayReply.InDoubt doubt) {
                known.attempts.put(key(begin, begin.step()), doubt.step().attempt());
            } else if (answer instanceof GatewayReply.RunIt run) {
                known.attempts.put(key(begin, begin.step()), run.attempt());
            }
            reply.accept(answer);
        };
    }

    /** A host that answers for good where it should ask for a repeat: what is refused as not written may be written. */
    static Door definite(Door door) {
        return (secret, call, reply) -> door.call(secret, call, answer -> {
            boolean open = answer instanceof GatewayReply.Refused refused
                    && refused.problem().code() == Problem.Code.UNAVAILABLE
                    && refused.problem().detail().contains("is moving to another host");
            reply.accept(
                    open ? new GatewayReply.Refused(Problem.of(Problem.Code.INVALID, "nothing was written")) : answer);
        });
    }

    private static String key(GatewayCall call, StepId step) {
        return call.run() + " " + step;
    }
}
