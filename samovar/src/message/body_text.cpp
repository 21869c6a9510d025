#include "message/body_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/base64.hpp"
#include "message/zlib_stream.hpp"

namespace samovar::message {
namespace {

struct Named {
    std::string_view value;
    std::string_view name;
};

constexpr std::array serializers{
    Named{"application/x-python-serialize", "pickle"},
    Named{"application/x-msgpack", "msgpack"},
    Named{"application/x-yaml", "yaml"},
    Named{"application/data", "raw bytes"},
    Named{"text/plain", "plain text"},
};

constexpr std::array compressions{
    Named{"application/x-bz2", "bzip2"},
    Named{"application/x-lzma", "lzma"},
    Named{"application/zstd", "zstd"},
    Named{"application/x-brotli", "brotli"},
};

// "pickle (application/x-python-serialize)", or the value alone. Foreign text is cut: it ends up in logs.
template <std::size_t N>
std::string describe(const std::array<Named, N>& names, std::string_view value) {
    for (const Named& entry : names) {
        if (entry.value == value) return fmt::format("{} ({})", entry.name, value);
    }
    return fmt::format("\"{}\"", value.substr(0, 64));
}

std::string lower(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return result;
}

void require_json(const BodyText& body) {
    if (body.content_type != "application/json") {
        throw DecodeError(DecodeErrc::refused_serializer, "content-type",
                          fmt::format("{} is not accepted, only json (application/json)",
                                      describe(serializers, body.content_type)));
    }
    constexpr std::array<std::string_view, 6> charsets{"", "utf-8", "utf8", "ascii", "us-ascii", "binary"};
    if (std::find(charsets.begin(), charsets.end(), lower(body.content_encoding)) != charsets.end()) return;
    throw DecodeError(
        DecodeErrc::refused_encoding, "content-encoding",
        fmt::format("\"{}\" is not accepted, only utf-8", std::string_view{body.content_encoding}.substr(0, 64)));
}

// Without a limit of its own: the result is no longer than the envelope, which has one.
std::string decode_transfer(const BodyText& body) {
    if (!body.encoding || *body.encoding == "utf-8") return std::string{body.text};
    if (*body.encoding != "base64") {
        throw DecodeError(
            DecodeErrc::refused_encoding, "properties.body_encoding",
            fmt::format("\"{}\" is not accepted, only base64 and utf-8", body.encoding->substr(0, 64)));
    }
    auto bytes = base64::decode(body.text);
    if (!bytes) throw DecodeError(DecodeErrc::bad_body, "body", "is not base64");
    return *std::move(bytes);
}

bool is_zlib(std::string_view compression) {
    return compression == "application/x-gzip" || compression == "gzip" || compression == "zlib";
}

std::string decompress(const BodyText& body, std::string bytes, const Bounds& bounds) {
    if (body.compression.empty()) {
        if (bytes.size() <= bounds.body_size) return bytes;
        throw DecodeError(DecodeErrc::too_large, "body",
                          fmt::format("has {} bytes decoded, the limit is {}", bytes.size(), bounds.body_size));
    }
    if (!is_zlib(body.compression)) {
        throw DecodeError(DecodeErrc::refused_compression, "headers.compression",
                          fmt::format("{} is not accepted, only zlib (application/x-gzip)",
                                      describe(compressions, body.compression)));
    }
    Inflated inflated = inflate(bytes, bounds.body_size);
    if (inflated.outcome == InflateOutcome::too_large) {
        throw DecodeError(
            DecodeErrc::too_large, "body",
            fmt::format("has more than {} bytes decompressed, which is the limit", bounds.body_size));
    }
    if (inflated.outcome == InflateOutcome::broken) {
        throw DecodeError(DecodeErrc::bad_body, "body", "is not a complete zlib stream");
    }
    return std::move(inflated.bytes);
}

}  // namespace

std::string serialized_body(const BodyText& body, const Bounds& bounds) {
    require_json(body);
    return decompress(body, decode_transfer(body), bounds);
}

}  // namespace samovar::message
