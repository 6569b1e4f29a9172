package dev.lantern.core.identity;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Quoted;
import java.util.regex.Pattern;

/**
 * Whose instances these are: the first part of every {@link InstanceId}, and what an authority vouches for.
 *
 * @param name 1 to 255 characters of {@code a-z 0-9 . _ -}, beginning and ending with a letter or a digit
 */
public record TrustDomain(String name) {
    private static final int LONGEST = 255;
    private static final Pattern FORM = Pattern.compile("[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?");

    /** @throws LanternException if the name is of another form */
    public TrustDomain {
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new LanternException("a trust domain has 1 to " + LONGEST + " characters, found " + name.length());
        }
        if (!FORM.matcher(name).matches()) {
            throw new LanternException("trust domain " + Quoted.name(name)
                    + " is of another form; allowed are a-z 0-9 . _ - between a letter or a digit at both ends");
        }
    }

    /** What a token's {@code iss} says: no address, so that nobody fetches keys from it. */
    String issuer() {
        return "lantern:" + name;
    }

    /** What the certificate of the hosts' door says. */
    String gateway() {
        return InstanceId.SCHEME + name + "/gateway";
    }

    @Override
    public String toString() {
        return name;
    }
}
