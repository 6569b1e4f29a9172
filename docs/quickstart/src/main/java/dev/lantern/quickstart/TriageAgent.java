package dev.lantern.quickstart;

import dev.lantern.agent.Agent;
import dev.lantern.agent.AgentMain;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.Steps;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The triage agent again, in Java: the same five steps. */
public final class TriageAgent implements Agent<Ticket, Report> {

    public static void main(String[] args) {
        AgentMain.run(Ticket.class, new TriageAgent());
    }

    // tag::agent[]
    @Override
    public Report run(Steps steps, Ticket ticket) throws Exception {
        Path outbox = Path.of(ticket.outbox());
        String text = steps.step("read-ticket", String.class, attempt -> {
            effect(outbox, "read-ticket", attempt, "ticket read");
            return "login fails since Monday";
        });
        String customer = steps.step("find-customer", String.class, attempt -> {
            effect(outbox, "find-customer", attempt, "customer found");
            return "ACME, gold";
        });
        System.out.println("process " + ProcessHandle.current().pid() + " has two steps behind it");
        String summary = steps.step("summarise", String.class, attempt -> {
            effect(outbox, "summarise", attempt, "summary bought");
            attempt.usage(new ModelUsage("example", "small", 812, 64, 0, 0, Optional.of(new BigDecimal("0.0041"))));
            return customer + ": " + text;
        });
        String team = steps.step("assign", String.class, attempt -> {
            effect(outbox, "assign", attempt, "assigned");
            return "identity team";
        });
        String reply = steps.step("answer", String.class, attempt -> {
            effect(outbox, "answer", attempt, "answer sent");
            return "We are on it.";
        });
        return new Report(summary, team, reply);
    }
    // end::agent[]

    /** Something in the world that must not happen twice: whoever has seen the step's key does nothing. */
    private static void effect(Path outbox, String step, Steps.Attempt attempt, String line)
            throws IOException, InterruptedException {
        System.err.println("running " + step);
        TimeUnit.MILLISECONDS.sleep(400);
        String key = attempt.idempotencyKey() + " ";
        if (Files.notExists(outbox) || Files.readAllLines(outbox).stream().noneMatch(seen -> seen.startsWith(key))) {
            Files.writeString(outbox, key + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
