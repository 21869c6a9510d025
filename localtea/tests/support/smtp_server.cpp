#include "support/smtp_server.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <samovar/json.hpp>

namespace localtea::testing {
namespace {

const char* to_text(SmtpServerOptions::Mode mode) {
    using Mode = SmtpServerOptions::Mode;
    return mode == Mode::plain ? "plain" : mode == Mode::starttls ? "starttls" : "tls";
}

const char* to_text(SmtpStage stage) {
    constexpr const char* names[] = {"banner", "mail", "rcpt", "data", "body"};
    return names[static_cast<std::size_t>(stage)];
}

std::string file_content(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::string> texts(const samovar::Value& list) {
    std::vector<std::string> out;
    for (const auto& item : *list.if_array()) out.push_back(*item.if_string());
    return out;
}

}  // namespace

SmtpServer::SmtpServer(SmtpServerOptions options)
    : options_(std::move(options)),
      authority_(folder_.path()),
      certificate_(authority_.issue(options_.certificate_name)) {
    std::filesystem::create_directory(folder_.path() / "mails");
    start();
}

void SmtpServer::start() {
    std::vector<std::string> command{"/usr/bin/python3",
                                     support_file("smtp_server.py"),
                                     "--folder",
                                     folder_.path() / "mails",
                                     "--port",
                                     std::to_string(port_),
                                     "--mode",
                                     to_text(options_.mode),
                                     "--certificate",
                                     certificate_.certificate,
                                     "--key",
                                     certificate_.key,
                                     "--user",
                                     options_.user,
                                     "--password",
                                     options_.password};
    if (options_.utf8) command.push_back("--utf8");
    process_ = std::make_unique<ChildProcess>(command);
    port_ = static_cast<std::uint16_t>(std::stoi(process_->read_line()));
}

void SmtpServer::stop() { process_.reset(); }

std::string SmtpServer::command(const std::string& line) {
    process_->write(line + "\n");
    return process_->read_line();
}

void SmtpServer::reply(SmtpStage stage, const std::string& text) {
    command(fmt::format("reply {} {}", to_text(stage), text));
}

void SmtpServer::drop(SmtpStage stage) { command(fmt::format("drop {}", to_text(stage))); }

void SmtpServer::hold(SmtpStage stage) { command(fmt::format("hold {}", to_text(stage))); }

int SmtpServer::connections() { return std::stoi(command("connections")); }

std::vector<ReceivedMail> SmtpServer::mails() const {
    std::vector<ReceivedMail> mails;
    for (int number = 1;; ++number) {
        const auto path = folder_.path() / "mails" / fmt::format("{:04}.json", number);
        if (!std::filesystem::exists(path)) return mails;
        const auto envelope = samovar::json::parse(file_content(path));
        auto text_path = path;
        mails.push_back({*envelope.find("from")->if_string(), texts(*envelope.find("to")),
                         texts(*envelope.find("options")), *envelope.find("user")->if_string(),
                         *envelope.find("tls")->if_bool(), file_content(text_path.replace_extension(".eml"))});
    }
}

}  // namespace localtea::testing
