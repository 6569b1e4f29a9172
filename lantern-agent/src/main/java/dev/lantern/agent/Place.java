package dev.lantern.agent;

/** An exception's class and place. Its message may hold anything, and an event cannot be erased. */
final class Place {
    private static final int MAX_CAUSES = 4;

    private Place() {}

    static String of(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        Throwable cause = thrown;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            text.append(i == 0 ? "" : ", caused by ").append(cause.getClass().getName());
            StackTraceElement[] trace = cause.getStackTrace();
            if (trace.length > 0) {
                StackTraceElement top = trace[0];
                text.append(" at ").append(top.getClassName()).append('.').append(top.getMethodName());
                text.append('(')
                        .append(top.getFileName())
                        .append(':')
                        .append(top.getLineNumber())
                        .append(')');
            }
            cause = cause.getCause();
        }
        return text.toString();
    }
}
