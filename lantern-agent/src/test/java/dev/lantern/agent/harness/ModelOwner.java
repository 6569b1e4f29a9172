package dev.lantern.agent.harness;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.Confidential;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The owner's side as its contract has it, in memory: what is accepted once is answered the same for ever. */
public final class ModelOwner {
    private final Map<StepId, Opening> results = new TreeMap<>();
    private final Map<StepId, Opening> inputs = new TreeMap<>();
    private final Map<StepId, Integer> attempts = new TreeMap<>();
    private final Map<StepId, GatewayReply.Accepted> completions = new TreeMap<>();
    private final Map<StepId, GatewayCall.Complete> completed = new TreeMap<>();
    private final Map<String, GatewayReply.Accepted> reports = new LinkedHashMap<>();
    private final Map<StepId, GatewayReply.DoubtfulStep> inDoubt = new TreeMap<>();
    private final Map<StepId, Boolean> happened = new TreeMap<>();
    private final List<String> errors = new ArrayList<>();
    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final List<String> returned = new ArrayList<>();
    private Duration leaseTtl = Duration.ofMinutes(5);
    private Problem.Code withheld;
    private GatewayCall.Enrol enrolled;
    private GatewayCall.Output output;
    private GatewayReply.Accepted outputAccepted;
    private Problem.Code over;
    private long seq;

    /** Answers one call. */
    public GatewayReply answer(GatewayCall call) {
        if (over != null) {
            return refused(over);
        }
        if (call instanceof GatewayCall.Enrol enrol) {
            return enrol(enrol);
        } else if (call instanceof GatewayCall.Begin begin) {
            return begin(begin);
        } else if (call instanceof GatewayCall.Complete complete) {
            return complete(complete);
        } else if (call instanceof GatewayCall.Fail fail) {
            errors.add(fail.error());
            return next();
        } else if (call instanceof GatewayCall.Resolve resolve) {
            happened.put(resolve.step(), resolve.happened());
            inDoubt.remove(resolve.step());
            return next();
        } else if (call instanceof GatewayCall.Report report) {
            return reports.computeIfAbsent(report.report(), r -> next());
        } else if (call instanceof GatewayCall.Output delivered) {
            return output(delivered);
        } else if (call instanceof GatewayCall.Vend vend) {
            return vended(vend.name(), vend.name() + "." + vend.request());
        } else if (call instanceof GatewayCall.RenewLease renew) {
            return vended(renew.lease().substring(0, renew.lease().indexOf('.')), renew.lease());
        } else if (call instanceof GatewayCall.ReturnLease back) {
            returned.add(back.lease().substring(0, back.lease().indexOf('.')));
            return next();
        }
        return new GatewayReply.Alive(false);
    }

    /** A step that an earlier instance began. */
    public ModelOwner doubting(StepId step, Effect effect) {
        inDoubt.put(step, new GatewayReply.DoubtfulStep(step, effect, 1, 1));
        return this;
    }

    /** A step that an earlier instance completed. */
    public ModelOwner recording(StepId step, Opening result) {
        results.put(step, result);
        return this;
    }

    /** A secret of the spec, or another value of one. */
    public ModelOwner granting(String name, String value) {
        secrets.put(name, value);
        return this;
    }

    /** How long the leases of secrets last. */
    public ModelOwner leasing(Duration ttl) {
        leaseTtl = ttl;
        return this;
    }

    /** From now on secrets are refused. */
    public void withhold(Problem.Code code) {
        withheld = code;
    }

    /** From now on they are given again. */
    public void giveAgain() {
        withheld = null;
    }

    /** The names of the secrets whose leases were given back. */
    public List<String> returned() {
        return returned;
    }

    /** From now on the instance is told that it is over. */
    public void over(Problem.Code code) {
        over = code;
    }

    /** The results in the order of their steps. */
    public Map<StepId, Opening> results() {
        return results;
    }

    /** What failures said. */
    public List<String> errors() {
        return errors;
    }

    /** The next instance enrols. */
    public void forgetKey() {
        enrolled = null;
        output = null;
    }

    /** How many usage reports outside of steps were counted. */
    public int reports() {
        return reports.size();
    }

    /** The output, or null. */
    public Opening output() {
        return output == null ? null : output.output();
    }

    /** The completions that were accepted, for their signatures. */
    public List<GatewayCall.Complete> completions() {
        return List.copyOf(completed.values());
    }

    private GatewayReply enrol(GatewayCall.Enrol enrol) {
        if (enrolled != null && !java.util.Arrays.equals(enrolled.publicKey(), enrol.publicKey())) {
            return refused(Problem.Code.ALREADY_ENROLLED);
        }
        enrolled = enrol;
        GatewayReply.Enrolled reply =
                HarnessFixture.enrolledReply(inDoubt.values().toArray(GatewayReply.DoubtfulStep[]::new));
        return secrets.isEmpty()
                ? reply
                : new GatewayReply.Enrolled(
                        3,
                        reply.heartbeatEvery(),
                        reply.owner(),
                        reply.resume(),
                        Optional.empty(),
                        List.copyOf(secrets.keySet()));
    }

    private GatewayReply vended(String name, String lease) {
        return withheld != null
                ? refused(withheld)
                : new GatewayReply.Vended(lease, Confidential.of(HarnessFixture.utf8(secrets.get(name))), leaseTtl);
    }

    private GatewayReply begin(GatewayCall.Begin begin) {
        Opening result = results.get(begin.step());
        if (result != null) {
            return new GatewayReply.Recorded(result);
        }
        String key = "key/" + begin.step().toString().replaceAll("[^!-~]", "_");
        if (inDoubt.containsKey(begin.step())) {
            return new GatewayReply.InDoubt(key, inDoubt.get(begin.step()));
        }
        if (happened.getOrDefault(begin.step(), false)) {
            return new GatewayReply.Happened(key, new GatewayReply.DoubtfulStep(begin.step(), begin.effect(), 1, 1));
        }
        Opening input = inputs.get(begin.step());
        begin.input().ifPresent(given -> inputs.putIfAbsent(begin.step(), given));
        if (input != null
                && !input.opens(
                        begin.input().orElseThrow().mediaType(),
                        begin.input().orElseThrow().bytes())) {
            return refused(Problem.Code.DIVERGED);
        }
        return new GatewayReply.RunIt(key, attempts.merge(begin.step(), 1, Integer::sum));
    }

    private GatewayReply complete(GatewayCall.Complete complete) {
        Opening before = results.putIfAbsent(complete.record().step(), complete.result());
        if (before != null) {
            // Another salt is another content: only a true repeat is a repeat.
            return before.equals(complete.result())
                    ? completions.get(complete.record().step())
                    : refused(Problem.Code.CONFLICT);
        }
        completed.put(complete.record().step(), complete);
        GatewayReply.Accepted accepted = next();
        completions.put(complete.record().step(), accepted);
        return accepted;
    }

    private GatewayReply output(GatewayCall.Output delivered) {
        if (output == null) {
            output = delivered;
            outputAccepted = next();
        }
        return output.output().equals(delivered.output()) ? outputAccepted : refused(Problem.Code.CONFLICT);
    }

    private GatewayReply.Accepted next() {
        seq++;
        return new GatewayReply.Accepted(seq, Digest.sha256(new byte[] {(byte) seq, (byte) (seq >> 8)}));
    }

    private static GatewayReply.Refused refused(Problem.Code code) {
        return new GatewayReply.Refused(Problem.of(code, "because the model says so"));
    }
}
