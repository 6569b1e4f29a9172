package dev.lantern.k8s;

import dev.lantern.value.LanternException;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;

/** How this host reaches a cluster: an address, and who it is there. */
@FunctionalInterface
interface ClusterAccess {
    /** The client's own bound is five calls at once, for everything together. */
    int MOST_CALLS = 64;

    /** @throws LanternException if it cannot be read */
    ApiClient connect();

    /** As a kubeconfig says; read when it is used. */
    static ClusterAccess kubeconfig(Path file) {
        return () -> {
            try {
                KubeConfig config = KubeConfig.loadKubeConfig(new StringReader(Files.readString(file)));
                // Certificates and plug-ins may be named relative to it.
                config.setFile(file.toFile());
                return of(ClientBuilder.kubeconfig(config));
            } catch (IOException | RuntimeException e) {
                // Whatever it is, the client's own message may show what stands in the file.
                throw new LanternException("the kubeconfig " + file + " cannot be used ("
                        + e.getClass().getSimpleName() + "); see whether kubectl --kubeconfig takes it");
            }
        };
    }

    /** As the pod that this host runs in. */
    static ClusterAccess inCluster() {
        return () -> {
            try {
                return of(ClientBuilder.cluster());
            } catch (IOException | RuntimeException e) {
                throw new LanternException("this host runs in no pod, or in one without a service account's token ("
                        + e.getClass().getSimpleName() + "); use kubeconfig(…) outside of a cluster");
            }
        };
    }

    private static ApiClient of(ClientBuilder builder) {
        ApiClient client = builder.build();
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(MOST_CALLS);
        dispatcher.setMaxRequestsPerHost(MOST_CALLS);
        return client.setHttpClient(client.getHttpClient()
                .newBuilder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(MOST_CALLS, 1, TimeUnit.MINUTES))
                .build());
    }

    /** Ends the client's threads and connections. */
    static void disconnect(ApiClient client) {
        client.getHttpClient().dispatcher().cancelAll();
        client.getHttpClient().dispatcher().executorService().shutdown();
        client.getHttpClient().connectionPool().evictAll();
    }
}
