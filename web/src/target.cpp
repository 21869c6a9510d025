#include "target.hpp"

#include <algorithm>

#include "base/percent.hpp"
#include "base/utf8.hpp"
#include "text.hpp"

namespace web::detail {
namespace {

bool is_forbidden(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || c == '/' || c == '\\';
}

bool append_segment(std::string& path, std::string_view raw) {
    const auto segment = samovar::percent::decode(raw);
    if (!segment || *segment == "." || *segment == ".." || !samovar::utf8::valid(*segment)) return false;
    if (std::any_of(segment->begin(), segment->end(), is_forbidden)) return false;
    path.append("/").append(*segment);
    return true;
}

/// "http://host/a" -> "/a"; anything not absolute stays.
std::string_view without_authority(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!target.starts_with(scheme)) continue;
        target.remove_prefix(scheme.size());
        const std::size_t path = target.find_first_of("/?");
        return path == std::string_view::npos ? "/" : target.substr(path);
    }
    return target;
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
    if (target == "*") return Target{.path = "*", .query = {}};
    std::string_view rest = without_authority(target);
    if (rest.find('#') != std::string_view::npos) return std::nullopt;
    std::string_view raw_path = next_part(rest, '?');
    Target parsed{.path = {}, .query = std::string{rest}};
    if (raw_path.empty() || raw_path == "/") {
        if (target.empty()) return std::nullopt;
        parsed.path = "/";
        return parsed;
    }
    if (raw_path.front() != '/') return std::nullopt;
    parsed.path.reserve(raw_path.size());
    raw_path.remove_prefix(1);
    for (bool last = false; !last;) {
        last = raw_path.find('/') == std::string_view::npos;
        if (!append_segment(parsed.path, next_part(raw_path, '/'))) return std::nullopt;
    }
    return parsed;
}

}  // namespace web::detail
