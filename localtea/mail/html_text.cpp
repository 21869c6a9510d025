#include "mail/html_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mail/html_tags.hpp"
#include "mail/jinja/jinja.h"

namespace localtea::mail {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A blank line before and after.
constexpr std::array<std::string_view, 14> paragraphs{"p",  "h1", "h2", "h3", "h4",         "h5",  "h6",
                                                      "ul", "ol", "dl", "hr", "blockquote", "pre", "table"};
/// A line of their own.
constexpr std::array<std::string_view, 14> blocks{"div",     "tr",      "li",     "dt",     "dd",
                                                  "section", "article", "nav",    "header", "footer",
                                                  "main",    "caption", "figure", "center"};
constexpr std::array<std::string_view, 13> void_tags{"area",  "base", "br",   "col",   "embed",  "hr", "img",
                                                     "input", "link", "meta", "track", "source", "wbr"};
/// Their content is not for the reader.
constexpr std::array<std::string_view, 5> unread{"head", "title", "template", "noscript", "object"};

std::string without_spaces(std::string_view text) {
    std::string out;
    for (char c : text)
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') out += c;
    return out;
}

/// Hidden from everybody, as preheaders are, or from readers that do not see the layout.
bool is_hidden(const HtmlToken& tag) {
    if (is_one_of(tag.text, unread) || tag.attribute("hidden")) return true;
    if (tag.attribute("aria-hidden") == "true") return true;
    return without_spaces(tag.attribute("style").value_or("")).find("display:none") != std::string::npos;
}

/// Text with its white space under control: runs of it are one space, breaks are counted, not written.
class TextOutput {
public:
    void add(std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            const auto size = std::min<std::size_t>(character_size(text[at]), text.size() - at);
            add_character(text.substr(at, size));
            at += size;
        }
    }
    void add_preformatted(std::string_view text) {
        for (char c : text) {
            if (c == '\n') {
                line_break();
            } else if (c != '\r') {
                write({&c, 1});
            }
        }
    }
    /// At least `count` line ends between what is there and what comes.
    void separate(int count) { pending_breaks_ = std::max(pending_breaks_, count); }
    void line_break() { ++pending_breaks_; }

    std::string finish() && {
        if (!out_.empty()) out_ += '\n';
        return std::move(out_);
    }
    std::size_t size() const { return out_.size(); }
    std::string_view since(std::size_t begin) const {
        return std::string_view{out_}.substr(std::min(begin, out_.size()));
    }

private:
    static std::size_t character_size(char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    }

    void add_character(std::string_view c) {
        // Preheaders are padded with these; none of them shows in a text.
        constexpr std::array<std::string_view, 6> invisible{"\u200b", "\u200c", "\u200d",
                                                            "\u034f", "\u00ad", "\ufeff"};
        if (is_one_of(c, invisible)) return;
        if (c == " " || c == "\t" || c == "\n" || c == "\r" || c == "\f" || c == "\u00a0")
            pending_space_ = true;
        else
            write(c);
    }

    void write(std::string_view text) {
        if (out_.empty() || pending_breaks_ > 0)
            out_.append(out_.empty() ? 0 : static_cast<std::size_t>(std::min(pending_breaks_, 2)), '\n');
        else if (pending_space_)
            out_ += ' ';
        pending_breaks_ = 0;
        pending_space_ = false;
        out_ += text;
    }

    std::string out_;
    int pending_breaks_ = 0;
    bool pending_space_ = false;
};

class TextWriter {
public:
    explicit TextWriter(std::string_view html) : reader_(html) {}

    std::string run() && {
        while (const auto token = reader_.next()) {
            switch (token->kind) {
                case HtmlToken::Kind::text:
                    text(token->text);
                    break;
                case HtmlToken::Kind::start:
                    start(*token);
                    break;
                case HtmlToken::Kind::end:
                    end(token->text);
                    break;
            }
        }
        return std::move(out_).finish();
    }

private:
    void text(std::string_view text) {
        const std::string plain = unescape_html(text);
        if (preformatted_ > 0)
            out_.add_preformatted(plain);
        else
            out_.add(plain);
    }

    void start(const HtmlToken& tag) {
        if (tag.text == "script" || tag.text == "style") return reader_.skip_raw(tag.text);
        if (is_hidden(tag)) return skip_element(tag.text);
        if (tag.text == "br") return out_.line_break();
        separate(tag.text);
        if (tag.text == "li") out_.add("- ");
        if (tag.text == "td" || tag.text == "th") out_.add(" ");
        if (tag.text == "img") text(tag.attribute("alt").value_or(""));
        if (tag.text == "pre") ++preformatted_;
        if (tag.text == "a") begin_link(tag);
    }

    void end(const std::string& name) {
        if (name == "a") end_link();
        if (name == "pre" && preformatted_ > 0) --preformatted_;
        separate(name);
    }

    void separate(std::string_view name) {
        if (is_one_of(name, paragraphs)) out_.separate(2);
        if (is_one_of(name, blocks)) out_.separate(1);
    }

    /// Passes over everything up to the element's own end.
    void skip_element(const std::string& name) {
        if (is_one_of(name, void_tags)) return;
        for (int depth = 1; depth > 0;) {
            const auto token = reader_.next();
            if (!token) return;
            const bool start = token->kind == HtmlToken::Kind::start;
            if (start && (token->text == "script" || token->text == "style")) reader_.skip_raw(token->text);
            if (token->kind == HtmlToken::Kind::text || token->text != name) continue;
            depth += start ? 1 : -1;
        }
    }

    void begin_link(const HtmlToken& tag) {
        link_ = unescape_html(tag.attribute("href").value_or(""));
        link_begin_ = out_.size();
    }

    /// The address follows its text unless the text is the address, or leads nowhere outside the mail.
    void end_link() {
        std::string_view address = link_;
        if (address.starts_with("mailto:")) address = address.substr(7, address.find('?') - 7);
        const bool leads = !address.empty() && !address.starts_with('#') && !address.starts_with("javascript:");
        if (leads && out_.since(link_begin_).find(address) == std::string_view::npos) {
            const bool bare = out_.since(link_begin_).find_first_not_of(" \n") == std::string_view::npos;
            out_.add(bare ? std::string{address} : fmt::format(" ({})", address));
        }
        link_.clear();
    }

    HtmlReader reader_;
    TextOutput out_;
    int preformatted_ = 0;
    std::string link_;
    std::size_t link_begin_ = 0;
};

}  // namespace

std::string text_from_html(std::string_view html) { return TextWriter{html}.run(); }

std::string unescape_html(std::string_view text) {
    std::string out;
    const auto append = [](void* target, const char* data, size_t size) {
        static_cast<std::string*>(target)->append(data, size);
    };
    jinja_unescape(text.data(), text.size(), append, &out);
    return out;
}

}  // namespace localtea::mail
