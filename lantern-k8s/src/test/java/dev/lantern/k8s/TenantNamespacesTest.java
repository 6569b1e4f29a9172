package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TenantNamespacesTest {

    @Test
    void every_tenant_shares_the_single_namespace() {
        TenantNamespaces namespaces = TenantNamespaces.single("agents");

        assertThat(namespaces.namespaceOf("acme")).isEqualTo("agents");
        assertThat(namespaces.namespaceOf("Globex.Corp")).isEqualTo("agents");
    }

    @Test
    void every_tenant_has_a_namespace_of_its_own() {
        TenantNamespaces namespaces = TenantNamespaces.prefixed("lantern-");

        assertThat(namespaces.namespaceOf("acme")).isEqualTo("lantern-acme");
        assertThat(namespaces.namespaceOf("a".repeat(55))).isEqualTo("lantern-" + "a".repeat(55));
        assertThat(TenantNamespaces.prefixed("").namespaceOf("acme")).isEqualTo("acme");
    }

    @Test
    void tenant_whose_name_does_not_fit_is_refused_not_shortened_or_bent() {
        TenantNamespaces namespaces = TenantNamespaces.prefixed("lantern-");

        for (String tenant : List.of("Acme", "a.b", "a_b", "a".repeat(56), "acme-", "", "a/b", "ä", "a\nb")) {
            assertThatThrownBy(() -> namespaces.namespaceOf(tenant))
                    .as(tenant)
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("allowed are 1 to 63 of a-z 0-9 -");
        }
        assertThatThrownBy(() -> namespaces.namespaceOf("Acme"))
                .hasMessage("the namespace of tenant Acme would be called \"lantern-Acme\"; allowed are 1 to 63 of a-z"
                        + " 0-9 -, with a letter or a digit at both ends; such a tenant needs a mapping of its"
                        + " own");
    }

    @Test
    void namespaces_that_are_the_clusters_own_are_refused() {
        assertThatThrownBy(() -> TenantNamespaces.prefixed("").namespaceOf("kube-system"))
                .isInstanceOf(LanternException.class)
                .hasMessage("the namespace of tenant kube-system would be called \"kube-system\", and names that begin"
                        + " with kube- are the cluster's own");
        assertThatThrownBy(() -> TenantNamespaces.single("kube-public")).isInstanceOf(LanternException.class);
    }

    @Test
    void names_and_prefixes_that_no_namespace_can_have_are_refused_at_once() {
        for (String name : List.of("", "Agents", "a.b", "-a", "a-", "a b", "a".repeat(64))) {
            assertThatThrownBy(() -> TenantNamespaces.single(name))
                    .as(name)
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("allowed are 1 to 63");
        }
        for (String prefix : List.of("-", "A", "a.", "a_", "a".repeat(63))) {
            assertThatThrownBy(() -> TenantNamespaces.prefixed(prefix))
                    .as(prefix)
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("allowed are 1 to 63");
        }
    }
}
