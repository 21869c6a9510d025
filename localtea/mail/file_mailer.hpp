// Mail into files, for development: one .eml for each message.
#pragma once

#include <filesystem>

#include <samovar/clock.hpp>

#include "mail/mailer.hpp"

namespace localtea::mail {

/// Writes `<time>-<task id>.eml` into a folder, made when it is missing and readable by its owner alone: mails
/// hold tokens. Names sort by time. A second delivery of a task overwrites the first one's file. A file appears
/// complete or not at all.
///
/// Threads: as Mailer; also beside other processes that write into the same folder.
/// Lifetime: the clock must outlive it.
class FileMailer final : public Mailer {
public:
    FileMailer(std::filesystem::path folder, Sender sender, const samovar::Clock& clock);

    /// A folder that cannot be written is a transient outcome.
    SendOutcome send(const Email& email) override;

private:
    std::filesystem::path folder_;
    Sender sender_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::mail
