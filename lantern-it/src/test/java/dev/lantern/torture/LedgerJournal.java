package dev.lantern.torture;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.Journal;
import dev.lantern.testkit.sim.ForwardingJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * Writes down what a host asked of the journal before it asks, and what the journal answered before the host hears of
 * it. The file survives the host, not the machine, which is all that is killed here.
 */
final class LedgerJournal extends ForwardingJournal {
    private final FileChannel file;
    private volatile long incarnation;

    LedgerJournal(Journal inner, Path ledger) throws IOException {
        super(inner);
        this.file = FileChannel.open(ledger, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** This host's incarnation, once it has joined. */
    long incarnation() {
        return incarnation;
    }

    @Override
    public HostLease join(String address, Duration lease, Duration within) {
        HostLease joined = super.join(address, lease, within);
        incarnation = joined.host();
        return joined;
    }

    @Override
    public List<CreateResult> create(List<Create> group, Duration within) {
        StringBuilder asked = new StringBuilder();
        group.forEach(create -> asked(asked, create.host(), 0, create.events()));
        write(asked);
        List<CreateResult> results = super.create(group, within);
        StringBuilder told = new StringBuilder();
        for (int i = 0; i < group.size(); i++) {
            told(
                    told,
                    results.get(i),
                    results.get(i) instanceof CreateResult.Created,
                    group.get(i).events());
        }
        write(told);
        return results;
    }

    @Override
    public List<AppendResult> append(List<Append> group, Duration within) {
        StringBuilder asked = new StringBuilder();
        group.forEach(
                append -> asked(asked, append.fence().host(), append.fence().epoch(), append.events()));
        write(asked);
        List<AppendResult> results = super.append(group, within);
        StringBuilder told = new StringBuilder();
        for (int i = 0; i < group.size(); i++) {
            AppendResult result = results.get(i);
            boolean stands = result instanceof AppendResult.Appended || result instanceof AppendResult.Replayed;
            told(told, result, stands, group.get(i).events());
        }
        write(told);
        return results;
    }

    private static void asked(StringBuilder lines, long host, int epoch, List<Event> events) {
        for (Event event : events) {
            lines.append(new Ledger.Asked(event.hash().hex(), host, epoch).line());
        }
    }

    private static void told(StringBuilder lines, Object result, boolean stands, List<Event> events) {
        lines.append(new Ledger.Told(result.getClass().getSimpleName()).line());
        if (stands) {
            for (Event event : events) {
                lines.append(new Ledger.Acknowledged(event.hash().hex()).line());
            }
        }
    }

    /** One write, which either is in the file or is not, whenever this process is killed. */
    private void write(StringBuilder lines) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
            synchronized (file) {
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
