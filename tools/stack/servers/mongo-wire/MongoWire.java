import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/** mongo-java-server as a program: MongoWire PORT. What it holds is in memory. */
public final class MongoWire {
    public static void main(String[] args) throws Exception {
        MongoBackend backend = new MemoryBackend();
        backend.version(new Version6());
        MongoServer server = new MongoServer(backend);
        server.bind("127.0.0.1", Integer.parseInt(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        Thread.currentThread().join();
    }

    /** The driver wants wire version 9 or more; the newest that the library names has 8. */
    private static final class Version6 implements MongoVersion {
        @Override public List<Integer> getVersionArray() { return List.of(6, 0, 0); }
        @Override public String toVersionString() { return "6.0.0"; }
        @Override public int getWireVersion() { return 17; }
    }
}
