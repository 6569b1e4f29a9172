package dev.lantern.core.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Notices whether a connection has brought anything at all, before TLS makes something of it. */
final class FirstBytes extends ChannelInboundHandlerAdapter {
    private boolean came;

    boolean came() {
        return came;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        came = true;
        context.pipeline().remove(this);
        context.fireChannelRead(bytes);
    }
}
