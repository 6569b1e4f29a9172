package dev.lantern.agent.harness.process;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.AgentControl;
import dev.lantern.agent.harness.CredentialsKeeper;
import dev.lantern.agent.harness.Custody;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.harness.loopback.LoopbackServer;
import dev.lantern.agent.transport.HttpTransport;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** One harness process from its start to its exit code. Thread-safe. */
final class HarnessProcess implements AgentControl {
    /** What the harness has after the agent has gone, to deliver what is left. */
    private static final Duration OWN_GRACE = Duration.ofSeconds(5);

    private final HarnessConfig config;
    private final SystemClockwork clockwork;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Object lock = new Object();
    private final LoopbackServer door;
    private final HarnessInstance instance;
    private @Nullable AgentProcess agent;
    private boolean stopping;
    private boolean agentEnded;
    private volatile boolean told;

    private HarnessProcess(HarnessConfig config, SystemClockwork clockwork) {
        this.config = config;
        this.clockwork = clockwork;
        this.door = LoopbackServer.open(clockwork);
        HttpTransport transport =
                new HttpTransport(config.gateway(), config.secret(), SocketFactory.getDefault(), clockwork, clockwork);
        this.instance = HarnessInstance.behind(
                door,
                config.run(),
                config.epoch(),
                transport,
                clockwork,
                JdkInstanceSigner.generate(),
                this,
                new Custody(CredentialsKeeper.NONE, config.secrets()));
    }

    static HarnessProcess start(HarnessConfig config) {
        HarnessProcess process = new HarnessProcess(config, SystemClockwork.start(HarnessProcess::report));
        process.instance.start();
        return process;
    }

    /**
     * Waits for the end.
     *
     * @return the agent's exit code, or {@link ExitCode#ENDED}
     */
    int await() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            report(Objects.requireNonNullElse(e.getCause(), e));
            return ExitCode.ENDED;
        }
    }

    /**
     * Drains, the agent first, and waits for the end as long as both have grace; at once if it has come.
     *
     * @return the exit code
     */
    int end() {
        told = true;
        instance.drain("this process was told to end", () -> {});
        try {
            return exit.get(config.grace().plus(OWN_GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.ENDED;
        } catch (ExecutionException | TimeoutException e) {
            report(e);
            return ExitCode.ENDED;
        } finally {
            // Whatever was not in time, no value outlives this process.
            config.secrets().removeAll();
        }
    }

    @Override
    public void release(GatewayReply.Enrolled enrolled) {
        clockwork.start("lantern-agent-process", () -> {
            try {
                prepare(enrolled);
                runAgent();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                exit.complete(ExitCode.ENDED);
            } catch (RuntimeException | IOException e) {
                exit.completeExceptionally(e);
            }
        });
    }

    @Override
    public void stop(String why) {
        AgentProcess running;
        synchronized (lock) {
            if (agentEnded) {
                return;
            }
            stopping = true;
            running = agent;
        }
        say("stopping the agent of " + config.run() + " epoch " + config.epoch() + ": " + why);
        if (running == null) {
            instance.agentEnded(() -> exit.complete(told ? 0 : ExitCode.ENDED));
        } else {
            clockwork.start("lantern-agent-stop", () -> running.stop(config.grace()));
        }
    }

    private void prepare(GatewayReply.Enrolled enrolled) throws IOException {
        if (config.inputFile().isPresent()) {
            OwnFiles.put(config.inputFile().get(), enrolled.resume().input().bytes());
        }
        if (config.urlFile().isPresent()) {
            OwnFiles.put(config.urlFile().get(), OwnFiles.line(instance.url().toString()));
        }
    }

    private void runAgent() throws InterruptedException, IOException {
        Optional<AgentProcess> started = startAgent();
        if (started.isEmpty()) {
            return;
        }
        int code = started.get().exitCode();
        synchronized (lock) {
            agentEnded = true;
        }
        if (code == 0) {
            deliverResult();
        }
        instance.agentEnded(() -> exit.complete(code));
    }

    private Optional<AgentProcess> startAgent() {
        synchronized (lock) {
            if (stopping || config.command().isEmpty()) {
                return Optional.empty();
            }
            agent = AgentProcess.start(config.command(), instance.url().toString());
            return Optional.of(agent);
        }
    }

    private void deliverResult() throws IOException, InterruptedException {
        Path file = config.resultFile();
        if (!Files.isRegularFile(file) || Asked.of(instance::whetherOutputBegun)) {
            return;
        }
        Payload result = Payload.of(ResultFile.MEDIA_TYPE, OwnFiles.result(file));
        GatewayReply reply = Asked.of(answer -> instance.deliver(result, answer));
        if (reply instanceof GatewayReply.Refused refused) {
            throw new LanternException("the result in " + file + " was not taken: "
                    + refused.problem().detail());
        }
    }

    static void say(String what) {
        System.err.println("lantern: " + what);
    }

    /** The harness has no log but its standard error; messages hold no payload and no secret. */
    static void report(Throwable failure) {
        failure.printStackTrace();
    }
}
