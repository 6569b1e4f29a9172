package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.Effect;
import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.StepId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A run's owner over all its instances, who can see to it that an agent's process is dead at a certain call of its. What
 * an instance that is gone has begun and not ended is in doubt for the next one, as its effect says.
 */
final class DeadlyOwner {
    static final Death NEVER = new Death(-1, false);

    final ModelOwner owner = new ModelOwner();
    /** Whoever sees a process dead and takes it sees what that process did. */
    private final Object lock = new Object();

    private final Map<StepId, Effect> undecided = new LinkedHashMap<>();

    /**
     * When a process dies.
     *
     * @param call at which of the instance's calls, from 0
     * @param accepted whether the journal has that call; its answer is lost in any case
     */
    record Death(int call, boolean accepted) {}

    /** An instance before this owner. */
    final class Instance implements AutoCloseable {
        private final Death death;
        private final List<String> calls = new ArrayList<>();
        private final CompletableFuture<Process> agent = new CompletableFuture<>();
        final LoopbackFixture loopback;

        private Instance(Death death) {
            this.death = death;
            this.loopback = new LoopbackFixture(owner, this::answer);
        }

        /** The process that dies. */
        void runs(Process process) {
            agent.complete(process);
        }

        /** What it asked for, one line each, in order. */
        List<String> calls() {
            synchronized (lock) {
                return List.copyOf(calls);
            }
        }

        private Optional<GatewayReply> answer(GatewayCall call) {
            synchronized (lock) {
                Optional<String> line = line(call);
                if (line.isEmpty()) {
                    return Optional.of(owner.answer(call));
                }
                boolean dies = calls.size() == death.call();
                calls.add(line.get());
                if (dies && !death.accepted()) {
                    return killed();
                }
                GatewayReply reply = owner.answer(call);
                follow(call, reply);
                return dies ? killed() : Optional.of(reply);
            }
        }

        private Optional<GatewayReply> killed() {
            agent.join().destroyForcibly().onExit().join();
            return Optional.empty();
        }

        @Override
        public void close() {
            loopback.close();
        }
    }

    /** The next instance of the run. */
    Instance instance(Death death) {
        synchronized (lock) {
            undecided.forEach(owner::doubting);
            undecided.clear();
        }
        return new Instance(death);
    }

    private void follow(GatewayCall call, GatewayReply reply) {
        if (call instanceof GatewayCall.Begin begin
                && reply instanceof GatewayReply.RunIt
                && begin.effect().beginIsDurable()) {
            undecided.put(begin.step(), begin.effect());
        } else if (call instanceof GatewayCall.Complete complete) {
            undecided.remove(complete.record().step());
        } else if (call instanceof GatewayCall.Fail fail) {
            undecided.remove(fail.step());
        }
    }

    /** What an agent asks for; empty for what its harness says of itself. */
    private static Optional<String> line(GatewayCall call) {
        if (call instanceof GatewayCall.Begin begin) {
            return Optional.of("begin " + begin.step().name());
        } else if (call instanceof GatewayCall.Complete complete) {
            return Optional.of("complete " + complete.record().step().name());
        } else if (call instanceof GatewayCall.Fail fail) {
            return Optional.of("fail " + fail.step().name());
        } else if (call instanceof GatewayCall.Resolve resolve) {
            return Optional.of("resolve " + resolve.step().name() + " " + resolve.happened());
        } else if (call instanceof GatewayCall.Report) {
            return Optional.of("usage");
        }
        return call instanceof GatewayCall.Output ? Optional.of("output") : Optional.empty();
    }
}
