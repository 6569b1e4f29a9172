package dev.lantern.k8s;

import dev.lantern.substrate.InstanceRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was seen, sorted by instance, and which instances have to be looked at for it. Used under the lock of the
 * {@link Observatory} only.
 */
final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int MOST_STRANGERS = 100;

    private final Whereabouts whereabouts;
    private final Surroundings around;
    private final Supplier<Condition> conditions;
    private final Map<InstanceRef, Watched> byInstance = new TreeMap<>();
    private final Map<String, Watched> byPlace = new TreeMap<>();
    private final LinkedHashSet<Watched> touched = new LinkedHashSet<>();
    private final TreeSet<String> strangers = new TreeSet<>();

    Ledger(Whereabouts whereabouts, Surroundings around, Supplier<Condition> conditions) {
        this.whereabouts = whereabouts;
        this.around = around;
        this.conditions = conditions;
    }

    // -- instances

    Optional<Watched> find(InstanceRef instance) {
        return Optional.ofNullable(byInstance.get(instance));
    }

    Watched of(InstanceRef instance) {
        Watched found = byInstance.get(instance);
        if (found == null) {
            found = new Watched(instance, whereabouts.of(instance), conditions.get());
            byInstance.put(instance, found);
            byPlace.put(found.place.namespace() + "/" + found.place.job(), found);
        }
        return found;
    }

    void drop(Watched watched) {
        byInstance.remove(watched.instance);
        byPlace.remove(watched.place.namespace() + "/" + watched.place.job());
        touched.remove(watched);
    }

    int size() {
        return byInstance.size();
    }

    /** It has to be looked at, and so has whoever waits for it. */
    void touch(Watched watched) {
        touched.add(watched);
        watched.changed.signalAll();
    }

    void touchAll() {
        byInstance.values().forEach(this::touch);
    }

    /** Up to so many that have to be looked at; they are taken off the list. */
    List<Watched> take(int most) {
        List<Watched> taken = new ArrayList<>();
        while (taken.size() < most && !touched.isEmpty()) {
            Watched next = touched.iterator().next();
            touched.remove(next);
            taken.add(next);
        }
        return taken;
    }

    boolean isQuiet() {
        return touched.isEmpty();
    }

    private void touchIf(Predicate<Watched> concerned) {
        byInstance.values().stream().filter(concerned).forEach(this::touch);
    }

    private static boolean isOn(Watched watched, String node) {
        return watched.pod()
                .flatMap(pod -> pod.glimpse().node())
                .filter(node::equals)
                .isPresent();
    }

    // -- sights

    void job(Sight<JobTrace> sight) {
        now(sight)
                .ifPresent(job -> ours(job.instance(), "Job", job.namespace() + "/" + job.name())
                        .ifPresent(ours -> {
                            ours.job(job);
                            touch(ours);
                        }));
        gone(sight)
                .flatMap(job -> job.instance().flatMap(this::find).map(ours -> {
                    ours.noJob(job);
                    return ours;
                }))
                .ifPresent(this::touch);
    }

    void pod(Sight<PodTrace> sight) {
        now(sight)
                .ifPresent(pod -> ours(
                                pod.instance(),
                                "pod",
                                pod.glimpse().namespace() + "/" + pod.glimpse().name())
                        .ifPresent(ours -> {
                            ours.pod(pod);
                            touch(ours);
                        }));
        gone(sight)
                .flatMap(pod -> pod.instance().flatMap(this::find).map(ours -> {
                    ours.noPod(pod);
                    return ours;
                }))
                .ifPresent(this::touch);
    }

    /** What somebody labelled as ours and is not. Said once of each; nothing is ever told about it. */
    private Optional<Watched> ours(Optional<InstanceRef> instance, String kind, String name) {
        if (instance.isEmpty()) {
            if (strangers.size() < MOST_STRANGERS && strangers.add(kind + " " + name)) {
                LOG.warn(
                        "{} {} bears the marks of this installation, but is none of its instances'; it is left alone."
                                + " See who made it",
                        kind,
                        Shown.plain(name));
            }
            return Optional.empty();
        }
        return Optional.of(of(instance.get()));
    }

    void node(Sight<NodeTrace> sight) {
        now(sight).ifPresent(around::node);
        gone(sight).ifPresent(around::noNode);
        // Nodes tell of themselves all the time, mostly nothing new.
        boolean news = !(sight instanceof Sight.Changed<NodeTrace> changed)
                || !changed.before().equals(changed.now());
        if (news) {
            now(sight)
                    .or(() -> gone(sight))
                    .ifPresent(
                            node -> touchIf(watched -> isOn(watched, node.id().name())));
        }
    }

    void runtimeClass(Sight<JobTrace.ClassId> sight) {
        now(sight).ifPresent(around::runtimeClass);
        gone(sight).ifPresent(around::noRuntimeClass);
        boolean news = !(sight instanceof Sight.Changed<JobTrace.ClassId> changed)
                || !changed.before().equals(changed.now());
        if (news && now(sight).or(() -> gone(sight)).isPresent()) {
            touchAll();
        }
    }

    void policy(Sight<PolicyTrace> sight) {
        now(sight).ifPresent(around.fences::put);
        gone(sight).ifPresent(around.fences::remove);
        now(sight)
                .or(() -> gone(sight))
                .ifPresent(
                        policy -> touchIf(watched -> watched.place.namespace().equals(policy.namespace())));
    }

    void neighbour(Sight<Neighbour> sight) {
        if (sight instanceof Sight.Changed<Neighbour> changed) {
            around.neighbours.remove(changed.before());
        }
        gone(sight).ifPresent(around.neighbours::remove);
        now(sight)
                .filter(around.neighbours::put)
                .ifPresent(pod -> touchIf(watched -> Surroundings.isDedicated(watched) && isOn(watched, pod.node())));
    }

    void event(Sight<Saying> sight, long now) {
        now(sight).filter(Saying::concernsUs).ifPresent(saying -> {
            around.sayings.put(saying, now);
            Optional.ofNullable(byPlace.get(saying.place())).ifPresent(this::touch);
        });
        gone(sight).filter(Saying::concernsUs).ifPresent(around.sayings::remove);
    }

    private static <T> Optional<T> now(Sight<T> sight) {
        if (sight instanceof Sight.Came<T> came) {
            return Optional.of(came.now());
        }
        return sight instanceof Sight.Changed<T> changed ? Optional.of(changed.now()) : Optional.empty();
    }

    private static <T> Optional<T> gone(Sight<T> sight) {
        return sight instanceof Sight.Went<T> went ? Optional.of(went.last()) : Optional.empty();
    }
}
