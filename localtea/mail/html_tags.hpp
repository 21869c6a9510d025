// HTML cut into tags and text: as much of the language as mails need.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace localtea::mail {

/// A start or end tag, or a stretch of text between tags.
struct HtmlToken {
    enum class Kind { text, start, end };
    Kind kind = Kind::text;
    /// The tag's name in lower case, or the text as it was written.
    std::string text;
    /// Names in lower case, values with character references as written.
    std::vector<std::pair<std::string, std::string>> attributes;

    /// The attribute's value, if the tag has it.
    std::optional<std::string_view> attribute(std::string_view name) const;
};

/// Reads tokens from the front of `html`; comments, doctypes and processing instructions are passed over.
/// Lifetime: the HTML must outlive the reader.
class HtmlReader {
public:
    explicit HtmlReader(std::string_view html) : rest_(html) {}

    /// The next token, none at the end.
    std::optional<HtmlToken> next();
    /// Passes over everything up to the end tag `name` (of a script or style, whose content is no HTML).
    void skip_raw(std::string_view name);

private:
    bool skip_markup();
    HtmlToken read_tag();
    void read_attributes(HtmlToken& tag);

    std::string_view rest_;
};

}  // namespace localtea::mail
