package dev.lantern.testkit.sim;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Journal;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** One host's connection to the journal: calls fail before or after their effect, take long, or tear a group apart. */
final class StormyJournal extends ForwardingJournal {
    private final String host;
    private final Agenda agenda;
    private final Dice dice;
    private final Weather weather;
    private final Timeline timeline;
    private boolean outage;

    StormyJournal(Journal inner, String host, Agenda agenda, Dice dice, Weather weather, Timeline timeline) {
        super(inner);
        this.host = host;
        this.agenda = agenda;
        this.dice = dice;
        this.weather = weather;
        this.timeline = timeline;
    }

    /** While it lasts every call fails, before or after its effect. */
    void outage(boolean lasts) {
        outage = lasts;
    }

    @Override
    protected <T> T around(String call, boolean writes, Supplier<T> forward) {
        if (weather.strikes(weather.journalSlow)) {
            agenda.block(dice.millis(20, 6_000));
        }
        boolean down = outage && weather.storm();
        if (weather.strikes(weather.journalFailsBefore) || down && dice.chance(0.8)) {
            throw failure(call, "failed before its effect");
        }
        T answer = forward.get();
        if (weather.strikes(weather.journalFailsAfter) || down) {
            throw failure(call, writes ? "took effect and its answer was lost" : "lost its answer");
        }
        return answer;
    }

    @Override
    public List<AppendResult> append(List<Append> group, Duration within) {
        if (group.size() > 1 && weather.strikes(weather.groupTorn)) {
            int part = dice.between(1, group.size() - 1);
            around("append", true, () -> inner().append(group.subList(0, part), within));
            throw failure("append", "was torn after " + part + " of " + group.size());
        }
        return super.append(group, within);
    }

    @Override
    public List<CreateResult> create(List<Create> group, Duration within) {
        if (group.size() > 1 && weather.strikes(weather.groupTorn)) {
            int part = dice.between(1, group.size() - 1);
            around("create", true, () -> inner().create(group.subList(0, part), within));
            throw failure("create", "was torn after " + part + " of " + group.size());
        }
        return super.create(group, within);
    }

    /** Backends throw what they like. */
    private RuntimeException failure(String call, String how) {
        timeline.note(host, () -> "journal " + call + " " + how);
        String message = call + " " + how;
        return dice.chance(0.5) ? new LanternException(message) : new IllegalStateException(message);
    }
}
