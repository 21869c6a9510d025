#include "mail/template_engine.hpp"

#include <fstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace localtea::mail {
namespace {

using samovar::Array;
using samovar::Object;
using ::testing::HasSubstr;
using ::testing::Not;

/// An engine over a folder of templates that a test writes.
class Templates : public ::testing::Test {
protected:
    void write(const std::string& name, std::string_view text) { std::ofstream{folder_.path() / name} << text; }

    /// The template's file changes as a later edit would change it, whatever the file system's clock ticks.
    void rewrite(const std::string& name, std::string_view text) {
        write(name, text);
        const auto path = folder_.path() / name;
        edits_ += std::chrono::hours{1};
        std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + edits_);
    }

    std::string render(std::string_view source, const Object& context) {
        write("main.html", source);
        return TemplateEngine{{folder_.path(), false}}.render("main.html", context);
    }

    std::string failure(std::string_view source, const Object& context = {}) {
        try {
            return "rendered: " + render(source, context);
        } catch (const PermanentMailError& error) {
            return error.what();
        }
    }

    samovar::testing::TemporaryFolder folder_;
    std::chrono::hours edits_{0};
};

TEST_F(Templates, text_is_escaped_as_markupsafe_does) {
    EXPECT_EQ(render("{{ x }} {{ x|safe }}", {{"x", "<a href=\"/\">'&'</a>"}}),
              "&lt;a href=&#34;/&#34;&gt;&#39;&amp;&#39;&lt;/a&gt; <a href=\"/\">'&'</a>");
}

TEST_F(Templates, every_type_of_value_prints_as_pythons_str) {
    const Object context{{"n", nullptr},
                         {"t", true},
                         {"i", -7},
                         {"u", UINT64_MAX},
                         {"f", 2.0},
                         {"h", 1e16},
                         {"s", "чай"},
                         {"a", Array{1, 0.1, "x", nullptr, false}},
                         {"o", Object{{"k", 1e-5}, {"a", "'"}}}};
    EXPECT_EQ(
        render("{{ n }} {{ t }} {{ i }} {{ u }} {{ f }} {{ h }} {{ s }} {{ a|safe }} {{ o|safe }}", context),
        "None True -7 18446744073709551615 2.0 1e+16 чай [1, 0.1, 'x', None, False] {'k': 1e-05, 'a': \"'\"}");
}

TEST_F(Templates, not_a_number_and_infinities_reach_the_template) {
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(render("{{ a }} {{ b }} {{ c }}", {{"a", infinity}, {"b", -infinity}, {"c", std::nan("")}}),
              "inf -inf nan");
}

TEST_F(Templates, objects_keep_their_order_and_the_last_of_two_equal_keys) {
    Object object{{"b", 1}, {"a", 2}};
    object.append("b", 3);
    EXPECT_EQ(render("{{ o|safe }}", {{"o", object}}), "{'b': 3, 'a': 2}");
}

TEST_F(Templates, last_newline_goes_as_in_jinja2) { EXPECT_EQ(render("a\n", {}), "a"); }

TEST_F(Templates, undefined_is_empty_and_its_attributes_are_an_error_that_names_it) {
    EXPECT_EQ(render("[{{ order.note }}]", {{"order", Object{}}}), "[]");
    EXPECT_THAT(failure("\n{{ order.note.text }}", {{"order", Object{}}}), HasSubstr("(main.html, line 2)"));
}

TEST_F(Templates, what_is_not_supported_is_named) {
    EXPECT_THAT(failure("{{ 'x'|urlize }}"), HasSubstr("urlize"));
    EXPECT_THAT(failure("{{ 'x'.encode() }}"), HasSubstr("encode"));
    EXPECT_THAT(failure("{% trans %}x{% endtrans %}"), HasSubstr("trans"));
    EXPECT_THAT(failure("{{ gettext('x') }}"), HasSubstr("gettext"));
    EXPECT_THAT(failure("{{ 1 is prime }}"), HasSubstr("prime"));
    EXPECT_THAT(failure("{{ '%d' % 5 }}"), HasSubstr("% operator"));
}

TEST_F(Templates, filters_that_are_not_supported_are_refused_when_loaded_wherever_they_stand) {
    for (std::string name : {"attr", "pprint", "random", "urlize"})
        EXPECT_THAT(failure("{% if false %}{{ x|" + name + " }}{% endif %}"),
                    HasSubstr("the filter " + name + " is not supported"));
    for (std::string word : {"do x", "break", "continue"})
        EXPECT_THAT(failure("{% if false %}{% " + word + " %}{% endif %}"), HasSubstr("unknown statement"));
}

TEST_F(Templates, no_template_takes_more_time_or_memory_than_a_rendering_may) {
    const std::string twice = "{% set n = namespace(a='x', l=[1]) %}{% for i in range(99) %}";
    for (const std::string& source : std::vector<std::string>{
             "{{ 'x'|center(10**10) }}", "{{ 'x'|indent(10**10) }}", "{{ 'x'.zfill(10**10) }}",
             "{{ 'x'.ljust(10**10) }}", "{{ [1]|batch(10**10, 0)|list }}", "{{ [1]|slice(10**10)|list }}",
             "{{ 'x' * 10**10 }}", "{{ [1] * 10**10 }}", "{{ range(10**18)|length }}",
             "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
             twice + "{% set n.a = n.a ~ n.a %}{% endfor %}",
             twice + "{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l }}",
             twice + "{% set n.a = n.a.replace('x', 'xx') %}{% endfor %}", "{{ {'a': 1}|tojson(indent=10**9) }}",
             "{{ range(99999)|map('string')|join('x' * 9999) }}", "{{ ('x' * 10**7)|wordwrap(1) }}",
             "{{ ('%(a)9999d' * 10**6)|format(a=1) }}", "{{ ('{0:9999}' * 10**6).format(1) }}"})
        EXPECT_THAT(failure(source), HasSubstr("takes too much time or memory")) << source;
}

TEST_F(Templates, work_on_a_large_text_is_paid_for) {
    Object map;
    for (int i = 0; i < 5'000; ++i) map.append("k" + std::to_string(i), i);
    const Object context{{"big", std::string(1'000'000, 'a')}, {"list", Array(50'000, 7)}, {"map", map}};
    for (std::string work : {"big|int", "big|length", "big is lower", "big < big ~ 'a'", "{big: 1}", "big.split()",
                             "[big]|unique|list", "list.count(1)", "dict(**map)", "many.k1",
                             "[big]|map('int')|list", "big|truncate", "list|tojson", "list == list"})
        EXPECT_THAT(failure("{% set many = namespace(map) %}{% for i in range(99999) %}{% if " + work +
                                " %}{% endif %}{% endfor %}",
                            context),
                    HasSubstr("takes too much time or memory"))
            << work;
}

TEST_F(Templates, names_that_one_template_gives_another_are_paid_for) {
    Object names;
    for (int i = 0; i < 5'000; ++i) names.append("k" + std::to_string(i), i);
    write("part.html", "");
    for (std::string tag : {"{% block b scoped %}{% endblock %}", "{% include 'part.html' %}"})
        EXPECT_THAT(failure("{% for i in range(99999) %}" + tag + "{% endfor %}", names),
                    HasSubstr("takes too much time or memory"))
            << tag;
}

TEST_F(Templates, calls_and_values_without_end_are_refused) {
    for (std::string_view source :
         {"{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{% include 'main.html' %}",
          "{% extends 'main.html' %}", "{% import 'main.html' as m %}",
          "{% block b %}{{ self.b() }}{% endblock %}", "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
          "{% set n = namespace() %}{% set n.n = n %}{{ n }}"})
        EXPECT_THAT(failure(source), ::testing::AnyOf(HasSubstr("deeper than"), HasSubstr("in a circle")))
            << source;
}

TEST_F(Templates, values_without_an_order_are_refused_in_lists_of_any_length) {
    Array mixed;
    for (int i = 0; i < 100; ++i) i % 3 == 0 ? mixed.emplace_back("a") : mixed.emplace_back(i);
    EXPECT_THAT(failure("{{ x|sort }}", {{"x", mixed}}), HasSubstr("comparison between"));
    EXPECT_THAT(failure("{{ x|sort }}", {{"x", Array(100, std::nan(""))}}), HasSubstr("NaN"));
}

TEST_F(Templates, links_lead_to_templates_inside_the_folder_alone) {
    const samovar::testing::TemporaryFolder elsewhere;
    std::ofstream{elsewhere.path() / "secret.html"} << "secret";
    write("part.html", "part");
    std::filesystem::create_symlink("part.html", folder_.path() / "inside.html");
    std::filesystem::create_symlink(elsewhere.path() / "secret.html", folder_.path() / "outside.html");
    std::filesystem::create_symlink(elsewhere.path() / "secret.html", folder_.path() / "verification.html");
    EXPECT_EQ(render("{% include 'inside.html' %}", {}), "part");
    EXPECT_THAT(failure("{% include 'outside.html' %}"),
                HasSubstr("outside.html is no plain file inside TEMPLATES_DIR"));
    // Nor is the embedded one sent in its place.
    EXPECT_THAT(failure("{% include 'verification.html' %}"), HasSubstr("no plain file inside TEMPLATES_DIR"));
}

TEST_F(Templates, errors_hold_no_value_of_the_context) {
    const Object context{{"token", "secret-token"}};
    for (std::string_view source :
         {"{{ token / 2 }}", "{{ token|round }}", "{{ '%d'|format(token) }}", "{{ token.nope() }}",
          "{{ '{:d}'.format(token) }}", "{% for a, b in [token] %}{% endfor %}", "{{ token|filesizeformat }}",
          "{{ token() }}", "{{ token|batch(0) }}", "{{ [1]|join(token, token, token) }}"})
        EXPECT_THAT(failure(source, context), Not(HasSubstr("secret-token"))) << source;
}

TEST_F(Templates, syntax_error_says_where) { EXPECT_THAT(failure("a\nb {% if %}"), HasSubstr("line 2")); }

TEST_F(Templates, missing_parts_are_errors) {
    EXPECT_THAT(failure("{% include 'nope.html' %}"), HasSubstr("nope.html"));
    EXPECT_THAT(failure("{% extends 'nope.html' %}"), HasSubstr("nope.html"));
}

TEST_F(Templates, names_with_a_path_in_them_find_nothing) {
    std::filesystem::create_directory(folder_.path() / "sub");
    write("sub/x.html", "leaked");
    EXPECT_THAT(failure("{% include 'sub/x.html' %}"), Not(HasSubstr("leaked")));
    const TemplateEngine engine{{folder_.path(), false}};
    for (std::string name :
         {"", ".html", "../x.html", "sub/x.html", "x.txt", "x", "я.html", "x.html\n", "x.html.html"})
        EXPECT_THROW(engine.render(name, {}), PermanentMailError) << name;
}

TEST_F(Templates, folder_takes_the_place_of_embedded_templates_of_the_same_name_alone) {
    const Object context{
        {"project_name", "LocalTea"}, {"current_year", 2025}, {"subject", "s"}, {"title", "t"}, {"link", "l"}};
    const TemplateEngine embedded;
    EXPECT_THAT(embedded.render("verification.html", context), HasSubstr("Подтвердить почту"));
    write("base.html", "own base: {% block content %}{% endblock %}");
    const TemplateEngine own{{folder_.path(), false}};
    const auto html = own.render("verification.html", context);
    EXPECT_TRUE(html.starts_with("own base:"));
    EXPECT_THAT(html, HasSubstr("Подтвердить почту"));
}

TEST_F(Templates, changes_are_taken_up_only_when_reload_is_on) {
    write("main.html", "{% include 'part.html' %}");
    write("part.html", "one");
    const TemplateEngine fixed{{folder_.path(), false}};
    const TemplateEngine reloading{{folder_.path(), true}};
    EXPECT_EQ(fixed.render("main.html", {}), "one");
    EXPECT_EQ(reloading.render("main.html", {}), "one");
    rewrite("part.html", "two");
    EXPECT_EQ(fixed.render("main.html", {}), "one");
    EXPECT_EQ(reloading.render("main.html", {}), "two");
}

TEST_F(Templates, reload_sees_a_template_that_was_not_there_before) {
    const TemplateEngine engine{{folder_.path(), true}};
    EXPECT_THROW(engine.render("late.html", {}), PermanentMailError);
    write("late.html", "here");
    EXPECT_EQ(engine.render("late.html", {}), "here");
}

TEST_F(Templates, context_nested_beyond_any_message_is_refused) {
    samovar::Value value = 1;
    for (int depth = 0; depth < 600; ++depth) value = Array{std::move(value)};
    EXPECT_THAT(failure("{{ x }}", {{"x", std::move(value)}}), HasSubstr("deeper"));
}

TEST_F(Templates, text_that_is_not_utf_8_is_refused) {
    EXPECT_THAT(failure("{{ x }}", {{"x", std::string{"\xff\xfe"}}}), HasSubstr("UTF-8"));
}

TEST_F(Templates, many_threads_render_at_once) {
    write("main.html", "{% for x in xs %}{{ x }},{% endfor %}{{ name }}");
    const TemplateEngine engine{{folder_.path(), true}};
    std::vector<std::string> results(8);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < results.size(); ++i)
            threads.emplace_back([&, i] {
                for (int round = 0; round < 50; ++round)
                    results[i] = engine.render("main.html", {{"xs", Array{1, 2}}, {"name", static_cast<int>(i)}});
            });
    }
    for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i], "1,2," + std::to_string(i));
}

}  // namespace
}  // namespace localtea::mail
