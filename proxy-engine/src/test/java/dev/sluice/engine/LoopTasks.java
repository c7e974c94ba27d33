package dev.sluice.engine;

import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.lang.reflect.Field;
import java.util.Collection;

/** What the event loops of a proxy still have to do. */
public final class LoopTasks {

    private LoopTasks() {}

    /** The tasks that wait on the loops of {@code runtime}, those for later among them. */
    public static int pending(ProxyRuntime runtime) {
        int tasks = 0;
        for (EventExecutor loop : runtime.loops().group()) {
            // Counted on the loop, for the queue of what is scheduled is the loop's alone.
            tasks += ((SingleThreadEventExecutor) loop).pendingTasks()
                    + loop.submit(() -> scheduled(loop)).syncUninterruptibly().getNow();
        }
        return tasks;
    }

    /** Netty does not tell how many there are. */
    private static int scheduled(EventExecutor loop) throws ReflectiveOperationException {
        Field queue = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
        queue.setAccessible(true);
        Collection<?> tasks = (Collection<?>) queue.get(loop);
        return tasks == null ? 0 : tasks.size();
    }
}
