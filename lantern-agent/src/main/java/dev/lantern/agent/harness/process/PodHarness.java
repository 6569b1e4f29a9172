package dev.lantern.agent.harness.process;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.AgentControl;
import dev.lantern.agent.harness.Custody;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.harness.loopback.LoopbackServer;
import dev.lantern.agent.harness.sandbox.FenceTrial;
import dev.lantern.agent.harness.sandbox.OwnAddresses;
import dev.lantern.agent.harness.sandbox.SandboxReader;
import dev.lantern.agent.transport.ClientIdentity;
import dev.lantern.agent.transport.GatewayTls;
import dev.lantern.agent.transport.GatewayTrust;
import dev.lantern.agent.transport.HttpTransport;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.SandboxReport;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/**
 * The harness of a pod, beside an agent in another container. It lets the agent start by binding a port, cannot stop it,
 * and learns of its end by SIGTERM, which a native sidecar gets once every other container has ended. Thread-safe.
 */
final class PodHarness implements AgentControl {
    /**
     * Beyond the agent's grace, the pod's has five seconds more. One is left for saying what could not be delivered, and
     * for what the kubelet itself needs; where the agent has used the pod's grace up, two seconds are all there is, and
     * the instance is being deleted anyway.
     */
    private static final Duration OWN_GRACE = Duration.ofSeconds(4);

    private final PodConfig config;
    private final SystemClockwork clockwork;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final ReleasePort releasePort;
    private final SecretFiles secrets;
    private final HarnessInstance instance;
    private volatile boolean told;

    private PodHarness(PodConfig config, SystemClockwork clockwork, LoopbackServer door) {
        this.config = config;
        this.clockwork = clockwork;
        this.releasePort =
                new ReleasePort(config.releasePort(), ServerSocketFactory.getDefault(), clockwork, clockwork);
        this.secrets = SecretFiles.shared(config.secrets(), this::say);
        JdkInstanceSigner signer = JdkInstanceSigner.generate();
        GatewayTls tls = new GatewayTls(
                new ClientIdentity(signer),
                new GatewayTrust(
                        config.authorities().trustDomain(), config.authorities().der(), clockwork.wallClock()));
        HttpTransport transport = new HttpTransport(
                config.gateway(),
                new TokenFile(config.tokenFile()),
                tls,
                SocketFactory.getDefault(),
                clockwork,
                clockwork);
        this.instance = HarnessInstance.behind(
                door,
                config.run(),
                config.epoch(),
                new TellingTransport(transport),
                clockwork,
                signer,
                this,
                new Custody(new TlsCredentials(tls), secrets));
    }

    /**
     * Opens the agent's door; nothing is sent before {@link #start}.
     *
     * @throws LanternException if its port is taken, or there is no directory for its secrets
     */
    static PodHarness behindDoor(PodConfig config) {
        SystemClockwork clockwork = SystemClockwork.start(HarnessProcess::report);
        return new PodHarness(config, clockwork, LoopbackServer.openAt(config.url(), clockwork));
    }

    /** Looks around, and begins to enrol with what was found. Called once. */
    void start() {
        clockwork.start("lantern-look", () -> {
            try {
                SandboxReport sandbox = SandboxReader.read();
                FenceTrial.begin(
                        config.gateway(),
                        config.forbidden(),
                        OwnAddresses.look(),
                        SocketFactory.getDefault(),
                        clockwork,
                        clockwork,
                        trouble -> say("the fence is tried again: " + trouble),
                        fence -> enrol(new InsideReport(sandbox, fence)));
            } catch (IOException e) {
                fail("the addresses of this pod cannot be told: " + e);
            } catch (RuntimeException e) {
                exit.completeExceptionally(e);
            }
        });
    }

    /** An agent that has ended before it was let go is not let go any more. */
    private void enrol(InsideReport inside) {
        if (!told) {
            instance.start(inside);
        }
    }

    /**
     * Waits until the harness can do no more for its agent, which is not how it usually ends: it is told to.
     *
     * @return the exit code
     */
    int await() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            HarnessProcess.report(Objects.requireNonNullElse(e.getCause(), e));
            return ExitCode.ENDED;
        }
    }

    /**
     * The agent has ended: delivers what it left, and waits for that as long as there is grace; at once if the harness
     * has failed before.
     *
     * @return the exit code
     */
    int end() {
        told = true;
        if (!exit.isDone()) {
            clockwork.start("lantern-ending", this::finish);
        }
        Duration limit = config.grace().plus(OWN_GRACE);
        try {
            return exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            HarnessProcess.report(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            say("not everything that the agent handed over was answered within " + limit.toSeconds() + " s");
        } finally {
            secrets.removeAll();
        }
        return ExitCode.ENDED;
    }

    @Override
    public void release(GatewayReply.Enrolled enrolled) {
        clockwork.start("lantern-release", () -> {
            try {
                OwnFiles.share(config.inputFile(), enrolled.resume().input().bytes());
                releasePort.open();
            } catch (IOException e) {
                fail("the input cannot be put into " + config.inputFile() + ": " + e);
            } catch (LanternException e) {
                fail(String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                exit.completeExceptionally(e);
            }
        });
    }

    /** The agent's container is not this one's to signal: the host deletes the pod's Job. Ending would start it again. */
    @Override
    public void stop(String why) {
        if (!told) {
            say("its agent is to stop: " + why);
        }
        releasePort.close();
    }

    private void finish() {
        try {
            exit.complete(delivered());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exit.complete(ExitCode.ENDED);
        } catch (IOException | RuntimeException e) {
            exit.completeExceptionally(e);
        }
    }

    private int delivered() throws InterruptedException, IOException {
        // An output ends the run, so what belongs before it goes before it.
        Asked.<Boolean>of(answer -> instance.agentEnded(() -> answer.accept(true)));
        if (Asked.of(instance::whetherOutputDurable)) {
            return 0;
        }
        Optional<Problem> ended = Asked.of(instance::whyEnded);
        if (ended.isPresent()) {
            say("it was not enrolled, or has ended before its agent did: nothing is delivered");
            return ExitCode.ENDED;
        }
        Optional<Payload> result;
        try {
            result = new ResultFile(config.resultFile()).read();
        } catch (LanternException e) {
            say(String.valueOf(e.getMessage()));
            return ExitCode.RESULT;
        }
        return result.isPresent() ? delivered(result.get()) : 0;
    }

    private int delivered(Payload result) throws InterruptedException {
        GatewayReply reply = Asked.of(answer -> instance.deliver(result, answer));
        if (reply instanceof GatewayReply.Refused refused) {
            say("the result in " + config.resultFile() + " was not taken: "
                    + refused.problem().detail());
            return isOver(refused.problem().code()) ? ExitCode.ENDED : ExitCode.RESULT;
        }
        return 0;
    }

    /** Whether the instance had no say any more, whatever it had delivered. */
    private static boolean isOver(Problem.Code code) {
        return code.endsInstance() || code == Problem.Code.DRAINING;
    }

    private void fail(String why) {
        say(why);
        exit.complete(ExitCode.ENDED);
    }

    private void say(String what) {
        System.err.println("lantern: " + config + ": " + what);
    }
}
