#include "services/password_hasher.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "services/error.hpp"
#include "support/run.hpp"

namespace localtea::services {
namespace {

namespace asio = boost::asio;

TEST(PasswordHasher, verifies_what_it_hashed_and_salts_each_hash) {
    asio::io_context context;
    PasswordHasher hasher{{}};
    const auto hash = testing::run(context, hasher.hash("correct horse"));
    EXPECT_TRUE(hash.starts_with("$argon2id$"));
    EXPECT_NE(hash, testing::run(context, hasher.hash("correct horse")));
    EXPECT_TRUE(testing::run(context, hasher.verify("correct horse", hash)));
    EXPECT_FALSE(testing::run(context, hasher.verify("wrong horse", hash)));
}

TEST(PasswordHasher, verifies_hashes_of_pythons_argon2) {
    asio::io_context context;
    PasswordHasher hasher{{}};
    // Made by argon2-cffi: with its defaults, four lanes among them, and with cheaper parameters.
    for (const std::string hash :
         {"$argon2id$v=19$m=65536,t=3,p=4$a1T1EZsWB/ZoLV9JeLtbTQ$scMeSR8Cj8Ebb3SfzhukwHaSWbkXo/YQ4sEpkTJAie0",
          "$argon2id$v=19$m=8192,t=2,p=1$9GcrrLEwn0fjTPlNNWCw3A$qVD4etfch1k8c0XmJoqAdMS+pjRSgV8yf2RvZk9JvGQ"}) {
        EXPECT_TRUE(testing::run(context, hasher.verify("correct horse", hash)));
        EXPECT_FALSE(testing::run(context, hasher.verify("wrong horse", hash)));
    }
}

TEST(PasswordHasher, an_account_that_does_not_exist_has_no_right_password) {
    asio::io_context context;
    PasswordHasher hasher{{}};
    EXPECT_FALSE(testing::run(context, hasher.verify("the password of an account that does not exist", "")));
    EXPECT_FALSE(testing::run(context, hasher.verify("x", "no hash at all")));
}

TEST(PasswordHasher, refuses_more_than_its_queue_holds_and_serves_those_it_took) {
    asio::io_context context;
    PasswordHasher hasher{{.threads = 1, .queue = 1}};
    std::vector<std::future<std::string>> hashes;
    for (int i = 0; i < 8; ++i) hashes.push_back(asio::co_spawn(context, hasher.hash("x"), asio::use_future));
    context.run();
    int served = 0;
    int refused = 0;
    for (auto& hash : hashes) {
        try {
            hash.get();
            ++served;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), Errc::overloaded);
            ++refused;
        }
    }
    EXPECT_GE(served, 2);
    EXPECT_GE(refused, 1);
    EXPECT_EQ(served + refused, 8);
}

}  // namespace
}  // namespace localtea::services
