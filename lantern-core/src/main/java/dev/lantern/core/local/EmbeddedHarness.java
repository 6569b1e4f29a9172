package dev.lantern.core.local;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.harness.AgentControl;
import dev.lantern.agent.harness.CredentialsKeeper;
import dev.lantern.agent.harness.Custody;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.harness.loopback.LoopbackServer;
import dev.lantern.agent.harness.process.HarnessInstance;
import dev.lantern.agent.harness.process.SecretFiles;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The harness in the host's JVM, with the agent alone as a process. */
final class EmbeddedHarness implements HarnessSide, AgentControl {
    /** Longer than a host needs to come back from a pause of its journal; the engine's own patience is no longer. */
    private static final Duration DELIVER_WITHIN = Duration.ofSeconds(30);

    private static final Duration DRAIN_WITHIN = Duration.ofSeconds(5);
    private static final String RESULT_TYPE = "application/json";

    private final InstanceDirectory directory;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Consumer<String> stopAgent;
    private final Consumer<String> note;
    private final DirectTransport transport;
    private final HarnessInstance harness;
    private final CompletableFuture<Optional<GatewayReply.Enrolled>> released = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile String whyNever = "the instance was stopped before it had enrolled";

    /**
     * @param stopAgent told once when the agent, already released, must end; does not block
     * @param note takes a line for the reader of the agent's log
     */
    EmbeddedHarness(
            InstanceRef instance,
            InstanceDirectory directory,
            List<String> command,
            Map<String, String> environment,
            LoopbackServer door,
            DirectTransport transport,
            Clockwork clockwork,
            Consumer<String> stopAgent,
            Consumer<String> note) {
        this.directory = directory;
        this.command = command;
        this.environment = environment;
        this.stopAgent = stopAgent;
        this.note = note;
        this.transport = transport;
        this.harness = HarnessInstance.behind(
                door,
                instance.run(),
                instance.epoch(),
                transport,
                clockwork,
                JdkInstanceSigner.generate(),
                this,
                // No credentials: key, authority and verifier would share this process.
                new Custody(
                        CredentialsKeeper.NONE,
                        SecretFiles.own(directory.secrets(), trouble -> note.accept("lantern: " + trouble))));
    }

    @Override
    public void release(GatewayReply.Enrolled enrolled) {
        released.complete(Optional.of(enrolled));
    }

    @Override
    public void stop(String why) {
        whyNever = why;
        if (!released.complete(Optional.empty())) {
            stopAgent.accept(why);
        }
    }

    @Override
    public Permission await() throws IOException, InterruptedException {
        harness.start();
        Optional<GatewayReply.Enrolled> enrolled = enrolled();
        if (enrolled.isEmpty()) {
            return new Permission.Never(new InstanceEnd.StartFailed(whyNever, false));
        }
        PrivateFiles.file(directory.input(), enrolled.get().resume().input().bytes());
        Map<String, String> whole = new TreeMap<>(environment);
        whole.put(ChildEnvironment.URL, harness.url().toString());
        return new Permission.Start(command, whole);
    }

    @Override
    public Optional<InstanceEnd> settle(int code) throws InterruptedException {
        if (code == 0) {
            deliverResult();
        }
        CompletableFuture<Void> drained = new CompletableFuture<>();
        harness.agentEnded(() -> drained.complete(null));
        answer(drained, DRAIN_WITHIN);
        return Optional.empty();
    }

    @Override
    public void drain(String why) {
        harness.drain(why, () -> {});
    }

    @Override
    public void close() {
        released.complete(Optional.empty());
        closed.complete(null);
        harness.close();
        try {
            transport.close();
        } catch (IOException e) {
            note.accept("lantern: a connection to the gateway could not be closed: " + e.getMessage());
        }
    }

    private Optional<GatewayReply.Enrolled> enrolled() throws InterruptedException {
        try {
            return released.get();
        } catch (ExecutionException e) {
            throw new LanternException("the harness could not enrol", e);
        }
    }

    /** Only of an agent that ended well: one that failed or was killed may have left half a file. */
    private void deliverResult() throws InterruptedException {
        if (!Files.isRegularFile(directory.result(), LinkOption.NOFOLLOW_LINKS) || hasHandedOver()) {
            return;
        }
        byte[] result;
        try {
            result = PrivateFiles.read(directory.result(), Opening.MAX_BYTES);
        } catch (IOException e) {
            note.accept("lantern: the result file could not be read: " + e.getMessage());
            return;
        }
        if (result.length > Opening.MAX_BYTES) {
            note.accept("lantern: the result file has more than the allowed " + Opening.MAX_BYTES
                    + " bytes and was not delivered");
            return;
        }
        CompletableFuture<GatewayReply> delivered = new CompletableFuture<>();
        harness.deliver(Payload.of(RESULT_TYPE, result), delivered::complete);
        Optional<GatewayReply> reply = answer(delivered, DELIVER_WITHIN);
        if (reply.isEmpty()) {
            note.accept("lantern: whether the result file was taken is unknown: the gateway did not answer");
        } else if (reply.get() instanceof GatewayReply.Refused refused) {
            note.accept("lantern: the result file was not taken: "
                    + refused.problem().detail());
        }
    }

    private boolean hasHandedOver() throws InterruptedException {
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        harness.whetherOutputBegun(begun::complete);
        return answer(begun, DRAIN_WITHIN).orElse(true);
    }

    /** Empty if it did not come in time or this was closed. */
    private <T> Optional<T> answer(CompletableFuture<T> answer, Duration within) throws InterruptedException {
        try {
            CompletableFuture.anyOf(answer, closed).get(within.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.ofNullable(answer.getNow(null));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new LanternException("the harness could not answer", e);
        }
    }
}
