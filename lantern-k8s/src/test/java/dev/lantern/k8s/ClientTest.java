package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** The client works on the module path without what the build leaves out of it. */
class ClientTest {

    @Test
    void tree_of_an_answer_arrives_through_the_client() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            FutureTask<List<String>> request = new FutureTask<>(() -> answerOne(server));
            new Thread(request, "server").start();
            ApiClient client = client("http://127.0.0.1:" + server.getLocalPort(), "token: of-the-host");

            try (Response answer = client.buildCall(
                            null,
                            "/version",
                            "GET",
                            List.of(),
                            List.of(),
                            null,
                            new TreeMap<>(),
                            Map.of(),
                            Map.of(),
                            new String[] {"BearerToken"},
                            null)
                    .execute()) {
                assertThat(JsonParser.parseString(answer.body().string()).toString())
                        .isEqualTo("{\"minor\":\"36\",\"injected\":{\"kept\":true}}");
            }
            assertThat(request.get(1, TimeUnit.MINUTES))
                    .contains("GET /version HTTP/1.1")
                    .anySatisfy(line -> assertThat(line).isEqualToIgnoringCase("Authorization: Bearer of-the-host"));
        }
    }

    @Test
    void key_and_certificate_of_a_kubeconfig_are_read() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=lantern-test");
        byte[] certificate = new X509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(Instant.EPOCH),
                        Date.from(Instant.parse("2100-01-01T00:00:00Z")),
                        name,
                        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();

        ApiClient client = client(
                "https://127.0.0.1:1",
                "client-certificate-data: " + data("CERTIFICATE", certificate) + "\n    client-key-data: "
                        + data("PRIVATE KEY", pair.getPrivate().getEncoded()));

        assertThat(client.getKeyManagers()).hasSize(1);
    }

    private static ApiClient client(String server, String credential) throws IOException {
        String kubeconfig = """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "%s"}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                users:
                - name: test
                  user:
                    %s
                """.formatted(server, credential);
        return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(new StringReader(kubeconfig)))
                .build();
    }

    private static String data(String kind, byte[] der) {
        String pem = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> answerOne(ServerSocket server) throws IOException {
        try (Socket socket = server.accept()) {
            List<String> lines = new ArrayList<>();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                lines.add(line);
            }
            String body = "{\"minor\":\"36\",\"injected\":{\"kept\":true}}";
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            return lines;
        }
    }
}
