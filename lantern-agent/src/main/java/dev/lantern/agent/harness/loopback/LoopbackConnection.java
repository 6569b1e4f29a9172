package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.http.HttpException;
import dev.lantern.agent.http.HttpLimits;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.http.ServerConnection;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One connection of an agent, from its first request to its last. One thread serves; {@link #close} may come from any. */
final class LoopbackConnection {
    private final Socket socket;
    private final Door door;
    private final HttpLimits limits;
    private final CompletableFuture<HttpResponse> closing = new CompletableFuture<>();

    LoopbackConnection(Socket socket, Door door, HttpLimits limits) {
        this.socket = socket;
        this.door = door;
        this.limits = limits;
    }

    /** Answers requests until the peer has closed, broken a rule or stayed silent. */
    void serve() {
        try (socket) {
            socket.setTcpNoDelay(true);
            ServerConnection connection = new ServerConnection(socket, limits);
            serve(connection);
        } catch (IOException gone) {
            // The agent has hung up. What it asked for is carried out, and a repeat is answered the same.
            close();
        }
    }

    /** Says no without reading. */
    void turnAway(HttpResponse response) {
        try (socket) {
            new ServerConnection(socket, limits).answer(response);
        } catch (IOException gone) {
            close();
        }
    }

    void close() {
        closing.complete(Answers.problem("closed", 503, "the harness has stopped"));
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot close a loopback connection", e);
        }
    }

    private void serve(ServerConnection connection) throws IOException {
        try {
            Optional<HttpRequest> head = connection.nextHead();
            while (head.isPresent()) {
                Optional<HttpResponse> refusal = door.refusal(head.get());
                if (refusal.isPresent()) {
                    connection.refuse(refusal.get());
                    return;
                }
                connection.answer(ask(connection.withBody(head.get())));
                head = connection.nextHead();
            }
        } catch (HttpException e) {
            connection.refuse(Answers.problem("bad-request", e.status(), String.valueOf(e.getMessage())));
        } catch (SocketTimeoutException e) {
            connection.refuse(Answers.problem("request-timeout", 408, "the request did not arrive in time"));
        }
    }

    private HttpResponse ask(HttpRequest request) {
        Optional<Instance> instance = door.instance(request);
        if (instance.isEmpty()) {
            return Answers.problem("not-found", 404, "there is nothing here for this token any more");
        }
        HttpRequest inside = Door.inside(request);
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        instance.get().clockwork().soon(() -> handle(instance.get().api(), inside, answer));
        return await(answer);
    }

    /** A mistake of ours must not leave the agent waiting. */
    private static void handle(LoopbackApi api, HttpRequest request, CompletableFuture<HttpResponse> answer) {
        try {
            api.handle(request, answer::complete);
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
            throw e;
        }
    }

    private HttpResponse await(CompletableFuture<HttpResponse> answer) {
        try {
            return (HttpResponse) CompletableFuture.anyOf(answer, closing).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answers.problem("closed", 503, "the harness is being stopped");
        } catch (ExecutionException e) {
            return Answers.problem("failed", 500, "the harness could not answer");
        }
    }
}
