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

constexpr PasswordHasherOptions cheap{.threads = 1, .queue = 64, .passes = 1, .memory = 8192};

TEST(PasswordHasher, verifies_what_it_hashed_and_salts_each_hash) {
    asio::io_context context;
    PasswordHasher hasher{{}};
    const auto hash = testing::run(context, hasher.hash("correct horse"));
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
    EXPECT_FALSE(hasher.outdated(hash));
    EXPECT_NE(hash, testing::run(context, hasher.hash("correct horse")));
    EXPECT_TRUE(testing::run(context, hasher.verify("correct horse", hash)));
    EXPECT_FALSE(testing::run(context, hasher.verify("wrong horse", hash)));
}

struct PythonHash {
    const char* made_by;
    const char* password;
    const char* hash;
};

// argon2-cffi 25.1 and passlib 1.7.4: their defaults, one lane and several, other salts and lengths, Argon2i.
const std::vector<PythonHash> python_hashes{
    {"argon2-cffi, defaults", "correct horse",
     "$argon2id$v=19$m=65536,t=3,p=4$6nmSfcZuF8YH2OYwNFPE9g$tWq9BIJ5rBWnVW5/AdxIibtdus2kcgD17oREp4S3W/w"},
    {"argon2-cffi, 2 lanes, 16 bytes", "correct horse",
     "$argon2id$v=19$m=1024,t=1,p=2$cZmnYWCTyvM250/CvxVo1g$X7ufOfqdbKqzxJ/vPf5DKA"},
    {"argon2-cffi, 8 lanes, 32 bytes of salt", "correct horse",
     "$argon2id$v=19$m=4096,t=2,p=8$1UMbk+7AnJG4UFadUCwRpiCaTs9sm7r0nzVCKjj1cKA"
     "$hKZVFi4lZOyvAkoyAcxZWMcO+l9KLwQ7c98wIIEoFJM"},
    {"argon2-cffi, Argon2i", "correct horse",
     "$argon2i$v=19$m=1024,t=3,p=1$C2aENM+3MpNUF2FIivv0ug$sBVG/nzTIZV4AwPzcLu3PZo9dhQMzX2SIpHDwQrG8fU"},
    {"passlib, defaults", "correct horse",
     "$argon2id$v=19$m=65536,t=3,p=4$AsD4/x/DmFOK8b73Xqu1dg$OG/xOppp/5mXjMYBeugBAvZzTbDx3bMxBWWmoh+t+h8"},
    {"passlib, 3 lanes", "correct horse",
     "$argon2id$v=19$m=2048,t=2,p=3$OCckBGAsJQRgDIEwRqg1Zg$4twIT9kv0ffRe8QqF2Xj09w4GAc0o0aemfPF4Cwe1aA"},
    {"argon2-cffi, Cyrillic", "пароль с чаем",
     "$argon2id$v=19$m=1024,t=1,p=4$Nneru+U+fKDBTCMTQjJn/w$J9c/xCQbC3j1oKNDRL0GR5MR0fR8zWJCc70RSQCivXU"},
};

TEST(PasswordHasher, verifies_hashes_of_pythons_libraries_and_wants_them_made_anew) {
    asio::io_context context;
    PasswordHasher hasher{{}};
    for (const auto& [made_by, password, hash] : python_hashes) {
        EXPECT_TRUE(testing::run(context, hasher.verify(password, hash))) << made_by;
        EXPECT_FALSE(testing::run(context, hasher.verify("wrong horse", hash))) << made_by;
        EXPECT_TRUE(hasher.outdated(hash)) << made_by;
    }
}

TEST(PasswordHasher, every_parameter_matters_to_what_is_outdated) {
    PasswordHasher hasher{{}};
    const std::string end = "$6nmSfcZuF8YH2OYwNFPE9g$tWq9BIJ5rBWnVW5/AdxIibtdus2kcgD17oREp4S3W/w";
    EXPECT_FALSE(hasher.outdated("$argon2id$v=19$m=65536,t=3,p=1" + end));
    for (const std::string other :
         {"$argon2id$v=19$m=65536,t=3,p=4", "$argon2id$v=19$m=65536,t=2,p=1", "$argon2id$v=19$m=65535,t=3,p=1",
          "$argon2i$v=19$m=65536,t=3,p=1", "$argon2id$v=16$m=65536,t=3,p=1", "$argon2id$v=19$m=65536,t=3,p=11"})
        EXPECT_TRUE(hasher.outdated(other + end)) << other;
    EXPECT_TRUE(hasher.outdated(""));
}

TEST(PasswordHasher, an_account_that_does_not_exist_has_no_right_password) {
    asio::io_context context;
    PasswordHasher hasher{cheap};
    EXPECT_FALSE(testing::run(context, hasher.verify("the password of an account that does not exist", "")));
    EXPECT_FALSE(testing::run(context, hasher.verify("x", "no hash at all")));
}

TEST(PasswordHasher, counts_what_it_did_for_those_who_exist_and_those_who_do_not) {
    asio::io_context context;
    PasswordHasher hasher{cheap};
    const auto hash = testing::run(context, hasher.hash("correct horse"));
    testing::run(context, hasher.verify("wrong horse", hash));
    testing::run(context, hasher.verify("wrong horse", ""));
    EXPECT_EQ(hasher.done(), 3U);
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
