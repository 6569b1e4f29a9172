package dev.lantern.spec;

import java.util.Locale;
import java.util.regex.Pattern;

/** Fully qualified host names in the letters-digits-hyphen form (RFC 1123). */
final class HostNames {
    static final String ALLOWED = "a host (\"api.example.com\"), the hosts below a domain (\"*.example.com\")"
            + " or a CIDR block (\"10.0.0.0/8\")";

    private static final int LONGEST = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private HostNames() {}

    /** The name in lower case; {@code shown} is the whole pattern, for the message. */
    static String checked(String name, String shown) {
        String lower = name.toLowerCase(Locale.ROOT);
        String[] labels = lower.length() <= LONGEST ? lower.split("\\.", -1) : new String[0];
        boolean valid = labels.length >= 2 && name.chars().allMatch(c -> c < 0x80);
        for (String label : labels) {
            valid &= label.length() <= 63 && LABEL.matcher(label).matches();
        }
        // A last label that begins with a digit is an address in one of its many notations (1.2.3.4, 0x7f.1).
        if (!valid || !Ascii.isLetter(labels[labels.length - 1].charAt(0))) {
            throw InvalidSpecException.of("pattern", Shown.quoted(shown), ALLOWED, hint(shown));
        }
        return lower;
    }

    private static String hint(String shown) {
        if (shown.contains("://")) {
            return "remove the scheme and the path";
        }
        if (shown.matches("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}")) {
            return "for one address write \"" + shown + "/32\"";
        }
        if (shown.matches("[0-9A-Fa-f:.]{2,45}") && shown.indexOf(':') != shown.lastIndexOf(':')) {
            return "for one address write \"" + shown + "/128\"";
        }
        if (shown.matches("[^:]{1,253}:[0-9]{1,5}")) {
            return "name the port in ports: [" + shown.substring(shown.indexOf(':') + 1) + "]";
        }
        if (shown.chars().anyMatch(c -> c >= 0x80)) {
            return "write an international name in its xn-- form";
        }
        if (shown.endsWith(".")) {
            return "remove the dot at the end";
        }
        if (shown.equals("*")) {
            return "for every public host set network: open";
        }
        return shown.indexOf('.') < 0 || shown.lastIndexOf("*.") > 0 || shown.matches("\\*\\.[^.]*")
                ? "write a fully qualified name; * may only stand for the first labels"
                : "";
    }
}
