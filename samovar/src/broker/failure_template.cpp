#include "broker/failure_template.hpp"

#include <samovar/json.hpp>

#include "message/result.hpp"
#include "message/time_text.hpp"

namespace samovar::broker {
namespace {

constexpr std::string_view reason_mark = R"("\u0001")";
constexpr std::string_view id_mark = R"("\u0002")";
constexpr std::string_view date_mark = R"("\u0003")";

void replace(std::string& text, std::string_view part, std::string_view by) {
    if (const auto at = text.find(part); at != text.npos) text.replace(at, part.size(), by);
}

std::string quoted(std::string_view text) {
    std::string out;
    json::append_quoted(out, text);
    return out;
}

std::string make_template(std::string type, std::string module, std::string text) {
    message::TaskResult result;
    result.task_id = "\x02";
    result.status = message::status::failure;
    result.result = message::to_value(message::ExceptionInfo{
        .type = std::move(type), .message = {Value{std::move(text)}}, .module = std::move(module)});
    result.date_done = WallTime{};
    auto document = message::encode_result(result);
    replace(document, quoted(message::format_time(WallTime{})), date_mark);
    return document;
}

}  // namespace

const std::string& unreadable_message_failure() {
    static const auto text = make_template("DecodeError", "kombu.exceptions", "\x01");
    return text;
}

const std::string& worker_lost_failure() {
    static const auto text =
        make_template("WorkerLostError", "billiard.exceptions", "Worker died too often while it ran this task.");
    return text;
}

std::string fill_failure(std::string_view failure_template, std::string_view task_id, std::string_view reason,
                         WallTime done) {
    std::string document{failure_template};
    replace(document, reason_mark, quoted(reason));
    replace(document, id_mark, quoted(task_id));
    replace(document, date_mark, quoted(message::format_time(done)));
    return document;
}

bool asks_for_no_result(std::string_view envelope) {
    constexpr std::string_view name = R"("ignore_result")";
    auto at = envelope.find(name);
    if (at == envelope.npos) return false;
    constexpr std::string_view between = " \t\r\n:";
    at = envelope.find_first_not_of(between, at + name.size());
    return at != envelope.npos && envelope.substr(at).starts_with("true");
}

}  // namespace samovar::broker
