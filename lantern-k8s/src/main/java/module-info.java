/** Instances on Kubernetes. */
module dev.lantern.k8s {
    requires transitive dev.lantern.api;
    requires static org.jspecify;
    requires com.google.gson;
    requires io.kubernetes.client.java;
    requires io.kubernetes.client.java.api;

    // The client's two modules are automatic and name nobody: without these lines its own dependencies, which are real
    // modules, would not be there when it runs.
    requires jakarta.annotation;
    requires okhttp3;
    requires okhttp3.logging;
    requires org.apache.commons.codec;
    requires org.apache.commons.lang3;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires org.yaml.snakeyaml;

    exports dev.lantern.k8s;
}
