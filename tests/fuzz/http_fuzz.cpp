// Bytes of a connection -> requests -> answers, through the in-process client: parser, routing, validation of
// every kind of input, OpenAPI. No input may crash, hang, throw, or be answered with 500.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include <samovar/log.hpp>

#include <web/testing/client.hpp>
#include <web/web.hpp>

namespace {

struct Item {
    std::int64_t sku_id = 0;
    std::uint8_t quantity = 1;
    std::optional<double> weight;
    std::vector<std::string> tags;
    bool gift = false;
};
BOOST_DESCRIBE_STRUCT(Item, (), (sku_id, quantity, weight, tags, gift))
SAMOVAR_DEFAULTS(Item, quantity, tags, gift)

struct Order {
    std::string email, password;
    std::optional<std::string> birthdate, moment, phone;
    std::vector<Item> items;
    std::map<std::string, Item> more;
};
BOOST_DESCRIBE_STRUCT(Order, (), (email, password, birthdate, moment, phone, items, more))

struct Key {
    std::string key;
};
BOOST_DESCRIBE_STRUCT(Key, (), (key))

struct Session {
    std::optional<std::string> x_session_id;
};
BOOST_DESCRIBE_STRUCT(Session, (), (x_session_id))

struct Token {
    std::optional<std::string> refresh_token;
};
BOOST_DESCRIBE_STRUCT(Token, (), (refresh_token))

}  // namespace

template <>
struct web::Constraints<Order> {
    static constexpr auto list = std::tuple{web::field(&Order::email).email(),
                                            web::field(&Order::password).min_length(8).max_length(128).secret(),
                                            web::field(&Order::birthdate).date(),
                                            web::field(&Order::moment).date_time(),
                                            web::field(&Order::phone).pattern("^(\\+?[0-9]+)*$"),
                                            web::field(&Order::items).max_length(3)};
};

namespace {

class Target {
public:
    Target() {
        samovar::log::configure({.level = samovar::log::Level::critical});
        api_.post("/order/{key}", [](web::Path<Key>, web::Query<Item> item, web::Header<Session>,
                                     web::Cookie<Token>, web::Body<Order>) { return *item; });
        api_.post("/form", [](web::Form<Item> form) { return *form; });
        api_.put("/any", [](web::Body<samovar::Value> body) { return *body; });
        api_.get("/{key}", [](web::Path<Key> path) { return *path; });
    }

    std::string exchange(std::string_view bytes) { return client_.exchange(bytes); }

private:
    web::Api api_{{.cors = {.allowed_origins = {"https://shop.example"}},
                   .trusted_proxies = samovar::net::Networks{{"loopback"}},
                   .access_log = false}};
    web::testing::Client client_{api_, {.body = 4'096, .header = 2'048, .header_fields = 20}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Target target;
    const std::string answer = target.exchange({reinterpret_cast<const char*>(data), size});
    if (answer.find("HTTP/1.1 500 ") != std::string::npos) std::abort();
    return 0;
}
