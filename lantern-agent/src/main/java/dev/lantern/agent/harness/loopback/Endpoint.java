package dev.lantern.agent.harness.loopback;

import java.util.Optional;

/** What is served, as the OpenAPI file lists it. */
enum Endpoint {
    BEGIN("POST", "/v1/steps/{name}/begin", "key", "effect", "reserve_tokens"),
    COMPLETE("POST", "/v1/steps/{name}/complete", "key", "occurrence"),
    FAIL("POST", "/v1/steps/{name}/fail", "key", "occurrence"),
    RESOLVE("POST", "/v1/steps/{name}/resolve", "key", "occurrence", "happened"),
    STEP_USAGE("POST", "/v1/steps/{name}/usage", "key", "occurrence"),
    USAGE("POST", "/v1/usage"),
    OUTPUT("POST", "/v1/output"),
    INPUT("GET", "/v1/input"),
    SECRETS("GET", "/v1/secrets"),
    SECRET("GET", "/v1/secrets/{name}"),
    RUN("GET", "/v1/run");

    private static final String STEPS = "/v1/steps/";
    private static final String NAME = "{name}";

    private final String method;
    private final String template;
    private final String[] parameters;

    Endpoint(String method, String template, String... parameters) {
        this.method = method;
        this.template = template;
        this.parameters = parameters;
    }

    String method() {
        return method;
    }

    String template() {
        return template;
    }

    /** The query parameters it knows. */
    String[] parameters() {
        return parameters.clone();
    }

    /** The endpoint of this path, whatever the method. A step's name may hold slashes, so its verb is the last segment. */
    static Optional<Endpoint> of(String path) {
        for (Endpoint endpoint : values()) {
            if (endpoint.serves(path)) {
                return Optional.of(endpoint);
            }
        }
        return Optional.empty();
    }

    /** The step's name in a path that this endpoint serves, still escaped. */
    String stepName(String path) {
        return path.substring(STEPS.length(), path.length() - verb().length());
    }

    /** The secret's name in a path that this endpoint serves, still escaped. */
    String secretName(String path) {
        return path.substring(template.length() - NAME.length());
    }

    private boolean serves(String path) {
        if (template.endsWith(NAME)) {
            String folder = template.substring(0, template.length() - NAME.length());
            return path.startsWith(folder) && path.length() > folder.length();
        }
        if (!template.startsWith(STEPS)) {
            return template.equals(path);
        }
        return path.startsWith(STEPS) && path.endsWith(verb()) && path.length() > STEPS.length() + verb().length();
    }

    private String verb() {
        return template.substring(template.lastIndexOf('/'));
    }
}
