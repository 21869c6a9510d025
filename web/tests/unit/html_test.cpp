#include <gtest/gtest.h>

#include <web/html.hpp>

namespace {

TEST(Html, escapes_what_could_leave_its_place) {
    EXPECT_EQ(web::html::escape(R"(<a href="x" onclick='y'>&amp; чай</a>)"),
              "&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;amp; чай&lt;/a&gt;");
    EXPECT_EQ(web::html::escape(""), "");
}

TEST(Html, builds_a_page_that_runs_nothing_foreign) {
    const auto page = web::html::page({.title = "Чай & <кофе>", .body = "<p>ok</p>"}, 404);
    EXPECT_EQ(page.status, 404);
    EXPECT_EQ(page.headers.find("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(page.body.find("<html lang=\"ru\">"), std::string::npos);
    EXPECT_NE(page.body.find("<title>Чай &amp; &lt;кофе&gt;</title>"), std::string::npos);
    EXPECT_NE(page.body.find("<p>ok</p>"), std::string::npos);
    EXPECT_EQ(page.headers.find("Content-Security-Policy"),
              "default-src 'none'; style-src 'none'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
              "base-uri 'none'; "
              "frame-ancestors 'none'");
    EXPECT_EQ(page.headers.find("Cache-Control"), "no-store");
}

TEST(Html, allows_its_own_style_by_hash_and_a_form_by_name) {
    const auto page =
        web::html::page({.title = "t", .body = "", .style = "p{}", .form_action = "https://api.shop.example"});
    EXPECT_NE(page.body.find("<style>p{}</style>"), std::string::npos);
    // The hash was computed by openssl dgst -sha256 -binary | base64 over "p{}".
    EXPECT_NE(page.headers.find("Content-Security-Policy")
                  ->find("style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='"),
              std::string_view::npos)
        << *page.headers.find("Content-Security-Policy");
    EXPECT_NE(page.headers.find("Content-Security-Policy")->find("form-action 'self' https://api.shop.example;"),
              std::string_view::npos);
}

}  // namespace
