package dev.lantern.core.gateway;

import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.core.security.BoundedSecurityLog;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * What an idle connection over TLS costs the gateway, and what a handshake costs its thread. Run as two programs, so that the
 * clients' memory is not the gateway's: without arguments the gateway, which starts itself once more with its address.
 */
final class IdleTlsMemory {
    private static final int CONNECTIONS = 1_000;
    private static final int LARGEST = 32 * 1024;

    private IdleTlsMemory() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            gateway();
        } else {
            clients(arguments[0]);
        }
    }

    private static void gateway() throws Exception {
        try (GatewayServer server = GatewayServer.open(
                new GatewaySettings(
                        new InetSocketAddress("127.0.0.1", 0),
                        GatewayLimits.defaults(WireCodec.MAX_CALL_BYTES),
                        CallerCredential.secret(),
                        Optional.of(Material.DOOR),
                        BoundedSecurityLog.usual(() -> TestAuthority.NOW),
                        () -> TestAuthority.NOW),
                (shown, call, reply) -> reply.accept(new GatewayReply.Alive(false)))) {
            Process clients = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            IdleTlsMemory.class.getName(),
                            server.address())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // A first one loads the classes and fills what all connections share.
            await(clients, 'w');
            Used before = Used.now();
            clients.getOutputStream().write('g');
            clients.getOutputStream().flush();
            await(clients, 'd');
            Used after = Used.now();
            System.out.println("connections open: " + server.open() + " before " + before + " after " + after);
            long heap = (after.heap - before.heap) / CONNECTIONS;
            long direct = (after.direct - before.direct) / CONNECTIONS;
            System.out.println("figure gateway.idle-tls-connection " + (heap + direct) + " bytes goal <= " + LARGEST
                    + " " + (heap + direct <= LARGEST ? "MET" : "MISSED") + " (heap " + heap + ", direct " + direct
                    + ")");
            clients.getOutputStream().close();
            System.out.write(clients.getInputStream().readAllBytes());
            System.out.flush();
        }
    }

    private static void await(Process clients, char sign) throws IOException {
        int c = clients.getInputStream().read();
        if (c != sign) {
            throw new IOException("the clients said " + c + " instead of " + sign);
        }
    }

    private static void clients(String address) throws Exception {
        List<RawClient> open = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            open.add(called(address));
        }
        for (RawClient client : open) {
            client.close();
        }
        open.clear();
        open.add(called(address));
        System.out.write('w');
        System.out.flush();
        System.in.read();
        long start = System.nanoTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            open.add(called(address));
        }
        long each = (System.nanoTime() - start) / CONNECTIONS / 1_000;
        System.out.write('d');
        System.out.flush();
        System.in.read();
        System.out.println("connecting, both ends, with one call: " + each + " us");
        for (RawClient client : open) {
            client.close();
        }
    }

    private static RawClient called(String address) throws IOException {
        byte[] body = WireCodec.write(Calls.heartbeat());
        RawClient client = Material.client().to(address);
        client.say("POST " + CallPath.of(Calls.heartbeat())
                + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\n\r\n" + new String(body, StandardCharsets.UTF_8));
        if (client.response().status() != 200 || !(client.socket() instanceof SSLSocket)) {
            throw new IOException("the call was refused");
        }
        return client;
    }

    private record Used(long heap, long direct) {
        static Used now() throws InterruptedException {
            for (int i = 0; i < 5; i++) {
                System.gc();
                new java.util.concurrent.CountDownLatch(1).await(100, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
            Runtime own = Runtime.getRuntime();
            return new Used(own.totalMemory() - own.freeMemory(), Math.max(0, PlatformDependent.usedDirectMemory()));
        }
    }

    /** The gateway believes whoever has a certificate of one instance: each client makes a key and an authority of its own. */
    private static final class Material {
        static final DoorCredentials DOOR = new DoorCredentials() {
            private final DoorIdentity own = TestAuthority.named("authority").gateway();

            @Override
            public DoorIdentity current() {
                return own;
            }

            @Override
            public PeerVerdict verify(List<byte[]> derChain) {
                byte[] der = derChain.get(0);
                String hex = java.util.HexFormat.of().formatHex(der);
                int at = hex.indexOf("302a300506032b6570032100") + 24;
                return new PeerVerdict.Certified(new PeerIdentity(
                        Calls.RUN, Calls.EPOCH, hex.substring(at, at + 64), TestAuthority.NOW.plusSeconds(60)));
            }
        };

        static TlsClient client() {
            KeyPair key = TestAuthority.ed25519();
            return TlsClient.showing(
                    key.getPrivate(), AUTHORITY.instance(key.getPublic()).by(AUTHORITY));
        }

        private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    }
}
