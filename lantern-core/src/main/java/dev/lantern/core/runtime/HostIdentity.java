package dev.lantern.core.runtime;

import dev.lantern.core.gateway.DoorCredentials;
import dev.lantern.core.gateway.DoorIdentity;
import dev.lantern.core.gateway.PeerIdentity;
import dev.lantern.core.gateway.PeerVerdict;
import dev.lantern.core.identity.Authority;
import dev.lantern.core.identity.CertificateVerdict;
import dev.lantern.core.identity.GatewayCredentials;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host shows of itself at its gateway, and whom it believes there, under its authority. The keys are read again and
 * the own certificate is renewed in the background. Thread-safe.
 */
final class HostIdentity implements DoorCredentials {
    private static final Logger LOG = LoggerFactory.getLogger(HostIdentity.class);
    private static final Duration READ_EVERY = Duration.ofSeconds(30);
    private static final Duration READ_AGAIN = Duration.ofSeconds(5);

    private final Authority authority;
    private final Turns turns;
    private final Duration within;
    private volatile @Nullable GatewayCredentials own;
    private volatile boolean closed;

    HostIdentity(Authority authority, Turns turns, Duration within) {
        this.authority = authority;
        this.turns = turns;
        this.within = within;
    }

    /**
     * Reads the keys and makes the first certificate, blocking, and keeps both fresh from then on.
     *
     * @throws LanternException if that cannot be done: a host without an identity serves nobody
     */
    void begin() {
        refresh();
        later(READ_EVERY);
    }

    /** Nothing is renewed any more. */
    void close() {
        closed = true;
    }

    Authority authority() {
        return authority;
    }

    @Override
    public DoorIdentity current() {
        GatewayCredentials credentials = own;
        if (credentials == null) {
            throw new LanternException("this host has no certificate yet");
        }
        return new DoorIdentity(credentials.privateKey(), credentials.chain());
    }

    @Override
    public PeerVerdict verify(List<byte[]> derChain) {
        CertificateVerdict verdict = authority.verify(derChain);
        if (verdict instanceof CertificateVerdict.Certified certified) {
            InstanceRef instance = certified.id().instance();
            return new PeerVerdict.Certified(new PeerIdentity(
                    instance.run(), instance.epoch(), certified.key().hex(), certified.notAfter()));
        }
        CertificateVerdict.Rejected rejected = (CertificateVerdict.Rejected) verdict;
        return new PeerVerdict.Rejected(
                "certificate-"
                        + rejected.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                rejected.detail());
    }

    private void refresh() {
        authority.refresh(within);
        GatewayCredentials credentials = own;
        if (credentials == null || !authority.isCurrent(credentials)) {
            own = authority.gateway(within);
        }
    }

    private void later(Duration pause) {
        Loop home = turns.loop(0);
        home.later(pause, () -> {
            if (!closed) {
                turns.lane(LaneName.KEYS).call(home, this::refreshed, this::answered);
            }
        });
    }

    private boolean refreshed() {
        refresh();
        return true;
    }

    private void answered(Outcome<Boolean> outcome) {
        if (outcome instanceof Outcome.Failure<Boolean> failure && !closed) {
            LOG.warn(
                    "the authority's keys could not be read or did not sign; trying again. This host's certificate is"
                            + " {}",
                    own,
                    failure.cause());
            later(READ_AGAIN);
        } else {
            later(READ_EVERY);
        }
    }
}
