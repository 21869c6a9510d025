#include "message/zlib_stream.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>

#include <zlib.h>

namespace samovar::message {
namespace {

class InflateStream {
public:
    explicit InflateStream(std::string_view input) {
        stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(input.data()));
        stream_.avail_in = static_cast<uInt>(input.size());
        if (inflateInit(&stream_) != Z_OK) throw std::bad_alloc();
    }
    ~InflateStream() { inflateEnd(&stream_); }
    InflateStream(const InflateStream&) = delete;
    InflateStream& operator=(const InflateStream&) = delete;

    /// Fills `out` as far as there is output; the status is zlib's.
    int next(std::array<char, 16 * 1024>& out, std::size_t& produced) {
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        const int status = ::inflate(&stream_, Z_NO_FLUSH);
        produced = out.size() - stream_.avail_out;
        return status;
    }

private:
    z_stream stream_{};
};

}  // namespace

std::string deflate(std::string_view bytes) {
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    std::string out(size, '\0');
    const int status =
        compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                  static_cast<uLong>(bytes.size()), Z_DEFAULT_COMPRESSION);
    if (status != Z_OK) throw std::bad_alloc();
    out.resize(size);
    return out;
}

Inflated inflate(std::string_view input, std::size_t limit) {
    InflateStream stream{input};
    std::array<char, 16 * 1024> chunk{};
    Inflated result{InflateOutcome::broken, {}};
    for (;;) {
        std::size_t produced = 0;
        const int status = stream.next(chunk, produced);
        if (status != Z_OK && status != Z_STREAM_END) return {InflateOutcome::broken, {}};
        if (produced > limit - result.bytes.size()) return {InflateOutcome::too_large, {}};
        result.bytes.append(chunk.data(), produced);
        if (status == Z_STREAM_END) break;
    }
    result.outcome = InflateOutcome::done;
    return result;
}

}  // namespace samovar::message
