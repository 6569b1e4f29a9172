package dev.lantern.k8s;

import java.io.IOException;
import java.io.InputStream;
import okhttp3.Response;

/** An answer of text, as it comes. One thread. */
final class TextBody implements AutoCloseable {
    private final Response response;
    private final InputStream bytes;

    TextBody(Response response) {
        this.response = response;
        this.bytes = response.body().byteStream();
    }

    /**
     * Waits for more.
     *
     * @return how many bytes came; negative at the end
     * @throws java.net.SocketTimeoutException if nothing came for too long
     * @throws IOException if it breaks off
     */
    int read(byte[] buffer) throws IOException {
        return bytes.read(buffer);
    }

    @Override
    public void close() {
        response.close();
    }
}
