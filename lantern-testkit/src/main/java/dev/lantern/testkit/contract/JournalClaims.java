package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult.Appended;
import dev.lantern.journal.AppendResult.NotOwner;
import dev.lantern.journal.Fence;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Moving runs from one host to another. */
interface JournalClaims extends JournalFixture {

    @Test
    default void open_runs_of_a_lapsed_owner_are_taken_over() {
        long gone = lapsed();
        TestRun one = created("acme", "one", gone);
        TestRun two = created("acme", "two", gone);
        appended(two, gone, 2);
        long host = joined();

        List<RunRow> claimed = journal().claimLapsed(host, 10, SOON);

        assertThat(claimed).extracting(RunRow::run).containsExactlyInAnyOrder(one.ref(), two.ref());
        assertThat(claimed).allSatisfy(row -> {
            assertThat(row.host()).hasValue(host);
            assertThat(row(row.run())).isEqualTo(row);
        });
    }

    @Test
    default void runs_of_a_host_that_left_are_taken_over() {
        long gone = joined();
        TestRun run = created("acme", "one", gone);
        journal().leave(gone, SOON);
        long host = joined();

        assertThat(journal().claimLapsed(host, 10, SOON))
                .extracting(RunRow::run)
                .containsExactly(run.ref());
    }

    @Test
    default void a_run_created_by_a_host_that_has_just_left_is_not_lost() {
        long gone = joined();
        journal().leave(gone, SOON);
        TestRun run = created("acme", "late", gone);
        long host = joined();

        assertThat(journal().claimLapsed(host, 10, SOON))
                .extracting(RunRow::run)
                .containsExactly(run.ref());
    }

    @Test
    default void a_live_owner_keeps_its_runs() {
        long alive = joined();
        TestRun run = created("acme", "one", alive);
        long gone = lapsed();
        TestRun left = created("acme", "two", gone);
        long host = joined();

        assertThat(journal().claimLapsed(host, 10, SOON))
                .extracting(RunRow::run)
                .containsExactly(left.ref());
        assertThat(row(run.ref()).host()).hasValue(alive);
    }

    @Test
    default void closed_runs_are_never_taken_over() {
        long gone = lapsed();
        TestRun run = created("acme", "one", gone);
        closed(run, gone);
        long host = joined();

        assertThat(journal().claimLapsed(host, 10, SOON)).isEmpty();
        assertThat(journal().claim(run.key(), gone, host, SOON).orElseThrow().host())
                .isEmpty();
        assertThat(row(run.ref()).host()).isEmpty();
    }

    @Test
    default void a_host_never_takes_over_its_own_runs() {
        long self = lapsed();
        created("acme", "one", self);

        assertThat(journal().claimLapsed(self, 10, SOON)).isEmpty();
    }

    @Test
    default void a_host_that_has_left_takes_nothing_over() {
        TestRun run = created("acme", "one", lapsed());
        RunRow before = row(run.ref());
        long left = joined();
        journal().leave(left, SOON);

        assertThat(journal().claimLapsed(left, 10, SOON)).isEmpty();
        assertThat(journal().claimLapsed(4711, 10, SOON)).isEmpty();
        assertThat(journal().claim(run.key(), before.host().getAsLong(), left, SOON))
                .contains(before);
        assertThat(row(run.ref())).isEqualTo(before);
    }

    @Test
    default void at_most_max_runs_are_taken_over_at_once() {
        long gone = lapsed();
        for (int i = 0; i < 7; i++) {
            created("acme", "run-" + i, gone);
        }
        long host = joined();

        List<RunRow> all = new ArrayList<>();
        for (int expected : new int[] {3, 3, 1, 0}) {
            List<RunRow> claimed = journal().claimLapsed(host, 3, SOON);
            assertThat(claimed).hasSize(expected);
            all.addAll(claimed);
        }
        assertThat(all).extracting(RunRow::key).doesNotHaveDuplicates().hasSize(7);
    }

    @Test
    default void after_a_takeover_the_former_owner_is_not_owner_even_while_it_renews() {
        long gone = lapsed();
        TestRun run = created("acme", "one", gone);
        long host = joined();
        journal().claimLapsed(host, 10, SOON);

        assertThat(journal().renew(gone, LONG, SOON)).isPresent();

        assertThat(append(run.append(gone, "zombie"))).isEqualTo(new NotOwner(OptionalLong.of(host)));
        Append adopted = run.append(host, "run_adopted");
        assertThat(append(adopted)).isEqualTo(new Appended(adopted.after()));
        assertThat(journal().claimLapsed(gone, 10, SOON)).isEmpty();
    }

    @Test
    default void a_named_owner_loses_its_run_though_its_lease_holds() {
        long owner = joined();
        TestRun run = created("acme", "one", owner);
        TestRun other = created("acme", "two", owner);
        long host = joined();
        RunRow before = row(run.ref());

        RunRow row = journal().claim(run.key(), owner, host, SOON).orElseThrow();

        assertThat(row)
                .isEqualTo(new RunRow(
                        run.ref(), run.key(), OptionalLong.of(host), before.epoch(), before.head(), before.status()));
        assertThat(row(run.ref())).isEqualTo(row);
        assertThat(row(other.ref()).host()).hasValue(owner);
        assertThat(append(run.append(owner, "late"))).isEqualTo(new NotOwner(OptionalLong.of(host)));
        appended(run, host, 1);
    }

    @Test
    default void a_claim_from_somebody_who_no_longer_owns_changes_nothing() {
        long first = joined();
        TestRun run = created("acme", "one", first);
        long second = joined();
        long third = joined();
        journal().claim(run.key(), first, second, SOON);

        RunRow row = journal().claim(run.key(), first, third, SOON).orElseThrow();

        assertThat(row.host()).hasValue(second);
        assertThat(row(run.ref())).isEqualTo(row);
    }

    @Test
    default void repeating_a_claim_after_a_lost_answer_shows_it_as_won() {
        long first = joined();
        TestRun run = created("acme", "one", first);
        long second = joined();
        RunRow won = journal().claim(run.key(), first, second, SOON).orElseThrow();

        assertThat(journal().claim(run.key(), first, second, SOON)).contains(won);
    }

    @Test
    default void who_loses_a_run_by_name_is_told_at_its_next_renewal() {
        HostLease first = journal().join("https://host:8443", LONG, SOON);
        TestRun run = created("acme", "one", first.host());
        assertThat(journal().renew(first.host(), LONG, SOON).orElseThrow().taken())
                .isEqualTo(first.taken());
        long second = joined();

        journal().claim(run.key(), first.host(), second, SOON);

        long told = journal().renew(first.host(), LONG, SOON).orElseThrow().taken();
        assertThat(told).isGreaterThan(first.taken());
        assertThat(journal().renew(first.host(), LONG, SOON).orElseThrow().taken())
                .isEqualTo(told);
        assertThat(journal().renew(second, LONG, SOON).orElseThrow().taken()).isEqualTo(first.taken());
    }

    @Test
    default void an_unknown_run_cannot_be_claimed() {
        assertThat(journal().claim(4711, 1, joined(), SOON)).isEmpty();
    }

    @Test
    default void a_run_may_come_back_to_a_former_owner() {
        long first = joined();
        TestRun run = created("acme", "one", first);
        long second = joined();
        journal().claim(run.key(), first, second, SOON);
        appended(run, second, 1);

        journal().claim(run.key(), second, first, SOON);

        appended(run, first, 1);
        assertThat(append(run.append(new Fence(second, 0, run.head()), "late")))
                .isEqualTo(new NotOwner(OptionalLong.of(first)));
    }

    @Test
    default void the_open_runs_of_a_host_are_listed_by_key_in_pages() {
        long host = joined();
        TestRun first = created("acme", "one", host);
        TestRun closed = created("acme", "two", host);
        TestRun third = created("umbrella", "three", host);
        created("acme", "foreign", joined());
        closed(closed, host);
        appended(third, host, 2);

        List<RunRow> page = journal().owned(host, 0, 1, SOON);
        List<RunRow> rest = journal().owned(host, page.get(0).key(), 10, SOON);

        assertThat(page).containsExactly(row(first.ref()));
        assertThat(rest).containsExactly(row(third.ref()));
        assertThat(journal().owned(host, third.key(), 10, SOON)).isEmpty();
    }

    @Test
    default void a_claim_whose_answer_was_lost_is_found_again() {
        long gone = lapsed();
        TestRun run = created("acme", "one", gone);
        long host = joined();
        journal().claimLapsed(host, 10, SOON);

        assertThat(journal().claimLapsed(host, 10, SOON)).isEmpty();
        assertThat(journal().owned(host, 0, 10, SOON)).extracting(RunRow::run).containsExactly(run.ref());
        assertThat(journal().owned(gone, 0, 10, SOON)).isEmpty();
    }

    @Test
    default void a_released_run_is_taken_over_at_once_by_another_host() {
        long first = joined();
        TestRun run = created("acme", "one", first);
        TestRun kept = created("acme", "two", first);
        appended(run, first, 1);
        RunRow before = row(run.ref());

        journal().release(run.key(), first, SOON);

        assertThat(row(run.ref()))
                .isEqualTo(new RunRow(
                        run.ref(), run.key(), OptionalLong.empty(), before.epoch(), before.head(), before.status()));
        long second = joined();
        assertThat(journal().claimLapsed(second, 10, SOON)).containsExactly(ownedBy(before, second));
        assertThat(row(kept.ref()).host()).hasValue(first);
        appended(run, second, 1);
    }

    private static RunRow ownedBy(RunRow row, long host) {
        return new RunRow(row.run(), row.key(), OptionalLong.of(host), row.epoch(), row.head(), row.status());
    }

    @Test
    default void who_released_a_run_neither_writes_to_it_nor_gets_it_back() {
        long host = joined();
        TestRun run = created("acme", "one", host);

        journal().release(run.key(), host, SOON);

        assertThat(append(run.append(host, "late"))).isEqualTo(new NotOwner(OptionalLong.empty()));
        assertThat(journal().claimLapsed(host, 10, SOON)).isEmpty();
        assertThat(journal()
                        .claim(run.key(), host, joined(), SOON)
                        .orElseThrow()
                        .host())
                .isEmpty();
        assertThat(journal().owned(host, 0, 10, SOON)).isEmpty();
    }

    @Test
    default void a_run_that_two_hosts_released_goes_from_one_to_the_other() {
        long first = joined();
        TestRun run = created("acme", "one", first);
        long second = joined();
        journal().release(run.key(), first, SOON);
        journal().claimLapsed(second, 10, SOON);
        journal().release(run.key(), second, SOON);

        assertThat(journal().claimLapsed(second, 10, SOON)).isEmpty();
        assertThat(journal().claimLapsed(first, 10, SOON))
                .extracting(RunRow::run)
                .containsExactly(run.ref());
    }

    @Test
    default void releasing_what_is_anothers_or_closed_or_unknown_changes_nothing() {
        long owner = joined();
        TestRun run = created("acme", "one", owner);
        TestRun closed = created("acme", "two", owner);
        closed(closed, owner);
        long other = joined();

        journal().release(run.key(), other, SOON);
        journal().release(closed.key(), owner, SOON);
        journal().release(4711, owner, SOON);

        assertThat(row(run.ref()).host()).hasValue(owner);
        assertThat(journal().claimLapsed(other, 10, SOON)).isEmpty();
        assertThat(journal().claimLapsed(owner, 10, SOON)).isEmpty();
    }

    @Test
    default void a_repeated_release_does_not_take_the_run_from_its_next_owner() {
        long first = joined();
        TestRun run = created("acme", "one", first);
        long second = joined();
        journal().release(run.key(), first, SOON);
        journal().claimLapsed(second, 10, SOON);

        journal().release(run.key(), first, SOON);

        assertThat(row(run.ref()).host()).hasValue(second);
    }

    @Test
    default void a_message_for_a_released_run_waits_for_its_next_owner() {
        long first = joined();
        TestRun run = created("acme", "one", first);
        journal().release(run.key(), first, SOON);
        long id = journal().put(TestRun.message(run.key(), "cancel", "now"), SOON);

        assertThat(id).isPositive();
        assertThat(journal().inbox(first, 10, SOON)).isEmpty();
        long second = joined();
        journal().claimLapsed(second, 10, SOON);
        assertThat(journal().inbox(second, 10, SOON)).hasSize(1);
    }
}
