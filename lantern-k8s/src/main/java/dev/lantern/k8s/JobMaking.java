package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * Sees to it that an instance's Job stands and is what was asked for: asks for it without effect, makes it, compares. One
 * that stands already is taken up if it is the same, whoever made it.
 */
final class JobMaking {
    private static final List<String> DECIDED = List.of("Complete", "Failed", "SuccessCriteriaMet", "FailureTarget");

    private final Calls calls;
    private final Whereabouts whereabouts;

    JobMaking(Calls calls, Whereabouts whereabouts) {
        this.calls = calls;
        this.whereabouts = whereabouts;
    }

    /**
     * The Job as it stands; empty if it has ended, which is told by whoever watches.
     *
     * @param latest the latest deadlines that a Job of this instance can have
     * @throws NotStartedException if it cannot be made, or something else stands there
     * @throws LanternException if nothing is known
     */
    Optional<StandingJob> make(PodRequest request, Deadlines latest, Within within) throws NotStartedException {
        JsonObject template = JobTemplate.of(request);
        Change create = Change.create(
                Paths.jobs(request.namespace()),
                template,
                Rule.namespace(request.namespace(), Paths.BATCH, "jobs", "create"));
        Result tried = calls.change(create.dryRun(), within.left());
        if (tried instanceof Done done) {
            requireSame(new ExpectedJob(template).compare(done.tree()), request, Optional.empty());
            return made(calls.change(create, within.left()), request, latest, template, within);
        }
        if (tried instanceof Result.Unknown) {
            throw unknown(request, tried);
        }
        return made(tried, request, latest, template, within);
    }

    private Optional<StandingJob> made(
            Result result, PodRequest request, Deadlines latest, JsonObject template, Within within)
            throws NotStartedException {
        if (result instanceof Done done) {
            String uid = uid(done.tree(), request);
            requireSame(new ExpectedJob(template).compare(done.tree()), request, Optional.of(uid));
            return Optional.of(new StandingJob(request, template, uid));
        }
        if (result instanceof Result.Refused refused) {
            throw NotStartedException.because(StartRefusal.of(refused, request.namespace()));
        }
        return found(result, request, latest, within);
    }

    /** There is one, or there may be one. */
    private Optional<StandingJob> found(Result why, PodRequest request, Deadlines latest, Within within)
            throws NotStartedException {
        Result read = calls.read(Paths.job(request.namespace(), name(request)), name(request), within.left());
        if (read instanceof Done done) {
            return takenUp(done.tree(), request, latest);
        }
        if (read instanceof Result.Gone && why instanceof Result.AlreadyThere) {
            throw NotStartedException.because(what(request) + " stood, and was gone when it was looked at", false);
        }
        throw unknown(request, read instanceof Result.Gone ? why : read);
    }

    private Optional<StandingJob> takenUp(JsonObject job, PodRequest request, Deadlines latest)
            throws NotStartedException {
        requireOurs(job, request);
        String uid = uid(job, request);
        if (ExpectedJob.text(job, "metadata", "deletionTimestamp").isPresent()) {
            throw NotStartedException.because(
                    what(request) + " is being deleted, and the same instance is not made twice", false);
        }
        if (hasEnded(job)) {
            return Optional.empty();
        }
        PodRequest same = request.until(deadlines(job, request.deadlines(), latest));
        JsonObject template = JobTemplate.of(same);
        List<Difference> differences = new ExpectedJob(template).compare(job);
        if (!differences.isEmpty()) {
            // Perhaps a host with another configuration made it. If something else changes Jobs, the next one shows it.
            throw NotStartedException.removing(
                    uid,
                    new InstanceEnd.StartFailed(
                            what(request) + " stood and was not what this host makes: " + Difference.lines(differences)
                                    + "; the next instance is made anew",
                            false));
        }
        return Optional.of(new StandingJob(same, template, uid));
    }

    /** A name follows from whose instance it is, so what stands there under other marks was put there. */
    private void requireOurs(JsonObject job, PodRequest request) throws NotStartedException {
        InstanceRef instance = request.key().instance();
        if (!whereabouts.instanceOf(job).equals(Optional.of(instance))) {
            throw NotStartedException.because(
                    what(request) + " stands and is another's: expected " + Marks.INSTALLATION + " "
                            + Shown.quoted(request.key().installation()) + " of " + instance + ", found "
                            + Shown.quoted(mark(job, "labels", Marks.INSTALLATION)) + " of "
                            + Shown.quoted(mark(job, "annotations", Marks.TENANT) + "/"
                                    + mark(job, "annotations", Marks.RUN) + "@" + mark(job, "labels", Marks.EPOCH))
                            + "; it is left alone: see who made it, and who may make Jobs in that namespace",
                    true);
        }
        String digest = request.spec().digest().toString();
        if (!mark(job, "annotations", Marks.SPEC_DIGEST).equals(digest)) {
            throw NotStartedException.because(
                    what(request) + " stands and is of another spec: expected " + Shown.quoted(digest) + ", found "
                            + Shown.quoted(mark(job, "annotations", Marks.SPEC_DIGEST))
                            + "; it is left alone: see who made it",
                    true);
        }
        if (!mark(job, "annotations", Marks.TEMPLATE).equals(JobTemplate.VERSION)) {
            throw NotStartedException.because(
                    what(request) + " was made by a host of another version: expected template "
                            + JobTemplate.VERSION + ", found "
                            + Shown.quoted(mark(job, "annotations", Marks.TEMPLATE))
                            + "; the next instance is made anew",
                    false);
        }
    }

    /**
     * Its own deadlines, if they are no later than they can be: whoever made it counted from when it did. The pod's is
     * taken, and the Job's has to agree with it.
     */
    private static Deadlines deadlines(JsonObject job, Deadlines ours, Deadlines latest) {
        long most = Deadlines.seconds(latest.fromStart());
        return seconds(job)
                .filter(seconds -> seconds <= most)
                .map(ours::fromStart)
                .orElse(ours);
    }

    private static Optional<Long> seconds(JsonObject job) {
        JsonElement here = job;
        for (String member : List.of("spec", "template", "spec", "activeDeadlineSeconds")) {
            here = here instanceof JsonObject object && object.has(member) ? object.get(member) : new JsonObject();
        }
        if (!(here instanceof JsonPrimitive number) || !number.isNumber()) {
            return Optional.empty();
        }
        BigDecimal value = number.getAsBigDecimal();
        boolean sane = value.compareTo(BigDecimal.ONE) >= 0
                && value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
                && value.stripTrailingZeros().scale() <= 0;
        return sane ? Optional.of(value.longValue()) : Optional.empty();
    }

    private static boolean hasEnded(JsonObject job) {
        if (!(job.get("status") instanceof JsonObject status)
                || !(status.get("conditions") instanceof JsonArray conditions)) {
            return false;
        }
        for (JsonElement element : conditions) {
            if (element instanceof JsonObject condition
                    && DECIDED.contains(ExpectedJob.text(condition, "type").orElse(""))
                    && ExpectedJob.text(condition, "status").equals(Optional.of("True"))) {
                return true;
            }
        }
        return false;
    }

    private static void requireSame(List<Difference> differences, PodRequest request, Optional<String> uid)
            throws NotStartedException {
        if (differences.isEmpty()) {
            return;
        }
        InstanceEnd.Violated violated = PodViolations.of(differences, request.namespace());
        throw uid.isPresent()
                ? NotStartedException.removing(uid.get(), violated)
                : NotStartedException.because(violated);
    }

    private static String uid(JsonObject job, PodRequest request) {
        return ExpectedJob.text(job, "metadata", "uid")
                .filter(uid -> !uid.isEmpty())
                .orElseThrow(() -> new LanternException(what(request) + " came back without a UID, which no API server"
                        + " leaves out; see what stands between it and this host"));
    }

    private static String mark(JsonObject job, String map, String mark) {
        return ExpectedJob.text(job, "metadata", map, mark).orElse("");
    }

    private static LanternException unknown(PodRequest request, Result result) {
        return new LanternException("starting " + request.key().instance() + ": " + said(result));
    }

    /** What is known of a call of which nothing else came. */
    static String said(Result result) {
        if (result instanceof Result.Unknown unknown) {
            return unknown.why();
        }
        return result instanceof Result.Refused refused ? refused.why() : "the API server said " + result;
    }

    private static String name(PodRequest request) {
        return request.key().jobName();
    }

    private static String what(PodRequest request) {
        return "Job " + request.namespace() + "/" + name(request);
    }
}
