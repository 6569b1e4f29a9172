package dev.lantern.testkit;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.AgentControl;
import dev.lantern.agent.harness.Harness;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.harness.Transport;
import dev.lantern.agent.harness.loopback.LoopbackApi;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.Presented;
import dev.lantern.core.gateway.Secret;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One agent on a thread of its own, beside its harness. Thread-safe. */
final class InProcessInstance implements AgentControl {
    private static final Duration DRAIN_WITHIN = Duration.ofSeconds(5);
    private static final int REPORT_NAME_BYTES = 12;
    private static final int FAILED = 1;

    private final InstanceRef ref;
    private final AgentUnderTest agent;
    private final SystemClockwork clockwork;
    private final BiConsumer<InstanceRef, InstanceEnd> ended;
    private final Harness harness;
    private final LoopbackApi api;
    private final CountDownLatch gone = new CountDownLatch(1);
    private final CompletableFuture<Void> abandoned = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable Thread thread;

    InProcessInstance(
            InstanceStart start,
            AgentUnderTest agent,
            GatewayDoor door,
            SystemClockwork clockwork,
            BiConsumer<InstanceRef, InstanceEnd> ended) {
        this.ref = start.instance();
        this.agent = agent;
        this.clockwork = clockwork;
        this.ended = ended;
        byte[] secret = Secret.parse(start.enrolmentSecret())
                .orElseThrow(() -> new LanternException("an enrolment secret is lower-case hexadecimal"));
        Transport transport = (owner, call, outcome) -> door.call(
                new Presented.Bearer(secret.clone()),
                call,
                reply -> clockwork.soon(() -> outcome.accept(new Transport.Outcome.Answered(reply))));
        this.harness = new Harness(ref.run(), ref.epoch(), transport, clockwork, JdkInstanceSigner.generate(), this);
        this.api = new LoopbackApi(harness, () -> clockwork.random(REPORT_NAME_BYTES));
    }

    InstanceRef ref() {
        return ref;
    }

    void start() {
        clockwork.soon(harness::start);
    }

    @Override
    public void release(GatewayReply.Enrolled enrolled) {
        if (begun.compareAndSet(false, true)) {
            clockwork.start("agent " + ref, this::runAgent);
        }
    }

    @Override
    public void stop(String why) {
        if (begun.compareAndSet(false, true)) {
            end(new InstanceEnd.StartFailed(why, false));
        } else {
            interrupt();
        }
    }

    private void runAgent() {
        thread = Thread.currentThread();
        int code = 0;
        try {
            agent.run(this::exchange);
        } catch (Exception | Error e) {
            code = FAILED;
            if (abandoned.isDone()) {
                // Its host is gone; whatever it ran into is not its own.
                end(new InstanceEnd.Lost("its host is gone"));
                return;
            }
        }
        settle(code);
    }

    private void settle(int code) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        clockwork.soon(() -> harness.agentEnded(() -> drained.complete(null)));
        await(CompletableFuture.anyOf(drained, abandoned), DRAIN_WITHIN);
        end(new InstanceEnd.Exited(code));
    }

    private HttpResponse exchange(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        clockwork.soon(() -> api.handle(request, answer::complete));
        try {
            CompletableFuture.anyOf(answer, abandoned).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the agent was interrupted: its instance is being stopped", e);
        } catch (ExecutionException e) {
            throw new IOException("the harness failed", e);
        }
        if (!answer.isDone()) {
            throw new IOException("the harness of " + ref + " is gone");
        }
        return answer.join();
    }

    /** @return whether nothing of it runs any more */
    boolean stop(Duration grace, Duration within) {
        clockwork.soon(() -> harness.drain("the instance is being stopped", () -> {}));
        if (begun.compareAndSet(false, true)) {
            end(new InstanceEnd.Lost("stopped before its agent ran"));
        }
        interrupt();
        if (join(grace)) {
            return true;
        }
        abandon();
        return join(within.minus(grace));
    }

    /** As if the process had died: its harness is gone, and the agent is told so by every call. */
    void abandon() {
        abandoned.complete(null);
        if (begun.compareAndSet(false, true)) {
            end(new InstanceEnd.Lost("its host is gone"));
        }
        clockwork.soon(harness::close);
        interrupt();
    }

    boolean join(Duration within) {
        try {
            return gone.await(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return gone.getCount() == 0;
        }
    }

    private void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void end(InstanceEnd end) {
        clockwork.soon(harness::close);
        ended.accept(ref, end);
        gone.countDown();
    }

    private static void await(CompletableFuture<?> future, Duration within) {
        // An interruption is for the agent, which has ended.
        boolean interrupted = Thread.interrupted();
        try {
            future.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            // What is unsaid by now stays unsaid; the host finds out by the exit.
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
