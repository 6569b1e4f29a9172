package dev.lantern.testkit.kubernetes;

/**
 * A request that the fake has seen, whatever became of it. Immutable.
 *
 * @param method GET, POST, …
 * @param path without the query
 * @param query as it came, without the question mark
 * @param verb as in RBAC: get, list, watch, create, update, patch, delete, deletecollection; the method in lower case
 *     for paths that are no resource
 * @param resource {@code pods}, {@code jobs.batch}, {@code pods/log}; empty for paths that are no resource
 * @param namespace empty for what has none, and for lists over all
 * @param name empty for collections
 * @param user who asked; empty where that was not known
 */
public record SeenRequest(
        String method,
        String path,
        String query,
        String verb,
        String resource,
        String namespace,
        String name,
        String user) {

    static SeenRequest of(ApiRequest request, String user) {
        return Route.of(request.path())
                .map(route -> new SeenRequest(
                        request.method(),
                        request.path(),
                        request.query().raw(),
                        route.verb(request.method(), request.query().flag("watch"))
                                .orElse(request.method()),
                        resource(route.type(), route.subresource()),
                        route.namespace(),
                        route.name(),
                        user))
                .orElseGet(() -> new SeenRequest(
                        request.method(),
                        request.path(),
                        request.query().raw(),
                        request.method().toLowerCase(java.util.Locale.ROOT),
                        "",
                        "",
                        "",
                        user));
    }

    static String resource(ResourceType type, String subresource) {
        return subresource.isEmpty() ? type.qualified() : type.qualified() + "/" + subresource;
    }

    @Override
    public String toString() {
        return method + " " + path + (query.isEmpty() ? "" : "?" + query);
    }
}
