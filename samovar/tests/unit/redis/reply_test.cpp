#include "redis/reply.hpp"

#include <limits>
#include <string_view>

#include <gtest/gtest.h>

#include "base/reason.hpp"
#include "redis/error.hpp"

namespace samovar::redis {
namespace {

template <class Read>
std::string complaint(Read read) {
    try {
        read();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Errc::unexpected_reply);
        return error.what();
    }
    return "none";
}

TEST(Reply, gives_what_it_holds) {
    EXPECT_TRUE(Reply{}.is_null());
    EXPECT_EQ(Reply{42}.integer(), 42);
    EXPECT_EQ(Reply{"text"}.text(), "text");
    EXPECT_EQ((Reply{Reply::Array{1, "a"}}.array().size()), 2u);
    EXPECT_EQ((Reply{ServerError{"OOM", "OOM no memory"}}.error().code), "OOM");
    EXPECT_TRUE(Reply{true}.boolean());
    EXPECT_EQ(Reply{0.5}.number(), 0.5);
}

TEST(Reply, a_number_may_come_as_text_or_integer) {
    EXPECT_EQ(Reply{"1.5"}.number(), 1.5);
    EXPECT_EQ(Reply{"-inf"}.number(), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(Reply{3}.number(), 3.0);
    EXPECT_NE(complaint([] { Reply{"1.5x"}.number(); }), "none");
    EXPECT_NE(complaint([] { Reply{true}.number(); }), "none");
}

TEST(Reply, a_bool_may_come_as_zero_or_one) {
    EXPECT_TRUE(Reply{1}.boolean());
    EXPECT_FALSE(Reply{0}.boolean());
    EXPECT_NE(complaint([] { Reply{2}.boolean(); }), "none");
}

TEST(Reply, the_wrong_kind_names_both_kinds_but_not_the_content) {
    EXPECT_EQ(complaint([] { Reply{"secret"}.integer(); }), "expected an integer, got a text");
    EXPECT_EQ(complaint([] { Reply{}.text(); }), "expected a text, got null");
    EXPECT_EQ(complaint([] { Reply{1}.array(); }), "expected an array, got an integer");
    EXPECT_EQ(complaint([] { Reply{1}.error(); }), "expected an error, got an integer");
}

TEST(Reply, the_wrong_kind_quotes_the_servers_error) {
    EXPECT_EQ(complaint([] { Reply{ServerError{"ERR", "ERR bad"}}.text(); }),
              "expected a text, got the error \"ERR bad\"");
}

TEST(RedisError, tells_what_may_pass_from_what_will_not) {
    for (const auto kind : {Errc::not_connected, Errc::connection_lost, Errc::timeout}) {
        EXPECT_TRUE(is_transient(Error{kind, ""}));
    }
    for (const auto* word : {"LOADING", "BUSY", "READONLY", "OOM", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN"}) {
        EXPECT_TRUE(is_transient(Error{Errc::server_error, "", word})) << word;
    }
    for (const auto kind : {Errc::protocol, Errc::unexpected_reply, Errc::stopped, Errc::bad_configuration}) {
        EXPECT_FALSE(is_transient(Error{kind, ""}));
    }
    EXPECT_FALSE(is_transient(Error{Errc::server_error, "", "WRONGTYPE"}));
}

TEST(RedisError, knows_when_a_request_certainly_had_no_effect) {
    const std::vector<std::pair<Errc, bool>> kinds{
        {Errc::not_connected, true}, {Errc::bad_configuration, true}, {Errc::connection_lost, false},
        {Errc::timeout, false},      {Errc::protocol, false},         {Errc::unexpected_reply, false},
        {Errc::stopped, false},      {Errc::server_error, false},
    };
    for (const auto& [kind, certainly] : kinds) EXPECT_EQ(had_no_effect(Error{kind, ""}), certainly) << int(kind);
    for (const auto* word : {"LOADING", "BUSY", "READONLY", "OOM", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN",
                             "NOREPLICAS", "MISCONF", "WRONGTYPE", "NOSCRIPT", "NOAUTH", "WRONGPASS"})
        EXPECT_TRUE(had_no_effect(Error{Errc::server_error, "", word})) << word;
    for (const auto* word : {"ERR", "NOPERM", "EXECABORT", ""})
        EXPECT_FALSE(had_no_effect(Error{Errc::server_error, "", word})) << word << ": a script may fail half way";
}

TEST(RedisError, tells_who_is_not_let_in_and_what_is_refused) {
    EXPECT_TRUE(refuses_sign_in(Error{Errc::server_error, "", "WRONGPASS"}));
    EXPECT_TRUE(refuses_sign_in(Error{Errc::server_error, "", "NOAUTH"}));
    EXPECT_TRUE(refuses_sign_in(Error{Errc::bad_configuration, ""}));
    EXPECT_FALSE(refuses_sign_in(Error{Errc::server_error, "", "NOPERM"}));
    EXPECT_FALSE(refuses_sign_in(Error{Errc::not_connected, ""}));
    EXPECT_TRUE(is_refusal(Error{Errc::server_error, "", "NOPERM"}));
    EXPECT_TRUE(is_refusal(Error{Errc::bad_configuration, ""}));
    EXPECT_FALSE(is_refusal(Error{Errc::server_error, "", "LOADING"}));
    EXPECT_FALSE(is_refusal(Error{Errc::timeout, ""}));
}

TEST(RedisError, keeps_its_kind_its_word_and_one_clause) {
    const Error error{Errc::server_error, "OOM\r\n" + std::string(1000, 'x'), "OOM"};
    EXPECT_EQ(error.kind(), Errc::server_error);
    EXPECT_EQ(error.code_word(), "OOM");
    const std::string_view what{error.what()};
    EXPECT_TRUE(what.starts_with("OOM  xxx"));
    EXPECT_LE(what.size(), longest_reason);
}

}  // namespace
}  // namespace samovar::redis
