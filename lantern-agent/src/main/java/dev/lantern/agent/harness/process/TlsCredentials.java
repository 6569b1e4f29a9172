package dev.lantern.agent.harness.process;

import dev.lantern.agent.harness.CredentialsKeeper;
import dev.lantern.agent.transport.GatewayTls;
import dev.lantern.agent.wire.Credentials;

/** Shows the newest certificate, and believes the newest authorities, on the connections that begin from then on. */
record TlsCredentials(GatewayTls tls) implements CredentialsKeeper {

    /** Whom to believe first: a certificate is of no use towards a gateway that is no longer believed. */
    @Override
    public void take(Credentials credentials) {
        tls.trust().replace(credentials.authoritiesDer());
        tls.identity().show(credentials.chainDer());
    }
}
