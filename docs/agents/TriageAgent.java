import dev.lantern.agent.*;
import dev.lantern.agent.Steps.Resolution;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.*;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A whole agent. BANK is the world outside, a file. With DIE_ONCE=yes the first instance dies inside its charge. */
public final class TriageAgent implements Agent<TriageAgent.Ticket, TriageAgent.Report> {
    record Ticket(long id) {}

    record Report(long ticket, String summary, String team, String receipt) {}

    private static final StepSpec CHARGE = StepSpec.named("charge").withEffect(Effect.AT_MOST_ONCE);

    private final Path bank = Path.of(System.getenv().getOrDefault("BANK", "/tmp/bank"));

    public static void main(String[] args) {
        AgentMain.run(Ticket.class, new TriageAgent());
    }

    @Override
    public Report run(Steps steps, Ticket ticket) throws Exception {
        System.err.println("in doubt: " + steps.inDoubt());
        String summary = steps.step("summarise", String.class, attempt -> {
            attempt.usage(new ModelUsage("example", "small", 812, 64, 0, 0, Optional.of(new BigDecimal("0.0041"))));
            return "ticket " + ticket.id() + ": login fails";
        });
        String team = classify(steps, summary);
        String receipt = charge(steps, "receipt " + ticket.id());
        steps.usage(ModelUsage.of("example", "embedding", 120, 0));
        return new Report(ticket.id(), summary, team, receipt);
    }

    private String classify(Steps steps, String summary) throws Exception {
        StepSpec spec = StepSpec.named("classify").withEffect(Effect.PURE).withInput(summary);
        while (true) {
            try {
                return steps.step(spec, String.class, attempt -> {
                    if (attempt.number() == 1) {
                        throw new TimeoutException();
                    }
                    return "identity";
                });
            } catch (TimeoutException onceMore) {
                System.err.println("once more");
            }
        }
    }

    private String charge(Steps steps, String receipt) throws Exception {
        try {
            return steps.step(CHARGE, String.class, attempt -> {
                if (attempt.number() == 1 && "yes".equals(System.getenv("DIE_ONCE"))) {
                    Runtime.getRuntime().halt(137);
                }
                String line = attempt.idempotencyKey() + "\n";
                Files.writeString(bank, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                return receipt;
            });
        } catch (StepInDoubtException unknown) {
            boolean happened = inBank(unknown.idempotencyKey());
            Resolution resolution = happened ? Resolution.HAPPENED : Resolution.DID_NOT_HAPPEN;
            for (StepInDoubt doubt : steps.inDoubt()) {
                steps.resolve(doubt, resolution, "the bank's list says so");
            }
            if (!happened) {
                return charge(steps, receipt);
            }
            steps.settle(CHARGE, receipt);
            return receipt;
        }
    }

    private boolean inBank(String key) throws IOException {
        return Files.exists(bank) && Files.readAllLines(bank).contains(key);
    }
}
