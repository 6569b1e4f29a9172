package dev.lantern.core.gateway;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which phase a connection is in, and that none lasts too long. In the connection's event loop only. */
final class PhaseTimer {
    private final ChannelHandlerContext context;
    private final GatewayLimits limits;
    private final Consumer<Phase> late;
    private Phase phase = Phase.FIRST;
    private @Nullable Future<?> timer;

    /** @param late told once when a phase took too long */
    PhaseTimer(ChannelHandlerContext context, GatewayLimits limits, Consumer<Phase> late) {
        this.context = context;
        this.limits = limits;
        this.late = late;
    }

    Phase phase() {
        return phase;
    }

    void enter(Phase next) {
        end();
        phase = next;
        timer = context.executor()
                .schedule(() -> late.accept(next), next.within(limits).toMillis(), TimeUnit.MILLISECONDS);
    }

    void end() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
