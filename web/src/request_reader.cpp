#include "request_reader.hpp"

#include <algorithm>
#include <optional>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "detail/asio/request_parser.hpp"
#include "header_scanner.hpp"
#include "target.hpp"

namespace web::detail {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t read_size = std::size_t{16} << 10;

RequestReader::Refusal refusal_for(const boost::beast::error_code& error) {
    if (error == http::error::body_limit) return {413, "Request body too large"};
    if (error == http::error::header_limit) return {431, "Request headers too large"};
    if (error == http::error::bad_version) return {505, "HTTP version not supported"};
    if (error == http::error::bad_content_length || error == http::error::multiple_content_length)
        return {400, "Malformed Content-Length"};
    if (error == http::error::bad_transfer_encoding) return {400, "Malformed Transfer-Encoding"};
    if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension)
        return {400, "Malformed chunk"};
    return {400, "Malformed request"};
}

RequestReader::Refusal refusal_for(HeaderScanner::Verdict verdict) {
    if (verdict == HeaderScanner::Verdict::line_too_long) return {414, "Request target too long"};
    if (verdict == HeaderScanner::Verdict::header_too_large) return {431, "Request headers too large"};
    return {400, "Malformed request"};
}

}  // namespace

class RequestReader::Impl {
public:
    explicit Impl(const Bounds& bounds) : bounds_(bounds), scanner_(bounds) {}

    void start(RequestPtr request) {
        request_ = std::move(request);
        parser_.reset();
        parser_.emplace(*request_);
        // The scanner bounds the head more closely; this one must only not be in its way.
        parser_->header_limit(static_cast<std::uint32_t>(bounds_.header + read_size));
        parser_->body_limit(bounds_.body);
        scanner_ = HeaderScanner{bounds_};
        expects_continue_ = false;
    }

    std::span<char> prepare() {
        const auto space = buffer_.prepare(read_size);
        return {static_cast<char*>(space.data()), space.size()};
    }
    void commit(std::size_t size) { buffer_.commit(size); }

    Progress advance() {
        if (!parser_->is_header_done()) {
            const Progress progress = advance_header();
            if (progress != Progress::ready) return progress;
        }
        return advance_body();
    }

    Phase phase() const {
        if (parser_->is_header_done()) return Phase::body;
        return buffer_.size() == 0 ? Phase::idle : Phase::header;
    }

    const Refusal& refusal() const { return refusal_; }
    bool keep_alive() const { return parser_->keep_alive(); }
    bool is_http_1_0() const { return parser_->version() == 10; }

private:
    Progress refuse(Refusal refusal) {
        refusal_ = refusal;
        return Progress::refused;
    }

    /// ready: the head is complete and acceptable.
    Progress advance_header() {
        skip_empty_line();
        const HeaderScanner::Verdict verdict = scanner_.scan(bytes());
        if (verdict == HeaderScanner::Verdict::need_more) return Progress::need_more;
        if (verdict != HeaderScanner::Verdict::complete) return refuse(refusal_for(verdict));
        boost::beast::error_code error;
        std::size_t parsed = 0;
        while (!error && !parser_->is_header_done() && parsed < scanner_.size()) {
            parsed += parser_->put(boost::asio::buffer(bytes().substr(parsed, scanner_.size() - parsed)), error);
        }
        if (error) return refuse(refusal_for(error));
        if (!parser_->is_header_done()) return refuse({400, "Malformed request"});
        buffer_.consume(parsed);
        parser_->eager(true);
        return judge_header();
    }

    /// RFC 9112 asks servers to ignore an empty line before a request.
    void skip_empty_line() {
        if (scanner_.size() == 0 && bytes().starts_with("\r\n")) buffer_.consume(2);
    }

    Progress judge_header() {
        const Headers& headers = request_->headers;
        const auto coding = headers.find("Transfer-Encoding");
        if (coding && headers.all("Transfer-Encoding").size() + parser_->content_lengths() > 1)
            return refuse({400, "Malformed Transfer-Encoding"});
        if (coding && is_http_1_0()) return refuse({400, "Transfer-Encoding needs HTTP/1.1"});
        // A coding that we do not speak is the client's mistake, and on a shop's address most likely an attempt.
        if (coding && !equal_ignoring_case(*coding, "chunked")) return refuse({400, "Only chunked is understood"});
        if (parser_->content_lengths() > 1 || has_list_length()) return refuse({400, "Malformed Content-Length"});
        const std::size_t hosts = headers.all("Host").size();
        if (hosts > 1 || (hosts == 0 && !is_http_1_0())) return refuse({400, "Exactly one Host is needed"});
        return judge_target();
    }

    bool has_list_length() const {
        const auto length = request_->headers.find("Content-Length");
        return length && length->find_first_not_of("0123456789") != std::string_view::npos;
    }

    Progress judge_target() {
        auto target = parse_target(parser_->target());
        if (!target) return refuse({400, "Malformed request target"});
        request_->path = std::move(target->path);
        request_->query = std::move(target->query);
        if (const auto expectation = request_->headers.find("Expect"); expectation && !is_http_1_0()) {
            if (!equal_ignoring_case(*expectation, "100-continue")) return refuse({417, "Expectation Failed"});
            expects_continue_ = true;
        }
        return Progress::ready;
    }

    Progress advance_body() {
        while (!parser_->is_done()) {
            if (buffer_.size() == 0) return wait_for_body();
            boost::beast::error_code error;
            const std::size_t parsed = parser_->put(buffer_.data(), error);
            buffer_.consume(parsed);
            // What is left over is a chunk's size line or trailers; they are bounded as the headers are.
            if (error == http::error::need_more && buffer_.size() <= bounds_.header) return Progress::need_more;
            if (error == http::error::need_more) return refuse({400, "Malformed chunk"});
            if (error) return refuse(refusal_for(error));
        }
        return Progress::ready;
    }

    Progress wait_for_body() {
        return std::exchange(expects_continue_, false) ? Progress::need_continue : Progress::need_more;
    }

    std::string_view bytes() const { return {static_cast<const char*>(buffer_.data().data()), buffer_.size()}; }

    const Bounds& bounds_;
    RequestPtr request_;
    boost::beast::flat_buffer buffer_;
    HeaderScanner scanner_;
    std::optional<RequestParser> parser_;
    Refusal refusal_;
    bool expects_continue_ = false;
};

RequestReader::RequestReader(const Bounds& bounds) : impl_(std::make_unique<Impl>(bounds)) {}
RequestReader::~RequestReader() = default;
void RequestReader::start(RequestPtr request) { impl_->start(std::move(request)); }
std::span<char> RequestReader::prepare() { return impl_->prepare(); }
void RequestReader::commit(std::size_t size) { impl_->commit(size); }
RequestReader::Progress RequestReader::advance() { return impl_->advance(); }
RequestReader::Phase RequestReader::phase() const { return impl_->phase(); }
const RequestReader::Refusal& RequestReader::refusal() const { return impl_->refusal(); }
bool RequestReader::keep_alive() const { return impl_->keep_alive(); }
bool RequestReader::is_http_1_0() const { return impl_->is_http_1_0(); }

}  // namespace web::detail
