package dev.lantern.journal.jdbc;

import dev.lantern.journal.ListedRun;
import dev.lantern.journal.RunPlace;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists of runs, one statement each: a page in the order of an index over columns that never change, and the labels of
 * the runs on it. Takes no lock.
 */
final class Listing {
    private record Line(
            RunRow row,
            String agent,
            Instant created,
            @Nullable String label,
            @Nullable String content) {
        static Line read(ResultSet rows) throws SQLException {
            return new Line(
                    Rows.run(rows),
                    rows.getString(10),
                    rows.getObject(11, OffsetDateTime.class).toInstant(),
                    rows.getString(12),
                    rows.getString(13));
        }
    }

    private final Transactions transactions;

    Listing(Transactions transactions) {
        this.transactions = transactions;
    }

    List<ListedRun> list(RunQuery query, Optional<RunPlace> behind, Deadline deadline) {
        Page page = new Page(query, behind);
        return byRun(transactions.read(deadline, session -> session.listOnce(page.sql(), Line::read, page.parameters)));
    }

    /** One line per label, or one for a run without; lines of a run stand together. */
    private static List<ListedRun> byRun(List<Line> lines) {
        Map<Long, ListedRun> runs = new LinkedHashMap<>();
        for (Line line : lines) {
            runs.merge(
                    line.row().key(),
                    listed(line),
                    (first, next) ->
                            new ListedRun(first.row(), first.agent(), joined(first.labels(), line), first.created()));
        }
        return List.copyOf(runs.values());
    }

    private static ListedRun listed(Line line) {
        return new ListedRun(line.row(), line.agent(), joined(RunLabels.none(), line), line.created());
    }

    private static RunLabels joined(RunLabels labels, Line line) {
        String name = line.label();
        String content = line.content();
        return name == null || content == null ? labels : labels.with(name, content);
    }

    /** The statement for one query. Its text holds no value of the query, only which conditions there are. */
    private static final class Page {
        private final StringBuilder where = new StringBuilder();
        private final List<Object> parameters = new ArrayList<>();
        private final String order;

        Page(RunQuery query, Optional<RunPlace> behind) {
            boolean ascending = query.order() == RunQuery.Order.OLDEST_FIRST;
            this.order = ascending ? "" : " desc";
            query.tenant().ifPresent(tenant -> and("r.tenant = ?", tenant));
            query.agent().ifPresent(agent -> and("r.agent = ?", agent));
            query.createdFrom().ifPresent(from -> and("r.created_at >= ?", Rows.time(from)));
            query.createdBefore().ifPresent(before -> and("r.created_at < ?", Rows.time(before)));
            behind.ifPresent(place -> behind(place, ascending ? ">" : "<"));
            query.labels().asMap().forEach(this::label);
            query.openness().ifPresent(open -> and(open ? "h.host is not null" : "h.host is null"));
            oneOf("h.status", query.statuses());
            oneOf("r.retained", query.retained());
            parameters.add(query.limit());
        }

        /** The first comparison is what an index can begin at. */
        private void behind(RunPlace place, String side) {
            OffsetDateTime created = Rows.time(place.created());
            and(
                    "r.created_at " + side + "= ? and (r.created_at " + side + " ? or r.run_key " + side + " ?)",
                    created,
                    created,
                    place.key());
        }

        private void label(String name, String content) {
            and(
                    "exists (select 1 from lantern_label x"
                            + " where x.run_key = r.run_key and x.name = ? and x.content = ?)",
                    name,
                    content);
        }

        private <E extends Enum<E>> void oneOf(String column, Iterable<E> values) {
            StringBuilder marks = new StringBuilder();
            for (E value : values) {
                marks.append(marks.length() == 0 ? "?" : ", ?");
                parameters.add(value.name());
            }
            and(column + " in (" + marks + ")");
        }

        private void and(String condition, Object... values) {
            where.append(where.length() == 0 ? " where " : " and ").append(condition);
            parameters.addAll(List.of(values));
        }

        String sql() {
            String place = "created_at" + order + ", %srun_key" + order;
            return "select p.*, l.name, l.content from (select " + Rows.RUN + ", r.agent, r.created_at"
                    + " from lantern_run r join lantern_head h on h.run_key = r.run_key" + where
                    + " order by r." + place.formatted("r.") + " fetch first ? rows only) p"
                    + " left join lantern_label l on l.run_key = p.run_key"
                    + " order by p." + place.formatted("p.") + ", l.name";
        }
    }
}
