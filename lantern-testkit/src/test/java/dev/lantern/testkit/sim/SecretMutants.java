package dev.lantern.testkit.sim;

import dev.lantern.agent.wire.Confidential;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Journal;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Hosts that take less care of secrets than they should. */
final class SecretMutants {
    private static final Duration SOON = Duration.ofSeconds(1);

    private SecretMutants() {}

    /** A host that hands a value over before the event that tells of it is durable. */
    static Seams early() {
        return new Seams() {
            @Override
            Journal connection(Journal connection, Agenda agenda, Life host) {
                return new EarlyVendings(connection, agenda, host);
            }
        };
    }

    /** A connection that acknowledges what tells of secrets alone a moment before it is written. */
    private static final class EarlyVendings extends ForwardingJournal {
        private final Agenda agenda;
        private final Life host;

        EarlyVendings(Journal inner, Agenda agenda, Life host) {
            super(inner);
            this.agenda = agenda;
            this.host = host;
        }

        @Override
        public List<AppendResult> append(List<Append> group, Duration within) {
            if (!group.stream().allMatch(EarlyVendings::vends)) {
                return super.append(group, within);
            }
            agenda.in(host, Duration.ofMillis(5), () -> write(group));
            return group.stream()
                    .<AppendResult>map(append -> new AppendResult.Appended(append.after()))
                    .toList();
        }

        private static boolean vends(Append append) {
            return append.events().stream()
                    .allMatch(event -> EventEnvelope.parse(event.bytes()).kind().equals("secret_vended"));
        }

        private void write(List<Append> group) {
            try {
                super.append(group, SOON);
            } catch (LanternException | IllegalStateException e) {
                agenda.in(host, Duration.ofMillis(5), () -> write(group));
            }
        }
    }

    /** A host that takes a lease for ended without asking the store to end what was issued under it. */
    static Seams unrevoked() {
        return new Seams() {
            @Override
            SecretStore secrets(SecretStore store) {
                return new Unrevoked(store);
            }
        };
    }

    private record Unrevoked(SecretStore inner) implements SecretStore {
        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within) {
            return inner.issue(place, ttl, within);
        }

        @Override
        public Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within) {
            return inner.renew(place, handle, ttl, within);
        }

        @Override
        public void revoke(SecretPlace place, String handle, Duration within) {
            // It ends by itself some time.
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    /** A host that gives an instance of an older epoch what the cache of its door holds. */
    static Seams givenToTheStale() {
        return door((door, known) -> (secret, call, reply) -> {
            boolean stale = call.epoch() < known.newest.merge(call.run(), call.epoch(), Math::max);
            GatewayReply cached = known.leases.get(lease(call));
            if (stale && cached != null) {
                reply.accept(cached);
            } else {
                door.call(secret, call, answer -> {
                    if (answer instanceof GatewayReply.Vended vended) {
                        known.leases.put(call.run() + " " + vended.lease(), vended);
                    }
                    reply.accept(answer);
                });
            }
        });
    }

    private static String lease(GatewayCall call) {
        if (call instanceof GatewayCall.Vend vend) {
            return call.run() + " " + call.epoch() + "-" + vend.request();
        }
        return call instanceof GatewayCall.RenewLease renew ? call.run() + " " + renew.lease() : "";
    }

    /** A host that answers a repeated request with another value under the same lease. */
    static Seams anotherValue() {
        return door((door, known) -> (secret, call, reply) -> door.call(secret, call, answer -> {
            if (answer instanceof GatewayReply.Vended vended) {
                GatewayReply.Vended first = known.leases.putIfAbsent(call.run() + " " + vended.lease(), vended);
                boolean repeated = first != null && call instanceof GatewayCall.Vend;
                reply.accept(repeated ? new GatewayReply.Vended(vended.lease(), turned(vended), vended.ttl()) : vended);
            } else {
                reply.accept(answer);
            }
        }));
    }

    private static Confidential turned(GatewayReply.Vended vended) {
        byte[] value = vended.value().reveal();
        byte[] turned = value.clone();
        for (int i = 0; i < value.length; i++) {
            turned[i] = value[value.length - 1 - i];
        }
        return Confidential.of(turned);
    }

    /** A host that goes on giving what was rotated away since under a lease that was renewed. */
    static Seams formerValue() {
        return door((door, known) -> (secret, call, reply) -> door.call(secret, call, answer -> {
            if (answer instanceof GatewayReply.Vended vended) {
                GatewayReply.Vended first = known.leases.putIfAbsent(call.run() + " " + vended.lease(), vended);
                boolean renewed = first != null && known.renewed.merge(vended.lease(), 1, Integer::sum) > 1;
                reply.accept(renewed ? first : vended);
            } else {
                reply.accept(answer);
            }
        }));
    }

    /** What the doors of one world remember. */
    private static final class Known {
        private final Map<RunRef, Integer> newest = new LinkedHashMap<>();
        private final Map<String, GatewayReply.Vended> leases = new LinkedHashMap<>();
        private final Map<String, Integer> renewed = new LinkedHashMap<>();
    }

    private static Seams door(BiFunction<Door, Known, Door> mutation) {
        Known known = new Known();
        return new Seams() {
            @Override
            Door door(Door door) {
                return mutation.apply(door, known);
            }
        };
    }

    /** A host whose listener hears what agents write as they wrote it. */
    static Seams unmasked() {
        return new Seams() {
            @Override
            Lines lines(Lines masked, Lines raw) {
                return raw;
            }
        };
    }
}
