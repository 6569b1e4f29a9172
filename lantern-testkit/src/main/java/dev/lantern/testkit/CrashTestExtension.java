package dev.lantern.testkit;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Makes one invocation for each place where a scenario's host can die, until a run is over before its host is killed. */
public final class CrashTestExtension implements TestTemplateInvocationContextProvider {
    private static final int MOST_WRITES = 1_000;

    /** For JUnit, which finds it through {@link CrashTest}. */
    public CrashTestExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getTestMethod()
                .map(method -> List.of(method.getParameterTypes()).contains(Crashes.class))
                .orElse(false);
    }

    /** How many writes a scenario makes is known once it has made them, so each invocation decides whether one follows. */
    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(new Invocations(), Spliterator.ORDERED), false);
    }

    private static final class Invocations implements Iterator<TestTemplateInvocationContext> {
        private CrashPoint next = CrashPoint.NEVER;
        private @Nullable Invocation last;

        @Override
        public boolean hasNext() {
            return last == null
                    || last.point.equals(CrashPoint.NEVER) && last.passed
                    || last.crashes.killed() && next.write() <= MOST_WRITES;
        }

        @Override
        public TestTemplateInvocationContext next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the scenario ended before its host was killed");
            }
            last = new Invocation(next);
            next = next.next();
            return last;
        }
    }

    private static final class Invocation
            implements TestTemplateInvocationContext, ParameterResolver, AfterEachCallback {
        private final CrashPoint point;
        private final Crashes crashes;
        private boolean passed;

        Invocation(CrashPoint point) {
            this.point = point;
            this.crashes = new Crashes(point);
        }

        @Override
        public String getDisplayName(int invocationIndex) {
            return point.toString();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Crashes.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return crashes;
        }

        @Override
        public void afterEach(ExtensionContext context) {
            passed = context.getExecutionException().isEmpty();
            crashes.close();
        }
    }
}
