package dev.lantern.core.engine;

import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Turns;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The engine's group commit before any backend, without the rest of the engine. It stands in the engine's package
 * because the group writer is nobody else's business.
 */
public final class GroupedAppends {
    private static final int GROUP = 256;

    private final GroupWriter<Append, AppendResult> writer;

    public GroupedAppends(Turns turns, Function<List<Append>, List<AppendResult>> backend) {
        writer = new GroupWriter<>("bench", turns.lane(LaneName.JOURNAL), turns.loop(0), GROUP, Append::key, backend);
    }

    /** Writes and then tells {@code done} on {@code loop}. */
    public void append(Append append, Loop loop, Consumer<AppendResult> done) {
        writer.write(append, loop, done);
    }
}
