#include "message/fields.hpp"

#include <charconv>
#include <cmath>

#include "message/time_text.hpp"

namespace samovar::message {
namespace {

using Kind = json::Cursor::Kind;

// Time limits beyond this would overflow when added to a time.
constexpr double longest_limit = 1e10;

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional{number} : std::nullopt;
}

std::optional<std::int64_t> whole_part(double number) {
    // 2^62: far beyond any priority, and safe to convert.
    if (!(std::abs(number) < 0x1p62)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

}  // namespace

void FieldReader::add_problem(std::string_view name, std::string_view reason) {
    if (problem_) return;
    problem_.emplace(DecodeErrc::bad_field, std::string{section_} + std::string{name}, std::string{reason});
}

void FieldReader::check() const {
    if (problem_) throw *problem_;
}

// True: a value of that kind comes next. Otherwise it was taken: null silently, anything else as a problem.
bool FieldReader::accept(Kind kind, std::string_view name, std::string_view expected) {
    const Kind found = cursor_.peek();
    if (found == kind) return true;
    cursor_.read_value();
    if (found != Kind::null) add_problem(name, expected);
    return false;
}

std::optional<std::string_view> FieldReader::text(std::string_view name) {
    if (!accept(Kind::string, name, "must be a string or null")) return std::nullopt;
    return cursor_.read_string(scratch_);
}

std::optional<std::string_view> FieldReader::note() {
    if (cursor_.peek() == Kind::string) return cursor_.read_string(scratch_);
    cursor_.read_value();
    return std::nullopt;
}

std::optional<std::int64_t> FieldReader::integer(std::string_view name) {
    if (!accept(Kind::number, name, "must be an integer or null")) return std::nullopt;
    const Value number = cursor_.read_number();
    if (const std::int64_t* integer = number.if_int()) return *integer;
    add_problem(name, "must be an integer of 64 bits");
    return std::nullopt;
}

std::optional<std::int64_t> FieldReader::lenient_integer() {
    const Value value = cursor_.read_value();
    if (const std::int64_t* integer = value.if_int()) return *integer;
    if (const double* number = value.if_double()) return whole_part(*number);
    if (const bool* flag = value.if_bool()) return *flag ? 1 : 0;
    if (const std::string* text = value.if_string()) return number_in(*text);
    return std::nullopt;
}

std::optional<bool> FieldReader::boolean(std::string_view name) {
    if (!accept(Kind::boolean, name, "must be true, false or null")) return std::nullopt;
    return cursor_.read_bool();
}

std::optional<WallTime> FieldReader::time(std::string_view name) {
    if (!accept(Kind::string, name, "must be a time as text or null")) return std::nullopt;
    const std::string_view text = cursor_.read_string(scratch_);
    if (text.empty()) return std::nullopt;
    const auto time = parse_time(text);
    if (!time) add_problem(name, "must be a time as ISO 8601, such as 2030-01-02T03:04:05+00:00");
    return time;
}

std::optional<std::chrono::microseconds> FieldReader::seconds(std::string_view name) {
    if (!accept(Kind::number, name, "must be [hard, soft] in seconds or null")) return std::nullopt;
    const Value number = cursor_.read_number();
    const std::int64_t* whole = number.if_int();
    const double count = whole                ? static_cast<double>(*whole)
                         : number.if_double() ? *number.if_double()
                                              : longest_limit + 1;
    if (std::abs(count) <= longest_limit) return std::chrono::microseconds{std::llround(count * 1e6)};
    add_problem(name, "is out of range");
    return std::nullopt;
}

TimeLimit FieldReader::time_limit(std::string_view name) {
    if (!accept(Kind::array, name, "must be [hard, soft] in seconds or null")) return {};
    TimeLimit limit;
    std::size_t count = 0;
    cursor_.enter_array();
    while (cursor_.next_element()) {
        const auto value = seconds(name);
        if (count == 0) limit.hard = value;
        if (count == 1) limit.soft = value;
        ++count;
    }
    if (count != 2) add_problem(name, "must be [hard, soft] in seconds or null");
    return limit;
}

void FieldReader::delivery_info(std::string_view name) {
    if (!accept(Kind::object, name, "must be an object or null")) return;
    cursor_.enter_object();
    while (const auto member = cursor_.next_member(scratch_)) {
        if (*member == "exchange") {
            message_.delivery_info.exchange = text("delivery_info.exchange").value_or("");
        } else if (*member == "routing_key") {
            message_.delivery_info.routing_key = text("delivery_info.routing_key").value_or("");
        } else if (*member == "redelivered") {
            message_.redelivered |= boolean("delivery_info.redelivered").value_or(false);
        } else {
            cursor_.read_value();
        }
    }
}

void FieldReader::read_body() {
    if (!accept(Kind::string, "body", "must be a string")) return;
    BodyText& body = message_.body;
    body.text = cursor_.read_string(scratch_);
    if (body.text.data() != scratch_.data()) return;
    body.owner = std::make_shared<const std::string>(std::move(scratch_));
    body.text = *body.owner;
}

void FieldReader::read_part(Part part) {
    constexpr std::string_view names[] = {"headers", "properties", "body"};
    if (accept(Kind::object, names[static_cast<std::size_t>(part)], "must be an object")) read_members(part);
}

void FieldReader::read_top_level(std::string_view name) {
    BodyText& body = message_.body;
    if (name == "body") {
        read_body();
    } else if (name == "content-encoding") {
        body.content_encoding = text("content-encoding").value_or("utf-8");
    } else if (name == "content-type") {
        body.content_type = text("content-type").value_or("");
    } else if (name == "headers") {
        read_part(Part::headers);
    } else if (name == "properties") {
        read_part(Part::properties);
    } else {
        cursor_.read_value();
    }
}

void FieldReader::read_envelope() {
    cursor_.enter_object();
    while (const auto name = cursor_.next_member(scratch_)) read_top_level(*name);
    cursor_.finish();
}

}  // namespace samovar::message
