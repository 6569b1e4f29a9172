package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.util.Locale;

/** A problem as RFC 9457 has it: {@code application/problem+json} with our {@code code} beside the standard members. */
public final class ProblemJson {
    /** The media type of a refusal. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPES = "https://lantern.dev/problems/";

    private ProblemJson() {}

    public static Json.Obj of(Problem problem) {
        return of(problem.code().wireName(), problem.code().status(), problem.detail())
                .put("owner", problem.owner())
                .build();
    }

    /** A problem that has no {@link Problem.Code}, such as a broken rule of HTTP. */
    public static Json.Builder of(String code, int status, String detail) {
        return Json.object()
                .put("type", TYPES + code)
                .put("title", code.replace('-', ' '))
                .put("status", status)
                .put("code", code)
                .put("detail", detail);
    }

    /** @throws LanternException if it names no code that this version knows */
    public static Problem read(Json.Obj json) {
        return new Problem(code(json.text("code")), json.text("detail"), json.findText("owner"));
    }

    private static Problem.Code code(String wireName) {
        String name = wireName.toUpperCase(Locale.ROOT).replace('-', '_');
        for (Problem.Code code : Problem.Code.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        throw new LanternException("the gateway refused with a code that this protocol does not know");
    }
}
