package dev.lantern.k8s;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Breaks off when more comes than there is room for, so that no answer can fill this host's memory. One thread. */
final class BoundedStream extends FilterInputStream implements BodyReader.Room {
    private final int size;
    private long left;

    BoundedStream(InputStream in, int size) {
        super(in);
        this.size = size;
        this.left = size;
    }

    @Override
    public void refill() {
        left = size;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
            take(1);
        }
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
            take(read);
        }
        return read;
    }

    private void take(int bytes) throws IOException {
        left -= bytes;
        if (left < 0) {
            throw new TooLargeException("an object of it is larger than " + (size >> 20) + " MiB");
        }
    }

    /** More than any object of an API server takes. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(String message) {
            super(message);
        }
    }
}
