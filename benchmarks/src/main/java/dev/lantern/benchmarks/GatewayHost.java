package dev.lantern.benchmarks;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.core.gateway.CallerCredential;
import dev.lantern.core.gateway.GatewayLimits;
import dev.lantern.core.gateway.GatewayServer;
import dev.lantern.core.gateway.GatewaySettings;
import dev.lantern.core.identity.Authority;
import dev.lantern.core.identity.TrustDomain;
import dev.lantern.core.keys.FileKeyStore;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.core.security.BoundedSecurityLog;
import dev.lantern.core.turns.SystemInstants;
import dev.lantern.core.turns.SystemRandom;
import dev.lantern.identity.KeyStore;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A host in a process of its own: the runtime on the journal in memory, behind a gateway on loopback that speaks TLS, with
 * instances that have enrolled. It says where it is and who they are, and serves until its input ends; a line of input asks
 * how much memory it uses.
 */
public final class GatewayHost {
    private static final Duration SOON = Duration.ofSeconds(10);

    private GatewayHost() {}

    /** Argument: how many instances. */
    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("lantern-bench-gateway");
        try (KeyStore keys = FileKeyStore.openOrCreate(directory.resolve("authority.keys"))) {
            serve(keys, Integer.parseInt(args[0]));
        } finally {
            Directories.delete(directory);
        }
    }

    private static void serve(KeyStore keys, int count) throws Exception {
        InstantSource clock = SystemInstants.source();
        SecureRandom random = SystemRandom.source();
        Authority authority = Authority.of(keys, new TrustDomain("bench.lantern"), clock, length -> {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        });
        CertifiedInstances instances = new CertifiedInstances(count, authority);
        AuthorityDoor door = new AuthorityDoor(authority);
        try (LanternRuntime runtime = Lantern.runtime()
                        .journal(new InMemoryJournal(clock, "bench"))
                        .substrate(instances)
                        .heartbeat(Duration.ofMinutes(5), Duration.ofMinutes(30))
                        .start();
                GatewayServer gateway = GatewayServer.open(settings(door, clock), instances.door())) {
            for (int i = 0; i < count; i++) {
                Lantern.spawn(Specs.scripted()).runId("run-" + i).on(runtime);
            }
            System.out.println(gateway.address());
            System.out.println(Base64.getEncoder()
                    .encodeToString(authority.authorities(SOON).get(0)));
            instances.await().forEach(instance -> System.out.println(instance.line()));
            answer();
        }
    }

    /** Everybody comes from one address, so with the limits of loopback: those of a network would turn most away. */
    private static GatewaySettings settings(AuthorityDoor door, InstantSource clock) {
        return new GatewaySettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                GatewayLimits.defaults(WireCodec.MAX_CALL_BYTES),
                CallerCredential.secret(),
                Optional.of(door),
                BoundedSecurityLog.usual(clock),
                clock);
    }

    private static void answer() throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(used());
        }
    }

    /** Bytes of heap that are reachable, and of memory outside of it: Netty's own, and that of NIO. */
    private static long used() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
        long nio = pools.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        long netty = PlatformDependent.usedDirectMemory();
        if (netty < 0) {
            throw new IllegalStateException("Netty does not count its direct memory on this JVM");
        }
        Runtime own = Runtime.getRuntime();
        return own.totalMemory() - own.freeMemory() + nio + netty;
    }
}
