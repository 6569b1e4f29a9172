package dev.lantern.k8s;

import java.util.Optional;

/**
 * What came of one request for a log.
 *
 * @param how it ended
 * @param some whether any line was new
 * @param rest what stood behind the last line end; half a line, unless the log itself ends there
 * @param why what went wrong, in words that say what to do about it; empty if nothing did
 */
record LogRead(How how, boolean some, Optional<LogText.Line> rest, String why) {

    /** How the answer ended. */
    enum How {
        /** To all appearance at the end of the log. A kubelet that goes away in the middle looks the same. */
        ENDED,
        /** Nothing came for a while. */
        QUIET,
        /** Others wanted their turn. */
        YIELDED,
        /** There is no such log, now. */
        NOT_THERE,
        /** It broke off, or never began. */
        FAILED
    }
}
