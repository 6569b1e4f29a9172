package dev.lantern.agent;

import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import dev.lantern.value.PayloadCodec;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Steps over the harness's API. Thread-safe. */
final class AgentSteps implements Steps {
    private static final Payload DONE =
            Payload.of("text/plain; charset=utf-8", "done".getBytes(StandardCharsets.UTF_8));

    private final HarnessClient harness;
    private final PayloadCodec codec;
    private final String tokenPrefix;
    private final AtomicLong tokens = new AtomicLong();

    /** @param tokenPrefix no other process of this instance uses it */
    AgentSteps(HarnessClient harness, PayloadCodec codec, String tokenPrefix) {
        this.harness = harness;
        this.codec = codec;
        this.tokenPrefix = tokenPrefix;
    }

    @Override
    public Object step(StepSpec step, Type type, Body<?> body) throws Exception {
        requireProbe(step);
        return decoded(recorded(step, attempt -> encoded(step, body.run(attempt))), type);
    }

    @Override
    public void step(StepSpec step, Action body) throws Exception {
        requireProbe(step);
        recorded(step, attempt -> {
            body.run(attempt);
            return DONE;
        });
    }

    @Override
    public void settle(StepSpec step, Object result) {
        HarnessClient.Begun begun = begin(step);
        if (!begun.happened()) {
            throw new StepRefusedException(
                    step.name(),
                    "not-happened",
                    "it is not resolved as having happened without a result; settle only what was");
        }
        harness.complete(step, begun.key(), encoded(step, result));
    }

    @Override
    public List<StepInDoubt> inDoubt() {
        return harness.inDoubt();
    }

    @Override
    public void resolve(StepInDoubt step, Resolution resolution, String how) {
        harness.resolve(step, resolution == Resolution.HAPPENED, how);
    }

    @Override
    public Secret secret(String name) {
        return new Secret(name, harness.secret(name));
    }

    @Override
    public void usage(ModelUsage usage) {
        harness.usage(nextToken(), usage);
    }

    private Payload recorded(StepSpec step, Body<Payload> body) throws Exception {
        HarnessClient.Begun begun;
        try {
            begun = begin(step);
        } catch (StepInDoubtException doubt) {
            begun = probed(step, doubt);
        }
        if (begun.recorded().isPresent()) {
            return begun.recorded().get();
        }
        return begun.happened() ? found(step, begun) : run(step, begun, body);
    }

    private HarnessClient.Begun begin(StepSpec step) {
        return harness.begin(step, step.input().map(this::encoded), nextToken());
    }

    /** Asks the probe about a step in doubt, says what it found, and begins again. */
    private HarnessClient.Begun probed(StepSpec step, StepInDoubtException doubt) throws Exception {
        if (step.probe().isEmpty()) {
            throw doubt;
        }
        Optional<?> result = step.probe().get().ask(doubt.idempotencyKey());
        StepInDoubt which = named(step);
        harness.resolve(which, result.isPresent(), "the step's probe");
        HarnessClient.Begun begun = begin(step);
        if (result.isPresent() && begun.happened()) {
            Payload found = encoded(step, result.get());
            harness.complete(step, begun.key(), found);
            return new HarnessClient.Begun(Optional.of(found), true, begun.key(), 0);
        }
        return begun;
    }

    private StepInDoubt named(StepSpec step) {
        for (StepInDoubt doubtful : harness.inDoubt()) {
            if (doubtful.name().equals(step.name()) && doubtful.key().equals(step.key())) {
                return doubtful;
            }
        }
        throw new LanternException("step " + step.name()
                + " is in doubt, but the harness does not list it: it speaks another version of the protocol");
    }

    /** The step has happened, as somebody said, but its result is not recorded: only the probe may know it. */
    private Payload found(StepSpec step, HarnessClient.Begun begun) throws Exception {
        Optional<?> result = step.probe().isPresent() ? step.probe().get().ask(begun.key()) : Optional.empty();
        if (result.isEmpty()) {
            throw new StepInDoubtException(
                    step.name(),
                    begun.key(),
                    "result-unknown",
                    "it was resolved as having happened, and its result is not recorded: find the result out and"
                            + " call steps.settle(spec, result)");
        }
        Payload payload = encoded(step, result.get());
        harness.complete(step, begun.key(), payload);
        return payload;
    }

    private Payload run(StepSpec step, HarnessClient.Begun begun, Body<Payload> body) throws Exception {
        Payload result;
        try {
            result = body.run(new Try(step, begun));
        } catch (Exception | Error e) {
            fail(step, begun, e);
            throw e;
        }
        harness.complete(step, begun.key(), result);
        return result;
    }

    private void fail(StepSpec step, HarnessClient.Begun begun, Throwable cause) {
        try {
            harness.fail(step, begun.key(), Place.of(cause));
        } catch (LanternException e) {
            cause.addSuppressed(e);
        }
    }

    private Payload encoded(StepSpec step, Object value) {
        if (value == null) {
            throw new LanternException("the body of step " + step.name()
                    + " returned null: return a value, or use the form of step() that has no result");
        }
        return encoded(value);
    }

    private Payload encoded(Object value) {
        return value instanceof Payload payload ? payload : codec.encode(value);
    }

    private Object decoded(Payload payload, Type type) {
        return type == Payload.class ? payload : codec.decode(payload, type);
    }

    private static void requireProbe(StepSpec step) {
        if (step.effect() == Effect.PROBE && step.probe().isEmpty()) {
            throw new LanternException(
                    "step " + step.name() + " declares effect probe without a probe: use withProbe(…)");
        }
    }

    private String nextToken() {
        return tokenPrefix + "-" + tokens.incrementAndGet();
    }

    private final class Try implements Attempt {
        private final StepSpec step;
        private final HarnessClient.Begun begun;

        Try(StepSpec step, HarnessClient.Begun begun) {
            this.step = step;
            this.begun = begun;
        }

        @Override
        public String idempotencyKey() {
            return begun.key();
        }

        @Override
        public int number() {
            return begun.attempt();
        }

        @Override
        public void usage(ModelUsage usage) {
            harness.usage(step, begun.key(), nextToken(), usage);
        }
    }
}
