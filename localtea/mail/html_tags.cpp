#include "mail/html_tags.hpp"

#include <algorithm>

namespace localtea::mail {
namespace {

constexpr std::string_view white_space = " \t\r\n\f";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// Cuts off and returns the front of `text` up to one of `stops`.
std::string_view take_until(std::string_view& text, std::string_view stops) {
    const auto head = text.substr(0, text.find_first_of(stops));
    text.remove_prefix(head.size());
    return head;
}

void skip_space(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
}

/// Passes `mark` and everything before it; everything when it does not occur.
void skip_past(std::string_view& text, std::string_view mark) {
    const auto at = text.find(mark);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + mark.size());
}

std::string_view take_value(std::string_view& text) {
    const char quote = text.empty() ? '\0' : text.front();
    if (quote != '"' && quote != '\'') return take_until(text, " \t\r\n\f>");
    text.remove_prefix(1);
    const auto value = take_until(text, {&quote, 1});
    text.remove_prefix(std::min<std::size_t>(1, text.size()));
    return value;
}

}  // namespace

std::optional<std::string_view> HtmlToken::attribute(std::string_view name) const {
    const auto found =
        std::find_if(attributes.begin(), attributes.end(), [&](const auto& entry) { return entry.first == name; });
    if (found == attributes.end()) return std::nullopt;
    return found->second;
}

std::optional<HtmlToken> HtmlReader::next() {
    while (skip_markup()) {
    }
    if (rest_.empty()) return std::nullopt;
    const bool tag = rest_.size() > 1 && rest_[0] == '<' &&
                     (is_letter(rest_[1]) || (rest_[1] == '/' && rest_.size() > 2 && is_letter(rest_[2])));
    if (tag) return read_tag();
    // A "<" that begins no tag is text, as browsers read it.
    const auto end = rest_.find('<', 1);
    HtmlToken token{HtmlToken::Kind::text, std::string{rest_.substr(0, end)}, {}};
    rest_.remove_prefix(token.text.size());
    return token;
}

bool HtmlReader::skip_markup() {
    if (rest_.starts_with("<!--"))
        skip_past(rest_, "-->");
    else if (rest_.starts_with("<!") || rest_.starts_with("<?"))
        skip_past(rest_, ">");
    else
        return false;
    return true;
}

HtmlToken HtmlReader::read_tag() {
    HtmlToken tag;
    rest_.remove_prefix(1);
    tag.kind = rest_.front() == '/' ? HtmlToken::Kind::end : HtmlToken::Kind::start;
    if (tag.kind == HtmlToken::Kind::end) rest_.remove_prefix(1);
    tag.text = lower(take_until(rest_, " \t\r\n\f/>"));
    read_attributes(tag);
    return tag;
}

void HtmlReader::read_attributes(HtmlToken& tag) {
    for (;;) {
        skip_space(rest_);
        if (rest_.empty() || rest_.front() == '>') break;
        if (rest_.front() == '/' || rest_.front() == '=') {
            rest_.remove_prefix(1);
            continue;
        }
        std::string name = lower(take_until(rest_, " \t\r\n\f/>="));
        skip_space(rest_);
        std::string value;
        if (rest_.starts_with('=')) {
            rest_.remove_prefix(1);
            skip_space(rest_);
            value = take_value(rest_);
        }
        tag.attributes.emplace_back(std::move(name), std::move(value));
    }
    rest_.remove_prefix(std::min<std::size_t>(1, rest_.size()));
}

void HtmlReader::skip_raw(std::string_view name) {
    while (!rest_.empty()) {
        skip_past(rest_, "</");
        if (lower(rest_.substr(0, name.size())) == name) return skip_past(rest_, ">");
    }
}

}  // namespace localtea::mail
