package dev.lantern.agent.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;

/** The client's end of one connection: one exchange at a time. One thread at a time. */
public final class ClientConnection implements AutoCloseable {
    private final Socket socket;
    private final String host;
    private final HttpLimits limits;
    private final TimedInput timed;
    private final ByteSource in;
    private final OutputStream out;
    private boolean reusable = true;
    private boolean anyByteOfAnswer;

    /** @param host what stands in the Host header */
    public ClientConnection(Socket socket, String host, HttpLimits limits) throws IOException {
        this.socket = socket;
        this.host = host;
        this.limits = limits;
        this.timed = new TimedInput(socket);
        this.in = new ByteSource(timed);
        this.out = socket.getOutputStream();
    }

    /**
     * Sends and waits for the answer.
     *
     * @param within for the whole answer, body included
     * @throws IOException if no answer came in full; whether the request was carried out is unknown
     */
    public HttpResponse exchange(HttpRequest request, Duration within) throws IOException {
        reusable = false;
        anyByteOfAnswer = false;
        timed.within(within);
        MessageWriter.request(out, host, request);
        HttpResponse response = response();
        while (response.status() / 100 == 1) {
            response = response();
        }
        reusable = !response.headers().single("connection").orElse("").equalsIgnoreCase("close");
        return response;
    }

    /** Whether another exchange may follow. */
    public boolean reusable() {
        return reusable && !in.hasBuffered();
    }

    /** Whether the last exchange brought at least one byte, so that the peer was there. */
    public boolean heardAnything() {
        return anyByteOfAnswer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private HttpResponse response() throws IOException {
        if (!in.hasNext()) {
            throw new EOFException("the connection ended before an answer");
        }
        anyByteOfAnswer = true;
        HeadReader head = new HeadReader(in, limits);
        int status = status(head.firstLine());
        Headers headers = head.headers();
        return new HttpResponse(status, headers, body(status, headers));
    }

    private byte[] body(int status, Headers headers) throws IOException {
        if (status / 100 == 1 || status == 204 || status == 304) {
            return new byte[0];
        }
        Framing framing = Framing.of(headers, limits);
        if (framing instanceof Framing.Unsaid) {
            // A body that ends with the connection cannot be told from one that was cut off.
            throw new HttpException(400, "the answer does not say where its body ends");
        }
        return BodyReader.read(in, framing, limits);
    }

    private static int status(String line) {
        boolean wellFormed = line.startsWith("HTTP/1.1 ")
                && line.length() >= 12
                && Syntax.isDigit(line.charAt(9))
                && Syntax.isDigit(line.charAt(10))
                && Syntax.isDigit(line.charAt(11))
                && (line.length() == 12 || line.charAt(12) == ' ');
        if (!wellFormed) {
            throw new HttpException(400, "the answer does not begin with HTTP/1.1 and a status");
        }
        return (line.charAt(9) - '0') * 100 + (line.charAt(10) - '0') * 10 + (line.charAt(11) - '0');
    }
}
