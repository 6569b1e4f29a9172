package dev.lantern.substrate;

/** Told of what arises by itself. Calls come from any thread, never block and never throw. */
public interface SubstrateListener {

    /** The instance is no more. May be repeated. */
    void ended(InstanceRef instance, InstanceEnd end);

    /**
     * The agent wrote a line.
     *
     * @param stream {@code stdout} or {@code stderr}
     * @param line without its line end
     */
    void logged(InstanceRef instance, String stream, String line);
}
