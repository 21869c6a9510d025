#include <samovar/log.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace samovar::log {
namespace {

using Destination = std::shared_ptr<spdlog::sinks::sink>;

Destination open(const std::string& file) {
    Destination destination;
    if (file.empty()) {
        destination = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
        try {
            destination = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
        } catch (const spdlog::spdlog_ex& error) {
            throw std::runtime_error("log file " + file + " cannot be opened: " + error.what());
        }
    }
    destination->set_pattern("%v");
    return destination;
}

// What configure() set. Leaked on purpose: destructors of static objects may still log.
struct State {
    std::mutex mutex;
    Options options;
    Destination destination = open({});
    Sink replacement;
    std::atomic<Level> level{Level::info};
};

State& state() {
    static State* const instance = new State;
    return *instance;
}

void deliver(State& s, const Record& record) {
    if (s.replacement) {
        s.replacement(record);
        return;
    }
    const std::string line = format_line(record, s.options.format);
    s.destination->log({{}, spdlog::level::off, line});
    s.destination->flush();
}

}  // namespace

void configure(const Options& options) {
    Destination destination = open(options.file);
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
        Destination destination = open(options().file);
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
        // Dropped: there is nowhere left to say that logging failed.
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
