package dev.lantern.core.secrets;

import dev.lantern.secrets.SecretPlace;
import dev.lantern.value.LanternException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a secret stands in a store of paths. The tenant is a segment of its own, and so is the key: no name can reach
 * beside or above what was meant, because none holds a separator or is made of dots.
 */
final class PathTemplate {
    private static final String TENANT = "{tenant}";
    private static final String KEY = "{key}";
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?");

    private final List<String> segments;

    private PathTemplate(List<String> segments) {
        this.segments = segments;
    }

    /**
     * Reads one.
     *
     * @param what what it is for, for the message
     * @param needsKey whether different keys have to have different paths
     * @throws LanternException if it is none, or lacks a part
     */
    static PathTemplate parse(String what, String text, boolean needsKey) {
        List<String> segments = List.of(text.split("/", -1));
        boolean wellFormed = segments.stream()
                .allMatch(segment -> segment.equals(TENANT)
                        || segment.equals(KEY)
                        || SEGMENT.matcher(segment).matches());
        if (!wellFormed || !segments.contains(TENANT) || needsKey && !segments.contains(KEY)) {
            throw new LanternException(what + " is \"" + text + "\"; allowed are segments between slashes, each of them"
                    + " {tenant}, {key} or 1 to 128 of A-Z a-z 0-9 . _ - with a letter or a digit at both ends; {tenant}"
                    + (needsKey ? " and {key} have" : " has") + " to be among them");
        }
        return new PathTemplate(segments);
    }

    /** Literal segments alone, such as a mount. */
    static String literal(String what, String text) {
        for (String segment : text.split("/", -1)) {
            if (!SEGMENT.matcher(segment).matches()) {
                throw new LanternException(
                        what + " is \"" + text + "\"; allowed are segments between slashes, each of 1 to"
                                + " 128 of A-Z a-z 0-9 . _ - with a letter or a digit at both ends");
            }
        }
        return text;
    }

    String of(SecretPlace place) {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            path.append(path.length() == 0 ? "" : "/")
                    .append(segment.equals(TENANT) ? place.tenant() : segment.equals(KEY) ? place.key() : segment);
        }
        return path.toString();
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}
