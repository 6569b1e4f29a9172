package dev.lantern.run;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Quoted;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names and values by which a run is found. Immutable; ordered by name.
 *
 * <p>Labels stand beside the run and not in its chain: they are for finding, not for proving. They are kept in plain
 * text and never erased before the run is deleted, so nothing personal and no secret belongs into them.
 */
public final class RunLabels {
    /** The most labels that a run may have. */
    public static final int MOST = 256;
    /** The longest name, in characters. */
    public static final int LONGEST_NAME = 317;
    /** The longest value, in characters. */
    public static final int LONGEST_VALUE = 255;

    private static final RunLabels NONE = new RunLabels(new TreeMap<>());

    private final SortedMap<String, String> labels;

    private RunLabels(SortedMap<String, String> labels) {
        this.labels = Collections.unmodifiableSortedMap(labels);
    }

    /** No label. */
    public static RunLabels none() {
        return NONE;
    }

    /**
     * These labels and one more; a name given again gets the new value.
     *
     * @throws LanternException if the name is not 1 to 317 characters of printable ASCII without spaces, the value is
     *     longer than 255 characters or holds control characters or halves of surrogate pairs, or there are 256 already
     */
    public RunLabels with(String name, String value) {
        TreeMap<String, String> more = new TreeMap<>(labels);
        more.put(checkedName(name), checkedValue(name, value));
        if (more.size() > MOST) {
            throw new LanternException("a run has at most " + MOST + " labels; " + Quoted.name(name) + " is one more");
        }
        return new RunLabels(more);
    }

    /** Names and values, by name; not to be changed. */
    public SortedMap<String, String> asMap() {
        return labels;
    }

    /** Whether each of these stands in {@code others} with the same value. */
    public boolean within(RunLabels others) {
        return others.labels.entrySet().containsAll(labels.entrySet());
    }

    private static String checkedName(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME || !name.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new LanternException("a label's name is 1 to " + LONGEST_NAME
                    + " printable ASCII characters without spaces, found " + Quoted.name(name));
        }
        return name;
    }

    private static String checkedValue(String name, String value) {
        if (value.length() > LONGEST_VALUE || value.codePoints().anyMatch(RunLabels::unprintable)) {
            throw new LanternException("the value of label " + Quoted.name(name) + " has " + value.length()
                    + " characters; allowed are " + LONGEST_VALUE + ", no control characters among them");
        }
        return value;
    }

    private static boolean unprintable(int c) {
        return Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunLabels that && labels.equals(that.labels);
    }

    @Override
    public int hashCode() {
        return labels.hashCode();
    }

    @Override
    public String toString() {
        return labels.toString();
    }
}
