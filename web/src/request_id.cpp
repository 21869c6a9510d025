#include "request_id.hpp"

#include <algorithm>
#include <random>

#include <fmt/format.h>

namespace web::detail {

std::string make_request_id() {
    // Ids name requests, they guard nothing: a seeded generator will do and needs no system call.
    thread_local std::mt19937_64 random = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64{seed};
    }();
    return fmt::format("{:016x}{:016x}", random(), random());
}

bool is_request_id(std::string_view text) {
    const auto allowed = [](char c) {
        const char lower = static_cast<char>(c | 0x20);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace web::detail
