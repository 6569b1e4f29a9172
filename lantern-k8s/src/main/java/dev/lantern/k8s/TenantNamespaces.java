package dev.lantern.k8s;

import dev.lantern.value.LanternException;

/**
 * Says which namespace a tenant's agents run in. Namespaces are made beforehand, by whoever runs the cluster.
 *
 * <p>Implementations are pure: the same tenant gets the same namespace, on every host and for ever. Two tenants share
 * one only if that is meant; the namespace then has to say so itself, or the gate refuses it. Thread-safe.
 */
@FunctionalInterface
interface TenantNamespaces {

    /**
     * The namespace of a tenant; it need not exist.
     *
     * @throws LanternException if no namespace can have a name for this tenant
     */
    String namespaceOf(String tenant);

    /**
     * One namespace for all tenants. What stands between them is then each pod's own boundary, and no namespace.
     *
     * @throws LanternException if no namespace can be called that
     */
    static TenantNamespaces single(String namespace) {
        NamespaceName.checked(namespace, "the namespace for all tenants");
        return tenant -> namespace;
    }

    /**
     * A namespace for each tenant: the prefix and the tenant's name as it is. A tenant whose name does not fit, with
     * capitals, dots or underscores or too long, is refused: a shortened name could be another tenant's.
     *
     * @param prefix such as {@code lantern-}; empty for the tenant's bare name
     * @throws LanternException if no namespace's name can begin like that
     */
    static TenantNamespaces prefixed(String prefix) {
        NamespaceName.checked(prefix + "x", "namespaces that begin with \"" + prefix + "\"");
        return tenant -> NamespaceName.checked(prefix + tenant, "the namespace of tenant " + tenant);
    }
}
