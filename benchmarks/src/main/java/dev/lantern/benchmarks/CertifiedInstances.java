package dev.lantern.benchmarks;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.core.gateway.Presented;
import dev.lantern.core.identity.Authority;
import dev.lantern.core.identity.InstanceClaims;
import dev.lantern.core.identity.InstanceId;
import dev.lantern.core.turns.SystemRandom;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.jspecify.annotations.Nullable;

/**
 * Instances that enrol within the host, each with a key of its own that an authority certifies, and are played by somebody
 * else from then on.
 */
final class CertifiedInstances implements Substrate, NeedsGateway {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Authority authority;
    private final SecureRandom random = SystemRandom.source();
    private final Set<InstanceRef> standing = new ConcurrentSkipListSet<>();
    private final List<CertifiedInstance> enrolled = new ArrayList<>();
    private final CountDownLatch all;
    private @Nullable GatewayDoor door;

    /** @param expected how many will be started */
    CertifiedInstances(int expected, Authority authority) {
        this.authority = authority;
        this.all = new CountDownLatch(expected);
    }

    /** All that were expected, once they have enrolled. */
    List<CertifiedInstance> await() throws InterruptedException {
        if (!all.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException(all.getCount() + " instances have not enrolled within a minute");
        }
        synchronized (enrolled) {
            return List.copyOf(enrolled);
        }
    }

    /** Where the host takes calls. */
    GatewayDoor door() {
        return Objects.requireNonNull(door);
    }

    @Override
    public String name() {
        return "certified instances";
    }

    @Override
    public Facts facts(String tenant, Duration within) {
        return new HostFacts(
                name(), Instant.now(), List.of(new HostFacts.Handler(HandlerKind.PROCESS, "scripted")), List.of());
    }

    @Override
    public void gateway(GatewayDoor chosen, String address) {
        door = chosen;
    }

    @Override
    public void open(SubstrateHost host) {
        // What happens to its instances nobody is told: nothing does.
    }

    @Override
    public void start(InstanceStart start, Duration within) {
        if (standing.add(start.instance())) {
            enrol(start);
        }
    }

    @Override
    public boolean stop(InstanceRef instance, Duration grace, Duration within) {
        standing.remove(instance);
        return true;
    }

    @Override
    public List<InstanceRef> standing(Duration within) {
        return List.copyOf(new TreeSet<>(standing));
    }

    @Override
    public void close() {
        standing.clear();
    }

    private void enrol(InstanceStart start) {
        InstanceRef instance = start.instance();
        Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(random);
        byte[] publicKey = key.generatePublicKey().getEncoded();
        byte[] certificate = authority
                .issue(
                        InstanceId.of(authority.domain(), instance, start.spec().name()),
                        publicKey,
                        InstanceClaims.of(start.spec().digest(), start.spec().isolation(), HandlerKind.PROCESS),
                        SOON)
                .certificate();
        door().call(
                        new Presented.Bearer(HexFormat.of().parseHex(start.enrolmentSecret())),
                        new GatewayCall.Enrol(instance.run(), instance.epoch(), publicKey, 1, 1),
                        reply -> {
                            if (!(reply instanceof GatewayReply.Enrolled)) {
                                System.err.println("enrolling " + instance + " was answered " + reply);
                                return;
                            }
                            synchronized (enrolled) {
                                enrolled.add(new CertifiedInstance(instance, key.getEncoded(), certificate));
                            }
                            all.countDown();
                        });
    }
}
