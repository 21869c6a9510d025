#include <samovar/log.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>

#include "base/standard_error.hpp"

namespace samovar::log {
namespace {

/// Where lines go.
class Destination {
public:
    virtual ~Destination() = default;
    /// False, or an exception: the line is lost.
    virtual bool write(const std::string& line) = 0;
};

class Terminal final : public Destination {
public:
    bool write(const std::string& line) override { return error_.write(line + '\n'); }

private:
    StandardError error_;
};

class File final : public Destination {
public:
    explicit File(const std::string& path) : sink_(path) { sink_.set_pattern("%v"); }

    bool write(const std::string& line) override {
        sink_.log({{}, spdlog::level::off, line});
        sink_.flush();
        return true;
    }

private:
    spdlog::sinks::basic_file_sink_mt sink_;
};

std::unique_ptr<Destination> open(const std::string& file) {
    if (file.empty()) return std::make_unique<Terminal>();
    try {
        return std::make_unique<File>(file);
    } catch (const spdlog::spdlog_ex& error) {
        throw std::runtime_error("log file " + file + " cannot be opened: " + error.what());
    }
}

// What configure() set. Leaked on purpose: destructors of static objects may still log.
struct State {
    std::mutex mutex;
    Options options;
    std::unique_ptr<Destination> destination = open({});
    /// Lines that were lost since the last one that was written.
    std::uint64_t lost = 0;
    Sink replacement;
    std::atomic<Level> level{Level::info};
};

State& state() {
    static State* const instance = new State;
    return *instance;
}

bool put(State& s, const Record& record) noexcept {
    try {
        return s.destination->write(format_line(record, s.options.format));
    } catch (...) {
        return false;
    }
}

void deliver(State& s, const Record& record) {
    if (s.replacement) {
        s.replacement(record);
        return;
    }
    if (s.lost > 0) {
        const auto told = fmt::format("{} log lines were lost before this one: they could not be written", s.lost);
        if (put(s, {record.time, Level::warning, told, {}})) s.lost = 0;
    }
    if (s.lost > 0 || !put(s, record)) ++s.lost;
}

}  // namespace

void configure(const Options& options) {
    auto destination = open(options.file);
    State& s = state();
    const std::lock_guard lock{s.mutex};
    s.options = options;
    s.destination = std::move(destination);
    s.level = options.level;
}

Options options() {
    State& s = state();
    const std::lock_guard lock{s.mutex};
    return s.options;
}

void reopen() {
    State& s = state();
    try {
        auto destination = open(options().file);
        const std::lock_guard lock{s.mutex};
        s.destination = std::move(destination);
    } catch (const std::runtime_error& problem) {
        error(problem.what());
    }
}

bool enabled(Level level) { return level >= state().level.load(std::memory_order_relaxed); }

void write(Level level, std::string_view message, std::initializer_list<Field> fields) noexcept {
    if (!enabled(level)) return;
    try {
        State& s = state();
        const std::lock_guard lock{s.mutex};
        deliver(s, {s.options.clock->now(), level, message, fields});
    } catch (...) {
        // A sink that throws: there is nowhere left to say that logging failed.
    }
}

ScopedSink::ScopedSink(Sink sink, Level level) : previous_(state().level) {
    State& s = state();
    const std::lock_guard lock{s.mutex};
    s.replacement = std::move(sink);
    s.level = level;
}

ScopedSink::~ScopedSink() {
    State& s = state();
    const std::lock_guard lock{s.mutex};
    s.replacement = nullptr;
    s.level = previous_;
}

}  // namespace samovar::log
