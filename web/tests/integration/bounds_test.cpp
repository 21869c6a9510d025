// What one connection may cost, and what is refused on it.
#include <gtest/gtest.h>

#include "support/served_api.hpp"

namespace {

using namespace web_tests;
using namespace std::chrono_literals;

web::ServerOptions with(web::Bounds bounds) { return {.bounds = bounds}; }

/// The status of the only answer, after which the connection must be closed.
int last_status(RawClient& client) {
    const RawReply reply = client.read();
    EXPECT_NE(reply.head.find("Connection: close\r\n"), std::string::npos) << reply.head;
    EXPECT_NE(reply.head.find("X-Request-ID: "), std::string::npos) << reply.head;
    EXPECT_EQ(client.read_to_end(), "");
    return reply.status;
}

TEST(Bounds, large_bodies_get_413_also_when_the_client_never_stops_sending) {
    ServedApi served{with({.body = 1'000})};
    RawClient announced{served.port()};
    announced.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_EQ(last_status(announced), 413);
    RawClient sending{served.port()};
    sending.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + std::string(200'000, 'x'));
    EXPECT_EQ(last_status(sending), 413);
    RawClient chunked{served.port()};
    chunked.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                 std::string(1'001, 'x'));
    EXPECT_EQ(last_status(chunked), 413);
    RawClient waiting{served.port()};
    waiting.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_EQ(last_status(waiting), 413);
    EXPECT_EQ(
        RawClient{served.port()}
            .request("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + std::string(1'000, 'x'))
            .status,
        200);
}

TEST(Bounds, large_heads_get_431_or_414) {
    ServedApi served{with({.header = 1'000, .header_fields = 10})};
    RawClient line{served.port()};
    line.send("GET /" + std::string(1'000, 'x'));
    EXPECT_EQ(last_status(line), 414);
    RawClient field{served.port()};
    field.send(get("/hello", "X: " + std::string(1'000, 'x') + "\r\n"));
    EXPECT_EQ(last_status(field), 431);
    RawClient many{served.port()};
    std::string fields;
    for (int i = 0; i < 10; ++i) fields += "X: y\r\n";
    many.send(get("/hello", fields));
    EXPECT_EQ(last_status(many), 431);
}

TEST(Bounds, slow_heads_and_bodies_get_408) {
    ServedApi served{with({.header_time = 30ms, .body_time = 30ms})};
    RawClient head{served.port()};
    head.send("GET /hello HTTP/1.1\r\nHost: ");
    EXPECT_EQ(last_status(head), 408);
    RawClient body{served.port()};
    body.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel");
    EXPECT_EQ(last_status(body), 408);
    RawClient chunk{served.port()};
    chunk.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
    EXPECT_EQ(last_status(chunk), 408);
}

TEST(Bounds, a_byte_now_and_then_does_not_extend_the_time) {
    ServedApi served{with({.header_time = 50ms})};
    RawClient client{served.port()};
    client.send("GET /hello HTTP/1.1\r\nHost: h\r\nX: ");
    while (!client.has_answer_within(2)) client.send("x");
    EXPECT_EQ(last_status(client), 408);
}

// When the time is over a read may just be completing: it has to end the connection all the same.
TEST(Bounds, a_stream_of_bytes_does_not_extend_the_time) {
    ServedApi served{with({.body = std::size_t{1} << 30, .body_time = 10ms})};
    for (int i = 0; i < 50; ++i) {
        RawClient client{served.port()};
        client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
        while (!client.has_answer_within(0)) client.send("x");
        EXPECT_EQ(last_status(client), 408);
    }
}

TEST(Bounds, idle_connections_are_closed_without_a_word) {
    ServedApi served{with({.idle_time = 30ms})};
    RawClient fresh{served.port()};
    EXPECT_EQ(fresh.read_to_end(), "");
    RawClient used{served.port()};
    EXPECT_EQ(used.request(get("/hello")).status, 200);
    EXPECT_EQ(used.read_to_end(), "");
}

TEST(Bounds, a_handler_is_not_timed) {
    ServedApi served{with({.header_time = 20ms, .body_time = 20ms, .write_time = 20s, .idle_time = 20ms})};
    RawClient waiting{served.port()};
    waiting.send(get("/gate"));
    served.gate.wait_for(1);
    // An idle connection has been swept meanwhile, so the sweep has looked at the waiting one, too.
    EXPECT_EQ(RawClient{served.port()}.read_to_end(), "");
    served.gate.open();
    EXPECT_EQ(waiting.read().body, "through");
}

TEST(Bounds, readers_that_do_not_read_are_dropped) {
    ServedApi served{with({.write_time = 50ms})};
    RawClient client{served.port(), false, 4'096};
    client.send(get("/large"));
    served.counter.wait_for_closed(1);
    EXPECT_LT(client.read_to_end().size(), std::size_t{64} << 20);
}

TEST(Bounds, connections_beyond_the_bound_are_told_so) {
    ServedApi served{{.max_connections = 2}};
    RawClient first{served.port()};
    RawClient second{served.port()};
    EXPECT_EQ(first.request(get("/hello")).status, 200);
    EXPECT_EQ(second.request(get("/hello")).status, 200);
    RawClient third{served.port()};
    const RawReply refused = third.read();
    EXPECT_EQ(refused.status, 503);
    EXPECT_NE(refused.head.find("Retry-After: 1\r\n"), std::string::npos);
    EXPECT_EQ(refused.body, R"({"detail":"Too many connections"})");
    EXPECT_EQ(third.read_to_end(), "");
    EXPECT_EQ(first.request(get("/hello")).status, 200);
}

TEST(Smuggling, a_refused_request_takes_its_connection_with_it) {
    const std::string inner = get("/hello");
    const std::string shapes[] = {
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(inner.size() + 5) +
            "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" +
            inner,
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: " + std::to_string(inner.size()) +
            "\r\n\r\n" + inner,
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n" + inner,
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + inner,
        "POST /echo HTTP/1.1\r\nHost: h\r\nX: 1\n\n" + inner,
        "POST /echo HTTP/1.1\nHost: h\n\n" + inner,
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n" + inner,
    };
    for (const std::string& shape : shapes) {
        ServedApi served;
        RawClient client{served.port()};
        client.send(shape);
        const int status = last_status(client);
        EXPECT_EQ(status, 400) << shape;
        EXPECT_EQ(served.counter.finished, 1) << shape;
    }
}

}  // namespace
