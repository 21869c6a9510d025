#include "mail/mailbox.hpp"

#include <algorithm>
#include <utility>

#include "mail/file_content.hpp"
#include "mail/header.hpp"
#include "mail/transfer_encoding.hpp"

namespace localtea::mail {
namespace {

constexpr std::string_view suffix = ".eml";

bool is_id(std::string_view id) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    };
    return !id.empty() && id.front() != '.' && std::all_of(id.begin(), id.end(), allowed);
}

MailSummary summary_of(std::string id, const Headers& headers) {
    return {std::move(id), header_text(headers, "To"), header_text(headers, "From"),
            header_text(headers, "Subject"), header_text(headers, "Date")};
}

/// The value of boundary= in a Content-Type.
std::string boundary_of(std::string_view content_type) {
    constexpr std::string_view key = "boundary=\"";
    const auto begin = content_type.find(key);
    if (begin == std::string_view::npos) return {};
    const auto value = content_type.substr(begin + key.size());
    return std::string{value.substr(0, value.find('"'))};
}

std::string decoded(const Headers& headers, std::string_view body) {
    const auto encoding = header_text(headers, "Content-Transfer-Encoding");
    if (encoding == "base64") return decode_base64(body);
    if (encoding == "quoted-printable") return decode_quoted_printable(body);
    return std::string{body};
}

std::string with_lf(std::string text) {
    std::erase(text, '\r');
    return text;
}

void read_part(MailContent& mail, std::string_view part) {
    const auto [headers, body] = split_headers(part);
    const auto type = header_text(headers, "Content-Type");
    if (type.starts_with("text/html")) mail.html = with_lf(decoded(headers, body));
    if (type.starts_with("text/plain")) mail.text = with_lf(decoded(headers, body));
}

/// Without the line end at its end.
std::string_view chomped(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

/// The parts between "--boundary" lines, up to the closing "--boundary--".
void read_parts(MailContent& mail, std::string_view body, const std::string& boundary) {
    const std::string delimiter = "--" + boundary;
    auto begin = body.find(delimiter);
    while (begin != std::string_view::npos) {
        auto part = body.substr(begin + delimiter.size());
        if (part.starts_with("--")) return;
        const auto size = part.find(delimiter);
        begin = size == std::string_view::npos ? size : begin + delimiter.size() + size;
        part = part.substr(0, size);
        const auto line_end = part.find('\n');
        if (line_end == std::string_view::npos) return;
        read_part(mail, chomped(part.substr(line_end + 1)));
    }
}

std::vector<std::string> ids_in(const std::filesystem::path& folder) {
    std::vector<std::string> ids;
    if (!std::filesystem::exists(folder)) return ids;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        std::string name = entry.path().filename().native();
        if (!name.ends_with(suffix) || !is_id(name)) continue;
        name.resize(name.size() - suffix.size());
        ids.push_back(std::move(name));
    }
    std::sort(ids.rbegin(), ids.rend());
    return ids;
}

}  // namespace

Mailbox::Mailbox(std::filesystem::path folder) : folder_(std::move(folder)) {}

std::vector<MailSummary> Mailbox::list(std::size_t limit) const {
    std::vector<MailSummary> mails;
    for (auto& id : ids_in(folder_)) {
        if (mails.size() == limit) break;
        const auto content = file_content(folder_ / (id + std::string{suffix}));
        if (content) mails.push_back(summary_of(std::move(id), split_headers(*content).first));
    }
    return mails;
}

std::optional<MailContent> Mailbox::read(std::string_view id) const {
    if (!is_id(id)) return std::nullopt;
    const auto content = file_content(folder_ / (std::string{id} + std::string{suffix}));
    if (!content) return std::nullopt;
    const auto [headers, body] = split_headers(*content);
    MailContent mail{summary_of(std::string{id}, headers), {}, {}};
    read_parts(mail, body, boundary_of(header_text(headers, "Content-Type")));
    return mail;
}

}  // namespace localtea::mail
