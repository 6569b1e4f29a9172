package dev.lantern.core.engine;

import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into this host's inbox again and again, and hands what it finds to the runs it is for. A message stands until it has
 * become an event, and is found by every look until then; it is handed over again only when that takes longer than a lease.
 * Its own state is touched in turns of loop 0 only.
 */
final class InboxRounds {
    private static final Logger LOG = LoggerFactory.getLogger(InboxRounds.class);
    private static final int AT_ONCE = 500;
    /** A runtime that closes waits for a call under way, so no call waits for long. */
    private static final Duration HEAR_FOR = Duration.ofMillis(500);

    private final Turns turns;
    private final Journal journal;
    private final EngineSettings settings;
    private final Surroundings host;
    private final OwnedRuns runs;
    /** The messages that were found at the last look, and when they were handed over, on the monotonic clock. */
    private Map<Long, Long> handedOver = new TreeMap<>();

    private boolean looking;
    private boolean lookAgain;

    InboxRounds(Host.Parts parts, Surroundings host, OwnedRuns runs) {
        this.turns = parts.turns();
        this.journal = parts.journal();
        this.settings = parts.settings();
        this.host = host;
        this.runs = runs;
    }

    void round() {
        if (host.closing()) {
            return;
        }
        look();
        turns.loop(0).later(settings.lease().dividedBy(5), this::round);
    }

    /** Looks at once when the journal tells of a message; the rounds go on, for what was not told. */
    void hear() {
        if (host.closing() || !journal.hearsMessages()) {
            return;
        }
        turns.lane(LaneName.INBOX)
                .call(turns.loop(0), () -> journal.awaitMessage(host.host(), HEAR_FOR), (Outcome<Boolean> outcome) -> {
                    if (outcome instanceof Outcome.Value<Boolean> heard) {
                        if (heard.value()) {
                            look();
                        }
                        hear();
                    } else if (outcome instanceof Outcome.Failure<Boolean> failure) {
                        LOG.warn(
                                "host {} hears of no messages for a while; its rounds find them",
                                host.host(),
                                failure.cause());
                        turns.loop(0).later(settings.lease().dividedBy(5), this::hear);
                    }
                });
    }

    /** However often this is called while one look is under way, one more follows it. */
    void look() {
        if (looking) {
            lookAgain = true;
            return;
        }
        looking = true;
        turns.lane(LaneName.LEASE)
                .call(
                        turns.loop(0),
                        () -> journal.inbox(host.host(), AT_ONCE, settings.callWithin()),
                        (Outcome<List<InboxMessage>> outcome) -> {
                            looking = false;
                            if (outcome instanceof Outcome.Value<List<InboxMessage>> messages) {
                                found(messages.value());
                            } else if (outcome instanceof Outcome.Failure<List<InboxMessage>> failure) {
                                LOG.warn(
                                        "host {} could not read its inbox; trying again", host.host(), failure.cause());
                            }
                            if (lookAgain) {
                                lookAgain = false;
                                look();
                            }
                        });
    }

    private void found(List<InboxMessage> messages) {
        Map<Long, Long> before = handedOver;
        handedOver = new TreeMap<>();
        long now = turns.nanos();
        for (InboxMessage message : messages) {
            Long since = before.get(message.id());
            if (since != null && now - since < settings.lease().toNanos()) {
                handedOver.put(message.id(), since);
            } else {
                // While the run is being taken over, the message waits for the next look.
                runs.find(message.key()).ifPresent(mailbox -> {
                    handedOver.put(message.id(), now);
                    deliver(mailbox, message);
                });
            }
        }
    }

    private void deliver(Mailbox mailbox, InboxMessage message) {
        if (!InboxForms.isCancel(message)) {
            // Left where it is: a newer host may know what it means, and it must not hold up those behind it.
            LOG.warn(
                    "inbox message {} of run {} is of kind \"{}\", which this host does not know",
                    message.id(),
                    mailbox.run(),
                    message.kind());
            return;
        }
        Stimulus.Cancel cancel = new Stimulus.Cancel(message.id(), InboxForms.cancelReason(message));
        mailbox.loop().run(() -> mailbox.take(cancel));
    }
}
