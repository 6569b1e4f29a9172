package dev.lantern.core.runtime;

import dev.lantern.LanternRuntime;
import dev.lantern.RunConflictException;
import dev.lantern.SpawnRequest;
import dev.lantern.core.engine.Host;
import dev.lantern.core.engine.RunReader;
import dev.lantern.core.event.EventData;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.core.identity.StrictSignatures;
import dev.lantern.core.operations.ChainAudit;
import dev.lantern.core.operations.CoreRetention;
import dev.lantern.core.operations.RunSearch;
import dev.lantern.gate.Decision;
import dev.lantern.gate.Preflight;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.RunRow;
import dev.lantern.retention.Retention;
import dev.lantern.run.AgentRun;
import dev.lantern.run.Retained;
import dev.lantern.run.RunDisposedException;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunPage;
import dev.lantern.run.RunQuery;
import dev.lantern.spec.AgentSpec;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The runtime of {@code lantern-core}: a host, and handles on what it and other hosts run. */
final class CoreRuntime implements LanternRuntime {
    private static final int RUN_ID_BYTES = 10;
    private static final int TRACE_ID_BYTES = 16;

    private final RuntimeParts parts;
    private final Host host;
    private final RunReader reader;
    private final RunSearch search;
    private final ChainAudit audit;
    private final Retention retention;
    private final AtomicBoolean closed = new AtomicBoolean();

    CoreRuntime(RuntimeParts parts, Host host) {
        this.parts = parts;
        this.host = host;
        Duration within = parts.settings().callWithin();
        this.reader = new RunReader(parts.journal(), parts.forms(), parts.codec(), within);
        this.search = new RunSearch(parts.journal(), within);
        this.audit = new ChainAudit(
                parts.journal(),
                new StrictSignatures(),
                new EventData(parts.forms().specs()),
                within);
        this.retention = new CoreRetention(parts.journal(), audit, parts.logs(), parts.turns()::now, within);
    }

    @Override
    public AgentRun spawn(SpawnRequest request) {
        requireOpen();
        RunRef run = new RunRef(request.tenant(), request.runId().orElseGet(() -> "run-" + hex(RUN_ID_BYTES)));
        AgentSpec narrowed = SpawnForms.narrowed(request);
        Payload payload = SpawnForms.input(request, parts.codec());
        Opening input = Opening.of(payload.mediaType(), parts.turns().random(Opening.SALT_LENGTH), payload.bytes());
        Digest digest = SpawnForms.digest(request.spec(), narrowed, input.commitment());
        RunEvent.RunCreated created = new RunEvent.RunCreated(
                narrowed, request.spec().digest(), digest, input.commitment(), hex(TRACE_ID_BYTES));
        CreateResult result = create(run, created, labels(request), input);
        if (result instanceof CreateResult.Exists exists) {
            requireSame(exists.row(), request.spec(), narrowed, payload);
            return handle(exists.row());
        }
        return handle(((CreateResult.Created) result).row());
    }

    private static RunLabels labels(SpawnRequest request) {
        RunLabels labels = RunLabels.none();
        for (Map.Entry<String, String> label : request.spec().metadataLabels().entrySet()) {
            labels = labels.with(label.getKey(), label.getValue());
        }
        for (Map.Entry<String, String> label : request.labels().asMap().entrySet()) {
            labels = labels.with(label.getKey(), label.getValue());
        }
        return labels;
    }

    private CreateResult create(RunRef run, RunEvent.RunCreated created, RunLabels labels, Opening input) {
        CompletableFuture<CreateResult> answer = new CompletableFuture<>();
        host.create(run, created, labels, input, answer::complete);
        try {
            return answer.get(parts.settings().callWithin().toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LanternException(unknown(run, "the thread was interrupted"), e);
        } catch (TimeoutException e) {
            throw new LanternException(unknown(run, "the journal did not answer in time"), e);
        } catch (ExecutionException e) {
            throw new LanternException(unknown(run, "the journal failed"), e);
        }
    }

    private static String unknown(RunRef run, String why) {
        return "run " + run + " was not acknowledged: " + why
                + ". It may or may not stand; spawning it again with the same run id is safe";
    }

    /** The same request attaches. Equality is decided under the standing run's salt, so no input is compared in plain. */
    private void requireSame(RunRow row, AgentSpec requested, AgentSpec narrowed, Payload input) {
        RunReader.Origin origin = reader.origin(row);
        byte[] salt = origin.input()
                .map(StoredOpening::salt)
                .orElseThrow(() -> new RunDisposedException("spawn run " + row.run(), row.run(), Retained.CHAIN));
        Digest digest = SpawnForms.digestUnder(salt, requested, narrowed, input);
        if (!digest.equals(origin.request())) {
            throw new RunConflictException(row.run(), origin.request(), digest);
        }
    }

    @Override
    public Decision preview(AgentSpec spec) {
        return preview("default", spec);
    }

    @Override
    public Decision preview(String tenant, AgentSpec spec) {
        requireOpen();
        return parts.gate().preview(tenantOf(tenant), spec);
    }

    @Override
    public Preflight preflight() {
        return preflight("default");
    }

    @Override
    public Preflight preflight(String tenant) {
        requireOpen();
        return parts.gate().preflight(tenantOf(tenant));
    }

    /** Refuses what no run could have as its tenant. */
    private static String tenantOf(String tenant) {
        return new RunRef(tenant, "preview").tenant();
    }

    @Override
    public Optional<AgentRun> find(String tenant, String runId) {
        requireOpen();
        return reader.find(new RunRef(tenant, runId)).map(this::handle);
    }

    @Override
    public RunPage runs(RunQuery query) {
        requireOpen();
        return search.page(query);
    }

    @Override
    public Retention retention() {
        requireOpen();
        return retention;
    }

    private AgentRun handle(RunRow row) {
        return new CoreRun(row.run(), row.key(), parts, host, reader, audit);
    }

    private String hex(int bytes) {
        return HexFormat.of().formatHex(parts.turns().random(bytes));
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new LanternException("this runtime is closed; start another one on the same journal");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            parts.close(host);
        }
    }
}
