package dev.lantern.agent.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Buffered reading of lines and counted bytes. One thread at a time. */
final class ByteSource {
    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;

    ByteSource(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for a byte without taking it.
     *
     * @return false at the end of the stream
     */
    boolean hasNext() throws IOException {
        return position < limit || fill();
    }

    /** Bytes that are here already, so that reading them does not wait. */
    boolean hasBuffered() {
        return position < limit;
    }

    /**
     * A line that ends with CR LF, without them, as ISO 8859-1.
     *
     * @param max the longest line without its end
     * @throws HttpException with {@code tooLong} as its status if the line is longer, and 400 for a bare CR or LF
     */
    String line(int max, int tooLong) throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            int c = next();
            if (c == '\r') {
                if (next() != '\n') {
                    throw new HttpException(400, "a line of the message's head has a CR without LF");
                }
                return line.toString();
            }
            if (c == '\n') {
                throw new HttpException(400, "a line of the message's head ends with a bare LF");
            }
            if (line.length() == max) {
                throw new HttpException(tooLong, "the message's head is longer than allowed");
            }
            line.append((char) c);
        }
    }

    /** Exactly {@code length} bytes, into {@code into} at {@code from}. */
    void read(byte[] into, int from, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (!hasNext()) {
                throw new EOFException("the connection ended inside of a message's body");
            }
            int part = Math.min(length - done, limit - position);
            System.arraycopy(buffer, position, into, from + done, part);
            position += part;
            done += part;
        }
    }

    /** The next two bytes are CR and LF. */
    void expectLineEnd() throws IOException {
        if (next() != '\r' || next() != '\n') {
            throw new HttpException(400, "a chunk is not followed by CR LF");
        }
    }

    private int next() throws IOException {
        if (!hasNext()) {
            throw new EOFException("the connection ended inside of a message's head");
        }
        return buffer[position++] & 0xff;
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer, 0, buffer.length);
        position = 0;
        limit = Math.max(read, 0);
        return read > 0;
    }

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
