package dev.lantern.agent.harness.loopback;

import dev.lantern.value.LanternException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An agent's {@code LANTERN_URL}: {@code http://127.0.0.1:<port>/<token>}. A secret: whoever has it may speak for the
 * agent.
 *
 * @param port from 1 up
 * @param token 16 bytes in hexadecimal, lower case
 */
public record LoopbackUrl(int port, String token) {
    static final int TOKEN_BYTES = 16;

    private static final Pattern FORM = Pattern.compile("http://127\\.0\\.0\\.1:([1-9][0-9]{0,4})/([0-9a-f]{32})");
    private static final int MAX_PORT = 65_535;

    /** @throws LanternException if it is of another form; the message shows nothing of it */
    public static LoopbackUrl parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches() && Integer.parseInt(matcher.group(1)) <= MAX_PORT) {
            return new LoopbackUrl(Integer.parseInt(matcher.group(1)), matcher.group(2));
        }
        throw new LanternException("the agent's URL is http://127.0.0.1:<port>/<token> with a token of " + TOKEN_BYTES
                + " bytes in lower-case hexadecimal, found " + text.length() + " characters of another form");
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port + "/" + token);
    }

    /** Shows no token. */
    @Override
    public String toString() {
        return "http://127.0.0.1:" + port + "/***";
    }
}
