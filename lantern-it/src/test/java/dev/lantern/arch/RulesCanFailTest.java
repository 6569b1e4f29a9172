package dev.lantern.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each rule, over classes that break it: a rule that cannot fail guards nothing. */
class RulesCanFailTest {

    @Test
    void cycle_through_an_internal_package_is_found() {
        assertThat(violations("cycle", PackageRules::no_cycles))
                .singleElement()
                .asString()
                .startsWith("Cycle detected");
    }

    @Test
    void internal_package_and_its_parent_are_one() {
        assertThat(violations("internal", PackageRules::no_cycles)).isEmpty();
    }

    @Test
    void value_that_knows_a_spec_is_found() {
        assertThat(violations("bottom", PackageRules::value_knows_nothing_of_ours))
                .isNotEmpty()
                .allSatisfy(violation -> assertThat(violation).contains("bottom.value.Id", "bottom.spec.Spec"));
    }

    @Test
    void handle_and_engine_that_know_the_root_are_found_and_its_provider_is_not() {
        assertThat(violations("top", PackageRules::root_package_is_the_top))
                .anySatisfy(violation -> assertThat(violation).contains("top.run.Handle"))
                .anySatisfy(violation -> assertThat(violation).contains("top.core.engine.Engine"))
                .noneSatisfy(violation -> assertThat(violation).contains("Provider"));
    }

    @Test
    void backend_that_knows_core_and_core_that_knows_a_backend_are_found() {
        assertThat(violations("backend", PackageRules::backends_never_know_core))
                .singleElement()
                .asString()
                .contains("Backend.engine()");
        assertThat(violations("backend", PackageRules::core_never_knows_a_backend))
                .singleElement()
                .asString()
                .contains("Engine.backend()");
    }

    @Test
    void client_type_in_a_public_signature_is_found_and_behind_it_is_not() {
        assertThat(violations("client", PackageRules::client_types_stay_behind))
                .hasSize(3)
                .anySatisfy(violation -> assertThat(violation).contains("Exposed.<init>", "JsonObject"))
                .anySatisfy(violation -> assertThat(violation).contains("Exposed.trees()", "JsonElement"))
                .anySatisfy(violation -> assertThat(violation).contains("Exposed.parse", "JsonParseException"));
    }

    @Test
    void package_without_null_marked_is_found() {
        assertThat(violations("unmarked", PackageRules::packages_are_null_marked))
                .singleElement()
                .asString()
                .contains("package-info.java", "fixtures.unmarked");
    }

    @Test
    void every_use_of_time_threads_and_chance_is_found() {
        List<String> found = violations("chance", DeterminismRules::time_threads_and_chance_come_from_one_package);

        assertEveryBanBites(DeterminismRules.TIME_THREADS_AND_CHANCE, found, 39);
        assertThat(found).allSatisfy(violation -> assertThat(violation).contains("Impatient"));
    }

    @Test
    void backend_that_sleeps_is_found_and_one_that_measures_its_deadline_is_not() {
        assertThat(violations("chance", DeterminismRules::backends_measure_their_deadline_and_nothing_else))
                .singleElement()
                .asString()
                .contains("Backend.sleep()", "java.lang.Thread[sleep]");
    }

    @Test
    void every_salted_order_is_found() {
        List<String> collections = violations("order", DeterminismRules::no_collection_has_a_salted_order);
        List<String> literals = violations("order", DeterminismRules::no_literal_has_a_salted_order);

        assertEveryBanBites(DeterminismRules.SALTED_COLLECTIONS, collections, 7);
        assertEveryBanBites(DeterminismRules.SALTED_LITERALS, literals, 2);
        assertThat(collections).allSatisfy(violation -> assertThat(violation).contains("Salted"));
        assertThat(literals).allSatisfy(violation -> assertThat(violation).contains("Salted"));
    }

    private static void assertEveryBanBites(List<Ban> bans, List<String> found, int atLeast) {
        for (Ban ban : bans) {
            assertThat(found).anySatisfy(violation -> assertThat(violation).contains(ban.instead() + " [" + ban + "]"));
        }
        // One line of the fixture for each ban, and nothing that merely looks alike.
        assertThat(found).hasSameSizeAs(bans);
        System.out.println("determinism rules: " + bans.size() + " bans, each bites its fixture");
        assertThat(bans).hasSizeGreaterThanOrEqualTo(atLeast);
    }

    private static List<String> violations(String fixture, Function<String, ArchRule> rule) {
        return rule.apply(Reactor.fixtureRoot(fixture))
                .evaluate(Reactor.fixture(fixture))
                .getFailureReport()
                .getDetails();
    }
}
