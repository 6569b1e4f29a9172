package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Stands between a host and the API server and does something at one call, or from one call on. */
final class Meddler implements Interceptor {
    /** What happens to a call. */
    enum Kind {
        CUT {
            @Override
            Response happens(Chain chain) throws IOException {
                throw new IOException("cut before it got there");
            }
        },
        ANSWER_LOST {
            @Override
            Response happens(Chain chain) throws IOException {
                chain.proceed(chain.request()).close();
                throw new IOException("cut before the answer came");
            }
        },
        BUSY {
            @Override
            Response happens(Chain chain) {
                return answer(chain, 429);
            }
        },
        FAILED {
            @Override
            Response happens(Chain chain) {
                return answer(chain, 503);
            }
        },
        FAILED_AND_DONE {
            @Override
            Response happens(Chain chain) throws IOException {
                chain.proceed(chain.request()).close();
                return answer(chain, 500);
            }
        };

        abstract Response happens(Chain chain) throws IOException;

        private static Response answer(Chain chain, int code) {
            return new Response.Builder()
                    .request(chain.request())
                    .protocol(Protocol.HTTP_1_1)
                    .code(code)
                    .message("")
                    .body(ResponseBody.create("{\"kind\": \"Status\"}", MediaType.get("application/json")))
                    .build();
        }
    }

    private interface Meddling {
        Response with(int call, Chain chain) throws IOException;
    }

    private final AtomicInteger calls = new AtomicInteger();
    private final Meddling meddling;

    private Meddler(Meddling meddling) {
        this.meddling = meddling;
    }

    /** Spoils that call and no other; calls count from 0. */
    static Meddler once(int at, Kind kind) {
        return new Meddler((call, chain) -> call == at ? kind.happens(chain) : chain.proceed(chain.request()));
    }

    /**
     * The host, which is this thread, dies: nothing that it sends from that call on arrives, except that the first may,
     * unheard. See {@link #dies}.
     */
    static Meddler death(int at, boolean firstArrives) {
        Thread host = Thread.currentThread();
        return new Meddler((call, chain) -> {
            if (call < at) {
                return chain.proceed(chain.request());
            }
            if (call == at && firstArrives) {
                chain.proceed(chain.request()).close();
            }
            host.interrupt();
            throw new IOException("the host is dead");
        });
    }

    /** What a host does until it dies. */
    static void dies(String what, Runnable host) {
        assertThatThrownBy(host::run).as(what).isInstanceOf(LanternException.class);
        assertThat(Thread.interrupted()).as("%s: it died", what).isTrue();
    }

    /** Something else happens just before that call arrives. */
    static Meddler before(int at, Runnable something) {
        return new Meddler((call, chain) -> {
            if (call == at) {
                something.run();
            }
            return chain.proceed(chain.request());
        });
    }

    /** How many calls there were. */
    int calls() {
        return calls.get();
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        return meddling.with(calls.getAndIncrement(), chain);
    }
}
