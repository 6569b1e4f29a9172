package dev.lantern.retention;

import dev.lantern.run.RunSummary;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Where archived runs go: a directory ({@link ArchiveDirectory}), an object store, a tape. Called on the thread that
 * archives, one run at a time.
 */
public interface RunArchive {

    /**
     * Stores one run. When this returns the run is durable in the archive, and it is deleted from the journal; when it
     * throws, the run stays. Storing a run again replaces what was stored under its id.
     *
     * @param run which it is
     * @param content writes it, in the form {@code lantern/journal-export/v1}
     * @throws IOException if it could not be stored; the run stays in the journal and is reported
     */
    void store(RunSummary run, Content content) throws IOException;

    /** An archived run, as a stream. */
    interface Content {

        /**
         * Writes the whole run, reading it page by page; memory does not grow with it.
         *
         * @throws dev.lantern.value.LanternException if the chain turns out to be damaged; what was written by then is
         *     not to be kept
         * @throws IOException if the stream does
         */
        void writeTo(OutputStream out) throws IOException;
    }
}
