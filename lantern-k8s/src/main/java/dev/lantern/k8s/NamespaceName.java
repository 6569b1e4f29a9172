package dev.lantern.k8s;

import dev.lantern.value.LanternException;
import java.util.regex.Pattern;

/** What a namespace can be called: a label of the DNS (RFC 1123). */
final class NamespaceName {
    private static final String KUBERNETES = "kube-";
    private static final int LONGEST = 63;
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

    private NamespaceName() {}

    static String checked(String name, String what) {
        if (name.length() > LONGEST || !FORM.matcher(name).matches()) {
            throw new LanternException(what + " would be called " + quoted(name)
                    + "; allowed are 1 to " + LONGEST + " of a-z 0-9 -, with a letter or a digit at both ends; such a"
                    + " tenant needs a mapping of its own");
        }
        if (name.startsWith(KUBERNETES)) {
            throw new LanternException(what + " would be called " + quoted(name) + ", and names that begin with "
                    + KUBERNETES + " are the cluster's own");
        }
        return name;
    }

    private static String quoted(String name) {
        return '"' + Refusals.oneLine(name) + '"';
    }
}
