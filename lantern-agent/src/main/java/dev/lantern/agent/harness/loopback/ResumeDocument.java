package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.harness.Harness;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.internal.Json;
import java.util.ArrayList;
import java.util.List;

/** What a new instance is told of its run: as data, and in words that a model can act on. */
final class ResumeDocument {
    private static final int NAMED_STEPS = 20;

    private ResumeDocument() {}

    static Json.Obj of(Harness harness, GatewayReply.Resume resume) {
        List<Json> completed = new ArrayList<>();
        for (GatewayReply.CompletedStep step : resume.completed()) {
            completed.add(step(step.step()).put("result", step.result().hex()).build());
        }
        List<Json> inDoubt = new ArrayList<>();
        for (GatewayReply.DoubtfulStep step : harness.inDoubt()) {
            inDoubt.add(doubtful(step).build());
        }
        return Json.object()
                .put("tenant", harness.run().tenant())
                .put("run", harness.run().run())
                .put("epoch", harness.epoch())
                .put("completed", Json.array(completed))
                .put("inDoubt", Json.array(inDoubt))
                .put("say", say(harness, resume))
                .build();
    }

    static Json.Builder doubtful(GatewayReply.DoubtfulStep step) {
        return step(step.step())
                .put("effect", step.effect().wireName())
                .put("startedInEpoch", step.startedInEpoch())
                .put("say", say(step));
    }

    /** One step in doubt, in words. */
    static String say(GatewayReply.DoubtfulStep step) {
        String which = step.step()
                .key()
                .map(key -> "key=<its key>")
                .orElse("occurrence=" + step.step().occurrence());
        return "Instance " + step.startedInEpoch() + " began step " + step.step()
                + " and ended before saying how it went. Its effect on the world may or may not have taken place."
                + " Find out, do not run it again before you know, then POST /v1/steps/"
                + step.step().name() + "/resolve?" + which + "&happened=true|false with how you know as the body, and"
                + " begin the step again.";
    }

    private static Json.Builder step(StepId id) {
        Json.Builder json = Json.object().put("step", id.name());
        return id.key().isPresent() ? json.put("key", id.key()) : json.put("occurrence", id.occurrence());
    }

    private static String say(Harness harness, GatewayReply.Resume resume) {
        StringBuilder say = new StringBuilder("You are instance ")
                .append(harness.epoch())
                .append(" of run ")
                .append(harness.run().run())
                .append(". ");
        if (resume.completed().isEmpty()) {
            say.append("No step is done yet.");
        } else {
            say.append(resume.completed().size())
                    .append(" steps are done and will not run again: begin answers their results (")
                    .append(names(resume.completed()))
                    .append("). Work from the beginning as usual.");
        }
        for (GatewayReply.DoubtfulStep step : harness.inDoubt()) {
            say.append(' ').append(say(step));
        }
        return say.toString();
    }

    private static String names(List<GatewayReply.CompletedStep> steps) {
        List<String> names = new ArrayList<>();
        for (GatewayReply.CompletedStep step : steps.subList(0, Math.min(NAMED_STEPS, steps.size()))) {
            names.add(step.step().toString());
        }
        return String.join(", ", names) + (steps.size() > NAMED_STEPS ? ", …" : "");
    }
}
