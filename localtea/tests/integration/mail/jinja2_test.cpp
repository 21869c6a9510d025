// Snippets of jinja_cases.json, generated templates and the shop's own, rendered by us and by Python's Jinja2.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "mail/template_engine.hpp"
#include "support/child_process.hpp"
#include "support/python.hpp"
#include "support/temporary_folder.hpp"

namespace localtea::mail {
namespace {

using samovar::Array;
using samovar::Object;
using samovar::Value;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string file_content(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

const std::filesystem::path& here() {
    static const auto folder = std::filesystem::path{LOCALTEA_TESTS_DIR} / "integration" / "mail";
    return folder;
}

/// What we make of a set of templates: its main.html.
std::string render(const Object& templates, const Object& context) {
    const samovar::testing::TemporaryFolder folder;
    for (const auto& [name, source] : templates) std::ofstream{folder.path() / name} << *source.if_string();
    try {
        return TemplateEngine{{folder.path(), false}}.render("main.html", context);
    } catch (const PermanentMailError& error) {
        return error.what();
    }
}

void expect_same(const Array& cases) {
    const auto expected = samovar::testing::ask_python(localtea::testing::support_file("render_jinja2.py"), cases);
    ASSERT_EQ(expected.if_array()->size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto& templates = *cases[i].find("templates")->if_object();
        const auto& source = *templates.find("main.html")->if_string();
        const auto* text = (*expected.if_array())[i].if_string();
        ASSERT_NE(text, nullptr) << "Jinja2 itself fails: " << source;
        EXPECT_EQ(render(templates, *cases[i].find("context")->if_object()), *text) << source;
    }
}

TEST(Jinja2, snippets_render_the_same) {
    const auto file = samovar::json::parse(file_content(here() / "jinja_cases.json"));
    Array cases;
    for (const auto& snippet : *file.find("snippets")->if_array())
        cases.emplace_back(
            Object{{"templates", Object{{"main.html", snippet}}}, {"context", *file.find("context")}});
    for (const auto& set : *file.find("sets")->if_array())
        cases.emplace_back(Object{{"templates", *set.find("templates")}, {"context", *file.find("context")}});
    EXPECT_GT(cases.size(), 170U);
    expect_same(cases);
}

/// The shop's templates, and one of them as main.html.
Object shop_templates(const std::string& main) {
    const auto folder = here().parent_path().parent_path().parent_path() / "mail" / "templates";
    Object templates;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        templates.set(entry.path().filename(), file_content(entry.path()));
    templates.set("main.html", *templates.find(main));
    return templates;
}

/// One case for each of the contexts, with what every mail is given besides.
void expect_same(const std::string& main, const std::vector<Object>& contexts) {
    Array cases;
    for (Object context : contexts) {
        context.set("project_name", "Чайная <лавка>");
        context.set("current_year", 2025);
        context.set("subject", "Тема & <тема>");
        cases.emplace_back(Object{{"templates", shop_templates(main)}, {"context", std::move(context)}});
    }
    expect_same(cases);
}

/// What decision 060 says is refused: an example, and a part of the error's text.
struct Refused {
    std::string example, error;
};

std::vector<Refused> refused() {
    const auto root = here().parent_path().parent_path().parent_path().parent_path();
    const auto text = file_content(root / "docs" / "decisions" / "060-mail-templates.md");
    static const std::regex item{"\n- `([^`]+)`: `([^`]+)`"};
    std::vector<Refused> list;
    for (std::sregex_iterator match{text.begin(), text.end(), item}; match != std::sregex_iterator{}; ++match)
        list.push_back({match->str(1), match->str(2)});
    return list;
}

TEST(Jinja2, what_decision_060_refuses_renders_in_python_and_is_refused_here) {
    const auto list = refused();
    ASSERT_GE(list.size(), 15U);
    const auto file = samovar::json::parse(file_content(here() / "jinja_cases.json"));
    Array cases;
    for (const auto& [example, error] : list)
        cases.emplace_back(
            Object{{"templates", Object{{"main.html", example}}}, {"context", *file.find("context")}});
    const auto expected = samovar::testing::ask_python(localtea::testing::support_file("render_jinja2.py"), cases);
    for (std::size_t i = 0; i < list.size(); ++i) {
        EXPECT_TRUE((*expected.if_array())[i].if_string()) << "Jinja2 itself fails: " << list[i].example;
        const auto text = render(*cases[i].find("templates")->if_object(), *file.find("context")->if_object());
        EXPECT_THAT(text, AllOf(StartsWith("template main.html: "), HasSubstr(list[i].error))) << list[i].example;
    }
}

/// What Jinja2 made of a template; nothing where it fails, and where it prints where in memory an object is.
const std::string* wanted(const Value& rendered) {
    static const std::regex address{" at 0x|&lt;function", std::regex::icase};
    const auto* text = rendered.if_string();
    return text && !std::regex_search(*text, address) ? text : nullptr;
}

TEST(Jinja2, generated_templates_render_the_same_or_are_refused_as_decision_060_says) {
    const auto file = samovar::json::parse(file_content(here() / "jinja_cases.json"));
    const auto& context = *file.find("context");
    const auto generated = samovar::testing::ask_python(localtea::testing::support_file("generate_templates.py"),
                                                        Object{{"seed", 20261129}, {"count", 2400}});
    Array cases;
    for (const auto& templates : *generated.if_array())
        cases.emplace_back(Object{{"templates", templates}, {"context", context}});
    const auto rendered = samovar::testing::ask_python(localtea::testing::support_file("render_jinja2.py"), cases);
    const auto list = refused();
    std::size_t same = 0;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto text = render(*(*generated.if_array())[i].if_object(), *context.if_object());
        const auto* expected = wanted((*rendered.if_array())[i]);
        const auto told = [&text](const Refused& item) { return text.find(item.error) != std::string::npos; };
        const bool failed = text.starts_with("template main.html: ");
        if (expected && text == *expected)
            ++same;
        else
            EXPECT_TRUE(failed && (!expected || std::any_of(list.begin(), list.end(), told)))
                << samovar::json::dump((*generated.if_array())[i]) << " is in Jinja2 "
                << (expected ? *expected : "a failure") << " and here " << text;
    }
    EXPECT_GE(same, 500U);
    RecordProperty("same", static_cast<int>(same));
}

TEST(Jinja2, mails_of_accounts_render_the_same) {
    std::vector<Object> contexts;
    for (std::string_view text : {"Подтвердите почту", "<b>\"Чай\" & 'мёд'</b>", ""})
        contexts.push_back({{"title", text},
                            {"username", text},
                            {"new_email", "<new>@tea.example"},
                            {"changed_at", "23.11.2026 в 08:13"},
                            {"token", "Qk3v-_"},
                            {"link", "https://tea.example/?token=Qk3v&x=\"1\""}});
    for (const auto* mail : {"verification.html", "email_change.html", "email_change_notice.html",
                             "password_reset.html", "password_changed.html"})
        expect_same(mail, contexts);
}

TEST(Jinja2, order_confirmation_renders_the_same) {
    const Object full{
        {"customer_name", "Анна <b>"},
        {"order_id", 7},
        {"payment_id", 8},
        {"order_date", "23.11.2026, 15:04"},
        {"items", Array{Object{{"name", "Да Хун Пао & Ко"}, {"variant", "100g"}, {"quantity", 2}, {"price", 1250}},
                        Object{{"name", "Мёд"}, {"variant", ""}, {"quantity", 1}, {"price", 0.05}}}},
        {"subtotal", 1'234'567.89},
        {"discount_amount", 99.5},
        {"promo_code", "ЧАЙ"},
        {"delivery_method", "russian_post"},
        {"delivery_cost", 350},
        {"total", 1'234'818.39},
        {"shipping_address", "190000, Санкт-Петербург, \"дом\" 1"},
        {"order_link", "https://tea.example/orders/7?a=1&b=2"}};
    Object bare = full;
    for (const auto* absent : {"customer_name", "promo_code", "shipping_address"}) bare.set(absent, nullptr);
    for (const auto* zero : {"discount_amount", "delivery_cost"}) bare.set(zero, 0);
    bare.set("delivery_method", "pickup");
    bare.set("items", Array{});
    expect_same("order_confirmation.html", {full, bare});
}

TEST(Jinja2, order_shipped_renders_the_same) {
    const Object full{{"customer_name", "Анна"},
                      {"order_id", 7},
                      {"tracking_number", "RA123456789RU"},
                      {"delivery_method", "russian_post"},
                      {"shipping_address", "190000, Санкт-Петербург"},
                      {"estimated_days", "5–14"},
                      {"order_link", "https://tea.example/orders/7"}};
    Object bare{{"order_id", 7}, {"order_link", "https://tea.example/orders/7"}};
    expect_same("order_shipped.html", {full, bare});
}

TEST(Jinja2, payment_alert_renders_the_same) {
    expect_same("payment_alert.html", {Object{{"title", "Верните деньги"},
                                              {"explanation", "Заказ был отменён <до оплаты>."},
                                              {"provider", "sandbox"},
                                              {"payment_id", "p-1"},
                                              {"order_id", 7},
                                              {"amount", "1 250,00 ₽"}}});
}

}  // namespace
}  // namespace localtea::mail
