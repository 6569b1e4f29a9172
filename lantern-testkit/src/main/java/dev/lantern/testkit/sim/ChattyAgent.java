package dev.lantern.testkit.sim;

import dev.lantern.agent.harness.HeldSecret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What an agent writes that takes no care: the secrets that it has, and those that it had, in all ways. */
final class ChattyAgent {
    private static final int CUT_AT = 14;

    private final Dice dice;
    private final List<String> known = new ArrayList<>();

    ChattyAgent(Dice dice) {
        this.dice = dice;
    }

    /** @param held what its harness holds now */
    List<String> say(List<HeldSecret> held) {
        held.forEach(secret -> secret.value().ifPresent(value -> {
            String text = new String(value.reveal(), StandardCharsets.US_ASCII);
            if (!known.contains(text)) {
                known.add(text);
            }
        }));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < Math.min(2, known.size()); i++) {
            lines.add(line(dice.pick(known)));
        }
        return lines;
    }

    private String line(String value) {
        return switch (dice.below(4)) {
            case 0 -> "token=" + value;
            case 1 -> "Authorization: Basic " + base64("user:" + value);
            case 2 -> "{\"password\":\"" + value + "\"}";
            default -> "a long line that ends in " + value.substring(0, CUT_AT) + " … [cut]";
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
