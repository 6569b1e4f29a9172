package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;

/**
 * Where a call goes: {@code /v1/instances/<tenant>/<run>/<epoch>/<call>}. Tenants and run ids need no escaping,
 * and an escaped form is refused: one instance has one path.
 *
 * @param call the call's name, such as {@code begin}
 */
public record CallPath(RunRef run, int epoch, String call) {
    private static final String PREFIX = "/v1/instances/";
    private static final int MAX_EPOCH_DIGITS = 9;

    public static CallPath of(GatewayCall call) {
        return new CallPath(call.run(), call.epoch(), CallJson.name(call));
    }

    /** @throws LanternException if this is no path of a call; the message holds no part of it */
    public static CallPath parse(String path) {
        String[] parts =
                path.startsWith(PREFIX) ? path.substring(PREFIX.length()).split("/", -1) : new String[0];
        if (parts.length != 4 || !isEpoch(parts[2])) {
            throw new LanternException("calls go to " + PREFIX + "<tenant>/<run>/<epoch>/<call>");
        }
        return new CallPath(new RunRef(parts[0], parts[1]), Integer.parseInt(parts[2]), parts[3]);
    }

    /** Whether this version of the protocol has a call of this name. */
    public boolean isKnown() {
        return CallJson.NAMES.contains(call);
    }

    @Override
    public String toString() {
        return PREFIX + run.tenant() + "/" + run.run() + "/" + epoch + "/" + call;
    }

    private static boolean isEpoch(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_EPOCH_DIGITS
                && text.charAt(0) != '0'
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
