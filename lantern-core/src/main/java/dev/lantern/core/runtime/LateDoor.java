package dev.lantern.core.runtime;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.engine.Host;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.Presented;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.RunRef;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The door stands before the host does, since the host's address is the door's. Until then callers come again. */
final class LateDoor implements GatewayDoor {
    private volatile @Nullable Host host;

    void open(Host joined) {
        host = joined;
    }

    /** As {@link Host#newest}; before there is a host nobody owns anything. */
    void newest(RunRef run, Consumer<InstanceRef> told) {
        Host open = host;
        if (open != null) {
            open.newest(run, told);
        }
    }

    @Override
    public void call(Presented presented, GatewayCall call, Consumer<GatewayReply> reply) {
        Host open = host;
        if (open == null) {
            reply.accept(new GatewayReply.Refused(Problem.of(Problem.Code.UNAVAILABLE, "this host is starting")));
        } else {
            open.call(presented, call, reply);
        }
    }
}
