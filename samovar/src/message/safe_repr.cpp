#include "message/safe_repr.hpp"

#include <algorithm>
#include <cmath>

#include <samovar/json.hpp>

namespace samovar::message {
namespace {

constexpr int max_level = 3;

constexpr bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t length(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string_view first_characters(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (starts_character(text[at]) && count-- == 0) break;
    }
    return text.substr(0, at);
}

// Cut to whole words if there is a blank to cut at.
std::string truncate(std::string_view text, std::size_t limit) {
    if (length(text) < limit) return std::string{text};
    std::string_view kept = first_characters(text, limit);
    if (const std::size_t blank = kept.rfind(' '); blank != std::string_view::npos) kept = kept.substr(0, blank);
    return std::string{kept} + "...";
}

std::string quote(std::string_view text, std::size_t limit) {
    std::string out = "'";
    for (const char c : truncate(text, limit)) {
        if (c == '\'') out.push_back('\\');
        out.push_back(c);
    }
    return out + "'";
}

std::string scalar(const Value& value) {
    if (value.is_null()) return "None";
    if (const bool* b = value.if_bool()) return *b ? "True" : "False";
    const double* number = value.if_double();
    if (number && std::isnan(*number)) return "nan";
    if (number && std::isinf(*number)) return *number < 0 ? "-inf" : "inf";
    return json::dump(value);
}

// Writes token by token while characters are left. The token that finds none left is replaced by ", ...";
// from then on only the closing brackets of what is open follow, but for that token's own.
class Writer {
public:
    explicit Writer(std::size_t limit) : left_(static_cast<std::ptrdiff_t>(limit)) {}

    void write(const Value& value) {
        if (const Array* array = value.if_array()) return write_sequence(*array, "[", "]");
        if (const Object* object = value.if_object()) return write_object(*object);
        const std::string* text = value.if_string();
        if (has_room()) put(text ? quote(*text, room()) : truncate(scalar(value), room()));
    }

    void write_sequence(const Array& array, std::string_view open, std::string_view close) {
        if (!enter(open, close)) return;
        for (std::size_t i = 0; i < array.size() && !stopped_; ++i) {
            if (i == 0 || token(", ")) write(array[i]);
        }
        leave(close);
    }

    void write_object(const Object& object) {
        if (!enter("{", "}")) return;
        bool first = true;
        for (const auto& [key, value] : object) {
            if (stopped_) break;
            if (!std::exchange(first, false) && !token(", ")) break;
            if (!has_room()) break;
            put(quote(key, room()));
            if (token(": ")) write(value);
        }
        leave("}");
    }

    std::string take() && { return std::move(out_); }

private:
    std::size_t room() const { return static_cast<std::size_t>(left_); }

    void put(std::string_view text) {
        out_ += text;
        left_ -= static_cast<std::ptrdiff_t>(length(text));
    }

    bool has_room() {
        if (left_ > 0) return true;
        out_ += ", ...";
        stopped_ = true;
        return false;
    }

    bool token(std::string_view text) {
        if (!has_room()) return false;
        put(text);
        return true;
    }

    bool enter(std::string_view open, std::string_view close) {
        if (level_ >= max_level) {
            if (has_room()) put(truncate(std::string{open} + "..." + std::string{close}, room()));
            return false;
        }
        ++level_;
        if (!token(open)) out_ += close;
        return !stopped_;
    }

    void leave(std::string_view close) {
        --level_;
        if (stopped_) {
            out_ += close;
        } else {
            token(close);
        }
    }

    std::string out_;
    std::ptrdiff_t left_;
    int level_ = 0;
    bool stopped_ = false;
};

}  // namespace

std::string safe_repr(const Value& value, std::size_t limit) {
    Writer writer{limit};
    writer.write(value);
    return std::move(writer).take();
}

std::string args_repr(const Array& args, std::size_t limit) {
    Writer writer{limit};
    writer.write_sequence(args, "(", args.size() == 1 ? ",)" : ")");
    return std::move(writer).take();
}

std::string kwargs_repr(const Object& kwargs, std::size_t limit) {
    Writer writer{limit};
    writer.write_object(kwargs);
    return std::move(writer).take();
}

}  // namespace samovar::message
