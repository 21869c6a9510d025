// Fields that reach their handler in normal form.
#include <gtest/gtest.h>
#include <boost/describe.hpp>

#include <web/testing/client.hpp>
#include <web/web.hpp>

namespace normal_form {

using samovar::Object;
using samovar::Value;

struct Tea {
    std::string name;
    std::optional<std::string> origin;
};
BOOST_DESCRIBE_STRUCT(Tea, (), (name, origin))

int calls = 0;

/// Without spaces around it; what is nothing else is refused.
inline std::optional<std::string> trimmed(std::string& text) {
    ++calls;
    const auto first = text.find_first_not_of(' ');
    if (first == std::string::npos) return "nothing but spaces";
    text = text.substr(first, text.find_last_not_of(' ') + 1 - first);
    return std::nullopt;
}

}  // namespace normal_form

template <>
struct web::Constraints<normal_form::Tea> {
    static constexpr auto list = std::tuple{
        web::field(&normal_form::Tea::name).normal(&normal_form::trimmed),
        web::field(&normal_form::Tea::origin).normal(&normal_form::trimmed),
    };
};

namespace normal_form {
namespace {

class NormalForm : public testing::Test {
protected:
    NormalForm() {
        api.post("/teas", [](web::Body<Tea> tea) { return *tea; });
        calls = 0;
    }

    web::Api api{{.access_log = false}};
    web::testing::Client client{api};
};

TEST_F(NormalForm, is_what_the_handler_gets_made_once) {
    const auto reply = client.post("/teas", {.json = Object{{"name", "  Long Jing "}, {"origin", " Hangzhou"}}});
    EXPECT_EQ(reply.body, R"({"name":"Long Jing","origin":"Hangzhou"})");
    EXPECT_EQ(calls, 2);
}

TEST_F(NormalForm, is_not_asked_of_what_is_absent) {
    EXPECT_EQ(client.post("/teas", {.json = Object{{"name", "Long Jing"}}}).body,
              R"({"name":"Long Jing","origin":null})");
    EXPECT_EQ(calls, 1);
}

TEST_F(NormalForm, a_refused_value_is_echoed_as_it_was_written) {
    const auto reply = client.post("/teas", {.json = Object{{"name", "   "}}});
    EXPECT_EQ(reply.status, 422);
    EXPECT_NE(reply.body.find(R"("input":"   ","ctx":{"error":"nothing but spaces"})"), std::string::npos)
        << reply.body;
}

}  // namespace
}  // namespace normal_form
