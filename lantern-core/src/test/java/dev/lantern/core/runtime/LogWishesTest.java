package dev.lantern.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.Facts;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the substrate is told about whose lines are wanted. */
class LogWishesTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");
    private static final RunRef OTHER = new RunRef("acme", "ticket-4712");

    private final List<String> told = new ArrayList<>();
    private final Map<RunRef, InstanceRef> newest = new HashMap<>();
    private final LogWishes wishes = wishes(false);

    @Test
    void nobody_reads_and_nothing_is_followed() {
        wishes.newest(new InstanceRef(RUN, 1));
        wishes.decided(RUN);
        wishes.released(RUN);

        assertThat(told).isEmpty();
    }

    @Test
    void from_the_first_reader_to_the_last_one_the_newest_instance_is_followed() {
        newest.put(RUN, new InstanceRef(RUN, 1));
        wishes.begin(RUN);
        wishes.begin(RUN);
        wishes.newest(new InstanceRef(OTHER, 1));
        wishes.newest(new InstanceRef(RUN, 1));
        wishes.newest(new InstanceRef(RUN, 2));
        wishes.end(RUN);
        assertThat(told).containsExactly("follow acme/ticket-4711@1", "follow acme/ticket-4711@2");

        wishes.end(RUN);
        wishes.newest(new InstanceRef(RUN, 3));
        assertThat(told)
                .containsExactly(
                        "follow acme/ticket-4711@1", "follow acme/ticket-4711@2", "unfollow acme/ticket-4711@2");
    }

    @Test
    void reader_of_a_run_without_an_instance_gets_the_first_one() {
        wishes.begin(RUN);
        assertThat(told).isEmpty();

        wishes.newest(new InstanceRef(RUN, 1));
        assertThat(told).containsExactly("follow acme/ticket-4711@1");
    }

    @Test
    void run_that_goes_to_another_host_is_left_to_it() {
        newest.put(RUN, new InstanceRef(RUN, 1));
        wishes.begin(RUN);
        wishes.released(RUN);
        wishes.released(RUN);
        assertThat(told).containsExactly("follow acme/ticket-4711@1", "unfollow acme/ticket-4711@1");

        wishes.newest(new InstanceRef(RUN, 1));
        assertThat(told).as("it came back").hasSize(3).last().isEqualTo("follow acme/ticket-4711@1");
    }

    @Test
    void all_are_followed_where_all_are_wanted_whoever_reads() {
        LogWishes all = wishes(true);
        all.newest(new InstanceRef(RUN, 1));
        all.newest(new InstanceRef(RUN, 1));
        all.newest(new InstanceRef(OTHER, 4));
        all.begin(RUN);
        all.end(RUN);

        assertThat(told).containsExactly("follow acme/ticket-4711@1", "follow acme/ticket-4712@4");
    }

    private LogWishes wishes(boolean all) {
        return new LogWishes(
                new Telling(told),
                all,
                (RunRef run, Consumer<InstanceRef> then) ->
                        Optional.ofNullable(newest.get(run)).ifPresent(then));
    }

    private record Telling(List<String> told) implements Substrate {
        @Override
        public String name() {
            return "telling";
        }

        @Override
        public Facts facts(String tenant, Duration within) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public void open(SubstrateHost host) {}

        @Override
        public void start(InstanceStart start, Duration within) {}

        @Override
        public boolean stop(InstanceRef instance, Duration grace, Duration within) {
            return true;
        }

        @Override
        public void follow(InstanceRef instance) {
            told.add("follow " + instance);
        }

        @Override
        public void unfollow(InstanceRef instance) {
            told.add("unfollow " + instance);
        }

        @Override
        public List<InstanceRef> standing(Duration within) {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
