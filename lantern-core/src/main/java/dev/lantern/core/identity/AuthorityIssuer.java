package dev.lantern.core.identity;

import dev.lantern.agent.wire.Credentials;
import dev.lantern.core.engine.CredentialIssuer;
import dev.lantern.substrate.GatewayTrust;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Has instances' keys certified by an {@link Authority}. Thread-safe. */
public final class AuthorityIssuer implements CredentialIssuer {
    private final Authority authority;
    private final InstantSource clock;

    /** @param clock the one of the authority */
    public AuthorityIssuer(Authority authority, InstantSource clock) {
        this.authority = authority;
        this.clock = clock;
    }

    @Override
    public Credentials issue(Subject subject, Duration within) {
        IssuedCredentials issued = authority.issue(
                InstanceId.of(
                        authority.domain(), subject.instance(), subject.spec().name()),
                HexFormat.of().parseHex(subject.publicKey()),
                claims(subject),
                within);
        return Credentials.of(
                List.of(issued.certificate()),
                issued.token(),
                issued.authorities(),
                Duration.between(clock.instant(), issued.renewAfter()));
    }

    @Override
    public GatewayTrust trust(Duration within) {
        return new GatewayTrust(
                authority.domain().name(),
                authority.authorities(within).stream()
                        .map(Base64.getEncoder()::encodeToString)
                        .toList());
    }

    private static InstanceClaims claims(Subject subject) {
        InstanceClaims claims = InstanceClaims.of(subject.spec().digest(), subject.isolation(), subject.handler());
        InstanceClaims imaged =
                subject.spec().image().digest().map(claims::withImage).orElse(claims);
        return subject.pod()
                .flatMap(pod -> subject.node()
                        .map(node -> new InstanceClaims.Pod(pod.namespace(), pod.name(), pod.uid(), node.name())))
                .map(imaged::withPod)
                .orElse(imaged);
    }
}
