// A value that must not reach a log.
#pragma once

#include <string>
#include <utility>

namespace localtea::config {

/// Holds a password, a key or a URL with one. It cannot be formatted or streamed; whoever needs the text says so.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}

    const std::string& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }

    friend bool operator==(const Secret&, const Secret&) = default;

private:
    std::string text_;
};

}  // namespace localtea::config
