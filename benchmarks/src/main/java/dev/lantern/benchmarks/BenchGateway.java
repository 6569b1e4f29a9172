package dev.lantern.benchmarks;

import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * What a call costs a host: instances that begin and complete steps over TLS 1.3, each on a connection of its own and with a
 * certificate of the host's authority, each completion with a signature that the host verifies strictly. And what a connection
 * costs that does nothing.
 *
 * <p>The host is a process of its own with a bounded heap, on the journal in memory; the instances are this process. Both share
 * the machine. First the idle connections are counted; then every caller calls as fast as it is answered, the first turn of
 * which compiles the code; then all of them together call at the rate of the goal, whether or not they were answered in time:
 * a call that has to wait for the one before it counts from the moment at which it was due.
 */
public final class BenchGateway {
    private static final int HEAP_MIB = 1_024;
    private static final int IDLE = 1_000;
    private static final int FIRST_IDLE = 50;
    private static final int CALLERS = 200;
    private static final int CALLS_PER_SECOND = 3_000;
    private static final int WARM_UP_STEPS = 100;
    private static final int STEPS = 100;

    private BenchGateway() {}

    public static void main(String[] args) throws Exception {
        try (HostProcess host = HostProcess.start(HEAP_MIB, IDLE)) {
            idle(host);
            steps(host);
        }
    }

    // -- connections that do nothing

    private static void idle(HostProcess host) throws Exception {
        // The first ones load the classes and fill what all connections share.
        closeAll(openIdle(host, FIRST_IDLE));
        long before = host.used();
        List<InstanceConnection> open = openIdle(host, IDLE);
        long after = host.used();
        closeAll(open);
        Figure.atMost("gateway-idle-connection", (after - before) / 1024.0 / IDLE, "KiB", 32)
                .print();
    }

    /** Each has made a call: what waits for its first is a handshake that goes on. */
    private static List<InstanceConnection> openIdle(HostProcess host, int count) throws Exception {
        List<InstanceConnection> open = new ArrayList<>();
        for (CertifiedInstance instance : host.instances().subList(0, count)) {
            InstanceConnection connection = InstanceConnection.open(host, instance);
            connection.call(heartbeat(instance), GatewayReply.Alive.class);
            open.add(connection);
        }
        return open;
    }

    private static HttpRequest heartbeat(CertifiedInstance instance) {
        return InstanceConnection.request(new GatewayCall.Heartbeat(
                instance.instance().run(), instance.instance().epoch(), 0, Optional.empty()));
    }

    private static void closeAll(List<InstanceConnection> open) throws Exception {
        for (InstanceConnection connection : open) {
            connection.close();
        }
    }

    // -- calls

    private static void steps(HostProcess host) throws Exception {
        List<InstanceConnection> open = openIdle(host, CALLERS);
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try {
            List<StepCaller> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(new StepCaller(host.instances().get(i), open.get(i)));
            }
            Crowd crowd = new Crowd(host, threads, callers);
            crowd.take("warm-up, as fast as answered", WARM_UP_STEPS, BenchGateway::atOnce);
            Turn fast = crowd.take("as fast as answered", STEPS, BenchGateway::atOnce);
            Turn paced = crowd.take("at " + CALLS_PER_SECOND + " a second", STEPS, BenchGateway::paced);
            report(fast, paced);
        } finally {
            threads.shutdownNow();
        }
        closeAll(open);
    }

    private static StepCaller.Pace atOnce(int caller, long begun) {
        return call -> System.nanoTime();
    }

    /** Evenly, one caller after the other. */
    private static StepCaller.Pace paced(int caller, long begun) {
        return call -> {
            long due = begun + (call * (long) CALLERS + caller) * TimeUnit.SECONDS.toNanos(1) / CALLS_PER_SECOND;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return due;
        };
    }

    private static void report(Turn fast, Turn paced) {
        Figure.atMost("gateway-step-call-cpu", paced.processorMillis(), "ms", 0.25)
                .print();
        Figure.atLeast("gateway-calls-per-second", fast.perSecond(), "calls", CALLS_PER_SECOND)
                .print();
        Figure.atMost("gateway-call-p99", paced.percentile(99), "ms", 25).print();
    }

    /** Makes the pace of one caller in a turn that began then. */
    private interface Paces {
        StepCaller.Pace of(int caller, long begun);
    }

    /** All callers, with a thread for each. */
    private record Crowd(HostProcess host, ExecutorService threads, List<StepCaller> callers) {

        Turn take(String what, int steps, Paces paces) throws Exception {
            callers.forEach(caller -> caller.prepare(steps));
            Duration worked = host.processorTime();
            long begun = System.nanoTime();
            List<Callable<long[]>> tasks = new ArrayList<>();
            for (int i = 0; i < callers.size(); i++) {
                StepCaller caller = callers.get(i);
                StepCaller.Pace pace = paces.of(i, begun);
                tasks.add(() -> caller.call(pace));
            }
            List<long[]> took = new ArrayList<>();
            for (Future<long[]> one : threads.invokeAll(tasks)) {
                took.add(one.get());
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            Turn turn = new Turn(
                    seconds,
                    host.processorTime().minus(worked),
                    took.stream().flatMapToLong(LongStream::of).sorted().toArray());
            turn.print(what);
            return turn;
        }
    }

    /**
     * What a turn came to.
     *
     * @param worked the host's processor time
     * @param nanos what each call took, the shortest first
     */
    private record Turn(double seconds, Duration worked, long... nanos) {

        double perSecond() {
            return nanos.length / seconds;
        }

        double processorMillis() {
            return worked.toNanos() / 1e6 / nanos.length;
        }

        double percentile(int percent) {
            return nanos[Math.min(nanos.length - 1, nanos.length * percent / 100)] / 1e6;
        }

        void print(String what) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d calls of %d connections, %.0f/s, each %.3f ms of the host's processors; answered within"
                            + " %.1f ms (half), %.1f ms (99 in 100), %.1f ms (all)%n",
                    what,
                    nanos.length,
                    CALLERS,
                    perSecond(),
                    processorMillis(),
                    percentile(50),
                    percentile(99),
                    percentile(100));
        }

        @Override
        public String toString() {
            return "Turn[" + nanos.length + " calls in " + seconds + " s]";
        }
    }
}
