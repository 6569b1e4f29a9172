package dev.lantern.k8s;

import dev.lantern.substrate.InstanceEnd;
import java.util.List;

/**
 * What a refusal by the API server means to a start: whether another try, later or on another host, may be answered
 * otherwise. A pure function.
 */
final class StartRefusal {
    /** What lies in the request. Absent is the namespace, or the kind: somebody has to make it first. */
    private static final List<Integer> FOR_GOOD = List.of(400, 404, 405, 406, 413, 415, 422);

    /**
     * 403 is also said of things that pass: a quota that is full, rights that are being given anew, a namespace that is
     * made again. Everything else with 403 is admission, which judges what was asked for.
     */
    private static final List<String> PASSING =
            List.of("exceeded quota", "cannot create resource", "cannot patch resource", "being terminated");

    private StartRefusal() {}

    static InstanceEnd of(Result.Refused refused, String namespace) {
        if (PodViolations.isRefusedByPolicy(refused.why())) {
            return PodViolations.refusedByPolicy(refused.why(), namespace);
        }
        return new InstanceEnd.StartFailed(refused.why(), isForGood(refused.code(), refused.why()));
    }

    private static boolean isForGood(int code, String why) {
        return FOR_GOOD.contains(code) || code == 403 && PASSING.stream().noneMatch(why::contains);
    }
}
