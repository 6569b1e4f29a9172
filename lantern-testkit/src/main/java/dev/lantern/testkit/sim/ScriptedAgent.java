package dev.lantern.testkit.sim;

import dev.lantern.agent.Effect;
import dev.lantern.agent.harness.Harness;
import dev.lantern.agent.harness.StepAsk;
import dev.lantern.agent.harness.StepRef;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Plays a script through a real harness, and tells the oracle what it saw and what it did to the world. */
final class ScriptedAgent {
    private static final String TEXT = "text/plain";
    private static final int MOST_TRIES = 80;

    private final World world;
    private final RunPlan plan;
    private final int epoch;
    private final Harness harness;
    private final SimLoop loop;
    private final Dice dice;
    private final Consumer<String> stdout;
    private final IntConsumer exit;
    private final Map<String, byte[]> results = new LinkedHashMap<>();
    private final ChattyAgent words;
    private boolean running = true;
    private int open;
    private int tries;

    ScriptedAgent(
            World world,
            RunPlan plan,
            int epoch,
            Harness harness,
            SimLoop loop,
            Dice dice,
            Consumer<String> stdout,
            IntConsumer exit) {
        this.world = world;
        this.plan = plan;
        this.epoch = epoch;
        this.harness = harness;
        this.loop = loop;
        this.dice = dice;
        this.stdout = stdout;
        this.exit = exit;
        this.words = new ChattyAgent(dice);
    }

    void begin(Opening input) {
        if (!java.util.Arrays.equals(input.bytes(), plan.input())) {
            world.defects().found("instance " + epoch + " of " + plan.run() + " got another input than was spawned");
        }
        if (plan.lacksSecret()) {
            world.defects().found("instance " + epoch + " of " + plan.run() + " began without all of its secrets");
        }
        after(dice.millis(1, 50), () -> enter(0));
    }

    /** Ends the process. What it was doing is left as it is. */
    void end(int code) {
        if (running) {
            running = false;
            exit.accept(code);
        }
    }

    private void after(Duration delay, Runnable work) {
        loop.later(delay, () -> {
            if (running) {
                work.run();
            }
        });
    }

    private void enter(int stage) {
        words.say(harness.secrets()).forEach(stdout);
        List<List<StepPlan>> stages = plan.script().stages();
        if (stage == stages.size() / 2 && epoch <= plan.script().crashes()) {
            end(1);
            return;
        }
        if (stage == stages.size()) {
            finish();
            return;
        }
        if (stage == 1) {
            report();
        }
        open = stages.get(stage).size();
        for (StepPlan step : stages.get(stage)) {
            after(dice.millis(0, 20), () -> beginStep(step, stage));
        }
    }

    /** Usage outside of steps: every instance reports it under the same name, and it counts once. */
    private void report() {
        harness.used("warm-up", List.of(RunUsage.WARM_UP), reply -> {
            if (reply instanceof GatewayReply.Accepted accepted) {
                world.oracle().accepted(plan.run(), accepted, "usage report");
                world.oracle().reported(plan.run(), "warm-up");
            }
        });
    }

    private void done(StepPlan step, byte[] result, int stage) {
        results.put(step.id().toString(), result);
        if (--open == 0) {
            enter(stage + 1);
        }
    }

    private StepAsk ask(StepPlan step) {
        Optional<Payload> input = step.input().map(bytes -> Payload.of(TEXT, input(bytes)));
        return new StepAsk(
                step.id().name(), step.id().key(), step.effect(), input, step.reserveTokens(), Optional.empty());
    }

    private byte[] input(byte[] planned) {
        return plan.script().diverges() && epoch > 1
                ? (new String(planned, StandardCharsets.UTF_8) + " in " + epoch).getBytes(StandardCharsets.UTF_8)
                : planned;
    }

    private static StepRef ref(StepPlan step) {
        return new StepRef(step.id().name(), step.id().key(), step.id().occurrence(), Optional.empty());
    }

    private void beginStep(StepPlan step, int stage) {
        if (++tries > MOST_TRIES) {
            world.defects().found("an agent of " + plan.run() + " goes round in circles at step " + step.id());
            end(2);
            return;
        }
        harness.begin(ask(step), reply -> {
            if (running) {
                begun(step, stage, reply);
            }
        });
    }

    private void begun(StepPlan step, int stage, GatewayReply reply) {
        if (reply instanceof GatewayReply.RunIt run) {
            body(step, stage, run);
        } else if (reply instanceof GatewayReply.Recorded recorded) {
            world.oracle().recorded(plan.run(), step.id(), recorded.result().bytes());
            done(step, recorded.result().bytes(), stage);
        } else if (reply instanceof GatewayReply.InDoubt doubt) {
            resolve(step, stage, doubt);
        } else if (reply instanceof GatewayReply.Happened) {
            complete(step, stage, result(step, "found"));
        } else {
            refused(step, stage, reply);
        }
    }

    private void body(StepPlan step, int stage, GatewayReply.RunIt run) {
        world.timeline().note(plan.run() + "@" + epoch, () -> "runs " + step.id() + ", attempt " + run.attempt());
        Duration before = dice.between(Duration.ZERO, step.body());
        after(before, () -> {
            world.oracle().happens(plan.run(), step, run.idempotencyKey());
            after(step.body().minus(before), () -> {
                if (run.attempt() <= step.failures()) {
                    fail(step, stage);
                } else {
                    complete(step, stage, result(step, "made"));
                }
            });
        });
    }

    /** Never the same twice, so that a second execution shows in what is recorded. */
    private byte[] result(StepPlan step, String how) {
        String text = how + " by instance " + epoch + " of " + step.id() + " #" + Long.toHexString(dice.next());
        return (text + " ".repeat(Math.max(0, step.resultBytes() - text.length()))).getBytes(StandardCharsets.UTF_8);
    }

    private void fail(StepPlan step, int stage) {
        noteUsage(step);
        harness.fail(ref(step), "the script wants it so", reply -> {
            if (reply instanceof GatewayReply.Accepted accepted) {
                world.oracle().accepted(plan.run(), accepted, "failure of " + step.id());
            }
            if (!running) {
                return;
            }
            if (reply instanceof GatewayReply.Accepted) {
                after(rest(), () -> beginStep(step, stage));
            } else {
                refused(step, stage, reply);
            }
        });
    }

    private Duration rest() {
        return dice.chance(0.3) ? dice.millis(100, 4_000) : dice.millis(1, 100);
    }

    private void noteUsage(StepPlan step) {
        if (!step.usage().isEmpty()) {
            harness.used(ref(step), "all", step.usage(), reply -> {});
        }
    }

    private void complete(StepPlan step, int stage, byte[] result) {
        noteUsage(step);
        harness.complete(ref(step), Payload.of(TEXT, result), reply -> {
            if (reply instanceof GatewayReply.Accepted accepted) {
                world.oracle().accepted(plan.run(), accepted, "completion of " + step.id());
                world.oracle().completed(plan.run(), step.id(), result);
            }
            if (!running) {
                return;
            }
            if (reply instanceof GatewayReply.Accepted) {
                done(step, result, stage);
            } else if (code(reply) == Problem.Code.CONFLICT || code(reply) == Problem.Code.STEP_IN_DOUBT) {
                after(dice.millis(1, 100), () -> beginStep(step, stage));
            } else {
                refused(step, stage, reply);
            }
        });
    }

    private void resolve(StepPlan step, int stage, GatewayReply.InDoubt doubt) {
        boolean happened =
                step.effect() == Effect.PROBE ? world.oracle().hasHappened(doubt.idempotencyKey()) : dice.chance(0.5);
        if (!happened) {
            world.oracle().excused(doubt.idempotencyKey());
        }
        harness.resolve(ref(step), happened, "by the script", reply -> {
            if (reply instanceof GatewayReply.Accepted accepted) {
                world.oracle().accepted(plan.run(), accepted, "resolution of " + step.id());
            }
            if (!running) {
                return;
            }
            if (reply instanceof GatewayReply.Accepted || code(reply) == Problem.Code.CONFLICT) {
                after(dice.millis(1, 100), () -> beginStep(step, stage));
            } else {
                refused(step, stage, reply);
            }
        });
    }

    private static Problem.@org.jspecify.annotations.Nullable Code code(GatewayReply reply) {
        return reply instanceof GatewayReply.Refused refused ? refused.problem().code() : null;
    }

    private static boolean endsInstance(GatewayReply reply) {
        return reply instanceof GatewayReply.Refused refused
                && refused.problem().code().endsInstance();
    }

    private void refused(StepPlan step, int stage, GatewayReply reply) {
        Problem.Code code = code(reply);
        if (world.oracle().wentBack(plan.run()) && (code == Problem.Code.INVALID || code == Problem.Code.CONFLICT)) {
            // The journal no longer knows what this instance did.
            end(1);
        } else if (code == Problem.Code.DIVERGED) {
            if (!plan.script().diverges()) {
                world.defects().found("step " + step.id() + " of " + plan.run() + " is said to diverge and does not");
            }
            end(1);
        } else if (code == Problem.Code.LIMIT_EXCEEDED) {
            // Either the whole run is ending, or only this reservation was too much.
            after(dice.millis(500, 1_000), () -> end(1));
        } else if (code == null || !(code.endsInstance() || code == Problem.Code.DRAINING)) {
            world.defects()
                    .found("step " + step.id() + " of " + plan.run() + " in stage " + stage
                            + " got an answer that no rule explains: " + reply);
        }
    }

    private void finish() {
        switch (plan.script().ending()) {
            case OUTPUT -> output();
            case NOTHING -> after(dice.millis(0, 200), () -> end(0));
            case NEVER -> world.timeline().note(plan.run() + "@" + epoch, () -> "works until somebody ends it");
        }
    }

    private void output() {
        byte[] output = RunUsage.output(results);
        harness.output(Payload.of(TEXT, output), reply -> {
            if (reply instanceof GatewayReply.Accepted accepted) {
                world.oracle().accepted(plan.run(), accepted, "output");
                world.oracle().delivered(plan.run(), output);
                if (running) {
                    after(dice.millis(0, 2_000), () -> end(0));
                }
            } else if (running && !endsInstance(reply)) {
                world.defects().found("the output of " + plan.run() + " got an answer that no rule explains: " + reply);
            }
        });
    }
}
