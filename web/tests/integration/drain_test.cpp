// The orderly end.
#include <future>

#include <gtest/gtest.h>

#include "support/served_api.hpp"

namespace {

using namespace web_tests;
using namespace std::chrono_literals;

TEST(Drain, closes_idle_connections_and_finishes_running_requests) {
    // One loop, so that the idle connection's end tells that the running request has heard of it, too.
    ServedApi served;
    RawClient idle{served.port()};
    EXPECT_EQ(idle.request(get("/hello")).status, 200);
    RawClient running{served.port()};
    running.send(get("/gate"));
    served.gate.wait_for(1);
    auto drained = std::async(std::launch::async, [&] { return served.server->drain(20s); });
    EXPECT_EQ(idle.read_to_end(), "");
    served.gate.open();
    const RawReply reply = running.read();
    EXPECT_EQ(reply.body, "through");
    EXPECT_NE(reply.head.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(running.read_to_end(), "");
    EXPECT_TRUE(drained.get());
    EXPECT_THROW(RawClient{served.port()}, std::runtime_error);
}

TEST(Drain, lets_a_request_that_is_being_sent_come_in) {
    ServedApi served;
    RawClient client{served.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(client.read().status, 100);
    RawClient idle{served.port()};
    EXPECT_EQ(idle.request(get("/hello")).status, 200);
    auto drained = std::async(std::launch::async, [&] { return served.server->drain(20s); });
    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_EQ(client.request("hello").body, "hello");
    EXPECT_TRUE(drained.get());
}

TEST(Drain, cuts_what_does_not_end_within_the_grace) {
    ServedApi served;
    RawClient running{served.port()};
    running.send(get("/gate"));
    served.gate.wait_for(1);
    EXPECT_FALSE(served.server->drain(0ms));
    EXPECT_EQ(running.read_to_end(), "");
    EXPECT_EQ(served.server->connections(), 0U);
}

TEST(Drain, cuts_half_sent_requests_too) {
    ServedApi served;
    RawClient client{served.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(client.read().status, 100);
    EXPECT_FALSE(served.server->drain(0ms));
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(Drain, may_be_called_twice_and_without_a_start) {
    ServedApi served;
    EXPECT_TRUE(served.server->drain(0ms));
    EXPECT_TRUE(served.server->drain(0ms));
    const web::Api api;
    web::Server never_started{api, {.port = 0}};
    EXPECT_TRUE(never_started.drain(0ms));
}

TEST(Drain, happens_by_itself_when_the_server_is_destroyed_under_load) {
    ServedApi served{{.threads = 2}};
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<RawClient>(served.port()));
        clients.back()->send(get(i % 2 == 0 ? "/gate" : "/hello") + "GET /he");
    }
    served.gate.wait_for(10);
    served.server.reset();
    for (const auto& client : clients) EXPECT_NO_THROW(client->read_to_end());
}

}  // namespace
