package dev.lantern.crash;

/**
 * Where and what is killed.
 *
 * @param victim who is killed
 * @param boundary the number of the journal call, from 1; 0 for a run that nobody disturbs
 * @param after whether the call has taken effect by then
 */
record CrashPoint(Victim victim, int boundary, boolean after) {
    enum Victim {
        HOST,
        AGENT,
        /** The database, where it is a process of its own. */
        DATABASE
    }

    static CrashPoint none() {
        return new CrashPoint(Victim.HOST, 0, false);
    }

    static CrashPoint parse(String text) {
        String[] parts = text.split(":", -1);
        return new CrashPoint(Victim.valueOf(parts[0]), Integer.parseInt(parts[1]), Boolean.parseBoolean(parts[2]));
    }

    @Override
    public String toString() {
        return victim + ":" + boundary + ":" + after;
    }
}
