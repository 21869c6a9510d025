// Log lines: one text line or one JSON object each, to stderr or to a file.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

namespace samovar::log {

enum class Level { debug, info, warning, error, critical };
enum class Format { text, json };

/// The level of that name in any case ("INFO", "warn", "warning", "fatal", ...); empty for another name.
std::optional<Level> parse_level(std::string_view name);
/// "debug", "info", "warning", "error", "critical".
std::string_view level_name(Level level);

/// A named value beside the message. In text lines it is appended as key=value.
struct Field {
    std::string_view key;
    Value value;
};

/// One line before it is formatted.
struct Record {
    WallTime time;
    Level level;
    std::string_view message;
    std::initializer_list<Field> fields;
};

struct Options {
    Level level = Level::info;
    Format format = Format::text;
    /// Appended to; empty: stderr.
    std::string file;
    /// Stamps the lines. Lifetime: until the next configure().
    const Clock* clock = &system_clock();
};

/// Sets up logging for the process; without it, text lines of level info go to stderr.
/// Errors: std::runtime_error that names the file if it cannot be opened. Threads: any.
void configure(const Options& options);

/// What configure() was given last, for whoever changes a part of it. Threads: any.
Options options();

/// Opens the log file again by its name, for SIGHUP after a rotation. The old one stays in use if that fails,
/// which is logged. Threads: any (not from a signal handler itself).
void reopen();

/// Lines of that level are written.
bool enabled(Level level);

/// Writes one line. Never throws. Waits half a second for a reader that is slow, and no more before that one takes
/// something: a line that cannot be written, to a full pipe or disk, is lost, and the next one that can be is
/// preceded by their number. Threads: any.
void write(Level level, std::string_view message, std::initializer_list<Field> fields = {}) noexcept;

inline void debug(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::debug, message, fields);
}
inline void info(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::info, message, fields);
}
inline void warning(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::warning, message, fields);
}
inline void error(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::error, message, fields);
}

/// `record` as a line without its end, as configure() would have it written.
std::string format_line(const Record& record, Format format);

/// Receives every record that passes the level instead of stderr or the file. Threads: called from any
/// thread, one at a time.
using Sink = std::function<void(const Record&)>;

/// Replaces the destination while it lives. For tests; one at a time.
class ScopedSink {
public:
    explicit ScopedSink(Sink sink, Level level = Level::debug);
    ~ScopedSink();
    ScopedSink(const ScopedSink&) = delete;
    ScopedSink& operator=(const ScopedSink&) = delete;

private:
    Level previous_;
};

}  // namespace samovar::log
