package dev.lantern.value.internal;

import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * JSON as Lantern hashes and signs it: strings, booleans, integers below 2^53 in magnitude, arrays, objects.
 * No null, no fractions, no exponents, so that every reader in every language sees the same value.
 *
 * <p>{@code toString()} is the canonical form: RFC 8785 (JCS) restricted to these types. Members are sorted by
 * UTF-16 code units, no white space, the shortest escapes. Values are immutable.
 */
public sealed interface Json {

    /** The largest magnitude that every JSON reader keeps exactly: 2^53 - 1 (RFC 7493). */
    long MAX_INTEGER = (1L << 53) - 1;

    record Text(String value) implements Json {
        public Text {
            requireScalarValues(value);
        }

        @Override
        public String toString() {
            return CanonicalWriter.write(this);
        }
    }

    record Int(long value) implements Json {
        public Int {
            if (value > MAX_INTEGER || value < -MAX_INTEGER) {
                throw new LanternException("canonical JSON holds integers below 2^53 in magnitude, found " + value);
            }
        }

        @Override
        public String toString() {
            return CanonicalWriter.write(this);
        }
    }

    record Bool(boolean value) implements Json {
        @Override
        public String toString() {
            return CanonicalWriter.write(this);
        }
    }

    record Array(List<Json> items) implements Json {
        public Array {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return CanonicalWriter.write(this);
        }
    }

    /** Members in canonical order. The typed readers refuse an absent or differently typed member by name. */
    final class Obj implements Json {
        private final SortedMap<String, Json> members;

        private Obj(SortedMap<String, Json> members) {
            this.members = members;
        }

        public Map<String, Json> members() {
            return java.util.Collections.unmodifiableSortedMap(members);
        }

        public Optional<Json> find(String name) {
            return Optional.ofNullable(members.get(name));
        }

        public String text(String name) {
            return require(name, Text.class, "a string").value();
        }

        public long integer(String name) {
            return require(name, Int.class, "an integer").value();
        }

        /** An integer that fits an {@code int}. */
        public int int32(String name) {
            long value = integer(name);
            if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
                throw new LanternException("member \"" + name + "\" must fit 32 bits, found " + value);
            }
            return (int) value;
        }

        public boolean bool(String name) {
            return require(name, Bool.class, "a boolean").value();
        }

        public Obj object(String name) {
            return require(name, Obj.class, "an object");
        }

        public List<Json> array(String name) {
            return require(name, Array.class, "an array").items();
        }

        public Optional<String> findText(String name) {
            return members.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
        }

        /**
         * Refuses members that nobody reads: what is signed or hashed means all that it says.
         *
         * @throws LanternException if there is a member of another name
         */
        public Obj requireOnly(String... names) {
            for (String name : members.keySet()) {
                if (!isOneOf(name, names)) {
                    throw new LanternException(
                            "member " + Quoted.name(name) + " is unknown; allowed are " + String.join(", ", names));
                }
            }
            return this;
        }

        private static boolean isOneOf(String name, String... names) {
            for (String allowed : names) {
                if (allowed.equals(name)) {
                    return true;
                }
            }
            return false;
        }

        private <T extends Json> T require(String name, Class<T> type, String kind) {
            Json value = members.get(name);
            if (!type.isInstance(value)) {
                throw new LanternException("member \"" + name + "\" must be " + kind + ", found "
                        + (value == null ? "nothing" : value.getClass().getSimpleName()));
            }
            return type.cast(value);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Obj that && members.equals(that.members);
        }

        @Override
        public int hashCode() {
            return members.hashCode();
        }

        @Override
        public String toString() {
            return CanonicalWriter.write(this);
        }
    }

    /** The canonical form in UTF-8. */
    default byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    static Builder object() {
        return new Builder();
    }

    static Array array(List<? extends Json> items) {
        return new Array(new ArrayList<>(items));
    }

    static Array texts(List<String> items) {
        return new Array(items.stream().<Json>map(Text::new).toList());
    }

    /** Collects the members of an object; one thread. A name put twice is refused, never overwritten. */
    final class Builder {
        private final TreeMap<String, Json> members = new TreeMap<>();

        private Builder() {}

        public Builder put(String name, Json value) {
            requireScalarValues(name);
            if (members.putIfAbsent(name, value) != null) {
                throw new LanternException("member " + Quoted.name(name) + " stands twice in one object");
            }
            return this;
        }

        public Builder put(String name, String value) {
            return put(name, new Text(value));
        }

        public Builder put(String name, long value) {
            return put(name, new Int(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, new Bool(value));
        }

        /** Puts the member if there is a value. */
        public Builder put(String name, Optional<String> value) {
            value.ifPresent(v -> put(name, v));
            return this;
        }

        public Obj build() {
            return new Obj(new TreeMap<>(members));
        }
    }

    private static void requireScalarValues(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new LanternException("canonical JSON holds Unicode text, found a lone surrogate at index " + i);
            }
        }
    }
}
