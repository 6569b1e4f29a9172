package dev.lantern.benchmarks;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import dev.dbos.transact.workflow.WorkflowHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/**
 * The same agents on DBOS Transact: workflows that do one step after the other, each with a result of 200 bytes. With
 * its defaults, over a pool of ten connections as it would make itself.
 */
final class DbosAgents implements AutoCloseable {
    private static final String RESULT = "x".repeat(SampleEvents.BODY_BYTES);

    /** A workflow is a method of an interface, called through a proxy. */
    interface Agent {
        /** Waits for the others, then does steps until the time is over; answers how many. */
        int work(long millis);

        /** Does so many steps. */
        int steps(int count);
    }

    private final DBOS dbos;
    private final Agent agent;
    private final Working working = new Working();
    private int started;

    DbosAgents(DataSource source) {
        dbos = new DBOS(DBOSConfig.defaults("bench")
                .withDataSource(source)
                .withExecutorId("bench")
                .withAppVersion("bench"));
        agent = dbos.registerProxy(Agent.class, working);
        working.dbos = dbos;
    }

    /** Also recovers what an earlier process of this name left. */
    void launch() {
        dbos.launch();
    }

    /** Completed steps per second of so many workflows, all alive before the first of these steps. */
    double stepsPerSecond(int workflows, Duration time) throws Exception {
        working.alive = new CountDownLatch(workflows);
        List<WorkflowHandle<Integer, RuntimeException>> handles = new ArrayList<>();
        for (int i = 0; i < workflows; i++) {
            handles.add(dbos.startWorkflow(() -> agent.work(time.toMillis()), named("work")));
        }
        working.alive.await();
        long begun = System.nanoTime();
        int steps = 0;
        for (WorkflowHandle<Integer, RuntimeException> handle : handles) {
            steps += handle.getResult();
        }
        return steps / Rounds.seconds(begun);
    }

    /** Runs one workflow of so many steps. */
    void oneWorkflow(int steps) {
        dbos.startWorkflow(() -> agent.steps(steps), named("steps")).getResult();
    }

    /** Runs so many workflows of so many steps to their end. */
    void workflows(String name, int count, int steps) {
        List<WorkflowHandle<Integer, RuntimeException>> handles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            handles.add(dbos.startWorkflow(() -> agent.steps(steps), new StartWorkflowOptions(name + i)));
        }
        handles.forEach(WorkflowHandle::getResult);
    }

    /** How many workflows were carried out by this instance. */
    int carriedOut() {
        return working.carriedOut.intValue();
    }

    private StartWorkflowOptions named(String what) {
        started++;
        return new StartWorkflowOptions(what + "-" + System.nanoTime() + "-" + started);
    }

    @Override
    public void close() {
        dbos.close();
    }

    /** Public, because a proxy calls it. */
    static final class Working implements Agent {
        private final java.util.concurrent.atomic.LongAdder carriedOut = new java.util.concurrent.atomic.LongAdder();
        private volatile CountDownLatch alive = new CountDownLatch(0);
        private volatile DBOS dbos;

        @Override
        @Workflow(name = "work")
        public int work(long millis) {
            step();
            alive.countDown();
            await(alive);
            long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
            int done = 0;
            while (System.nanoTime() < until) {
                step();
                done++;
            }
            return done;
        }

        @Override
        @Workflow(name = "steps")
        public int steps(int count) {
            for (int i = 0; i < count; i++) {
                step();
            }
            carriedOut.increment();
            return count;
        }

        private void step() {
            dbos.runStep(() -> RESULT, "step");
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for the others", e);
            }
        }
    }
}
