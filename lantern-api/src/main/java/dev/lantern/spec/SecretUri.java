package dev.lantern.spec;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a secret in the secret store: a tenant, or whichever tenant the run is for, and a key.
 *
 * <p>The normal form is {@code lantern.secret://tenant/<id or __tenant__>/key/<name>}; the short form
 * {@code lantern.secret://__tenant__/key/<name>} means the run's own tenant and is read too. Immutable.
 */
public final class SecretUri {
    /** What stands for the run's own tenant. */
    public static final String OWN_TENANT = "__tenant__";

    private static final String SCHEME = "lantern.secret://";
    private static final String ID = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?";
    private static final Pattern FORM =
            Pattern.compile("lantern\\.secret://(?:tenant/(" + ID + "|__tenant__)|__tenant__)/key/(" + ID + ")");
    private static final Pattern LOOKS_LIKE =
            Pattern.compile("[ \\t\\n]{0,64}lantern\\.secret://", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 300;
    private static final String ALLOWED = SCHEME + "tenant/<tenant id or __tenant__>/key/<name>";

    private final Optional<String> tenant;
    private final String key;

    private SecretUri(Optional<String> tenant, String key) {
        this.tenant = tenant;
        this.key = key;
    }

    /**
     * Reads a reference.
     *
     * @throws InvalidSpecException for another form. The message does not show what was found, because what people
     *     write here by mistake is the secret itself
     */
    public static SecretUri parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.length() > LONGEST || !form.matches()) {
            throw refused(text);
        }
        Optional<String> tenant = Optional.ofNullable(form.group(1)).filter(id -> !id.equals(OWN_TENANT));
        return new SecretUri(tenant, form.group(2));
    }

    /** The secret {@code key} of whichever tenant a run is for. */
    public static SecretUri ofOwnTenant(String key) {
        return parse(SCHEME + "tenant/" + OWN_TENANT + "/key/" + Objects.requireNonNull(key, "key"));
    }

    /** Whether {@code text} looks like a reference, well-formed or not. */
    static boolean isReference(String text) {
        return LOOKS_LIKE.matcher(text).lookingAt();
    }

    /** The tenant named, or empty for the run's own. */
    public Optional<String> tenant() {
        return tenant;
    }

    /** The same secret with its tenant spelled out; this one if it is spelled out already. */
    public SecretUri inTenant(String own) {
        return tenant.isPresent() ? this : parse(SCHEME + "tenant/" + own + "/key/" + key);
    }

    /** The name of the secret within its tenant. */
    public String key() {
        return key;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretUri that && tenant.equals(that.tenant) && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tenant, key);
    }

    /** The normal form. A reference is an identifier, not a secret, and may be logged. */
    @Override
    public String toString() {
        return SCHEME + "tenant/" + tenant.orElse(OWN_TENANT) + "/key/" + key;
    }

    private static InvalidSpecException refused(String text) {
        if (!isReference(text)) {
            return InvalidSpecException.of(
                    "secret_uri",
                    "text that is no reference (not shown: it may be a secret)",
                    ALLOWED,
                    "store the value in the secret store and name it here");
        }
        return InvalidSpecException.of("secret_uri", "a reference of another form", ALLOWED, "");
    }
}
