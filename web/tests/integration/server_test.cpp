// Behaviour on the wire that no client should be surprised by.
#include <array>
#include <thread>

#include <gtest/gtest.h>

#include <web/testing/client.hpp>

#include "support/served_api.hpp"

namespace {

using namespace web_tests;

TEST(Server, answers_several_requests_on_one_connection) {
    ServedApi served;
    RawClient client{served.port()};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.request(get("/hello")).body, "hello");
    EXPECT_EQ(served.server->connections(), 1U);
}

TEST(Server, answers_pipelined_requests_in_order_even_when_the_first_waits) {
    ServedApi served;
    RawClient client{served.port()};
    client.send(get("/gate") + get("/number/1") + get("/nothing") + get("/number/2"));
    served.gate.wait_for(1);
    served.gate.open();
    EXPECT_EQ(client.read().body, "through");
    EXPECT_EQ(client.read().body, R"({"text":"1"})");
    EXPECT_EQ(client.read().status, 404);
    EXPECT_EQ(client.read().body, R"({"text":"2"})");
}

TEST(Server, answers_thousands_of_pipelined_requests) {
    ServedApi served;
    RawClient client{served.port()};
    std::string bytes;
    for (int i = 0; i < 5'000; ++i) bytes += get("/number/" + std::to_string(i));
    std::thread writer{[&] { client.send(bytes); }};
    for (int i = 0; i < 5'000; ++i) ASSERT_EQ(client.read().body, "{\"text\":\"" + std::to_string(i) + "\"}");
    writer.join();
}

TEST(Server, sends_no_body_for_head_and_stays_in_step) {
    ServedApi served;
    RawClient client{served.port()};
    client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n" + get("/number/1"));
    const RawReply head = client.read(false);
    EXPECT_EQ(head.status, 200);
    EXPECT_NE(head.head.find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_EQ(client.read().body, R"({"text":"1"})");
}

TEST(Server, asks_for_the_body_of_a_client_that_waits_for_it) {
    ServedApi served;
    RawClient client{served.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(client.read().status, 100);
    EXPECT_EQ(client.request("hello").body, "hello");
}

TEST(Server, reads_chunked_bodies) {
    ServedApi served;
    RawClient client{served.port()};
    const RawReply reply = client.request(
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n");
    EXPECT_EQ(reply.body, "hello");
    EXPECT_EQ(client.request(get("/hello")).body, "hello");
}

TEST(Server, keeps_and_closes_connections_as_the_client_asks) {
    ServedApi served;
    RawClient closing{served.port()};
    const RawReply last = closing.request(get("/hello", "Connection: close\r\n"));
    EXPECT_NE(last.head.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(closing.read_to_end(), "");
    RawClient old{served.port()};
    EXPECT_EQ(old.request("GET /hello HTTP/1.0\r\n\r\n").body, "hello");
    EXPECT_EQ(old.read_to_end(), "");
    RawClient old_but_kept{served.port()};
    const std::string kept = "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    EXPECT_NE(old_but_kept.request(kept).head.find("Connection: keep-alive\r\n"), std::string::npos);
    EXPECT_EQ(old_but_kept.request(kept).body, "hello");
}

TEST(Server, sends_large_answers_whole) {
    ServedApi served;
    RawClient client{served.port()};
    EXPECT_EQ(client.request(get("/large")).body.size(), std::size_t{64} << 20);
    EXPECT_EQ(client.request(get("/hello")).body, "hello");
}

TEST(Server, keeps_the_connection_after_a_handler_failed) {
    ServedApi served;
    RawClient client{served.port()};
    EXPECT_EQ(client.request(get("/fails")).status, 500);
    EXPECT_EQ(client.request(get("/hello")).status, 200);
}

TEST(Server, tells_the_peers_address_over_both_families) {
    ServedApi served;
    EXPECT_EQ(RawClient{served.port()}.request(get("/peer")).body, "\"127.0.0.1\"");
    ServedApi v6{{.host = "::1"}};
    RawClient client{v6.port(), true};
    EXPECT_EQ(client.request(get("/peer")).body, "\"::1\"");
}

TEST(Server, survives_clients_that_go_away_at_any_moment) {
    ServedApi served;
    const std::string text = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel";
    int gone = 0;
    for (std::size_t cut = 0; cut <= text.size(); cut += 7, ++gone)
        RawClient{served.port()}.send(text.substr(0, cut));
    served.counter.wait_for_closed(gone);
    EXPECT_EQ(RawClient{served.port()}.request(get("/hello")).body, "hello");
    EXPECT_EQ(served.counter.finished, 1);
}

TEST(Server, answers_a_client_that_has_finished_sending) {
    ServedApi served;
    RawClient client{served.port()};
    client.send(get("/gate"));
    client.finish_sending();
    served.gate.wait_for(1);
    served.gate.open();
    EXPECT_EQ(client.read().body, "through");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(Server, serves_many_clients_from_several_loops) {
    ServedApi served{{.threads = 3}};
    EXPECT_EQ(served.server->executors().size(), 3U);
    std::array<std::thread, 6> clients;
    std::atomic<int> wrong = 0;
    for (std::size_t n = 0; n < clients.size(); ++n) {
        clients[n] = std::thread{[&, n] {
            RawClient client{served.port()};
            for (int i = 0; i < 200; ++i) {
                const std::string text = std::to_string(n) + "-" + std::to_string(i);
                if (client.request(get("/number/" + text)).body != "{\"text\":\"" + text + "\"}") ++wrong;
            }
        }};
    }
    for (std::thread& each : clients) each.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(served.counter.finished, 1'200);
}

TEST(Server, names_the_port_that_is_taken) {
    ServedApi served;
    try {
        const web::Server second{served.api, {.port = served.port()}};
        FAIL() << "two servers listen on one port";
    } catch (const web::ListenError& error) {
        EXPECT_TRUE(error.in_use());
        EXPECT_NE(std::string{error.what()}.find(std::to_string(served.port())), std::string::npos)
            << error.what();
    }
}

TEST(Server, refuses_options_that_make_no_sense) {
    const web::Api api;
    EXPECT_THROW((web::Server{api, {.host = "localhost", .port = 0}}), std::invalid_argument);
    EXPECT_THROW((web::Server{api, {.port = 0, .threads = 0}}), std::invalid_argument);
    EXPECT_THROW((web::Server{api, {.host = "203.0.113.1", .port = 0}}), web::ListenError);
}

}  // namespace
