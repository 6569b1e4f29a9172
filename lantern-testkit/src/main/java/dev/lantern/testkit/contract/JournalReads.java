package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reading chains in pages, and payloads kept apart. */
interface JournalReads extends JournalFixture {

    @Test
    default void a_chain_is_read_in_pages() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        created("acme", "before", host);
        appended(run, host, 9);

        assertThat(journal().read(run.key(), 0, 4, SOON)).isEqualTo(run.events().subList(0, 4));
        assertThat(journal().read(run.key(), 4, 4, SOON)).isEqualTo(run.events().subList(4, 8));
        assertThat(journal().read(run.key(), 8, 4, SOON)).isEqualTo(run.events().subList(8, 10));
        assertThat(journal().read(run.key(), 10, 4, SOON)).isEmpty();
        assertThat(journal().read(run.key(), 1_000, 4, SOON)).isEmpty();
        assertThat(journal().read(run.key(), 0, Integer.MAX_VALUE, SOON)).isEqualTo(run.events());
    }

    @Test
    default void neighbouring_runs_never_mix() {
        long host = joined();
        TestRun one = created("acme", "one", host);
        TestRun two = created("acme", "two", host);
        for (int i = 0; i < 5; i++) {
            appended(one, host, 1);
            appended(two, host, 2);
        }

        assertThat(journal().read(one.key(), 0, 100, SOON)).isEqualTo(one.events());
        assertThat(journal().read(two.key(), 0, 100, SOON)).isEqualTo(two.events());
    }

    @Test
    default void an_unknown_run_has_no_events() {
        assertThat(journal().read(4711, 0, 10, SOON)).isEmpty();
    }

    @Test
    default void a_page_of_no_events_is_refused() {
        assertThatThrownBy(() -> journal().read(1, 0, 0, SOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }

    @Test
    default void a_kept_payload_comes_back_and_only_to_its_run() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        TestRun other = created("acme", "b", host);
        byte[] body = new byte[3 * 1024 * 1024];
        new Random(1).nextBytes(body);

        journal().keep(run.key(), TestRun.commitment("big"), body, SOON);

        assertThat(journal().kept(run.key(), TestRun.commitment("big"), SOON)).contains(body);
        assertThat(journal().kept(other.key(), TestRun.commitment("big"), SOON)).isEmpty();
        assertThat(journal().kept(run.key(), TestRun.commitment("other"), SOON)).isEmpty();
        assertThat(journal().kept(4711, TestRun.commitment("big"), SOON)).isEmpty();
    }

    @Test
    default void the_largest_payload_is_kept_whole() {
        TestRun run = created("acme", "a", joined());
        byte[] body = new byte[16 * 1024 * 1024 + 1024];
        new Random(2).nextBytes(body);

        journal().keep(run.key(), TestRun.commitment("largest"), body, SOON);

        assertThat(journal().kept(run.key(), TestRun.commitment("largest"), SOON))
                .contains(body);
    }

    @Test
    default void keeping_again_is_harmless_and_the_first_body_stands() {
        TestRun run = created("acme", "a", joined());
        byte[] first = TestRun.bytes("sealed once");

        journal().keep(run.key(), TestRun.commitment("p"), first, SOON);
        journal().keep(run.key(), TestRun.commitment("p"), first, SOON);
        journal().keep(run.key(), TestRun.commitment("p"), TestRun.bytes("sealed again"), SOON);

        assertThat(journal().kept(run.key(), TestRun.commitment("p"), SOON)).contains(first);
    }

    @Test
    default void an_empty_payload_is_not_an_absent_one() {
        TestRun run = created("acme", "a", joined());

        journal().keep(run.key(), TestRun.commitment("empty"), new byte[0], SOON);

        assertThat(journal().kept(run.key(), TestRun.commitment("empty"), SOON)).contains(new byte[0]);
    }

    @Test
    default void a_payload_of_an_unknown_run_is_refused() {
        assertThatThrownBy(() -> journal().keep(4711, TestRun.commitment("p"), new byte[1], SOON))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("4711")
                .hasMessageContaining("no run");
    }
}
