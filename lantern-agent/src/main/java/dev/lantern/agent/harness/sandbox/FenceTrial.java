package dev.lantern.agent.harness.sandbox;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.clockwork.Workers;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.agent.wire.FenceReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.SocketFactory;

/**
 * Tries the fence: connects to the gateway and to what is forbidden, all at once and again and again, until it is known
 * whether the one is let through and the other is not. Nothing is sent over a connection.
 *
 * <p>Its turns are the clockwork's; what blocks has threads of its own.
 */
public final class FenceTrial {
    /** A round takes so long at least. A forbidden address that has not answered by then is taken not to. */
    static final Duration ROUND = Duration.ofMillis(400);

    /** Every fence is a little late; what lasts longer is worth a word. */
    private static final Duration USUAL = Duration.ofSeconds(3);

    /** The gateway may be slow; that it answers late proves the same. */
    private static final Duration GATEWAY_WITHIN = Duration.ofSeconds(3);

    private final GatewayAddress gateway;
    private final List<ForbiddenAddress> forbidden;
    private final SocketFactory sockets;
    private final Workers workers;
    private final Clockwork clockwork;
    private final FenceProbe probe;
    private final Consumer<String> trouble;
    private final Consumer<FenceReport> done;
    private final long begun;
    private String told = "";

    private FenceTrial(
            GatewayAddress gateway,
            List<ForbiddenAddress> forbidden,
            SocketFactory sockets,
            Workers workers,
            Clockwork clockwork,
            Consumer<String> trouble,
            Consumer<FenceReport> done) {
        this.gateway = gateway;
        this.forbidden = List.copyOf(forbidden);
        this.sockets = sockets;
        this.workers = workers;
        this.clockwork = clockwork;
        this.begun = clockwork.nanos();
        this.probe = new FenceProbe(names(forbidden), begun);
        this.trouble = trouble;
        this.done = done;
    }

    /**
     * Begins, and returns at once.
     *
     * @param own where this sandbox is part of a network; each family among them is tried, or the fence does not count
     * @param sockets makes sockets that are not connected yet
     * @param trouble told, in a turn, of what is not as it has to be after a few seconds, whenever that is something else than before
     * @param done told once, in a turn
     */
    public static void begin(
            GatewayAddress gateway,
            List<ForbiddenAddress> forbidden,
            List<InetAddress> own,
            SocketFactory sockets,
            Workers workers,
            Clockwork clockwork,
            Consumer<String> trouble,
            Consumer<FenceReport> done) {
        List<InetAddress> untried = ForbiddenAddress.untried(own, forbidden);
        if (untried.isEmpty()) {
            FenceTrial trial = new FenceTrial(gateway, forbidden, sockets, workers, clockwork, trouble, done);
            clockwork.soon(trial::round);
        } else {
            String said = "at " + untried.get(0).getHostAddress()
                    + " nothing was tried: no forbidden address of that family is named";
            clockwork.soon(() -> done.accept(new FenceReport(false, names(forbidden), 0, Duration.ZERO, said)));
        }
    }

    private static String names(List<ForbiddenAddress> forbidden) {
        return forbidden.stream().map(ForbiddenAddress::text).collect(Collectors.joining(","));
    }

    private void round() {
        Round round = new Round(clockwork.nanos());
        attempt(
                new InetSocketAddress(gateway.host(), gateway.port()),
                GATEWAY_WITHIN,
                answers -> round.gateway(answers));
        for (ForbiddenAddress each : forbidden) {
            attempt(each.socket(), ROUND, answers -> round.forbidden(each, answers));
        }
    }

    private void attempt(SocketAddress target, Duration within, Consumer<Boolean> told) {
        workers.start("lantern-fence", () -> {
            boolean answers = answers(target, within);
            clockwork.soon(() -> told.accept(answers));
        });
    }

    /** Whether somebody took the connection. Refused and unreachable look alike here: under gVisor a policy refuses. */
    private boolean answers(SocketAddress target, Duration within) {
        try (Socket socket = sockets.createSocket()) {
            socket.connect(target, Math.toIntExact(within.toMillis()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The outcomes of one round; used in turns only. */
    private final class Round {
        private final long began;
        private final List<String> answered = new ArrayList<>();
        private boolean gatewayAnswered;
        private int waiting = 1 + forbidden.size();

        Round(long began) {
            this.began = began;
        }

        void gateway(boolean answers) {
            gatewayAnswered = answers;
            one();
        }

        void forbidden(ForbiddenAddress which, boolean answers) {
            if (answers) {
                answered.add(which.text());
            }
            one();
        }

        private void one() {
            waiting--;
            if (waiting == 0) {
                // What is refused at once was still tried for one moment only: the next try is not at the same one.
                Duration rest = ROUND.minusNanos(clockwork.nanos() - began);
                clockwork.later(rest.isNegative() ? Duration.ZERO : rest, this::over);
            }
        }

        private void over() {
            Optional<FenceReport> report = probe.round(gatewayAnswered, answered, began, clockwork.nanos());
            boolean lasts = clockwork.nanos() - begun > USUAL.toNanos();
            if (report.isEmpty() && lasts && !probe.said().equals(told)) {
                told = probe.said();
                trouble.accept(told);
            }
            report.ifPresentOrElse(done, FenceTrial.this::round);
        }
    }
}
