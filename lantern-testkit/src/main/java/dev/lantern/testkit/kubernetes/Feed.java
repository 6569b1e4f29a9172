package dev.lantern.testkit.kubernetes;

/**
 * The source of a body that comes as it arises: a watch, a log that is followed. It keeps its place and is asked for
 * more when there may be more or when the client has read some, so a slow reader costs no memory. Called under the
 * lock of its {@link World}.
 */
interface Feed {

    /** Writes what there is, for as long as the sink is {@link Sink#ready() ready}. */
    void pull(Sink sink);

    /** Where it goes. */
    interface Sink {
        /** Whether the client keeps up. */
        boolean ready();

        void write(byte[] bytes);

        /** Nothing more comes. */
        void end();
    }
}
