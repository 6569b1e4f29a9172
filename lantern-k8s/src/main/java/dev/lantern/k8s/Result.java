package dev.lantern.k8s;

/** What came of a call to the API server. */
sealed interface Result
        permits Done, Result.AlreadyThere, Result.Conflict, Result.Gone, Result.Refused, Result.Unknown {

    /** An object of that name stands, perhaps by an earlier try of this very call: read and compare it. */
    record AlreadyThere() implements Result {}

    /**
     * The object is not what the call was about: another version, another UID. After a try without an answer it may be
     * this very call that changed it: read it.
     *
     * @param said what the API server said
     */
    record Conflict(String said) implements Result {}

    /** There is no such object. */
    record Gone() implements Result {}

    /**
     * Refused, and nothing was changed.
     *
     * @param code of HTTP
     * @param why what the API server said, and what to do about it
     */
    record Refused(int code, String why) implements Result {}

    /**
     * Nothing is known: it may have been done, may yet be done, or not.
     *
     * @param why what happened, and what to do about it
     */
    record Unknown(String why) implements Result {}
}
