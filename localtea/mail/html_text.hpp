// The text part of a mail, from its HTML.
#pragma once

#include <string>
#include <string_view>

namespace localtea::mail {

/// What a reader without HTML should see: paragraphs apart, list items marked, the address of every link beside
/// its text, pictures by their alternative text, character references replaced; without head, styles, scripts,
/// comments and what is hidden (preheaders, decoration). Lines end in LF; a text that is not empty ends in one.
/// Takes any input: what is not well-formed is read as leniently as mail clients do.
std::string text_from_html(std::string_view html);

/// `text` with HTML's character references replaced, as Python's html.unescape does.
std::string unescape_html(std::string_view text);

}  // namespace localtea::mail
