// What the layer itself says, in the application's language and as pages.
#include <gtest/gtest.h>

#include <samovar/log.hpp>
#include <web/html.hpp>

#include "validation_api.hpp"

namespace {

using namespace validation;

class Russian : public testing::Test {
protected:
    Russian() {
        api.post("/body", [](web::Body<Everything> body) { return *body; });
        api.post("/nested", [](web::Body<Nested>) {});
        api.post("/login", [](web::Form<Login> form) { return *form; });
        api.get("/page", [](web::Query<Page> query) { return *query; });
        api.get("/coupon", []() -> int { throw web::ValidationError({"query", "coupon"}, "Такого купона нет"); });
        api.get("/fails", []() -> int { throw 5; });
    }

    /// The first error's msg.
    static std::string msg(const web::testing::Reply& reply) {
        const Value body = reply.json();
        const Value* detail = body.find("detail");
        if (!detail || !detail->if_array()) return "no 422: " + reply.body;
        return *detail->if_array()->front().find("msg")->if_string();
    }
    std::string msg(std::string_view member, Value value) {
        return msg(client.post("/body", {.json = Object{{std::string{member}, std::move(value)}}}));
    }
    static std::string detail(const web::testing::Reply& reply) {
        const Value body = reply.json();
        return *body.find("detail")->if_string();
    }

    web::Api api{{.language = web::Language::russian, .access_log = false}};
    web::testing::Client client{api};
};

TEST_F(Russian, every_rule_has_its_message) {
    EXPECT_EQ(msg("text", 5), "Нужна строка");
    EXPECT_EQ(msg("text", ""), "Не короче 1 символа");
    EXPECT_EQ(msg("text", "four"), "Не длиннее 3 символов");
    EXPECT_EQ(msg("text", std::string("a\0", 2)), "Уберите нулевые символы");
    EXPECT_EQ(msg("email", "anna"), "Нужен адрес электронной почты вида имя@домен.рф");
    EXPECT_EQ(msg("date", "soon"), "Дата пишется как ГГГГ-ММ-ДД");
    EXPECT_EQ(msg("moment", "soon"), "Дата и время пишутся как 2026-03-01T12:00:00+03:00");
    EXPECT_EQ(msg("code", "ab"), "Не соответствует образцу ^[A-Z]+$");
    EXPECT_EQ(msg("count", 0), "Не меньше 1");
    EXPECT_EQ(msg("count", 11), "Не больше 10");
    EXPECT_EQ(msg("count", "x"), "Нужно целое число");
    EXPECT_EQ(msg("count", Array{}), "Нужно целое число");
    EXPECT_EQ(msg("count", 1.5), "Нужно целое число, без дробной части");
    EXPECT_EQ(msg("ratio", 0), "Больше 0");
    EXPECT_EQ(msg("ratio", 1.5), "Меньше 1.5");
    EXPECT_EQ(msg("ratio", "x"), "Нужно число");
    EXPECT_EQ(msg("ratio", Object{}), "Нужно число");
    EXPECT_EQ(msg("ratio", "1e999"), "Нужно конечное число");
    EXPECT_EQ(msg("flag", 2), "Нужно true или false");
    EXPECT_EQ(msg("flag", Array{}), "Нужно true или false");
    EXPECT_EQ(msg("delivery", "pidgeon"), "Одно из значений: 'pickup' или 'russian_post'");
    EXPECT_EQ(msg("numbers", 1), "Нужен список");
    EXPECT_EQ(msg("numbers", Array{}), "Не меньше 1 элемента");
    EXPECT_EQ(msg("numbers", (Array{1, 2, 3})), "Не больше 2 элементов");
    EXPECT_EQ(msg("stock", 1), "Нужен объект");
    EXPECT_EQ(msg("contact", 1), "Нужен объект");
    EXPECT_EQ(msg("contact", Object{}), "Обязательное поле");
    EXPECT_EQ(msg("even", "abc"), "the length must be even") << "the application's own words";
    EXPECT_EQ(msg(client.get("/coupon")), "Такого купона нет");
    EXPECT_EQ(msg(client.post("/body", {.body = "{", .headers = {{"Content-Type", "application/json"}}})),
              "Тело запроса не прочитать как JSON");
    EXPECT_EQ(msg(client.post(
                  "/body", {.body = R"({"text":"\ud800"})", .headers = {{"Content-Type", "application/json"}}})),
              "Нужен текст в кодировке UTF-8");
}

TEST_F(Russian, type_loc_input_and_ctx_stay_pydantics) {
    EXPECT_EQ(
        client.get("/page?page=0").body,
        R"({"detail":[{"type":"greater_than_equal","loc":["query","page"],"msg":"Не меньше 1","input":"0","ctx":{"ge":1}}]})");
}

TEST_F(Russian, details_of_the_layers_own_errors_are_russian) {
    const samovar::log::ScopedSink quiet{[](const samovar::log::Record&) {}};
    EXPECT_EQ(detail(client.get("/nothing")), "Такой страницы нет.");
    EXPECT_EQ(detail(client.get("/body")), "Этот метод здесь не поддерживается.");
    EXPECT_EQ(detail(client.get("/fails")), "Внутренняя ошибка сервера.");
    EXPECT_EQ(detail(client.post("/body", {.body = "{}"})), "Тело запроса должно быть в application/json.");
    EXPECT_EQ(detail(client.post("/login", {.body = "a=1"})),
              "Тело запроса должно быть в application/x-www-form-urlencoded.");
    EXPECT_EQ(detail(client.post("/body", {.json = 1, .headers = {{"Content-Encoding", "gzip"}}})),
              "Сжатое тело не читается: пришлите его без Content-Encoding.");
}

class Pages : public testing::Test {
protected:
    Pages() {
        api.get("/for-people", [](web::Query<Id> query) { return *query; }, {.page = true});
        api.get("/for-programs", [](web::Query<Id> query) { return *query; });
        api.get("/limited",
                []() -> int {
                    auto response = web::Response::json(Object{{"error", "Rate limit exceeded"}}, 429);
                    response.headers.add("Retry-After", "7");
                    throw web::ResponseError{std::move(response)};
                },
                {.page = true});
        api.get("/forbidden", []() -> int { throw web::HttpError{403, "Нет", {{"X-Why", "because"}}}; },
                {.page = true});
        api.get("/moved", []() -> int { throw web::ResponseError{web::Response::redirect("/")}; }, {.page = true});
    }

    static std::optional<web::Response> page(const web::Request& request, int status, std::string_view text) {
        if (request.path.starts_with("/api/")) return std::nullopt;
        return web::html::page({.title = std::to_string(status), .body = web::html::escape(text)}, status);
    }
    web::testing::Reply browse(std::string_view path) {
        return client.get(path, {.headers = {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}}});
    }

    web::Api api{{.language = web::Language::russian, .error_page = &Pages::page, .access_log = false}};
    web::testing::Client client{api};
};

TEST_F(Pages, a_browser_is_shown_errors_as_pages) {
    for (const auto& [path, status, text] :
         {std::tuple{"/nothing", 404, "Такой страницы нет."}, std::tuple{"/for-people", 422, "Обязательное поле."},
          std::tuple{"/limited", 429, "<title>429"}, std::tuple{"/forbidden", 403, "Нет"}}) {
        const auto reply = browse(path);
        EXPECT_EQ(reply.status, status) << path;
        EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8") << path;
        EXPECT_NE(reply.body.find(text), std::string::npos) << reply.body;
        EXPECT_NE(reply.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
    }
    const auto wrong = client.post("/for-people", {.headers = {{"Accept", "text/html"}}});
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(wrong.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(browse("/limited").header("Retry-After"), "7");
    EXPECT_EQ(browse("/forbidden").header("X-Why"), "because");
}

TEST_F(Pages, programs_endpoints_for_programs_and_what_the_application_says_stay_json) {
    for (const auto& reply : {client.get("/nothing"), client.get("/for-people"),
                              client.get("/for-people", {.headers = {{"Accept", "application/json"}}}),
                              browse("/for-programs"), browse("/api/nothing")})
        EXPECT_EQ(reply.header("Content-Type"), "application/json") << reply.body;
    EXPECT_EQ(browse("/moved").status, 303);
    EXPECT_EQ(browse("/for-people?id=1").body, R"({"id":1})");
}

}  // namespace
