// Finds the end of a request's head line by line, and refuses what Beast would let through.
#pragma once

#include <cstddef>
#include <string_view>

#include <web/bounds.hpp>

namespace web::detail {

class HeaderScanner {
public:
    enum class Verdict { need_more, complete, bad_line, line_too_long, header_too_large };

    explicit HeaderScanner(const Bounds& bounds) : bounds_(&bounds) {}

    /// `bytes` starts at the request line and only grows between calls.
    Verdict scan(std::string_view bytes);
    /// Bytes of the complete head, its empty line included.
    std::size_t size() const { return line_start_; }

private:
    Verdict line(std::string_view text);

    /// Owned by whoever owns the connection.
    const Bounds* bounds_;
    std::size_t line_start_ = 0;
    std::size_t scanned_ = 0;
    std::size_t lines_ = 0;
};

}  // namespace web::detail
