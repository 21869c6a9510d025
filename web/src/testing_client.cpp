#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <samovar/json.hpp>

#include <web/testing/client.hpp>

#include "request_reader.hpp"
#include "response_writer.hpp"
#include "text.hpp"

namespace web::testing {
namespace {

using detail::Framing;
using detail::RequestReader;

std::string request_text(std::string_view method, std::string_view target, const Send& send,
                         const std::map<std::string, std::string, std::less<>>& cookies) {
    std::string text = fmt::format("{} {} HTTP/1.1\r\n", method, target);
    if (!send.headers.find("Host")) text += "Host: test\r\n";
    for (const Headers::Field field : send.headers) text += fmt::format("{}: {}\r\n", field.name, field.value);
    std::string jar;
    for (const auto& [name, value] : cookies) jar += fmt::format("{}{}={}", jar.empty() ? "" : "; ", name, value);
    if (!jar.empty()) text += "Cookie: " + jar + "\r\n";
    std::string body = send.body;
    if (send.json) {
        text += "Content-Type: application/json\r\n";
        body = samovar::json::dump(*send.json);
    } else if (send.form) {
        text += "Content-Type: application/x-www-form-urlencoded\r\n";
        body = *send.form;
    }
    if (!body.empty()) text += fmt::format("Content-Length: {}\r\n", body.size());
    return text + "\r\n" + body;
}

/// Reads back what response_writer wrote.
Reply read_reply(std::string_view bytes) {
    const std::size_t head_size = bytes.find("\r\n\r\n");
    if (head_size == std::string_view::npos) throw std::logic_error("the connection was closed without an answer");
    std::string_view head = bytes.substr(0, head_size + 2);
    Reply reply;
    reply.status = std::stoi(std::string{head.substr(9, 3)});
    reply.body = bytes.substr(head_size + 4);
    for (detail::next_part(head, '\n'); !head.empty();) {
        std::string_view line = detail::next_part(head, '\n');
        line.remove_suffix(1);
        const std::string_view name = detail::next_part(line, ':');
        reply.headers.add(name, detail::trim(line));
    }
    return reply;
}

}  // namespace

samovar::Value Reply::json() const { return samovar::json::parse(body); }

std::string Reply::header(std::string_view name) const { return std::string{headers.find(name).value_or("")}; }

class Client::Impl {
public:
    Impl(const Api& api, Bounds bounds) : api_(api), bounds_(bounds) {}

    std::string exchange(std::string_view bytes, const std::string& peer) {
        RequestReader reader{bounds_};
        std::string out;
        while (serve_one(reader, bytes, out, peer)) {
        }
        return out;
    }

    void keep_cookies(const Reply& reply) {
        for (const std::string_view text : reply.headers.all("Set-Cookie")) {
            std::string_view attributes = text;
            std::string_view value = detail::next_part(attributes, ';');
            const std::string name{detail::next_part(value, '=')};
            cookies[name] = value;
            if (attributes.find("Max-Age=0") != std::string_view::npos) cookies.erase(name);
        }
    }

    std::map<std::string, std::string, std::less<>> cookies;

private:
    /// False at the end of the bytes or of the connection.
    bool serve_one(RequestReader& reader, std::string_view& bytes, std::string& out, const std::string& peer) {
        const RequestPtr request = std::make_shared<Request>();
        request->peer = samovar::net::Address::parse(peer).value();
        reader.start(request);
        for (;;) {
            switch (reader.advance()) {
                case RequestReader::Progress::ready:
                    return answer(call(request), framing_of(*request, reader), out);
                case RequestReader::Progress::refused:
                    return answer(api_.refuse(*request, reader.refusal().status, reader.refusal().detail),
                                  {.keep_alive = false}, out);
                case RequestReader::Progress::need_continue:
                    out += "HTTP/1.1 100 Continue\r\n\r\n";
                    break;
                case RequestReader::Progress::need_more:
                    if (!feed(reader, bytes)) return false;
            }
        }
    }

    static bool feed(RequestReader& reader, std::string_view& bytes) {
        if (bytes.empty()) return false;
        const auto space = reader.prepare();
        const std::size_t size = bytes.copy(space.data(), space.size());
        reader.commit(size);
        bytes.remove_prefix(size);
        return true;
    }

    static Framing framing_of(const Request& request, const RequestReader& reader) {
        return {.head_only = request.method == Method::head,
                .keep_alive = reader.keep_alive(),
                .http_1_0 = reader.is_http_1_0()};
    }

    bool answer(const Response& response, const Framing& framing, std::string& out) {
        write_head(out, response, framing, api_.clock().now());
        if (sends_body(response, framing)) out += response.body;
        return framing.keep_alive;
    }

    Response call(const RequestPtr& request) {
        std::optional<Response> response;
        std::exception_ptr failure;
        boost::asio::co_spawn(loop_, api_.handle(request), [&](std::exception_ptr error, Response result) {
            failure = error;
            response = std::move(result);
        });
        loop_.restart();
        while (!response) {
            if (loop_.run_one() == 0)
                throw std::logic_error("the handler waits for something that will never come");
        }
        if (failure) std::rethrow_exception(failure);
        return std::move(*response);
    }

    const Api& api_;
    Bounds bounds_;
    boost::asio::io_context loop_;
};

Client::Client(const Api& api, Bounds bounds) : impl_(std::make_unique<Impl>(api, bounds)) {}
Client::~Client() = default;

Reply Client::request(std::string_view method, std::string_view target, Send send) {
    if (!send.use_jar) return read_reply(impl_->exchange(request_text(method, target, send, {}), send.peer));
    Reply reply = read_reply(impl_->exchange(request_text(method, target, send, impl_->cookies), send.peer));
    impl_->keep_cookies(reply);
    return reply;
}

std::string Client::exchange(std::string_view bytes) { return impl_->exchange(bytes, "127.0.0.1"); }

std::optional<std::string> Client::cookie(std::string_view name) const {
    const auto found = impl_->cookies.find(name);
    return found == impl_->cookies.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace web::testing
