package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import dev.lantern.value.internal.Quoted;
import java.util.Optional;

/**
 * Names one step of a run: a name and which occurrence of it, or a name and a key.
 *
 * <p>Names are 1 to 128 characters of {@code A-Z a-z 0-9 . _ : / -}; keys are 1 to 256 printable characters,
 * built from declared identity fields and never from text that a model wrote.
 */
public final class StepId implements Comparable<StepId> {
    private static final int MAX_NAME = 128;
    private static final int MAX_KEY = 256;
    private static final int MAX_OCCURRENCE = 100_000_000;

    private final String name;
    private final int occurrence;
    private final String key;

    private StepId(String name, int occurrence, String key) {
        this.name = name;
        this.occurrence = occurrence;
        this.key = key;
    }

    /** The {@code occurrence}-th step of this name in the run, counted from 1. */
    public static StepId occurrence(String name, int occurrence) {
        checkedName(name);
        if (occurrence < 1 || occurrence > MAX_OCCURRENCE) {
            throw new LanternException("step \"" + name + "\" has occurrence " + occurrence
                    + "; occurrences count from 1 to " + MAX_OCCURRENCE);
        }
        return new StepId(name, occurrence, "");
    }

    /** The step of this name and key, however often and in whatever order steps of the name are begun. */
    public static StepId keyed(String name, String key) {
        return new StepId(checkedName(name), 0, checkedKey(name, key));
    }

    public String name() {
        return name;
    }

    /** The occurrence, or 0 for a keyed step. */
    public int occurrence() {
        return occurrence;
    }

    public Optional<String> key() {
        return occurrence == 0 ? Optional.of(key) : Optional.empty();
    }

    public Json.Obj json() {
        Json.Builder json = Json.object().put("name", name);
        return occurrence == 0
                ? json.put("key", key).build()
                : json.put("occurrence", occurrence).build();
    }

    /** @throws LanternException if the object is not what {@link #json} makes */
    public static StepId of(Json.Obj json) {
        json.requireOnly("key", "name", "occurrence");
        Optional<String> key = json.findText("key");
        if (key.isPresent() == json.find("occurrence").isPresent()) {
            throw new LanternException("a step has either a key or an occurrence");
        }
        if (key.isPresent()) {
            return keyed(json.text("name"), key.get());
        }
        long occurrence = json.integer("occurrence");
        return occurrence(json.text("name"), (int) Math.max(-1, Math.min(occurrence, Integer.MAX_VALUE)));
    }

    @Override
    public int compareTo(StepId other) {
        int byName = name.compareTo(other.name);
        if (byName != 0) {
            return byName;
        }
        int byOccurrence = Integer.compare(occurrence, other.occurrence);
        return byOccurrence != 0 ? byOccurrence : key.compareTo(other.key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StepId that
                && occurrence == that.occurrence
                && name.equals(that.name)
                && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return (name.hashCode() * 31 + occurrence) * 31 + key.hashCode();
    }

    /** {@code name#2}, or {@code name[key]}. */
    @Override
    public String toString() {
        return occurrence == 0 ? name + "[" + key + "]" : name + "#" + occurrence;
    }

    private static String checkedName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME || !name.chars().allMatch(StepId::isNameCharacter)) {
            throw new LanternException(
                    "a step's name is 1 to " + MAX_NAME + " characters of A-Z a-z 0-9 . _ : / -, found "
                            + (name.length() > MAX_NAME ? name.length() + " characters" : Quoted.name(name)));
        }
        return name;
    }

    private static String checkedKey(String name, String key) {
        if (key.isEmpty() || key.length() > MAX_KEY || key.codePoints().anyMatch(StepId::isUnprintable)) {
            throw new LanternException("the key of step \"" + name + "\" must be 1 to " + MAX_KEY
                    + " printable characters, found " + key.length() + " characters");
        }
        return key;
    }

    private static boolean isNameCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._:/-".indexOf(c) >= 0;
    }

    private static boolean isUnprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
