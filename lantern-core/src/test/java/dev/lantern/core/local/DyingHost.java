package dev.lantern.core.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A host application that starts agents and then waits to be killed. */
final class DyingHost {
    private DyingHost() {}

    /** @param args the state directory, the number of agents and their script */
    public static void main(String[] args) throws InterruptedException {
        Heard heard = new Heard();
        LocalProcessSubstrate substrate = LocalProcessSubstrate.in(Path.of(args[0]));
        substrate.gateway(new ScriptedDoor("{}"), "in-process");
        substrate.open(new ListeningHost(heard));
        int agents = Integer.parseInt(args[1]);
        for (int i = 1; i <= agents; i++) {
            substrate.start(Agents.shell(Agents.ref("run-" + i, 1), args[2]), Duration.ofSeconds(20));
        }
        heard.lines(agents);
        System.out.println("ready");
        new CountDownLatch(1).await();
    }
}
