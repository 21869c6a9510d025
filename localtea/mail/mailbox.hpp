// Reading back what FileMailer wrote, for the /mailbox page.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace localtea::mail {

/// A mail in the list. Texts are decoded, and untrusted: escape them in HTML.
struct MailSummary {
    /// What read() takes: letters, digits, "-", "_" and ".".
    std::string id;
    std::string to;
    std::string from;
    std::string subject;
    /// RFC 5322's form, as in the message.
    std::string date;
};

struct MailContent {
    MailSummary summary;
    /// The HTML part as it was sent: show it in a sandboxed frame only.
    std::string html;
    std::string text;
};

/// Threads: any; every call reads the folder anew.
class Mailbox {
public:
    explicit Mailbox(std::filesystem::path folder);

    /// The newest mails first, at most `limit`; none when there is no folder. Files that vanish meanwhile are
    /// left out. Errors: std::filesystem::filesystem_error when the folder cannot be read.
    std::vector<MailSummary> list(std::size_t limit) const;

    /// The mail, or nothing when there is none of that id; an id with a path in it is none.
    std::optional<MailContent> read(std::string_view id) const;

private:
    std::filesystem::path folder_;
};

}  // namespace localtea::mail
