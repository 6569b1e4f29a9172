package dev.lantern.agent.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

class ServerTrustTest {
    private static final byte[] AUTHORITY = Base64.getDecoder().decode(TestTls.authority());

    private final ServerTrust trust =
            new ServerTrust(new GatewayTrust(TestTls.TRUST_DOMAIN, List.of(AUTHORITY), InstantSource.system()));
    private final X509Certificate[] notTheGateway =
            Certificates.of(List.of(AUTHORITY)).toArray(X509Certificate[]::new);

    /** By which of them a JVM asks is its own affair. */
    @Test
    void whichever_way_a_server_is_asked_about_the_gateways_trust_decides() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();

        assertThatThrownBy(() -> trust.checkServerTrusted(notTheGateway, "EdDSA"))
                .isInstanceOf(CertificateException.class)
                .hasMessageStartingWith("the server is not the gateway");
        assertThatThrownBy(() -> trust.checkServerTrusted(notTheGateway, "EdDSA", new Socket()))
                .hasMessageStartingWith("the server is not the gateway");
        assertThatThrownBy(() -> trust.checkServerTrusted(notTheGateway, "EdDSA", engine))
                .hasMessageStartingWith("the server is not the gateway");
    }

    @Test
    void no_client_is_ever_trusted() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();

        assertThatThrownBy(() -> trust.checkClientTrusted(notTheGateway, "EdDSA"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> trust.checkClientTrusted(notTheGateway, "EdDSA", new Socket()))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> trust.checkClientTrusted(notTheGateway, "EdDSA", engine))
                .isInstanceOf(CertificateException.class);
        assertThat(trust.getAcceptedIssuers()).isEmpty();
    }
}
