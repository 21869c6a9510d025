#include "message/result.hpp"

#include <set>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "message/decode_error.hpp"
#include "support/vectors.hpp"

namespace samovar::message {
namespace {

using namespace std::chrono_literals;
using samovar::testing::load_vectors;
using samovar::testing::stored_results;

DecodeErrc error_of(std::string_view text) {
    try {
        decode_result(text);
    } catch (const DecodeError& error) {
        return error.code();
    }
    throw std::logic_error("was read");
}

// Results that hold values JSON does not have, or a date in another form than ours.
bool other_form(const std::string& text) {
    return text.find("__type__") != std::string::npos || text.find("+03:00") != std::string::npos;
}

TEST(Result, reading_and_writing_celerys_results_keeps_every_byte) {
    std::size_t count = 0;
    for (const char* folder : {"worker-56", "misc-56"}) {
        for (const auto& vector : load_vectors(folder)) {
            if (vector.name.find("msgpack") != std::string::npos) continue;
            for (const auto& [key, text] : stored_results(vector)) {
                if (other_form(text)) continue;
                EXPECT_EQ(encode_result(decode_result(text)), text) << vector.name;
                EXPECT_EQ(key, "celery-task-meta-" + decode_result(text).task_id);
                ++count;
            }
        }
    }
    EXPECT_GT(count, 130U);
}

TEST(Result, results_of_celery52_are_read_with_their_naive_dates_as_utc) {
    std::size_t count = 0;
    for (const auto& vector : load_vectors("worker-52")) {
        for (const auto& [key, text] : stored_results(vector)) {
            const TaskResult result = decode_result(text);
            EXPECT_EQ(result.date_done.has_value(), is_final(result.status)) << vector.name;
            ++count;
        }
    }
    EXPECT_GT(count, 50U);
    EXPECT_EQ(
        decode_result(R"({"status": "SUCCESS", "date_done": "2026-11-22T23:18:46.173481"})").date_done,
        decode_result(R"({"status": "SUCCESS", "date_done": "2026-11-23T02:18:46.173481+03:00"})").date_done);
}

TEST(Result, a_success_is_written_in_celerys_order) {
    TaskResult result{.task_id = "i", .result = 5};
    result.date_done = std::chrono::sys_days{std::chrono::November / 22 / 2026} + 23h + 20min + 50s + 998'918us;
    EXPECT_EQ(encode_result(result), R"({"status": "SUCCESS", "result": 5, "traceback": null, "children": [], )"
                                     R"("date_done": "2026-11-22T23:20:50.998918+00:00", "task_id": "i"})");
}

TEST(Result, a_failure_holds_its_exception) {
    TaskResult result{.task_id = "i", .status = std::string{status::failure}};
    result.result = to_value(ExceptionInfo{.type = "ValueError", .message = {"boom", 42, "ошибка"}});
    result.traceback = "Traceback";
    result.group_id = "g";
    result.parent_id = "p";
    result.extra.append("worker", "w1@host");
    EXPECT_EQ(encode_result(result),
              R"({"status": "FAILURE", "result": {"exc_type": "ValueError", "exc_message": ["boom", 42, )"
              R"("\u043e\u0448\u0438\u0431\u043a\u0430"], "exc_module": "builtins"}, "traceback": "Traceback", )"
              R"("children": [], "date_done": null, "group_id": "g", "parent_id": "p", "worker": "w1@host", )"
              R"("task_id": "i"})");
    const TaskResult read = decode_result(encode_result(result));
    EXPECT_EQ(exception_from(read.result),
              (ExceptionInfo{.type = "ValueError", .message = {"boom", 42, "ошибка"}}));
    EXPECT_EQ(read.parent_id, "p");
    EXPECT_EQ(read.extra, result.extra);
}

TEST(Result, an_exception_message_of_very_old_writers_is_a_text) {
    const auto exception = exception_from(json::parse(R"({"exc_type": "E", "exc_message": "boom"})"));
    EXPECT_EQ(exception, (ExceptionInfo{.type = "E", .message = {"boom"}, .module = ""}));
    EXPECT_EQ(exception_from(json::parse("\"boom\"")), std::nullopt);
    EXPECT_EQ(exception_from(json::parse(R"({"exc_message": []})")), std::nullopt);
}

TEST(Result, final_states_are_three) {
    for (const auto s : {status::success, status::failure, status::revoked}) EXPECT_TRUE(is_final(s));
    for (const auto s : {status::pending, status::started, status::retry}) EXPECT_FALSE(is_final(s));
}

TEST(Result, tagged_values_are_resolved) {
    EXPECT_EQ(
        decode_result(R"({"status": "SUCCESS", "result": {"__type__": "decimal", "__value__": "1.50"}})").result,
        Value{"1.50"});
}

TEST(Result, children_that_are_null_stay_null) {
    const std::string text =
        R"({"status": "REVOKED", "result": null, "traceback": null, "children": null, "date_done": null, "task_id": "i"})";
    EXPECT_EQ(encode_result(decode_result(text)), text);
}

TEST(Result, what_is_no_result_is_refused) {
    EXPECT_EQ(error_of("nonsense"), DecodeErrc::not_json);
    EXPECT_EQ(error_of("[]"), DecodeErrc::bad_field);
    EXPECT_EQ(error_of("{}"), DecodeErrc::bad_field);
    EXPECT_EQ(error_of(R"({"status": 5})"), DecodeErrc::bad_field);
    EXPECT_EQ(error_of(R"({"status": "SUCCESS", "date_done": "yesterday"})"), DecodeErrc::bad_field);
    EXPECT_EQ(error_of(R"({"status": "SUCCESS", "traceback": 5})"), DecodeErrc::bad_field);
    EXPECT_EQ(error_of(std::string(100'000, '[')), DecodeErrc::too_large);
}

}  // namespace
}  // namespace samovar::message
