package dev.lantern.core.seal;

import static dev.lantern.core.seal.Fixed.bytes;
import static dev.lantern.core.seal.Fixed.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.format.Chain;
import dev.lantern.core.format.ErasableCodec;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResealingTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final InMemoryJournal journal = new InMemoryJournal(() -> Instant.EPOCH, "test");
    private final EnvelopeSeal before = EnvelopeSeal.under(KeyRing.of(key("k1", 1)));
    private final EnvelopeSeal between = EnvelopeSeal.under(KeyRing.of(key("k2", 2), key("k1", 1)));
    private final EnvelopeSeal after = EnvelopeSeal.under(KeyRing.of(key("k2", 2)));

    @Test
    void after_it_the_new_key_opens_everything_and_no_hash_has_changed() {
        List<Written> runs = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            runs.add(write("run-" + i, ErasableCodec.sealedBy(before), i % 3 + 1));
        }
        Written large = write("large", ErasableCodec.sealedBy(before), 1);
        keep(large, ErasableCodec.sealedBy(before), 150);
        List<List<Event>> chains = runs.stream().map(this::chain).toList();

        Resealing.Report report = Resealing.of(journal, between).run();

        assertThat(report.isComplete()).isTrue();
        assertThat(report.resealed()).isEqualTo(84 * 1 + 83 * 2 + 83 * 3 + 1 + 150);
        assertThat(report.current()).isZero();
        runs.forEach(run -> assertReadable(run, ErasableCodec.sealedBy(after)));
        assertThat(large.kept)
                .allSatisfy(opening -> assertThat(keptOf(large, ErasableCodec.sealedBy(after), opening))
                        .isEqualTo(opening));
        assertThat(runs.stream().map(this::chain).toList()).isEqualTo(chains);

        Resealing.Report again = Resealing.of(journal, between).run();
        assertThat(again).isEqualTo(new Resealing.Report(report.resealed(), 0, 0, List.of()));
    }

    @Test
    void more_than_a_page_and_more_than_a_commit_takes_are_sealed_anew() {
        Written many = write("many", ErasableCodec.sealedBy(before), 350);
        Written input =
                write("input", ErasableCodec.sealedBy(before), Opening.of("a/b", new byte[32], new byte[60_000]), 120);

        Resealing.Report report = Resealing.of(journal, between).run();

        assertThat(report.resealed()).isEqualTo(470);
        assertReadable(many, ErasableCodec.sealedBy(after));
        assertReadable(input, ErasableCodec.sealedBy(after));
    }

    @Test
    void what_cannot_be_opened_is_named_and_stands_as_it_stood() {
        Written lost = write("lost", ErasableCodec.sealedBy(EnvelopeSeal.under(KeyRing.of(key("k0", 9)))), 1);
        Written fine = write("fine", ErasableCodec.sealedBy(before), 1);
        Optional<Event.Erasable> stood = chain(lost).get(0).erasable();

        Resealing.Report report = Resealing.of(journal, between).run();

        assertThat(report.isComplete()).isFalse();
        assertThat(report.resealed()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.failures())
                .singleElement()
                .asString()
                .startsWith("acme/lost, event 1: opening a payload of run acme/lost: it is sealed under key \"k0\"");
        assertThat(chain(lost).get(0).erasable()).isEqualTo(stood);
        assertReadable(fine, ErasableCodec.sealedBy(after));
    }

    @Test
    void what_stands_unsealed_is_sealed_only_if_that_was_asked_for() {
        Written old = write("old", ErasableCodec.plain(), 3);
        keep(old, ErasableCodec.plain(), 2);

        Resealing.Report refused = Resealing.of(journal, after).run();
        assertThat(refused.failed()).isEqualTo(5);
        assertThat(refused.failures().get(0)).contains("acme/old, event 1: it stands unsealed", "withUnsealed()");
        assertReadable(old, ErasableCodec.plain());

        Resealing.Report sealed = Resealing.of(journal, after).withUnsealed().run();
        assertThat(sealed).isEqualTo(new Resealing.Report(0, 5, 0, List.of()));
        assertReadable(old, ErasableCodec.sealedBy(after));
        assertThat(keptOf(old, ErasableCodec.sealedBy(after), old.kept.get(0))).isEqualTo(old.kept.get(0));
        assertThatThrownBy(() -> assertReadable(old, ErasableCodec.plain()))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("no seal");
    }

    @Test
    void what_a_rival_sealed_meanwhile_is_looked_at_again_and_stands() {
        Written run = write("run", ErasableCodec.sealedBy(before), 3);
        keep(run, ErasableCodec.sealedBy(before), 1);
        List<Resealing.Report> rivals = new ArrayList<>();
        Journal interrupted = beforeReplacing(() -> {
            if (rivals.isEmpty()) {
                rivals.add(Resealing.of(journal, between).run());
            }
        });

        Resealing.Report report = Resealing.of(interrupted, between).run();

        assertThat(rivals).containsExactly(new Resealing.Report(0, 4, 0, List.of()));
        assertThat(report).isEqualTo(new Resealing.Report(4, 0, 0, List.of()));
        assertReadable(run, ErasableCodec.sealedBy(after));
        assertThat(keptOf(run, ErasableCodec.sealedBy(after), run.kept.get(0))).isEqualTo(run.kept.get(0));
    }

    /** The journal, with something that happens in between a read and the replacement that follows it. */
    private Journal beforeReplacing(Runnable act) {
        return (Journal) Proxy.newProxyInstance(
                ResealingTest.class.getClassLoader(), new Class<?>[] {Journal.class}, (self, call, args) -> {
                    if (call.getName().startsWith("replace")) {
                        act.run();
                    }
                    return call.invoke(journal, args);
                });
    }

    private record Written(RunRow row, Opening payload, List<Opening> kept) {}

    private Written write(String name, ErasableCodec codec, int events) {
        return write(name, codec, Opening.of("text/plain", new byte[32], bytes("payload of " + name)), events);
    }

    /** A run whose every event holds the payload. */
    private Written write(String name, ErasableCodec codec, Opening payload, int count) {
        RunRef run = new RunRef("acme", name);
        List<Event> events = new ArrayList<>();
        Head head = Chain.genesis(run);
        for (int i = 0; i < count; i++) {
            byte[] event = bytes("event " + i);
            head = Chain.append(head, event);
            events.add(new Event(
                    head.seq(),
                    event,
                    head.hash(),
                    Optional.of(codec.encode(run, head.hash(), List.of(StoredOpening.whole(payload))))));
        }
        Create create = new Create(run, 1, "triage", RunLabels.none(), Instant.EPOCH, RunStatus.PENDING, events);
        CreateResult.Created made =
                (CreateResult.Created) journal.create(List.of(create), SOON).get(0);
        return new Written(made.row(), payload, new ArrayList<>());
    }

    private void keep(Written run, ErasableCodec codec, int count) {
        for (int i = 0; i < count; i++) {
            Opening opening = Opening.of("text/plain", new byte[32], bytes("large " + i));
            run.kept.add(opening);
            journal.keep(run.row.key(), opening.commitment(), codec.kept(run.row.run(), opening), SOON);
        }
    }

    private List<Event> chain(Written run) {
        return journal.read(run.row.key(), 0, 1000, SOON);
    }

    private void assertReadable(Written run, ErasableCodec codec) {
        assertThat(chain(run))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(codec.decode(
                                run.row.run(),
                                event.hash(),
                                event.erasable().orElseThrow(),
                                List.of(run.payload.commitment())))
                        .containsExactly(StoredOpening.whole(run.payload)));
    }

    private Opening keptOf(Written run, ErasableCodec codec, Opening opening) {
        StoredOpening.Elsewhere place = new StoredOpening.Elsewhere(opening.mediaType(), opening.salt());
        byte[] kept = journal.kept(run.row.key(), opening.commitment(), SOON).orElseThrow();
        return codec.open(run.row.run(), place, kept, opening.commitment());
    }
}
