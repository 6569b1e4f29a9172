package dev.lantern.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/** A process as the world sees it: it lives, stands still or is no more. Its work is dropped when it is no more. */
final class Life {
    private final String name;
    private final List<Runnable> postponed = new ArrayList<>();
    private boolean ended;
    private boolean paused;

    Life(String name) {
        this.name = name;
    }

    boolean ended() {
        return ended;
    }

    boolean paused() {
        return paused;
    }

    void end() {
        ended = true;
        postponed.clear();
    }

    /** Stands still until {@link Agenda#resume}: nothing it has to do is done, and it notices nothing. */
    void pause() {
        paused = true;
    }

    void postpone(Runnable work) {
        postponed.add(work);
    }

    List<Runnable> resume() {
        paused = false;
        List<Runnable> work = List.copyOf(postponed);
        postponed.clear();
        return work;
    }

    @Override
    public String toString() {
        return name;
    }
}
