package dev.lantern.agent.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The header fields of one message, in order. Names are compared without case. Immutable. */
public final class Headers {
    private static final Headers NONE = new Headers(List.of());

    /**
     * One header field.
     *
     * @param name in lower case
     */
    public record Field(String name, String value) {}

    private final List<Field> fields;

    private Headers(List<Field> fields) {
        this.fields = fields;
    }

    public static Headers none() {
        return NONE;
    }

    static Headers of(List<Field> fields) {
        return new Headers(List.copyOf(fields));
    }

    /**
     * These and one more.
     *
     * @throws HttpException if name or value could end the field early
     */
    public Headers with(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        requireToken(lower);
        requireValue(lower, value);
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(lower, value));
        return new Headers(List.copyOf(more));
    }

    public List<Field> fields() {
        return fields;
    }

    /**
     * The value of a field that may stand once.
     *
     * @throws HttpException if it stands twice
     */
    public Optional<String> single(String name) {
        String found = null;
        for (Field field : fields) {
            if (field.name().equals(name)) {
                if (found != null) {
                    throw new HttpException(400, "header " + name + " stands twice");
                }
                found = field.value();
            }
        }
        return Optional.ofNullable(found);
    }

    public boolean has(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Shows names only: values may be secrets. */
    @Override
    public String toString() {
        StringBuilder names = new StringBuilder("Headers[");
        for (Field field : fields) {
            names.append(field.name()).append(' ');
        }
        return names.append(']').toString();
    }

    private static void requireToken(String name) {
        if (!Syntax.isToken(name)) {
            throw new HttpException(400, "a header's name has a character that is not allowed");
        }
    }

    private static void requireValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c >= 0x7f) {
                throw new HttpException(400, "the value of header " + name + " is not printable ASCII");
            }
        }
    }
}
