package dev.lantern.core.engine;

import dev.lantern.journal.Head;
import dev.lantern.journal.RunRow;

/** A chain, read whole and verified. */
record Folded(RunRow row, RunState state, Head head) {}
