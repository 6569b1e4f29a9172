package dev.lantern.torture;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.AgentControl;
import dev.lantern.agent.harness.Harness;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.harness.StepAsk;
import dev.lantern.agent.harness.StepRef;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.agent.transport.HttpTransport;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.Payload;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.SocketFactory;

/**
 * An instance that no host's death touches: a real harness with a key of its own, which speaks HTTP to whichever host
 * owns its run, and a scripted agent beside it. Everything but {@link #stop()} and {@link #start} happens in turns of
 * its clockwork.
 */
final class TorturedInstance implements AgentControl {
    private static final String TEXT = "text/plain";
    private static final Duration LINGERS = Duration.ofMillis(50);
    private static final Duration TRIES_AGAIN = Duration.ofMillis(50);

    private final Place place;
    private final RunRef run;
    private final Plan plan;
    private final Oracle oracle;
    private final Clockwork clockwork;
    private final HttpTransport transport;
    private final Harness harness;
    private final Consumer<RemoteHost.Ending> ended;
    private final List<byte[]> results = new ArrayList<>();
    private boolean over;
    private boolean delivered;

    /** @param ended told once, in a turn, unless it is stopped before */
    TorturedInstance(
            RemoteCluster.Start start,
            Plan plan,
            Oracle oracle,
            GatewayAddress service,
            SystemClockwork clockwork,
            Consumer<RemoteHost.Ending> ended) {
        this.place = start.place();
        this.run = place.ref().run();
        this.plan = plan;
        this.oracle = oracle;
        this.clockwork = clockwork;
        this.ended = ended;
        this.transport = new HttpTransport(service, start.secret(), SocketFactory.getDefault(), clockwork, clockwork);
        this.harness = new Harness(run, place.epoch(), transport, clockwork, JdkInstanceSigner.generate(), this);
    }

    void start() {
        clockwork.soon(harness::start);
    }

    /** Ends it from outside, as a kubelet would. Blocks until nothing of it runs. */
    void stop() {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        clockwork.soon(() -> {
            over();
            gone.complete(null);
        });
        gone.join();
    }

    // -- turns -----------------------------------------------------------------------------------------------

    @Override
    public void release(GatewayReply.Enrolled enrolled) {
        String input = new String(enrolled.resume().input().bytes(), StandardCharsets.UTF_8);
        if (!input.equals(Plan.input(run))) {
            oracle.defect(place + " was given another input than its run was spawned with");
        }
        work(() -> begin(0));
    }

    @Override
    public void stop(String why) {
        boolean stale = harness.ended().map(Problem::code).equals(Optional.of(Problem.Code.STALE_EPOCH));
        if (stale) {
            oracle.zombieRefused();
        }
        end(delivered ? RemoteHost.Ending.EXITED_WELL : RemoteHost.Ending.EXITED_BADLY);
    }

    private void work(Runnable next) {
        if (!over) {
            next.run();
        }
    }

    private void later(Duration delay, Runnable next) {
        clockwork.later(delay, () -> work(next));
    }

    private void end(RemoteHost.Ending how) {
        if (!over) {
            over();
            ended.accept(how);
        }
    }

    private void over() {
        over = true;
        harness.close();
        try {
            transport.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(int number) {
        if (number == plan.steps().size()) {
            finish();
            return;
        }
        Plan.Step step = plan.steps().get(number);
        StepAsk ask = new StepAsk(step.name(), Optional.empty(), step.effect(), Optional.empty(), 0, Optional.empty());
        harness.begin(ask, reply -> {
            // Heard is heard, whether or not the agent still lives.
            if (reply instanceof GatewayReply.RunIt go) {
                oracle.mayRun(run, step.name(), place.epoch(), go.idempotencyKey());
            } else if (reply instanceof GatewayReply.Recorded recorded) {
                oracle.recorded(run, step.name(), recorded.result().bytes());
            }
            work(() -> begun(number, step, reply));
        });
    }

    private void begun(int number, Plan.Step step, GatewayReply reply) {
        if (reply instanceof GatewayReply.RunIt go) {
            later(step.body(), () -> {
                oracle.happens(run, step, go.idempotencyKey());
                complete(number, step, "made");
            });
        } else if (reply instanceof GatewayReply.Recorded recorded) {
            done(number, recorded.result().bytes());
        } else if (reply instanceof GatewayReply.InDoubt doubt) {
            resolve(number, step, doubt.idempotencyKey());
        } else if (reply instanceof GatewayReply.Happened) {
            complete(number, step, "found");
        } else {
            refused("begin of " + step.name(), reply);
        }
    }

    /** No two executions have the same result, so that a second one would show. */
    private byte[] result(Plan.Step step, String how) {
        String text = how + " by " + place + " for " + step.name() + " "
                + HexFormat.of().formatHex(clockwork.random(8));
        return (text + " ".repeat(step.padding())).getBytes(StandardCharsets.UTF_8);
    }

    private void complete(int number, Plan.Step step, String how) {
        byte[] result = result(step, how);
        harness.complete(StepRef.named(step.name()), Payload.of(TEXT, result), reply -> {
            if (reply instanceof GatewayReply.Accepted accepted) {
                oracle.accepted(run, accepted, "completion of " + step.name());
                oracle.completed(run, step.name(), place.epoch(), result);
            }
            work(() -> {
                if (reply instanceof GatewayReply.Accepted) {
                    done(number, result);
                } else if (code(reply).filter(TorturedInstance::asksAgain).isPresent()) {
                    later(TRIES_AGAIN, () -> begin(number));
                } else {
                    refused("completion of " + step.name(), reply);
                }
            });
        });
    }

    private static boolean asksAgain(Problem.Code code) {
        return code == Problem.Code.CONFLICT || code == Problem.Code.STEP_IN_DOUBT;
    }

    private void resolve(int number, Plan.Step step, String key) {
        boolean happened = oracle.hasHappened(key);
        if (!happened) {
            oracle.excused(key);
        }
        harness.resolve(StepRef.named(step.name()), happened, "looked at the world", reply -> {
            if (reply instanceof GatewayReply.Accepted accepted) {
                oracle.accepted(run, accepted, "resolution of " + step.name());
            }
            work(() -> {
                if (reply instanceof GatewayReply.Accepted || code(reply).equals(Optional.of(Problem.Code.CONFLICT))) {
                    later(TRIES_AGAIN, () -> begin(number));
                } else {
                    refused("resolution of " + step.name(), reply);
                }
            });
        });
    }

    private void done(int number, byte[] result) {
        results.add(result);
        begin(number + 1);
    }

    private void finish() {
        if (plan.patient()) {
            oracle.waits(run);
            return;
        }
        byte[] output = Plan.output(results);
        harness.output(Payload.of(TEXT, output), reply -> {
            if (reply instanceof GatewayReply.Accepted accepted) {
                oracle.accepted(run, accepted, "output");
                oracle.delivered(run, output);
                delivered = true;
            }
            work(() -> {
                if (reply instanceof GatewayReply.Accepted) {
                    later(LINGERS, () -> end(RemoteHost.Ending.EXITED_WELL));
                } else {
                    refused("output", reply);
                }
            });
        });
    }

    private static Optional<Problem.Code> code(GatewayReply reply) {
        return reply instanceof GatewayReply.Refused refused
                ? Optional.of(refused.problem().code())
                : Optional.empty();
    }

    /** The harness stops the agent by itself where its instance has ended; nothing else may be refused here. */
    private void refused(String what, GatewayReply reply) {
        boolean expected = code(reply)
                .filter(code -> code.endsInstance() || code == Problem.Code.DRAINING)
                .isPresent();
        if (!expected) {
            oracle.defect(what + " of " + place + " got an answer that no rule explains: " + reply);
        }
    }
}
