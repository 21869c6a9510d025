// Endpoints over a real database and without a socket.
#pragma once

#include <string>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <web/api.hpp>
#include <web/testing/client.hpp>

#include "api/pages.hpp"
#include "support/database_test.hpp"

namespace localtea::testing {

/// Base of suites whose client calls an Api: they add its endpoints and serve().
template <class Base = DatabaseTest>
class ApiTest : public Base {
protected:
    /// From here on the database's work is done beside the test, as in a server: the calls below take the place of
    /// run() and of what is made of it.
    void serve() {
        this->context_.restart();
        loop_ = std::jthread{[this] { this->context_.run(); }};
    }

    // While the suite's members are there. The database's threads end before the loop that their answers went to.
    void TearDown() override {
        work_.reset();
        loop_ = {};
        this->database_.reset();
    }

    template <class T>
    T result_of(asio::awaitable<T> coroutine) {
        return asio::co_spawn(this->context_, std::move(coroutine), asio::use_future).get();
    }

    template <class Body>
    auto in_database(Body body) {
        return result_of(this->database_->transaction(std::move(body)));
    }

    void execute(std::string sql) {
        in_database([sql](db::Session session) -> asio::awaitable<void> { co_await session.exec(sql); });
    }

    std::int64_t count(std::string table) {
        return in_database([table](db::Session session) -> asio::awaitable<std::int64_t> {
            const auto rows = co_await session.query("SELECT count(*) AS n FROM " + table);
            co_return rows[0].template get<std::int64_t>("n");
        });
    }

    // Before what has threads of its own, whose answers go to the client's loop.
    web::Api api_{{.language = web::Language::russian,
                   .error_page = api::error_pages("http://storefront.test"),
                   .access_log = false},
                  this->clock_};
    web::testing::Client client_{api_};

private:
    std::jthread loop_;
    asio::executor_work_guard<asio::io_context::executor_type> work_{this->context_.get_executor()};
};

}  // namespace localtea::testing
