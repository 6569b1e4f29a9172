package dev.lantern.agent.harness;

import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes the agent's steps from begin to their end. One thread at a time. */
final class StepWork {
    private final RunRef run;
    private final int epoch;
    private final Calls calls;
    private final InstanceSigner signer;
    private final Salts salts;
    private final LastHead head;
    private final StepLedger ledger = new StepLedger();
    private final Map<StepId, GatewayReply.DoubtfulStep> inDoubt = new LinkedHashMap<>();
    /** The attempts that were in doubt last, settled or not: a repeated resolution names the same one. */
    private final Map<StepId, Integer> doubted = new LinkedHashMap<>();

    StepWork(RunRef run, int epoch, Calls calls, InstanceSigner signer, Salts salts, LastHead head) {
        this.run = run;
        this.epoch = epoch;
        this.calls = calls;
        this.signer = signer;
        this.salts = salts;
        this.head = head;
    }

    /** Takes over what the run left open. */
    void resumed(GatewayReply.Resume resume) {
        for (GatewayReply.DoubtfulStep step : resume.inDoubt()) {
            doubt(step);
        }
    }

    /** The steps that somebody must resolve, as far as this instance knows. */
    List<GatewayReply.DoubtfulStep> inDoubt() {
        return List.copyOf(inDoubt.values());
    }

    void begin(StepAsk ask, Consumer<GatewayReply> answer) {
        Optional<StepId> before = ask.retryToken().flatMap(ledger::begunWith);
        StepId id = before.orElseGet(() -> ledger.current(ask.name(), ask.key()));
        if (before.isPresent() && !names(ask, id)) {
            answer.accept(Refusals.tokenOfAnotherStep(id, ask.name()));
            return;
        }
        OpenStep open = ledger.open(id);
        if (open != null) {
            beginAgain(open, ask, answer);
        } else if (before.isPresent() && ledger.settled(id)) {
            // The journal answers a repeat of a begin that is long done; nothing changes here.
            calls.make(beginCall(id, ask, ask.input().map(salts::salted)), answer);
        } else {
            open(id, ask, answer);
        }
    }

    void complete(StepRef ref, Payload result, Consumer<GatewayReply> answer) {
        Optional<StepId> id = find(ref, answer);
        if (id.isEmpty()) {
            return;
        }
        Digest content = Salts.content(result);
        OpenStep step = ledger.open(id.get());
        if (step == null) {
            answer.accept(completedBefore(id.get(), content));
        } else if (step.state() instanceof OpenStep.Running running) {
            send(step, running, result, content, answer);
        } else if (step.state() instanceof OpenStep.Completing completing) {
            join(step.id(), completing, content, answer);
        } else {
            answer.accept(Refusals.busy(step));
        }
    }

    void fail(StepRef ref, String error, Consumer<GatewayReply> answer) {
        Optional<StepId> id = find(ref, answer);
        if (id.isEmpty()) {
            return;
        }
        OpenStep step = ledger.open(id.get());
        if (step == null) {
            GatewayReply.Accepted before = ledger.failed(id.get());
            answer.accept(before == null ? Refusals.notOpen(id.get()) : before);
        } else if (step.hasHappened()) {
            answer.accept(Refusals.happened(step.id()));
        } else if (step.state() instanceof OpenStep.Running running) {
            fail(step, running, error, answer);
        } else if (step.state() instanceof OpenStep.Failing failing) {
            failing.waiting().add(answer);
        } else {
            answer.accept(Refusals.busy(step));
        }
    }

    private void doubt(GatewayReply.DoubtfulStep step) {
        inDoubt.put(step.step(), step);
        doubted.put(step.step(), step.attempt());
    }

    /** Settles a step that is in doubt, whether this instance began it or only read of it. */
    void resolve(StepRef ref, boolean happened, String how, Consumer<GatewayReply> answer) {
        StepId id = ledger.named(ref);
        OpenStep open = ledger.open(id);
        if (open != null) {
            answer.accept(Refusals.of(
                    Problem.Code.INVALID,
                    "step " + id + " is " + open.situation() + " in this instance, not in doubt: complete or fail it"));
            return;
        }
        int attempt = doubted.getOrDefault(id, 0);
        calls.make(new GatewayCall.Resolve(run, epoch, id, attempt, happened, how), reply -> {
            acknowledge(reply);
            if (reply instanceof GatewayReply.Accepted) {
                inDoubt.remove(id);
            }
            answer.accept(reply);
        });
    }

    /** Notes usage of an open step; it travels with the step's completion or failure. */
    GatewayReply used(StepRef ref, String report, List<ModelUsage> usage) {
        Optional<StepId> id = ledger.find(ref);
        OpenStep step = id.isEmpty() ? null : ledger.open(id.get());
        if (step == null) {
            return id.isEmpty() ? Refusals.notOpen(ref.name()) : Refusals.notOpen(id.get());
        }
        if (!(step.state() instanceof OpenStep.Running running)) {
            return Refusals.busy(step);
        }
        step.addUsage(report, usage);
        return running.begun();
    }

    private static boolean names(StepAsk ask, StepId id) {
        return id.name().equals(ask.name()) && id.key().equals(ask.key());
    }

    private void beginAgain(OpenStep step, StepAsk ask, Consumer<GatewayReply> answer) {
        if (step.hasHappened()) {
            // There is no body that could run twice.
            answer.accept(((OpenStep.Running) step.state()).begun());
        } else if (!step.begunWith(ask.retryToken())) {
            answer.accept(Refusals.alreadyOpen(step));
        } else if (step.state() instanceof OpenStep.Asked asked) {
            asked.waiting().add(answer);
        } else if (step.state() instanceof OpenStep.Running running) {
            answer.accept(running.begun());
        } else {
            answer.accept(Refusals.busy(step));
        }
    }

    private void open(StepId id, StepAsk ask, Consumer<GatewayReply> answer) {
        Optional<Opening> input = ask.input().map(salts::salted);
        OpenStep step = new OpenStep(id, ask.effect(), input, ask.retryToken());
        List<Consumer<GatewayReply>> waiting = new ArrayList<>(List.of(answer));
        step.enter(new OpenStep.Asked(waiting));
        ledger.opened(step, ask.retryToken());
        calls.make(beginCall(id, ask, input), reply -> {
            tell(waiting, begun(step, reply));
        });
    }

    private GatewayCall.Begin beginCall(StepId id, StepAsk ask, Optional<Opening> input) {
        return new GatewayCall.Begin(run, epoch, id, ask.effect(), input, ask.reserveTokens(), head.seq(), head.hash());
    }

    private GatewayReply begun(OpenStep step, GatewayReply reply) {
        if (reply instanceof GatewayReply.RunIt run) {
            running(step, reply, run.idempotencyKey());
        } else if (reply instanceof GatewayReply.Happened happened) {
            running(step, reply, happened.idempotencyKey());
        } else if (reply instanceof GatewayReply.Recorded || reply instanceof GatewayReply.Erased) {
            ledger.recorded(step.id());
        } else {
            ledger.dropped(step.id());
            if (reply instanceof GatewayReply.InDoubt doubt) {
                doubt(doubt.step());
                return reply;
            }
            return reply instanceof GatewayReply.Refused ? reply : Refusals.unexpected("begin", reply);
        }
        inDoubt.remove(step.id());
        return reply;
    }

    private void running(OpenStep step, GatewayReply begun, String stepKey) {
        step.enter(new OpenStep.Running(begun, stepKey));
        ledger.running(step, stepKey);
    }

    private Optional<StepId> find(StepRef ref, Consumer<GatewayReply> answer) {
        Optional<StepId> id = ledger.find(ref);
        if (id.isEmpty()) {
            answer.accept(
                    ref.stepKey().isPresent() ? Refusals.unknownStepKey(ref.name()) : Refusals.notOpen(ref.name()));
        }
        return id;
    }

    private GatewayReply completedBefore(StepId id, Digest content) {
        StepLedger.Done done = ledger.done(id);
        if (done == null) {
            return Refusals.notOpen(id);
        }
        return done.content().equals(content) ? done.accepted() : Refusals.otherContent(id);
    }

    private void send(
            OpenStep step, OpenStep.Running running, Payload result, Digest content, Consumer<GatewayReply> answer) {
        Opening opening = salts.salted(result);
        StepRecord record = new StepRecord(
                run,
                epoch,
                step.id(),
                step.effect(),
                step.input().map(Opening::commitment),
                opening.commitment(),
                step.usage());
        byte[] signature = signer.sign(record.signedBytes());
        List<Consumer<GatewayReply>> waiting = new ArrayList<>(List.of(answer));
        step.enter(new OpenStep.Completing(running, content, waiting));
        calls.make(new GatewayCall.Complete(run, epoch, record, signature, step.input(), opening), reply -> {
            tell(waiting, completed(step, running, content, reply));
        });
    }

    private GatewayReply completed(OpenStep step, OpenStep.Running running, Digest content, GatewayReply reply) {
        acknowledge(reply);
        if (reply instanceof GatewayReply.Accepted accepted) {
            ledger.completed(step.id(), new StepLedger.Done(content, accepted));
            return reply;
        }
        if (reply instanceof GatewayReply.Refused refused && refused.problem().code() == Problem.Code.CONFLICT) {
            // The journal holds another result: the next begin answers it.
            ledger.dropped(step.id());
        } else {
            step.enter(running);
        }
        return reply instanceof GatewayReply.Refused ? reply : Refusals.unexpected("complete", reply);
    }

    private static void join(StepId id, OpenStep.Completing completing, Digest content, Consumer<GatewayReply> answer) {
        if (completing.content().equals(content)) {
            completing.waiting().add(answer);
        } else {
            answer.accept(Refusals.otherContent(id));
        }
    }

    private void fail(OpenStep step, OpenStep.Running running, String error, Consumer<GatewayReply> answer) {
        List<Consumer<GatewayReply>> waiting = new ArrayList<>(List.of(answer));
        step.enter(new OpenStep.Failing(running, waiting));
        if (step.usage().isEmpty()) {
            sendFailure(step, running, error, waiting);
            return;
        }
        // What a failed attempt has used is owed all the same; its report is named so that it counts once.
        String report = "failed/" + running.stepKey() + "/" + epoch + "/" + attempt(running);
        calls.make(new GatewayCall.Report(run, epoch, report, step.usage()), reply -> {
            acknowledge(reply);
            if (reply instanceof GatewayReply.Accepted) {
                sendFailure(step, running, error, waiting);
            } else {
                step.enter(running);
                tell(waiting, reply instanceof GatewayReply.Refused ? reply : Refusals.unexpected("usage", reply));
            }
        });
    }

    private void sendFailure(
            OpenStep step, OpenStep.Running running, String error, List<Consumer<GatewayReply>> waiting) {
        calls.make(new GatewayCall.Fail(run, epoch, step.id(), attempt(running), error), reply -> {
            acknowledge(reply);
            if (reply instanceof GatewayReply.Accepted accepted) {
                ledger.failed(step.id(), accepted);
                tell(waiting, reply);
            } else {
                step.enter(running);
                tell(waiting, reply instanceof GatewayReply.Refused ? reply : Refusals.unexpected("fail", reply));
            }
        });
    }

    private static int attempt(OpenStep.Running running) {
        return running.begun() instanceof GatewayReply.RunIt run ? run.attempt() : 0;
    }

    private void acknowledge(GatewayReply reply) {
        if (reply instanceof GatewayReply.Accepted accepted) {
            head.acknowledged(accepted);
        }
    }

    private static void tell(List<Consumer<GatewayReply>> waiting, GatewayReply reply) {
        for (Consumer<GatewayReply> one : new ArrayList<>(waiting)) {
            one.accept(reply);
        }
    }
}
