package dev.lantern.core.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class BoundedBodyTest {
    private final Incoming incoming = new Incoming();
    private final BoundedBody body = new BoundedBody(8);

    @Test
    void answer_of_as_many_bytes_as_allowed_is_taken_whole() {
        body.onSubscribe(incoming);
        body.onNext(List.of(bytes(1, 2, 3), bytes(4, 5)));
        body.onNext(List.of(bytes(6, 7, 8)));
        body.onComplete();

        assertThat(taken().join()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(incoming.cancelled).isFalse();
        assertThat(incoming.requested).isPositive();
    }

    @Test
    void answer_that_is_larger_is_broken_off() {
        body.onSubscribe(incoming);
        body.onNext(List.of(bytes(1, 2, 3, 4, 5, 6, 7, 8)));
        assertThat(incoming.cancelled).isFalse();
        body.onNext(List.of(bytes(9)));
        body.onComplete();

        assertThat(incoming.cancelled).isTrue();
        assertThatThrownBy(() -> taken().join()).hasCauseInstanceOf(BoundedBody.TooLargeException.class);
    }

    @Test
    void failure_of_the_connection_is_the_answers() {
        body.onSubscribe(incoming);
        body.onNext(List.of(bytes(1)));
        body.onError(new IOException("cut"));

        assertThatThrownBy(() -> taken().join()).hasCauseInstanceOf(IOException.class);
    }

    private CompletableFuture<byte[]> taken() {
        return body.getBody().toCompletableFuture();
    }

    private static ByteBuffer bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteBuffer.wrap(bytes);
    }

    private static final class Incoming implements Flow.Subscription {
        private boolean cancelled;
        private long requested;

        @Override
        public void request(long n) {
            requested += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
