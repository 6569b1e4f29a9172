package dev.lantern.spec;

import dev.lantern.value.Digest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A container image by name, and by digest or by tag.
 *
 * <p>Only a digest says which bytes will run; {@link #pinned()} tells the two apart, and the gate decides whether a
 * tag is enough. A tag beside a digest says nothing and is dropped. Immutable.
 */
public final class ImageRef {
    private static final int LONGEST = 512;
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*";
    private static final Pattern NAME = Pattern.compile(
            "(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?/)?" + COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String ALLOWED = "an image pinned by digest: <name>@sha256:<64 lower-case hexadecimal digits>";

    private final String name;
    private final @Nullable String tag;
    private final @Nullable Digest digest;

    private ImageRef(String name, @Nullable String tag, @Nullable Digest digest) {
        this.name = name;
        this.tag = tag;
        this.digest = digest;
    }

    /**
     * Reads {@code name@sha256:…}, {@code name:tag} or {@code name:tag@sha256:…}, where the name may begin with a
     * registry's host and port.
     *
     * @throws InvalidSpecException for another form, another digest algorithm, or neither digest nor tag
     */
    public static ImageRef parse(String text) {
        if (text.length() > LONGEST) {
            throw refused(text, "");
        }
        int at = text.indexOf('@');
        String named = at < 0 ? text : text.substring(0, at);
        int colon = named.lastIndexOf(':');
        boolean tagged = colon > named.lastIndexOf('/');
        String name = tagged ? named.substring(0, colon) : named;
        String tag = tagged ? named.substring(colon + 1) : null;
        if (!NAME.matcher(name).matches() || (tag != null && !TAG.matcher(tag).matches())) {
            throw refused(text, nameHint(text, name));
        }
        if (at < 0 && tag == null) {
            throw refused(text, "add @sha256:… (find it with your registry's \"inspect\")");
        }
        return at < 0 ? new ImageRef(name, tag, null) : new ImageRef(name, null, digest(text, text.substring(at + 1)));
    }

    /** The name without tag and digest. */
    public String name() {
        return name;
    }

    /** The tag of an image that is not pinned. */
    public Optional<String> tag() {
        return Optional.ofNullable(tag);
    }

    /** The digest of the image's manifest. */
    public Optional<Digest> digest() {
        return Optional.ofNullable(digest);
    }

    /** Whether a digest says which bytes will run. */
    public boolean pinned() {
        return digest != null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageRef that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The normal form, which {@link #parse} reads. */
    @Override
    public String toString() {
        return digest != null ? name + "@" + digest : name + ":" + tag;
    }

    private static Digest digest(String text, String digest) {
        if (!DIGEST.matcher(digest).matches()) {
            throw refused(text, digestHint(digest));
        }
        return Digest.ofHex(digest.substring("sha256:".length()));
    }

    private static String digestHint(String digest) {
        if (!digest.startsWith("sha256:")) {
            return "only sha256 digests pin an image here";
        }
        String hex = digest.substring("sha256:".length());
        if (hex.contains("...") || hex.contains("…")) {
            return "the digest is abbreviated; write all 64 digits";
        }
        return hex.length() == 64 ? "write the digits in lower case" : "the digest has " + hex.length() + " digits";
    }

    private static String nameHint(String text, String name) {
        if (text.contains("://")) {
            return "remove the scheme";
        }
        return name.chars().anyMatch(c -> c >= 'A' && c <= 'Z') ? "image names are lower case" : "";
    }

    private static InvalidSpecException refused(String text, String fix) {
        // The middle of a long reference is its host and path; both ends matter, so more is shown than usual.
        return InvalidSpecException.of("image_digest", Shown.quoted(text, 160), ALLOWED, fix);
    }
}
