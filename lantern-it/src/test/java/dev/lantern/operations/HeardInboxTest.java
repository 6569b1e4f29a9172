package dev.lantern.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.crash.Wait;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.testkit.LanternExtension;
import dev.lantern.testkit.sim.ForwardingJournal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two hosts on one PostgreSQL, whose rounds through their inboxes find nothing: only what was heard is read. */
class HeardInboxTest {
    private static final String PATIENT = "registry.example/patient";

    private final DataSource source = Databases.postgres();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();

    @RegisterExtension
    final LanternExtension here = LanternExtension.on(() -> new HeardOnly(JdbcJournal.on(source), looks))
            .agent(PATIENT, String.class, (steps, ticket) -> {
                begun.countDown();
                new CountDownLatch(1).await();
                return "never";
            });

    @RegisterExtension
    final LanternExtension there = LanternExtension.on(() -> new HeardOnly(JdbcJournal.on(source), new AtomicInteger()))
            .agent(PATIENT, String.class, (steps, ticket) -> "on the wrong host");

    @Test
    void a_cancel_on_one_host_is_heard_by_the_other_one_which_runs_the_agent() throws Exception {
        AgentRun run = here.spawn(Lantern.spawn(AgentSpec.builder("patient")
                        .image(PATIENT + "@sha256:" + "ab".repeat(32))
                        .isolation(Isolation.STANDARD)
                        .build())
                .tenant("acme")
                .runId("a")
                .input("ticket"));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        // Right after it began to listen it looks once, for what was said before.
        Wait.until("the owner has listened and looked", () -> looks.get() == 1);

        there.runtime().find("acme", "a").orElseThrow().cancel("from another host");

        assertThat(run.onEnd().get(60, TimeUnit.SECONDS)).isEqualTo(RunStatus.CANCELLED);
        assertThat(looks.get()).as("looks after something was heard").isGreaterThan(1);
    }

    /** Gives messages out once for each time that it has heard of one, and never else. */
    private static final class HeardOnly extends ForwardingJournal {
        private final AtomicInteger looks;
        private final AtomicInteger heard = new AtomicInteger();

        HeardOnly(Journal inner, AtomicInteger looks) {
            super(inner);
            this.looks = looks;
        }

        @Override
        public boolean hearsMessages() {
            return inner().hearsMessages();
        }

        @Override
        public boolean awaitMessage(long host, Duration within) {
            boolean told = inner().awaitMessage(host, within);
            if (told) {
                heard.set(1);
            }
            return told;
        }

        @Override
        public List<InboxMessage> inbox(long host, int max, Duration within) {
            if (heard.getAndSet(0) == 0) {
                return List.of();
            }
            List<InboxMessage> messages = super.inbox(host, max, within);
            looks.incrementAndGet();
            return messages;
        }
    }
}
