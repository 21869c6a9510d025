// Text <-> Value, byte for byte as Python's json module writes it.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include <samovar/value.hpp>

namespace samovar::json {

/// Bounds on what is read. A text beyond one of them is refused before memory is spent on it.
struct Bounds {
    /// Bytes of text.
    std::size_t size = std::size_t{16} << 20;
    /// Arrays and objects inside one another; above 1024 counts as 1024.
    std::size_t depth = 128;
    /// Accept the bare words NaN, Infinity and -Infinity, as Python writes them, and read numbers beyond the
    /// range of a double as infinite, as Python does. Else both are refused.
    bool python_words = true;
};

/// The text is not JSON, not UTF-8, beyond a limit, or holds an integer outside int64 and uint64
/// (which Python has and C++ would have to round).
class ParseError : public std::runtime_error {
public:
    /// Malformed at that place, or well-formed so far but beyond one of the Bounds.
    enum class Kind { syntax, limit };

    ParseError(const std::string& what, std::size_t offset, Kind kind = Kind::syntax);
    /// Byte of the text where reading stopped.
    std::size_t offset() const { return offset_; }
    Kind kind() const { return kind_; }

private:
    std::size_t offset_;
    Kind kind_;
};

/// Reads one JSON text. Every double comes back to the last bit; a repeated member name keeps the last value.
/// A lone surrogate escape ("\\ud800"), which Python accepts, is kept in the three bytes that UTF-8's scheme
/// gives it, and dump() writes it back; raw bytes of that form are refused, as everything that is not UTF-8.
/// Errors: ParseError. Threads: any.
Value parse(std::string_view text, const Bounds& bounds = {});

/// Writes as `json.dumps` does by default: ", " and ": " between, everything outside ASCII escaped,
/// floats as Python's repr, NaN words bare. A byte that is not UTF-8 becomes the escape by which Python's
/// "surrogateescape" carries it (0xff: "\\udcff").
std::string dump(const Value& value);

/// Writes without spaces and with UTF-8 left as it is; NaN and the infinities become null.
/// What is not UTF-8 becomes U+FFFD. For HTTP answers and logs.
std::string dump_compact(const Value& value);

/// `text` as a JSON string with its quotation marks, everything outside ASCII escaped; appended to `out`.
void append_quoted(std::string& out, std::string_view text);

/// `number` as Python's repr writes a float: 1.0, 1e+16, 0.1, nan as NaN; appended to `out`.
void append_double(std::string& out, double number);

}  // namespace samovar::json
