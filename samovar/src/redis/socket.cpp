#include "redis/socket.hpp"

#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "redis/error.hpp"

namespace samovar::redis {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

template <class Stream>
void write_all(Stream& stream, std::string_view bytes, Socket::Written done) {
    asio::async_write(stream, asio::buffer(bytes),
                      [done = std::move(done)](error_code error, std::size_t count) { done(error, count); });
}

template <class Socket>
void close_socket(Socket& socket) {
    error_code ignored;  // Whatever it says, the descriptor is gone.
    socket.close(ignored);
}

/// Connects to the first address that answers; numbers need no resolver, which would cost a thread. What it is
/// given must outlive the connecting.
class Connector {
public:
    explicit Connector(const asio::any_io_executor& executor) : resolver_(executor) {}

    asio::awaitable<void> connect(tcp::socket* socket, const Endpoint* endpoint) {
        error_code not_a_number;
        const auto address = asio::ip::make_address(endpoint->host, not_a_number);
        if (!not_a_number) {
            co_await socket->async_connect({address, endpoint->port}, asio::use_awaitable);
        } else {
            const auto found =
                co_await resolver_.async_resolve(endpoint->host, std::to_string(endpoint->port),
                                                 tcp::resolver::numeric_service, asio::use_awaitable);
            co_await asio::async_connect(*socket, found, asio::use_awaitable);
        }
        socket->set_option(tcp::no_delay{true});
        socket->set_option(tcp::socket::keep_alive{endpoint->keep_alive});
    }

    void cancel() { resolver_.cancel(); }

private:
    tcp::resolver resolver_;
};

class TcpSocket final : public Socket {
public:
    TcpSocket(const asio::any_io_executor& executor, const Endpoint& endpoint)
        : endpoint_(endpoint), connector_(executor), socket_(executor) {}

    asio::awaitable<void> open() override { co_await connector_.connect(&socket_, &endpoint_); }

    asio::awaitable<std::size_t> read(std::span<char> into) override {
        return socket_.async_read_some(asio::buffer(into.data(), into.size()), asio::use_awaitable);
    }

    void write(std::string_view bytes, Written done) override { write_all(socket_, bytes, std::move(done)); }

    void close() override {
        connector_.cancel();
        close_socket(socket_);
    }

private:
    const Endpoint& endpoint_;
    Connector connector_;
    tcp::socket socket_;
};

class UnixSocket final : public Socket {
public:
    UnixSocket(const asio::any_io_executor& executor, const Endpoint& endpoint)
        : endpoint_(endpoint), socket_(executor) {}

    asio::awaitable<void> open() override {
        constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
        if (endpoint_.socket_path.size() > longest) {
            throw Error{Errc::bad_configuration,
                        fmt::format("the socket's path is longer than {} bytes", longest)};
        }
        co_await socket_.async_connect({endpoint_.socket_path}, asio::use_awaitable);
    }

    asio::awaitable<std::size_t> read(std::span<char> into) override {
        return socket_.async_read_some(asio::buffer(into.data(), into.size()), asio::use_awaitable);
    }

    void write(std::string_view bytes, Written done) override { write_all(socket_, bytes, std::move(done)); }
    void close() override { close_socket(socket_); }

private:
    const Endpoint& endpoint_;
    asio::local::stream_protocol::socket socket_;
};

void must(error_code error, std::string_view what) {
    if (error) throw Error{Errc::bad_configuration, fmt::format("{}: {}", what, error.message())};
}

void trust(asio::ssl::context& context, const Endpoint& endpoint) {
    error_code error;
    if (endpoint.ca_file.empty() && endpoint.ca_folder.empty() && endpoint.ca_data.empty()) {
        context.set_default_verify_paths(error);
        must(error, "the system's certificate authorities");
    }
    if (!endpoint.ca_file.empty()) context.load_verify_file(endpoint.ca_file, error);
    must(error, fmt::format("ssl_ca_certs {:?}", endpoint.ca_file));
    if (!endpoint.ca_folder.empty()) context.add_verify_path(endpoint.ca_folder, error);
    must(error, fmt::format("ssl_ca_path {:?}", endpoint.ca_folder));
    if (!endpoint.ca_data.empty()) context.add_certificate_authority(asio::buffer(endpoint.ca_data), error);
    must(error, "ssl_ca_data");
}

void identify(asio::ssl::context& context, const Endpoint& endpoint) {
    error_code error;
    context.use_certificate_chain_file(endpoint.cert_file, error);
    must(error, fmt::format("ssl_certfile {:?}", endpoint.cert_file));
    // Always set: without it, OpenSSL asks at the terminal.
    const auto password = [&endpoint](std::size_t, asio::ssl::context::password_purpose) {
        return endpoint.key_password;
    };
    context.set_password_callback(password, error);
    const auto& key_file = endpoint.key_file.empty() ? endpoint.cert_file : endpoint.key_file;
    context.use_private_key_file(key_file, asio::ssl::context::pem, error);
    must(error, fmt::format("ssl_keyfile {:?}", key_file));
}

asio::ssl::context make_tls_context(const Endpoint& endpoint) {
    asio::ssl::context context{asio::ssl::context::tls_client};
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    context.set_verify_mode(endpoint.verify ? asio::ssl::verify_peer : asio::ssl::verify_none);
    trust(context, endpoint);
    if (!endpoint.cert_file.empty()) identify(context, endpoint);
    if (!endpoint.ciphers.empty() &&
        SSL_CTX_set_cipher_list(context.native_handle(), endpoint.ciphers.c_str()) != 1) {
        throw Error{Errc::bad_configuration, fmt::format("ssl_ciphers {:?} names no cipher", endpoint.ciphers)};
    }
    return context;
}

class TlsSocket final : public Socket {
public:
    TlsSocket(const asio::any_io_executor& executor, const Endpoint& endpoint)
        : endpoint_(endpoint),
          connector_(executor),
          context_(make_tls_context(endpoint)),
          stream_(executor, context_) {}

    asio::awaitable<void> open() override {
        name_server();
        co_await connector_.connect(&stream_.next_layer(), &endpoint_);
        error_code error;
        co_await stream_.async_handshake(asio::ssl::stream_base::client,
                                         asio::redirect_error(asio::use_awaitable, error));
        if (!error) co_return;
        if (const long verdict = SSL_get_verify_result(stream_.native_handle()); verdict != X509_V_OK) {
            throw Error{Errc::bad_configuration, fmt::format("the server's certificate is not trusted: {}",
                                                             X509_verify_cert_error_string(verdict))};
        }
        throw boost::system::system_error{error, "TLS"};
    }

    asio::awaitable<std::size_t> read(std::span<char> into) override {
        return stream_.async_read_some(asio::buffer(into.data(), into.size()), asio::use_awaitable);
    }

    void write(std::string_view bytes, Written done) override { write_all(stream_, bytes, std::move(done)); }

    void close() override {
        connector_.cancel();
        close_socket(stream_.next_layer());
    }

private:
    // The name that we ask for, and the one that the certificate must bear.
    void name_server() {
        error_code not_a_number;
        asio::ip::make_address(endpoint_.host, not_a_number);
        if (not_a_number && SSL_set_tlsext_host_name(stream_.native_handle(), endpoint_.host.c_str()) != 1) {
            throw Error{Errc::bad_configuration, fmt::format("host {:?} cannot be named in TLS", endpoint_.host)};
        }
        if (endpoint_.verify && endpoint_.verify_name)
            stream_.set_verify_callback(asio::ssl::host_name_verification{endpoint_.host});
    }

    const Endpoint& endpoint_;
    Connector connector_;
    asio::ssl::context context_;
    asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<Socket> make_socket(const asio::any_io_executor& executor, const Endpoint& endpoint) {
    if (!endpoint.socket_path.empty()) return std::make_unique<UnixSocket>(executor, endpoint);
    if (endpoint.tls) return std::make_unique<TlsSocket>(executor, endpoint);
    return std::make_unique<TcpSocket>(executor, endpoint);
}

}  // namespace samovar::redis
