package dev.lantern.agent.harness.sandbox;

import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.value.LanternException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An address that answers whoever reaches it and that no agent may reach: what the fence is tried with.
 *
 * @param text as it was said, {@code 10.96.0.1:443} or {@code [fd00::1]:443}
 */
public record ForbiddenAddress(String text, InetSocketAddress socket) {
    /** More are refused: all of them stand in a report. */
    static final int MOST = 8;

    /**
     * Reads a list with commas.
     *
     * @throws LanternException if one of them is no literal address with a port
     */
    public static List<ForbiddenAddress> list(String text) {
        String[] words = text.split(",", MOST + 1);
        if (words.length > MOST) {
            throw new LanternException("more than " + MOST + " forbidden addresses are named");
        }
        return Arrays.stream(words).map(ForbiddenAddress::parse).toList();
    }

    private static ForbiddenAddress parse(String text) {
        try {
            GatewayAddress parts = GatewayAddress.parse("http://" + text);
            if (!parts.host().matches("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
                throw malformed(text);
            }
            return new ForbiddenAddress(text, new InetSocketAddress(InetAddress.getByName(parts.host()), parts.port()));
        } catch (UnknownHostException | LanternException e) {
            throw malformed(text);
        }
    }

    private static LanternException malformed(String text) {
        return new LanternException("forbidden addresses are written <address>:<port>, with commas between them and no"
                + " names, found one of " + text.length() + " characters and another form");
    }

    /**
     * The addresses among these whose family no forbidden address has: nothing is known of what the fence does with
     * them.
     */
    static List<InetAddress> untried(List<InetAddress> own, List<ForbiddenAddress> forbidden) {
        List<InetAddress> untried = new ArrayList<>();
        for (InetAddress each : own) {
            if (forbidden.stream()
                    .noneMatch(known -> known.socket().getAddress().getClass() == each.getClass())) {
                untried.add(each);
            }
        }
        return untried;
    }
}
