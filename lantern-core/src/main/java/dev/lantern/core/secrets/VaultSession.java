package dev.lantern.core.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's own token: had by a login when it is needed, renewed by whoever uses it behind two thirds of its life. Only one
 * thread at a time does either; those who wait for it do so within their own time. Thread-safe.
 */
final class VaultSession {
    private static final Logger LOG = LoggerFactory.getLogger(VaultSession.class);
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final VaultHttp.Question RENEW =
            VaultHttp.Question.post("auth/token/renew-self", VaultJson.newObject());
    private static final VaultHttp.Question LOOKUP = VaultHttp.Question.get("auth/token/lookup-self");

    private final VaultHttp http;
    private final VaultLogin login;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Token current;

    VaultSession(VaultHttp http, VaultLogin login, InstantSource clock) {
        this.http = http;
        this.login = login;
        this.clock = clock;
        this.current = login instanceof VaultLogin.Given given
                ? new Token(given.token(), Instant.MAX, Instant.MAX, false)
                : null;
    }

    /** A token that was granted. */
    private record Token(String text, Instant renewAt, Instant until, boolean renewable) {
        /** To be renewed when a third of what is left has passed, but not more than once a second. */
        Token later(Instant now) {
            Duration third = Duration.between(now, until).dividedBy(3);
            Instant again = now.plus(third.compareTo(A_SECOND) < 0 ? A_SECOND : third);
            return new Token(text, again.isBefore(until) ? again : until, until, renewable);
        }

        @Override
        public String toString() {
            return "Token[…]";
        }
    }

    /**
     * Asks with the token. One that lapsed or was revoked is replaced, once; an answer of 403 then is about what was asked.
     */
    VaultHttp.Reply ask(VaultCall call, VaultHttp.Question question) {
        Token token = token(call);
        VaultHttp.Reply reply = http.ask(call, question, Optional.of(token.text()));
        if (reply.code() != 403 || isGood(call, token)) {
            return reply;
        }
        return http.ask(call, question, Optional.of(replaced(call, token).text()));
    }

    /** Asked only when something was refused: else a forbidden path would cost a login each time somebody tried it. */
    private boolean isGood(VaultCall call, Token token) {
        return http.ask(call, LOOKUP, Optional.of(token.text())).isSuccess();
    }

    private Token token(VaultCall call) {
        Token token = current;
        if (token != null && isFresh(token)) {
            return token;
        }
        return locked(call, () -> {
            Token meanwhile = current;
            return meanwhile != null && isFresh(meanwhile) ? meanwhile : next(call, meanwhile);
        });
    }

    private Token replaced(VaultCall call, Token bad) {
        return locked(call, () -> {
            Token meanwhile = current;
            return meanwhile != null && !meanwhile.equals(bad) ? meanwhile : loggedIn(call);
        });
    }

    private boolean isFresh(Token token) {
        return clock.instant().isBefore(token.renewAt());
    }

    private Token next(VaultCall call, @Nullable Token former) {
        if (former == null || !former.renewable() || !clock.instant().isBefore(former.until())) {
            return loggedIn(call);
        }
        VaultHttp.Reply reply;
        try {
            // One try in half of the time: a role that was deleted answers with 500 each time, and the token still
            // serves.
            reply = http.once(call.half(), RENEW, Optional.of(former.text()));
        } catch (LanternException e) {
            if (Thread.currentThread().isInterrupted() || call.left() == 0) {
                throw e;
            }
            LOG.warn("Renewing the store's own token failed; it is used for as long as it lives: {}", e.getMessage());
            Token kept = former.later(clock.instant());
            current = kept;
            return kept;
        }
        return reply.isSuccess() ? kept(call, reply) : loggedIn(call);
    }

    private Token loggedIn(VaultCall call) {
        if (!(login instanceof VaultLogin.Signed signed)) {
            throw call.failed("the given token is refused: it has lapsed, was revoked, or may not look itself up; give"
                    + " another, or use a login");
        }
        VaultHttp.Reply reply = http.ask(call, signed.question(call), Optional.empty());
        if (!reply.isSuccess()) {
            throw call.failed("the login at auth/" + signed.mount() + " as role \"" + signed.role()
                    + "\" was refused (HTTP " + reply.code()
                    + "); see that the role exists and is bound to the token in " + signed.file());
        }
        return kept(call, reply);
    }

    private Token kept(VaultCall call, VaultHttp.Reply reply) {
        JsonNode auth = reply.read().map(body -> body.path("auth")).orElseGet(VaultJson::newObject);
        JsonNode text = auth.path("client_token");
        JsonNode seconds = auth.path("lease_duration");
        if (!text.isTextual()
                || !isHeader(text.textValue())
                || !seconds.isIntegralNumber()
                || !seconds.canConvertToInt()
                || seconds.intValue() < 0) {
            throw call.failed(
                    "the answer to a login or renewal holds no token with a time; see whether this is the Vault API");
        }
        Token token = granted(
                text.textValue(),
                Duration.ofSeconds(seconds.intValue()),
                auth.path("renewable").asBoolean(false));
        current = token;
        return token;
    }

    private Token granted(String text, Duration life, boolean renewable) {
        // A life of 0 is one without end.
        Instant now = clock.instant();
        return life.isZero()
                ? new Token(text, Instant.MAX, Instant.MAX, false)
                : new Token(text, now.plus(life.multipliedBy(2).dividedBy(3)), now.plus(life), renewable);
    }

    private static boolean isHeader(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private Token locked(VaultCall call, Supplier<Token> work) {
        try {
            if (!lock.tryLock(call.left(), TimeUnit.NANOSECONDS)) {
                throw call.failed("another call was logging in for all the time that was given");
            }
        } catch (InterruptedException e) {
            throw call.interrupted();
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the token. It is not revoked: what was issued with it would end with it. */
    void close() {
        current = null;
    }
}
