package dev.lantern.core.engine;

import dev.lantern.core.turns.Loop;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Event;
import dev.lantern.value.RunRef;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** What a mailbox sees of its host. */
interface Surroundings {

    /** This host's incarnation. */
    long host();

    /** Whether this host is giving its runs up: nothing new is begun. */
    boolean closing();

    /** Where the run's turns are taken. */
    Loop loop(RunRef run);

    /** The host's clock, corrected by the journal's. */
    Instant now();

    Decisions decisions();

    /** Whether nobody can have adopted a run that was this host's in {@code term}. */
    boolean ownsSince(long term);

    /** The term of this host's lease; what was known in an earlier one must be confirmed. */
    long term();

    ChainScribe scribe();

    /** Writes the append, however long it takes; answers with something definite, on {@code loop}. */
    void append(Append append, Loop loop, Consumer<AppendResult> done);

    /** These events are durable. Called before anything that rests on them is done. */
    void durable(Mailbox mailbox, List<Event> events);

    /** Does what the mailbox cannot do by itself. */
    void act(Mailbox mailbox, Act act);

    /** A caller was refused, and no chain tells of it. */
    void refused(RunRef run, Act.TellOperator refusal);

    /** The run's chain is sealed and durable. */
    void closed(Mailbox mailbox);

    /** The run is no longer this host's, or its chain is not what this host believed. */
    void lost(Mailbox mailbox, AppendResult result);
}
