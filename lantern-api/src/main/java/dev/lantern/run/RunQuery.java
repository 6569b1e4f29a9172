package dev.lantern.run;

import dev.lantern.value.LanternException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which runs to list, and in which order. Immutable: each method gives a new query, and each condition narrows it.
 *
 * <pre>{@code
 * RunQuery failed = RunQuery.all().tenant("acme").status(RunStatus.FAILED).createdFrom(yesterday);
 * RunPage page = runtime.runs(failed);
 * while (true) {
 *     page.runs().forEach(run -> …);
 *     if (page.next().isEmpty()) {
 *         break;
 *     }
 *     page = runtime.runs(failed.after(page.next().get()));
 * }
 * }</pre>
 *
 * <p>Runs are ordered by their time of creation, the newest first unless said otherwise. Pages are stable: a run that is
 * there throughout the paging is listed once, whatever is spawned, closed or deleted meanwhile; one that comes or goes
 * meanwhile is listed once or not at all. Each page shows its runs as they are when it is read.
 */
public final class RunQuery {
    /** The most runs of one page. */
    public static final int MOST = 1_000;

    private static final int DEFAULT_LIMIT = 100;
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    private static final RunQuery ALL = new RunQuery(new Conditions());

    /** In which order runs are listed. */
    public enum Order {
        /** By time of creation, the newest first. */
        NEWEST_FIRST,
        /** By time of creation, the oldest first. */
        OLDEST_FIRST
    }

    /** Changed only before the query that holds it is made. */
    private static final class Conditions {
        private Optional<String> tenant = Optional.empty();
        private Optional<String> agent = Optional.empty();
        private RunLabels labels = RunLabels.none();
        private EnumSet<RunStatus> statuses = EnumSet.allOf(RunStatus.class);
        private EnumSet<Retained> retained = EnumSet.of(Retained.WHOLE, Retained.CHAIN);
        private Optional<Boolean> open = Optional.empty();
        private Optional<Instant> createdFrom = Optional.empty();
        private Optional<Instant> createdBefore = Optional.empty();
        private Order order = Order.NEWEST_FIRST;
        private int limit = DEFAULT_LIMIT;
        private Optional<String> cursor = Optional.empty();

        private Conditions() {}

        private Conditions(Conditions from) {
            this.tenant = from.tenant;
            this.agent = from.agent;
            this.labels = from.labels;
            this.statuses = from.statuses;
            this.retained = from.retained;
            this.open = from.open;
            this.createdFrom = from.createdFrom;
            this.createdBefore = from.createdBefore;
            this.order = from.order;
            this.limit = from.limit;
            this.cursor = from.cursor;
        }
    }

    private final Conditions conditions;

    private RunQuery(Conditions conditions) {
        this.conditions = conditions;
    }

    private RunQuery with(Consumer<Conditions> change) {
        Conditions changed = new Conditions(conditions);
        change.accept(changed);
        return new RunQuery(changed);
    }

    /** Every run that was not deleted, the newest first, 100 to a page. */
    public static RunQuery all() {
        return ALL;
    }

    /** Only this tenant's. */
    public RunQuery tenant(String name) {
        Objects.requireNonNull(name, "name");
        return with(to -> to.tenant = Optional.of(name));
    }

    /** Only runs of the agent of this name. */
    public RunQuery agent(String name) {
        Objects.requireNonNull(name, "name");
        return with(to -> to.agent = Optional.of(name));
    }

    /** Only runs that have this label; with several, all of them. */
    public RunQuery label(String name, String value) {
        RunLabels more = conditions.labels.with(name, value);
        return with(to -> to.labels = more);
    }

    /** Only runs that stand in one of these. */
    public RunQuery status(RunStatus first, RunStatus... others) {
        EnumSet<RunStatus> chosen = EnumSet.of(first, others);
        return with(to -> to.statuses = chosen);
    }

    /** Only runs that may still be written to. */
    public RunQuery open() {
        return with(to -> to.open = Optional.of(true));
    }

    /** Only runs to which nothing will ever be written. */
    public RunQuery closed() {
        return with(to -> to.open = Optional.of(false));
    }

    /** Only runs that were spawned at this time or later. */
    public RunQuery createdFrom(Instant time) {
        Instant from = micros(time);
        return with(to -> to.createdFrom = Optional.of(from));
    }

    /** Only runs that were spawned before this time. */
    public RunQuery createdBefore(Instant time) {
        Instant before = micros(time);
        return with(to -> to.createdBefore = Optional.of(before));
    }

    /** Only runs of which this is left; deleted runs are listed only when they are asked for by this. */
    public RunQuery retained(Retained first, Retained... others) {
        EnumSet<Retained> chosen = EnumSet.of(first, others);
        return with(to -> to.retained = chosen);
    }

    /** In this order. */
    public RunQuery order(Order chosen) {
        Objects.requireNonNull(chosen, "chosen");
        return with(to -> to.order = chosen);
    }

    /**
     * At most so many to a page.
     *
     * @throws LanternException unless it is between 1 and {@link #MOST}
     */
    public RunQuery limit(int most) {
        if (most < 1 || most > MOST) {
            throw new LanternException("a page has 1 to " + MOST + " runs, asked for are " + most
                    + "; read further pages with RunQuery.after(page.next())");
        }
        return with(to -> to.limit = most);
    }

    /**
     * The page behind {@link RunPage#next}. The text is opaque, good for any later time and any runtime on the same
     * journal; conditions and limit may differ from page to page, the order may not.
     */
    public RunQuery after(String cursor) {
        Objects.requireNonNull(cursor, "cursor");
        return with(to -> to.cursor = Optional.of(cursor));
    }

    /** The tenant asked for; empty for all of them. */
    public Optional<String> tenant() {
        return conditions.tenant;
    }

    /** The agent's name asked for; empty for all of them. */
    public Optional<String> agent() {
        return conditions.agent;
    }

    /** The labels that a run must have. */
    public RunLabels labels() {
        return conditions.labels;
    }

    /** The statuses asked for, in their order. */
    public Set<RunStatus> statuses() {
        return Collections.unmodifiableSet(conditions.statuses);
    }

    /** What must be left of a run, in its order. */
    public Set<Retained> retained() {
        return Collections.unmodifiableSet(conditions.retained);
    }

    /** Whether open or closed runs are asked for; empty for both. */
    public Optional<Boolean> openness() {
        return conditions.open;
    }

    /** The earliest time of creation. */
    public Optional<Instant> createdFrom() {
        return conditions.createdFrom;
    }

    /** The time that creation must be before. */
    public Optional<Instant> createdBefore() {
        return conditions.createdBefore;
    }

    /** In which order runs are listed. */
    public Order order() {
        return conditions.order;
    }

    /** The most runs of a page. */
    public int limit() {
        return conditions.limit;
    }

    /** Where the page begins; empty for the first. */
    public Optional<String> cursor() {
        return conditions.cursor;
    }

    /** Journals keep microseconds and no times beyond all calendars; rounded up, so that no bound changes its meaning. */
    private static Instant micros(Instant time) {
        if (time.isBefore(EARLIEST)) {
            return EARLIEST;
        } else if (time.isAfter(LATEST)) {
            return LATEST;
        }
        Instant cut = time.truncatedTo(ChronoUnit.MICROS);
        return cut.equals(time) ? cut : cut.plus(1, ChronoUnit.MICROS);
    }
}
