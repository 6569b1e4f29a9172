package dev.lantern.testkit.kubernetes;

import static java.util.Objects.requireNonNull;

import java.util.function.Predicate;

/**
 * Which requests a rule or a fault is about. It starts with all of them; each call gives a narrower matcher. Immutable.
 *
 * <pre>{@code
 * RequestMatcher.any().verb("list").resource("nodes")
 * }</pre>
 */
public final class RequestMatcher {
    private final String text;
    private final Predicate<SeenRequest> test;

    private RequestMatcher(String text, Predicate<SeenRequest> test) {
        this.text = text;
        this.test = test;
    }

    /** Every request. */
    public static RequestMatcher any() {
        return new RequestMatcher("any request", request -> true);
    }

    /** Only those with one of these verbs, as in RBAC. */
    public RequestMatcher verb(String... verbs) {
        java.util.List<String> wanted = java.util.List.of(verbs);
        return and("verb " + wanted, request -> wanted.contains(request.verb()));
    }

    /** Only those for that resource: {@code pods}, {@code jobs.batch}, {@code pods/log}. */
    public RequestMatcher resource(String resource) {
        requireNonNull(resource, "resource");
        return and("resource " + resource, request -> request.resource().equals(resource));
    }

    /** Only those in that namespace; empty means over all, and for what has none. */
    public RequestMatcher namespace(String namespace) {
        requireNonNull(namespace, "namespace");
        return and("namespace " + namespace, request -> request.namespace().equals(namespace));
    }

    /** Only those for the resource of that name. */
    public RequestMatcher name(String name) {
        requireNonNull(name, "name");
        return and("name " + name, request -> request.name().equals(name));
    }

    /** Only those with that path. */
    public RequestMatcher path(String path) {
        requireNonNull(path, "path");
        return and("path " + path, request -> request.path().equals(path));
    }

    /** Only those whose query has this text in it, as it came. */
    public RequestMatcher query(String part) {
        requireNonNull(part, "part");
        return and("query with " + part, request -> request.query().contains(part));
    }

    /** Only those of that user. */
    public RequestMatcher user(String user) {
        requireNonNull(user, "user");
        return and("user " + user, request -> request.user().equals(user));
    }

    /** Whether this is about that request. */
    public boolean matches(SeenRequest request) {
        return test.test(request);
    }

    private RequestMatcher and(String more, Predicate<SeenRequest> narrower) {
        return new RequestMatcher(text + ", " + more, test.and(narrower));
    }

    @Override
    public String toString() {
        return text;
    }
}
