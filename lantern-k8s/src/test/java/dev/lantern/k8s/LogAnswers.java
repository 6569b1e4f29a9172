package dev.lantern.k8s;

import dev.lantern.testkit.kubernetes.FakeKubernetes;
import io.kubernetes.client.openapi.ApiClient;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Logs as a kubelet might send them, before the fake is asked. */
final class LogAnswers {
    private LogAnswers() {}

    static ApiServer before(FakeKubernetes kubernetes, List<String> answers) {
        Queue<String> left = new ArrayDeque<>(answers);
        ApiClient client = Clusters.client(kubernetes.kubeconfig());
        client.setHttpClient(client.getHttpClient()
                .newBuilder()
                .addInterceptor(chain -> {
                    synchronized (left) {
                        return left.isEmpty()
                                ? chain.proceed(chain.request())
                                : new Response.Builder()
                                        .request(chain.request())
                                        .protocol(Protocol.HTTP_1_1)
                                        .code(200)
                                        .message("OK")
                                        .body(ResponseBody.create(left.remove(), MediaType.get("text/plain")))
                                        .build();
                    }
                })
                .build());
        return new ApiServer(client);
    }
}
