package dev.sluice.engine.admin;

import dev.sluice.engine.LiveTunnel;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.text.Line;
import java.util.List;

/** The tunnels that are open, as JSON: who, where to, since when, how much. */
public final class TunnelsPage implements AdminPage {

    private static final int MOST = 1000;

    private final ProxyServer server;

    public TunnelsPage(ProxyServer server) {
        this.server = server;
    }

    @Override
    public Answer show() {
        List<LiveTunnel> tunnels = server.tunnels(MOST);
        Line out = new Line().raw("{\"open\":").raw(server.openTunnels()).raw(",\"tunnels\":[");
        String between = "\n";
        for (LiveTunnel tunnel : tunnels) {
            out.raw(between).raw("{\"since\":\"").raw(tunnel.since()).raw("\"");
            out.member("id", tunnel.id()).member("user", tunnel.user()).member("host", tunnel.host());
            out.member("route", tunnel.route()).member("upstream", tunnel.upstream());
            out.raw(",\"bytes_from_client\":").raw(tunnel.fromClient());
            out.raw(",\"bytes_to_client\":").raw(tunnel.toClient()).raw("}");
            between = ",\n";
        }
        return new Answer(200, "application/json", out.raw("\n]}\n").toString());
    }
}
