package dev.lantern.agent.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Reads a body. Memory grows with what arrives, never with what is announced. */
final class BodyReader {
    private static final int PORTION = 64 * 1024;
    private static final int MAX_CHUNK_LINE = 256;
    private static final int MAX_CHUNK_DIGITS = 8;

    private final ByteSource in;
    private final HttpLimits limits;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final byte[] portion = new byte[PORTION];

    private BodyReader(ByteSource in, HttpLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    static byte[] read(ByteSource in, Framing framing, HttpLimits limits) throws IOException {
        if (framing instanceof Framing.Counted counted && counted.length() <= PORTION) {
            byte[] small = new byte[counted.length()];
            in.read(small, 0, small.length);
            return small;
        }
        BodyReader reader = new BodyReader(in, limits);
        if (framing instanceof Framing.Counted counted) {
            reader.take(counted.length());
        } else if (framing instanceof Framing.Chunked) {
            reader.chunks();
        }
        return reader.body.toByteArray();
    }

    private void chunks() throws IOException {
        int size = chunkSize();
        while (size > 0) {
            if (size > limits.maxBodyBytes() - body.size()) {
                throw new HttpException(413, "the body is longer than the allowed " + limits.maxBodyBytes() + " bytes");
            }
            take(size);
            in.expectLineEnd();
            size = chunkSize();
        }
        // Trailers are read for their end alone.
        new HeadReader(in, limits).headers();
    }

    private int chunkSize() throws IOException {
        String line = in.line(MAX_CHUNK_LINE, 400);
        int end = line.indexOf(';');
        String digits = end < 0 ? line : line.substring(0, end);
        if (digits.isEmpty() || digits.length() > MAX_CHUNK_DIGITS) {
            throw new HttpException(400, "a chunk's size is not 1 to " + MAX_CHUNK_DIGITS + " hexadecimal digits");
        }
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = hexadecimal(digits.charAt(i));
            size = size * 16 + digit;
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    private static int hexadecimal(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        char lower = (char) (c | 0x20);
        if (lower >= 'a' && lower <= 'f') {
            return lower - 'a' + 10;
        }
        throw new HttpException(400, "a chunk's size is not hexadecimal");
    }

    private void take(int length) throws IOException {
        int left = length;
        while (left > 0) {
            int part = Math.min(left, PORTION);
            in.read(portion, 0, part);
            body.write(portion, 0, part);
            left -= part;
        }
    }
}
