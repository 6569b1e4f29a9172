package dev.lantern.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** An agent that begins and completes steps on one connection, as fast as it is answered, and says how long that took. */
public final class LoopbackAgent {
    private static final int WARM_UP = 2_000;
    private static final int MEASURED = 2_000;

    private final URI url = URI.create(System.getenv("LANTERN_URL"));
    private final Socket socket = new Socket(url.getHost(), url.getPort());
    private final InputStream in = new BufferedInputStream(socket.getInputStream());

    private LoopbackAgent() throws IOException {
        socket.setTcpNoDelay(true);
    }

    public static void main(String[] args) throws IOException {
        LoopbackAgent agent = new LoopbackAgent();
        long[] begins = new long[MEASURED];
        long[] completes = new long[MEASURED];
        for (int i = 0; i < WARM_UP + MEASURED; i++) {
            long begun = System.nanoTime();
            agent.call("/v1/steps/work/begin?key=" + i, "");
            long running = System.nanoTime();
            agent.call("/v1/steps/work/complete?key=" + i, "{\"done\":true}");
            if (i >= WARM_UP) {
                begins[i - WARM_UP] = running - begun;
                completes[i - WARM_UP] = System.nanoTime() - running;
            }
        }
        agent.call(
                "/v1/output",
                String.format(Locale.ROOT, "{\"begin\":%.4f,\"complete\":%.4f}", median(begins), median(completes)));
    }

    private static double median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e6;
    }

    private void call(String path, String body) throws IOException {
        String request = "POST " + url.getPath() + path + " HTTP/1.1\r\nHost: " + url.getAuthority()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String status = line();
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        String answer = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (!status.startsWith("HTTP/1.1 20")) {
            throw new IOException(path + " was answered " + status + " " + answer);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the harness hung up");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
