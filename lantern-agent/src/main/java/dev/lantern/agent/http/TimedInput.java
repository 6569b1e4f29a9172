package dev.lantern.agent.http;

import dev.lantern.agent.clockwork.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A socket's bytes, read against a deadline for the whole of what is being read, so that a peer who drips one
 * byte at a time gains nothing. One thread at a time.
 */
final class TimedInput extends InputStream {
    private final Socket socket;
    private final InputStream in;
    private Deadline deadline = Deadline.after(Duration.ZERO);

    TimedInput(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Everything read from here on has to arrive within {@code span}. */
    void within(Duration span) {
        deadline = Deadline.after(span);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int left = deadline.millisLeft();
        if (left == 0) {
            throw new SocketTimeoutException("the peer took too long");
        }
        socket.setSoTimeout(left);
        return in.read(into, from, length);
    }
}
