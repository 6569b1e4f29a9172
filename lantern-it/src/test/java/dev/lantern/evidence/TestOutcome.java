package dev.lantern.evidence;

/**
 * What came of one test.
 *
 * @param type the simple name of its class
 * @param test its method
 * @param outcome {@code passed}, {@code failed} or {@code skipped}
 * @param why it was skipped, or how it failed, in a line; empty if it passed
 */
record TestOutcome(String type, String test, String outcome, String why) {
    static final String PASSED = "passed";
    static final String FAILED = "failed";
    static final String SKIPPED = "skipped";
}
