package dev.lantern.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/**
 * The server's end of one connection: one request at a time, in order, so pipelined requests are answered in
 * order too. One thread at a time.
 */
public final class ServerConnection {
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int LINGER_BYTES = 256 * 1024;
    private static final byte[] CONTINUE = ByteSource.latin("HTTP/1.1 100 Continue\r\n\r\n");

    private final Socket socket;
    private final HttpLimits limits;
    private final TimedInput timed;
    private final ByteSource in;
    private final OutputStream out;
    private Framing framing = new Framing.Unsaid();
    private boolean expectsContinue;
    private boolean last;

    public ServerConnection(Socket socket, HttpLimits limits) throws IOException {
        this.socket = socket;
        this.limits = limits;
        this.timed = new TimedInput(socket);
        this.in = new ByteSource(timed);
        this.out = socket.getOutputStream();
    }

    /**
     * The next request without its body, or empty when the peer has closed or stayed silent.
     *
     * @throws HttpException if what came is no request of HTTP/1.1 or breaks a limit; answer it with
     *     {@link #refuse}
     */
    public Optional<HttpRequest> nextHead() throws IOException {
        if (last || !waitForByte()) {
            return Optional.empty();
        }
        timed.within(limits.headWithin());
        HeadReader head = new HeadReader(in, limits);
        String[] line = requestLine(head.firstLine());
        Headers headers = head.headers();
        framing = Framing.of(headers, limits);
        expectsContinue = expectation(headers);
        last = closes(headers);
        return Optional.of(new HttpRequest(line[0], line[1], headers, new byte[0]));
    }

    /** The request with its body; asks for the body first where the peer waits to be asked. */
    public HttpRequest withBody(HttpRequest head) throws IOException {
        if (framing instanceof Framing.Unsaid) {
            return head;
        }
        if (expectsContinue && !in.hasBuffered()) {
            out.write(CONTINUE);
            out.flush();
        }
        timed.within(limits.bodyWithin());
        return head.with(BodyReader.read(in, framing, limits));
    }

    /** Answers the request that was read in full. */
    public void answer(HttpResponse response) throws IOException {
        MessageWriter.response(out, response, last);
    }

    /** Answers a request of which something may be unread, and says that the connection ends. */
    public void refuse(HttpResponse response) throws IOException {
        last = true;
        MessageWriter.response(out, response, true);
        socket.shutdownOutput();
        readAway();
    }

    /** Closing with unread bytes resets the connection, and the peer may lose the answer. */
    private void readAway() throws IOException {
        timed.within(LINGER);
        byte[] gone = new byte[8192];
        InputStream from = timed;
        int read = 0;
        int total = 0;
        while (read >= 0 && total < LINGER_BYTES) {
            read = from.read(gone, 0, gone.length);
            total += Math.max(read, 0);
        }
    }

    private boolean waitForByte() throws IOException {
        timed.within(limits.idleFor());
        try {
            return in.hasNext();
        } catch (java.net.SocketTimeoutException idle) {
            return false;
        }
    }

    private static String[] requestLine(String line) {
        String[] parts = new String[3];
        int first = line.indexOf(' ');
        int second = line.indexOf(' ', first + 1);
        if (first <= 0 || second < 0 || line.indexOf(' ', second + 1) >= 0) {
            throw new HttpException(400, "the request line is not a method, a target and a version");
        }
        parts[0] = line.substring(0, first);
        parts[1] = line.substring(first + 1, second);
        parts[2] = line.substring(second + 1);
        if (!Syntax.isToken(parts[0]) || !isTarget(parts[1])) {
            throw new HttpException(400, "the request line has a character that is not allowed");
        }
        if (!parts[2].equals("HTTP/1.1")) {
            throw new HttpException(505, "the only version understood is HTTP/1.1");
        }
        return parts;
    }

    /** Origin form only: what begins with a host is for proxies. */
    private static boolean isTarget(String target) {
        if (!target.startsWith("/")) {
            return false;
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= 0x20 || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }

    private static boolean expectation(Headers headers) {
        Optional<String> expect = headers.single("expect");
        if (expect.isPresent() && !expect.get().equalsIgnoreCase("100-continue")) {
            throw new HttpException(417, "the only expectation understood is 100-continue");
        }
        return expect.isPresent();
    }

    private static boolean closes(Headers headers) {
        return headers.single("connection").orElse("").equalsIgnoreCase("close");
    }
}
