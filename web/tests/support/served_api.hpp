// A small Api behind a real server on a free port, for one test.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

#include <boost/describe.hpp>

#include <web/web.hpp>

#include "support/gate.hpp"
#include "support/raw_client.hpp"

namespace web_tests {

struct Echo {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(Echo, (), (text))

/// Counts connections, so that a test may wait for one to be gone.
class ConnectionCounter : public web::Observer {
public:
    void request_finished(const web::Observation&) override { ++finished; }
    void connection_closed() override {
        const std::lock_guard lock{mutex_};
        ++closed_;
        changed_.notify_all();
    }
    void wait_for_closed(int count) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return closed_ >= count; });
    }
    std::atomic<int> finished = 0;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int closed_ = 0;
};

class ServedApi {
public:
    explicit ServedApi(web::ServerOptions options = {}) {
        api.observe(counter);
        api.get("/hello", [] { return web::Response::text("hello"); });
        api.get("/number/{text}", [](web::Path<Echo> path) { return *path; });
        api.get("/peer", [](web::RequestPtr request) { return request->peer.str(); });
        api.get("/large", [] { return web::Response::text(std::string(std::size_t{64} << 20, 'x')); });
        api.get("/fails", []() -> int { throw std::runtime_error("on purpose"); });
        api.get("/gate", [this]() -> boost::asio::awaitable<web::Response> { return through_gate(); });
        api.post("/echo", [](web::RequestPtr request) { return web::Response::text(request->body); });
        options.port = 0;
        server.emplace(api, std::move(options));
        server->start();
    }

    std::uint16_t port() const { return server->port(); }

    ConnectionCounter counter;
    Gate gate;
    web::Api api{{.access_log = false}};
    std::optional<web::Server> server;

private:
    boost::asio::awaitable<web::Response> through_gate() {
        co_await gate.pass();
        co_return web::Response::text("through");
    }
};

inline std::string get(std::string_view path, std::string_view fields = {}) {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: h\r\n" + std::string{fields} + "\r\n";
}

}  // namespace web_tests
