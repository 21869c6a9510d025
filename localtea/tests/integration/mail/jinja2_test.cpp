// Every snippet of jinja_cases.json, and the shop's own templates, rendered by us and by Python's Jinja2.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "mail/template_engine.hpp"
#include "support/python.hpp"
#include "support/temporary_folder.hpp"

namespace localtea::mail {
namespace {

using samovar::Array;
using samovar::Object;
using samovar::Value;

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
    const localtea::testing::TemporaryFolder folder;
    for (const auto& [name, source] : templates) std::ofstream{folder.path() / name} << *source.if_string();
    try {
        return TemplateEngine{{folder.path(), false}}.render("main.html", context);
    } catch (const PermanentMailError& error) {
        return error.what();
    }
}

void expect_same(const Array& cases) {
    const auto expected = localtea::testing::run_python("render_jinja2.py", cases);
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
        cases.push_back(Object{{"templates", Object{{"main.html", snippet}}}, {"context", *file.find("context")}});
    for (const auto& set : *file.find("sets")->if_array())
        cases.push_back(Object{{"templates", *set.find("templates")}, {"context", *file.find("context")}});
    EXPECT_GT(cases.size(), 170U);
    expect_same(cases);
}

TEST(Jinja2, shops_templates_render_the_same) {
    const auto folder = here().parent_path().parent_path().parent_path() / "mail" / "templates";
    Object templates;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        templates.set(entry.path().filename(), file_content(entry.path()));
    Array cases;
    for (std::string_view title : {"Подтвердите почту", "<b>\"Чай\" & 'мёд'</b>", ""}) {
        templates.set("main.html", *templates.find("verification.html"));
        cases.push_back(Object{{"templates", templates},
                               {"context", Object{{"project_name", "Чайная <лавка>"},
                                                  {"current_year", 2025},
                                                  {"subject", "Тема & <тема>"},
                                                  {"title", title},
                                                  {"token", "Qk3v-_"},
                                                  {"link", "https://tea.example/?token=Qk3v&x=\"1\""}}}});
    }
    expect_same(cases);
}

}  // namespace
}  // namespace localtea::mail
