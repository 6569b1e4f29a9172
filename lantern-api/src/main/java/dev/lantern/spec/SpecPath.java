package dev.lantern.spec;

import org.jspecify.annotations.Nullable;

/**
 * Where in a spec a value stands, as in {@code spec.egress_rules[2].pattern}. Immutable.
 *
 * <p>A name that is no plain word is quoted: {@code metadata.labels["app.kubernetes.io/name"]}.
 */
public final class SpecPath {
    /** The document as a whole. */
    public static final SpecPath DOCUMENT = new SpecPath(null, "(document)");

    private static final int LONGEST_NAME = 80;

    private final @Nullable SpecPath parent;
    private final String text;

    private SpecPath(@Nullable SpecPath parent, String text) {
        this.parent = parent;
        this.text = text;
    }

    /** The path of dotted plain names, such as {@code spec.limits.vcpu}. */
    static SpecPath of(String dotted) {
        SpecPath path = DOCUMENT;
        for (String name : dotted.split("\\.")) {
            path = path.field(name);
        }
        return path;
    }

    /** The member {@code name} of the mapping at this path. */
    public SpecPath field(String name) {
        boolean top = equals(DOCUMENT);
        if (isPlainWord(name)) {
            return new SpecPath(this, top ? name : text + "." + name);
        }
        return new SpecPath(this, (top ? "" : text) + "[" + Shown.quoted(name, LONGEST_NAME) + "]");
    }

    /** The item at {@code index}, counted from 0, of the list at this path. */
    public SpecPath item(int index) {
        return new SpecPath(this, (equals(DOCUMENT) ? "" : text) + "[" + index + "]");
    }

    /** The mapping or list that holds this value; the document is its own parent. */
    public SpecPath parent() {
        return parent == null ? this : parent;
    }

    /** Whether this is {@code other} or stands somewhere below it. */
    public boolean isWithin(SpecPath other) {
        for (@Nullable SpecPath path = this; path != null; path = path.parent) {
            if (path.equals(other)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpecPath that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static boolean isPlainWord(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> Ascii.isAlphanumeric(c) || c == '_');
    }
}
