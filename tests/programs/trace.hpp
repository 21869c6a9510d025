// What the programs of the black-box tests share: a trace of their tasks that survives kill -9.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include <samovar/context.hpp>

namespace programs {

/// Errors: std::invalid_argument when the environment has no such variable.
inline std::string required(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) throw std::invalid_argument(std::string{name} + " is not set");
    return value;
}

/// One write(2) to a file opened for appending: whole, in order, and there even if the process dies after it.
class Trace {
public:
    explicit Trace(const std::string& path)
        : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
        if (file_ < 0) throw std::runtime_error("cannot open " + path);
    }
    ~Trace() { ::close(file_); }
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;

    void operator()(std::string_view event, const samovar::Context& context) const {
        line(std::string{event} + " " + context.id());
    }

    void line(std::string text) const {
        text += '\n';
        if (::write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
    }

private:
    int file_;
};

}  // namespace programs
