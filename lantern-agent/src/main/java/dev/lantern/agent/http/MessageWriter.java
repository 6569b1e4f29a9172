package dev.lantern.agent.http;

import java.io.IOException;
import java.io.OutputStream;

/** Writes messages. A small one leaves in one write, so it needs no second packet. */
final class MessageWriter {
    private static final int SMALL = 16 * 1024;

    private MessageWriter() {}

    static void response(OutputStream out, HttpResponse response, boolean last) throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(response.status())
                .append(' ')
                .append(reason(response.status()))
                .append("\r\n");
        if (last) {
            head.append("connection: close\r\n");
        }
        write(out, head, response.headers(), response.body());
    }

    static void request(OutputStream out, String host, HttpRequest request) throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        head.append("host: ").append(host).append("\r\n");
        write(out, head, request.headers(), request.body());
    }

    private static void write(OutputStream out, StringBuilder head, Headers headers, byte[] body) throws IOException {
        for (Headers.Field field : headers.fields()) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        head.append("content-length: ").append(body.length).append("\r\n\r\n");
        byte[] headBytes = ByteSource.latin(head.toString());
        if (headBytes.length + body.length <= SMALL) {
            byte[] message = java.util.Arrays.copyOf(headBytes, headBytes.length + body.length);
            System.arraycopy(body, 0, message, headBytes.length, body.length);
            out.write(message);
        } else {
            out.write(headBytes);
            out.write(body);
        }
        out.flush();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> "Status " + status;
        };
    }
}
