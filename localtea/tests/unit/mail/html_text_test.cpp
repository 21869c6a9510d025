#include "mail/html_text.hpp"

#include <gtest/gtest.h>

namespace localtea::mail {
namespace {

struct Case {
    const char* situation;
    std::string_view html;
    std::string_view text;
};

class HtmlText : public testing::TestWithParam<Case> {};

TEST_P(HtmlText, reads_as_text) { EXPECT_EQ(text_from_html(GetParam().html), GetParam().text) << GetParam().html; }

INSTANTIATE_TEST_SUITE_P(
    situations, HtmlText,
    testing::Values(
        Case{"nothing", "", ""}, Case{"plain_text", "Привет", "Привет\n"},
        Case{"white_space_is_one_space", "  a \n\t b&nbsp;&nbsp;c  ", "a b c\n"},
        Case{"paragraphs_are_apart", "<p>a</p><p>b</p>", "a\n\nb\n"},
        Case{"blocks_have_their_own_lines", "<div>a</div><div><div>b</div></div>c", "a\nb\nc\n"},
        Case{"breaks_are_kept_up_to_one_empty_line", "a<br>b<br><br><br><br>c", "a\nb\n\nc\n"},
        Case{"inline_tags_join", "<b>a</b>b <i> c</i>", "ab c\n"},
        Case{"lists_are_marked", "<ul><li>a</li><li>b</li></ul>c", "- a\n- b\n\nc\n"},
        Case{"table_cells_are_apart", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
             "a b\nc\n"},
        Case{"link_address_follows_its_text", "<a href=\"https://t.example/?a=1&amp;b=2\">Кнопка</a>",
             "Кнопка (https://t.example/?a=1&b=2)\n"},
        Case{"link_that_shows_its_address_is_not_repeated",
             "<a href='https://t.example/x'>https://t.example/x</a>", "https://t.example/x\n"},
        Case{"link_around_a_picture", "<a href=https://t.example/><img src=x></a>", "https://t.example/\n"},
        Case{"mail_link_shows_the_address", "<a href=\"mailto:a@t.example?subject=x\">Пишите</a>",
             "Пишите (a@t.example)\n"},
        Case{"link_that_leads_nowhere", "<a href=\"#top\">a</a> <a name=x>b</a> <a href='javascript:x'>c</a>",
             "a b c\n"},
        Case{"picture_is_its_alternative_text", "<img alt=\"Чай &amp; мёд\">", "Чай & мёд\n"},
        Case{"references_are_replaced", "&lt;b&gt; &#1095;&#x430;й &copy; &laquo;&raquo; &unknown; &amp;lt;",
             "<b> чай © «» &unknown; &lt;\n"},
        Case{"head_style_and_script_are_left_out",
             "<head><title>t</title></head><style>p > a { }</style><script>if (a < b) '</p>'</script>x", "x\n"},
        Case{"comments_are_left_out", "a<!-- <p>b</p> -->c<!--[if mso]>d<![endif]--><!doctype html>", "ac\n"},
        Case{"conditional_for_other_clients_is_read", "<!--[if !mso]><!--><b>x</b><!--<![endif]-->", "x\n"},
        Case{"hidden_elements_are_left_out",
             "<div style=\"color:red; DISPLAY : none\">a</div><div style=\"display: none\">p<div>q</div>r</div><p "
             "hidden>b</p>"
             "<td aria-hidden=true>c</td>d",
             "a\nd\n"},
        Case{"preheader_padding_is_left_out", "a&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;b", "a b\n"},
        Case{"preformatted_text_keeps_its_lines", "<pre>a\n  b</pre>c", "a\n  b\n\nc\n"},
        Case{"less_than_sign_that_is_no_tag", "1 < 2 <3 a<", "1 < 2 <3 a<\n"},
        Case{"broken_html", "<p>a<b c='d>e", "a\n"}, Case{"unclosed_script", "a<script>b", "a\n"},
        Case{"attribute_in_upper_case_without_quotes", "<A HREF=http://x.example>y</A>",
             "y (http://x.example)\n"}),
    [](const auto& info) { return info.param.situation; });

TEST(UnescapeHtml, follows_html_and_not_xml) {
    EXPECT_EQ(unescape_html("&AMP;&amp&notit;&#x110000;&#128;&hellip"), "&&¬it;\uFFFD€&hellip");
}

}  // namespace
}  // namespace localtea::mail
