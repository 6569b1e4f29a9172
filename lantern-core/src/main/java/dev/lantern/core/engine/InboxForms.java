package dev.lantern.core.engine;

import dev.lantern.journal.InboxMessage;
import java.nio.charset.StandardCharsets;

/** What stands in inbox messages. */
public final class InboxForms {
    private static final String CANCEL = "cancel";

    private InboxForms() {}

    /** @param reason for people; ends up in an event that cannot be erased */
    public static InboxMessage cancel(long key, String reason) {
        return new InboxMessage(0, key, CANCEL, reason.getBytes(StandardCharsets.UTF_8));
    }

    static boolean isCancel(InboxMessage message) {
        return message.kind().equals(CANCEL);
    }

    /** @param message one for which {@link #isCancel} holds */
    static String cancelReason(InboxMessage message) {
        return new String(message.body(), StandardCharsets.UTF_8);
    }
}
