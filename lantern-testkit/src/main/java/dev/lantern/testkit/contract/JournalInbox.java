package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.InboxMessage;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Messages for a run's owner. */
interface JournalInbox extends JournalFixture {

    @Test
    default void messages_arrive_in_the_order_in_which_they_were_put() {
        long host = joined();
        TestRun one = created("acme", "one", host);
        TestRun two = created("acme", "two", host);

        List<InboxMessage> put = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            InboxMessage message = TestRun.message((i % 2 == 0 ? one : two).key(), "signal", "message " + i);
            put.add(new InboxMessage(journal().put(message, SOON), message.key(), "signal", message.body()));
        }

        assertThat(journal().inbox(host, 100, SOON)).isEqualTo(put);
        assertThat(journal().inbox(host, 2, SOON)).isEqualTo(put.subList(0, 2));
        assertThat(put).extracting(InboxMessage::id).isSorted().doesNotHaveDuplicates();
    }

    @Test
    default void a_host_sees_only_messages_for_its_own_runs() {
        long host = joined();
        long other = joined();
        TestRun mine = created("acme", "mine", host);
        TestRun theirs = created("acme", "theirs", other);
        long first = journal().put(TestRun.message(theirs.key(), "cancel", "theirs"), SOON);
        long second = journal().put(TestRun.message(mine.key(), "cancel", "mine"), SOON);

        assertThat(journal().inbox(host, 1, SOON)).extracting(InboxMessage::id).containsExactly(second);
        assertThat(journal().inbox(other, 1, SOON)).extracting(InboxMessage::id).containsExactly(first);
        assertThat(journal().inbox(4711, 1, SOON)).isEmpty();
    }

    @Test
    default void messages_stay_until_they_are_discarded() {
        long host = joined();
        TestRun run = created("acme", "one", host);
        long first = journal().put(TestRun.message(run.key(), "cancel", "1"), SOON);
        long second = journal().put(TestRun.message(run.key(), "cancel", "2"), SOON);
        long third = journal().put(TestRun.message(run.key(), "cancel", "3"), SOON);
        assertThat(journal().inbox(host, 10, SOON))
                .isEqualTo(journal().inbox(host, 10, SOON))
                .hasSize(3);

        journal().discard(List.of(third, first), SOON);
        journal().discard(List.of(third, first, 4711L), SOON);
        journal().discard(List.of(), SOON);

        assertThat(journal().inbox(host, 10, SOON)).extracting(InboxMessage::id).containsExactly(second);
    }

    @Test
    default void the_new_owner_sees_what_the_old_one_left() {
        long first = joined();
        TestRun run = created("acme", "one", first);
        long before = journal().put(TestRun.message(run.key(), "cancel", "before"), SOON);
        long second = joined();
        journal().claim(run.key(), first, second, SOON);
        long after = journal().put(TestRun.message(run.key(), "cancel", "after"), SOON);

        assertThat(journal().inbox(second, 10, SOON))
                .extracting(InboxMessage::id)
                .containsExactly(before, after);
        assertThat(journal().inbox(first, 10, SOON)).isEmpty();
    }

    @Test
    default void a_message_for_a_closed_run_is_not_left_and_earlier_ones_are_never_read() {
        long host = joined();
        TestRun run = created("acme", "one", host);
        long early = journal().put(TestRun.message(run.key(), "cancel", "early"), SOON);
        closed(run, host);

        long late = journal().put(TestRun.message(run.key(), "cancel", "too late"), SOON);

        assertThat(early).isPositive();
        assertThat(late).isZero();
        assertThat(journal().inbox(host, 10, SOON)).isEmpty();
    }

    @Test
    default void a_message_for_an_unknown_run_is_refused() {
        assertThatThrownBy(() -> journal().put(TestRun.message(4711, "cancel", "?"), SOON))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("4711")
                .hasMessageContaining("no run");
    }

    @Test
    default void a_message_of_a_megabyte_comes_back_exactly() {
        long host = joined();
        TestRun run = created("acme", "one", host);
        byte[] body = new byte[1024 * 1024];
        new java.util.Random(3).nextBytes(body);

        journal().put(new InboxMessage(0, run.key(), "signal", body), SOON);

        assertThat(journal().inbox(host, 10, SOON))
                .singleElement()
                .satisfies(message -> assertThat(message.body()).isEqualTo(body));
    }

    @Test
    default void who_waits_hears_of_a_message_for_its_own_runs_where_the_backend_tells() throws Exception {
        long host = joined();
        long other = joined();
        TestRun run = created("acme", "one", host);
        if (!journal().hearsMessages()) {
            assertThat(journal().awaitMessage(host, SOON)).isFalse();
            return;
        }
        // It may answer yes for what was said before.
        while (journal().awaitMessage(host, Duration.ofMillis(1))) {
            assertThat(journal().inbox(host, 10, SOON)).isEmpty();
        }
        CompletableFuture<Boolean> heard =
                CompletableFuture.supplyAsync(() -> journal().awaitMessage(host, SOON));
        TestRun foreign = created("acme", "two", other);
        journal().put(TestRun.message(foreign.key(), "cancel", "not for this host"), SOON);
        journal().put(TestRun.message(run.key(), "cancel", "for this host"), SOON);

        assertThat(heard.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(journal().inbox(host, 10, SOON)).hasSize(1);
        assertThat(journal().awaitMessage(host, Duration.ofMillis(1))).isFalse();
        assertThat(journal().awaitMessage(other, SOON)).isTrue();
    }
}
