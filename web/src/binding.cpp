#include <web/detail/binding.hpp>

#include <samovar/json.hpp>

#include <web/cookie.hpp>

#include "text.hpp"
#include "validator.hpp"

namespace web::detail {
namespace {

using samovar::Value;

/// Arrays and objects inside one another in a body: far beyond any honest one, far below the stack's end.
constexpr std::size_t body_depth = 64;

Naming naming_of(Source source) {
    switch (source) {
        case Source::path:
            return {.source = "path"};
        case Source::query:
            return {.source = "query"};
        case Source::header:
            return {.source = "header", .hyphens = true};
        case Source::cookie:
            return {.source = "cookie"};
        case Source::body:
        case Source::form:
            break;
    }
    return {.source = "body"};
}

std::string_view media_type(const Request& request) {
    std::string_view type = request.headers.find("Content-Type").value_or("");
    return trim(next_part(type, ';'));
}

bool is_json(std::string_view type) {
    if (equal_ignoring_case(type, "application/json")) return true;
    return type.size() > 17 && equal_ignoring_case(type.substr(0, 12), "application/") &&
           equal_ignoring_case(type.substr(type.size() - 5), "+json");
}

bool is_list(const SchemaField& field) { return inner(field.schema()).kind == Schema::Kind::list; }

/// Adds a text to what will be the member's value: lists gather, others keep the last.
void gather(samovar::Object& members, const SchemaField& field, std::string text) {
    if (!is_list(field)) {
        members.set(field.name, std::move(text));
        return;
    }
    if (!members.find(field.name)) members.append(field.name, samovar::Array{});
    members.find(field.name)->if_array()->emplace_back(std::move(text));
}

Value from_pairs(const FormPairs& pairs, const Schema& schema, bool empty_is_absent) {
    samovar::Object members;
    for (const SchemaField& field : schema.fields) {
        for (const auto& [name, text] : pairs) {
            if (name != field.name) continue;
            if (empty_is_absent && text.empty()) {
                if (!is_list(field)) members.erase(field.name);
            } else {
                gather(members, field, text);
            }
        }
    }
    return members;
}

Value from_headers(const Request& request, const Schema& schema) {
    samovar::Object members;
    for (const SchemaField& field : schema.fields) {
        auto texts = request.headers.all(display_name(field.name, {.source = {}, .hyphens = true}));
        if (!is_list(field) && texts.size() > 1) texts.resize(1);
        for (const std::string_view text : texts) gather(members, field, std::string{text});
    }
    return members;
}

Value from_cookies(const Request& request, const Schema& schema) {
    samovar::Object members;
    for (const SchemaField& field : schema.fields) {
        if (const auto text = read_cookie(request.headers, field.name)) gather(members, field, std::string{*text});
    }
    return members;
}

Value from_path(const Request& request, const Schema& schema) {
    samovar::Object members;
    for (const SchemaField& field : schema.fields) {
        for (const auto& [name, text] : request.path_parameters) {
            if (name == field.name) gather(members, field, text);
        }
    }
    return members;
}

Value from_form(const Request& request, const Schema& schema) {
    if (!request.body.empty() && !equal_ignoring_case(media_type(request), "application/x-www-form-urlencoded"))
        throw HttpError(415, "Content-Type must be application/x-www-form-urlencoded");
    return from_pairs(parse_form(request.body), schema, true);
}

/// The body's JSON; nothing after adding an error, null for an empty body that may be empty.
std::optional<Value> from_body(const Request& request, const Schema& schema, InputErrors& errors) {
    if (request.body.empty()) {
        if (schema.kind == Schema::Kind::nullable) return Value{};
        errors.add({"body"}, "missing", "Field required", nullptr);
        return std::nullopt;
    }
    if (!is_json(media_type(request))) throw HttpError(415, "Content-Type must be application/json");
    std::string_view text = request.body;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    try {
        return samovar::json::parse(text,
                                    {.size = request.body.size(), .depth = body_depth, .python_words = false});
    } catch (const samovar::json::ParseError& error) {
        errors.add({"body", error.offset()}, "json_invalid", "JSON decode error", samovar::Object{},
                   {{"error", error.what()}});
        return std::nullopt;
    }
}

Value from_text(const Request& request, Source source, const Schema& schema) {
    switch (source) {
        case Source::path:
            return from_path(request, schema);
        case Source::header:
            return from_headers(request, schema);
        case Source::cookie:
            return from_cookies(request, schema);
        case Source::form:
            return from_form(request, schema);
        default:
            return from_pairs(parse_form(request.query), schema, false);
    }
}

}  // namespace

void InputErrors::add(samovar::Array loc, std::string_view type, std::string message, Value input) {
    add(std::move(loc), type, std::move(message), std::move(input), {});
}

void InputErrors::add(samovar::Array loc, std::string_view type, std::string message, Value input,
                      samovar::Object context) {
    if (full()) return;
    samovar::Object error{
        {"type", type}, {"loc", std::move(loc)}, {"msg", std::move(message)}, {"input", std::move(input)}};
    if (!context.empty()) error.append("ctx", std::move(context));
    errors_.emplace_back(std::move(error));
}

std::optional<Value> read_input(const Request& request, Source source, const Schema& schema, InputErrors& errors) {
    const bool is_body = source == Source::body;
    std::optional<Value> value =
        is_body ? from_body(request, schema, errors) : from_text(request, source, inner(schema));
    if (!value) return std::nullopt;
    if (!validate(schema, *value, naming_of(source), errors)) return std::nullopt;
    return value;
}

void add_conversion_issues(Source source, const samovar::convert::Issues& issues, InputErrors& errors) {
    for (const auto& issue : issues) {
        samovar::Array loc{naming_of(source).source};
        loc.insert(loc.end(), issue.loc.begin(), issue.loc.end());
        errors.add(std::move(loc), issue.type, issue.message, nullptr);
    }
}

}  // namespace web::detail
