package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.wire.Credentials;
import dev.lantern.core.engine.CredentialIssuer.Subject;
import dev.lantern.core.identity.CertificateVerdict.Certified;
import dev.lantern.core.identity.TokenVerdict.Verified;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.NodeId;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.GatewayTrust;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.PodId;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthorityIssuerTest {
    private static final InstanceRef INSTANCE = new InstanceRef(new RunRef("acme", "ticket-4711"), 3);
    private static final AgentSpec SPEC = AgentSpec.builder("triage")
            .image("registry.example/triage@sha256:" + "ab".repeat(32))
            .build();
    private static final Optional<NodeId> NODE = Optional.of(new NodeId("node-1", "uid-of-the-node", "boot"));
    private static final Optional<PodId> POD = Optional.of(new PodId("agents", "ln-abc", "uid-of-the-pod"));

    private final Issued issued = Issued.byOneKey();
    private final AuthorityIssuer issuer = new AuthorityIssuer(issued.authority, issued.now::get);

    @Test
    void what_is_certified_is_what_the_chain_says_of_the_instance() {
        Credentials credentials = issuer.issue(subject(NODE, POD), Issued.WITHIN);

        Certified certified = (Certified) issued.authority.verify(credentials.chainDer());
        Verified token = verified(credentials);
        assertThat(certified.id()).isEqualTo(Issued.ID).isEqualTo(token.id());
        assertThat(certified.key()).isEqualTo(Issued.INSTANCE.key()).isEqualTo(token.key());
        assertThat(token.claims())
                .isEqualTo(InstanceClaims.of(SPEC.digest(), Isolation.HOSTILE, HandlerKind.KATA)
                        .withImage(SPEC.image().digest().orElseThrow())
                        .withPod(new InstanceClaims.Pod("agents", "ln-abc", "uid-of-the-pod", "node-1")));
        assertThat(credentials.renewAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(credentials.authoritiesDer()).hasSize(1);
    }

    /** A pod of which it is not known where it runs is none that could be looked up. */
    @Test
    void pod_is_named_with_its_node_or_not_at_all() {
        for (Subject subject : List.of(subject(Optional.empty(), POD), subject(NODE, Optional.empty()))) {
            assertThat(verified(issuer.issue(subject, Issued.WITHIN)).claims().pod())
                    .isEmpty();
        }
    }

    @Test
    void gateway_is_known_by_the_domain_and_every_authority_that_is_trusted() {
        GatewayTrust trust = issuer.trust(Issued.WITHIN);

        assertThat(trust.trustDomain()).isEqualTo("lantern.example");
        assertThat(trust.authorities())
                .containsExactlyElementsOf(issued.authority.authorities(Issued.WITHIN).stream()
                        .map(Base64.getEncoder()::encodeToString)
                        .toList());
    }

    @Test
    void pod_has_four_names_as_kubernetes_gives_them() {
        List<String> names = List.of("agents", "ln-abc", "uid-1", "node-1");
        for (int i = 0; i < names.size(); i++) {
            String[] wrong = names.toArray(String[]::new);
            wrong[i] = "not a name";
            assertThatThrownBy(() -> new InstanceClaims.Pod(wrong[0], wrong[1], wrong[2], wrong[3]))
                    .isExactlyInstanceOf(LanternException.class)
                    .hasMessageContaining("a pod's "
                            + List.of("namespace", "name", "uid", "node").get(i) + " is");
        }
    }

    private Verified verified(Credentials credentials) {
        return (Verified) InstanceTokens.verify(credentials.token(), issued.authority.trusted(), issued.now.get());
    }

    private static Subject subject(Optional<NodeId> node, Optional<PodId> pod) {
        return new Subject(
                INSTANCE,
                SPEC,
                Isolation.HOSTILE,
                HandlerKind.KATA,
                node,
                pod,
                Issued.INSTANCE.key().hex());
    }
}
