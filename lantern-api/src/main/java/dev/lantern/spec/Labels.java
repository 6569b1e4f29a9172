package dev.lantern.spec;

import java.util.List;
import java.util.regex.Pattern;

/** The rules of Kubernetes for label keys and values, and the prefixes a spec may not use. */
final class Labels {
    private static final int LONGEST_PREFIX = 253;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final List<String> RESERVED = List.of("kubernetes.io", "k8s.io", "lantern.dev");
    /** The one prefix under kubernetes.io that is meant for users. */
    private static final String RECOMMENDED = "app.kubernetes.io";

    private static final String NAME_RULE =
            "1 to 63 of A-Z a-z 0-9 . _ - that begin and end with a letter or a digit (a Kubernetes label value)";

    private Labels() {}

    /** A name that ends in a label value and in an identity's path. */
    static String checkedName(SpecPath path, String name) {
        return matches(NAME, name) ? name : refuse(path, Shown.quoted(name), NAME_RULE, "");
    }

    static String checkedValue(SpecPath path, String value) {
        return value.isEmpty() || matches(NAME, value)
                ? value
                : refuse(path, Shown.quoted(value), "nothing, or " + NAME_RULE, "");
    }

    static String checkedKey(SpecPath path, String key) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? "" : key.substring(0, slash);
        if (!matches(NAME, key.substring(slash + 1)) || (slash >= 0 && !isSubdomain(prefix))) {
            return refuse(
                    path,
                    "the label key " + Shown.quoted(key),
                    "an optional lower-case DNS name and a slash, then " + NAME_RULE,
                    "");
        }
        if (isReserved(prefix)) {
            return refuse(
                    path,
                    "the label key " + Shown.quoted(key),
                    "keys outside kubernetes.io, k8s.io and lantern.dev, or below " + RECOMMENDED,
                    "use a prefix of your own");
        }
        return key;
    }

    private static boolean isSubdomain(String prefix) {
        return prefix.length() <= LONGEST_PREFIX
                && List.of(prefix.split("\\.", -1)).stream().allMatch(label -> matches(DNS_LABEL, label));
    }

    private static boolean isReserved(String prefix) {
        return !prefix.equals(RECOMMENDED)
                && RESERVED.stream().anyMatch(domain -> prefix.equals(domain) || prefix.endsWith("." + domain));
    }

    private static boolean matches(Pattern pattern, String text) {
        return text.length() <= 63 && pattern.matcher(text).matches();
    }

    private static String refuse(SpecPath path, String found, String allowed, String fix) {
        throw new InvalidSpecException(path.toString(), List.of(SpecProblem.of(path, found, allowed, fix)));
    }
}
