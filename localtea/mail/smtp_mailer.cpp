#include "mail/smtp_mailer.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mail/error.hpp"
#include "mail/smtp_outcome.hpp"

namespace localtea::mail {
namespace {

/// libcurl wants to be initialised once, before there are threads of its users.
void initialise_curl() {
    static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (result != CURLE_OK) throw std::runtime_error("libcurl cannot be initialised");
}

struct Upload {
    std::string_view rest;
};

std::size_t read_upload(char* buffer, std::size_t size, std::size_t count, void* user) {
    auto& rest = static_cast<Upload*>(user)->rest;
    const auto taken = std::min(size * count, rest.size());
    std::memcpy(buffer, rest.data(), taken);
    rest.remove_prefix(taken);
    return taken;
}

/// What the server said. After a refusal libcurl also says goodbye, which is a reply, too.
struct Replies {
    std::string first_code;
    /// Of the last reply that had an enhanced code.
    std::string detailed_code;
    std::string enhanced;
};

/// libcurl hands out the server's reply lines as headers.
std::size_t read_reply(char* data, std::size_t size, std::size_t count, void* user) {
    const std::string_view line{data, size * count};
    auto& replies = *static_cast<Replies*>(user);
    if (replies.first_code.empty()) replies.first_code = line.substr(0, 3);
    if (auto enhanced = enhanced_code(line); !enhanced.empty()) {
        replies.detailed_code = line.substr(0, 3);
        replies.enhanced = std::move(enhanced);
    }
    return size * count;
}

std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
    if (curl_easy_setopt(handle, option, value) != CURLE_OK)
        throw std::runtime_error(fmt::format("libcurl refuses option {}", static_cast<int>(option)));
}

std::string url_of(const SmtpSettings& settings) {
    const char* scheme = settings.security == config::SmtpSecurity::tls ? "smtps" : "smtp";
    const bool ipv6 = settings.server.find(':') != std::string::npos && !settings.server.starts_with('[');
    return fmt::format("{}://{}{}{}:{}", scheme, ipv6 ? "[" : "", settings.server, ipv6 ? "]" : "", settings.port);
}

void configure(CURL* handle, const SmtpSettings& settings) {
    set(handle, CURLOPT_URL, url_of(settings).c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(handle, CURLOPT_PROXY, "");
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
    set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.total_timeout.count()));
    set(handle, CURLOPT_USE_SSL,
        static_cast<long>(settings.security == config::SmtpSecurity::plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!settings.ca_file.empty()) {
        set(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
        set(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (!settings.user.empty()) {
        set(handle, CURLOPT_USERNAME, settings.user.c_str());
        set(handle, CURLOPT_PASSWORD, settings.password.reveal().c_str());
    }
    set(handle, CURLOPT_UPLOAD, 1L);
    set(handle, CURLOPT_READFUNCTION, &read_upload);
    set(handle, CURLOPT_HEADERFUNCTION, &read_reply);
    set(handle, CURLOPT_WRITEFUNCTION, &discard);
}

long info(CURL* handle, CURLINFO what) {
    long value = 0;
    curl_easy_getinfo(handle, what, &value);
    return value;
}

/// A transfer, and whether the server began it with a farewell.
struct Attempt {
    SmtpTransfer transfer;
    bool farewell = false;
};

/// The connection was lost, not refused, and before the mail was handed over: after 354 the server may have it.
bool is_lost(const Attempt& attempt) {
    const auto& transfer = attempt.transfer;
    const bool broken = transfer.curl_code == CURLE_SEND_ERROR || transfer.curl_code == CURLE_RECV_ERROR ||
                        transfer.curl_code == CURLE_GOT_NOTHING;
    return transfer.curl_code != CURLE_OK && ((broken && transfer.reply_code < 354) || attempt.farewell);
}

}  // namespace

/// One libcurl handle, which keeps its connection to the server.
class SmtpMailer::Connection {
public:
    explicit Connection(const SmtpSettings& settings) : handle_(curl_easy_init()) {
        if (!handle_) throw std::bad_alloc{};
        configure(handle_.get(), settings);
        set(handle_.get(), CURLOPT_OPENSOCKETFUNCTION, &open_socket);
        set(handle_.get(), CURLOPT_OPENSOCKETDATA, this);
        set(handle_.get(), CURLOPT_CLOSESOCKETFUNCTION, &close_socket);
        set(handle_.get(), CURLOPT_CLOSESOCKETDATA, this);
    }
    ~Connection() { expect_no_answer(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// A connection that was idle may be gone without having told; that costs a mail no attempt.
    SmtpTransfer send(const Message& message) {
        const auto first = attempt(message, false);
        const bool reused = info(handle_.get(), CURLINFO_NUM_CONNECTS) == 0;
        return reused && is_lost(first) ? attempt(message, true).transfer : first.transfer;
    }

private:
    struct HandleDelete {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    };
    struct ListDelete {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    Attempt attempt(const Message& message, bool fresh) {
        CURL* handle = handle_.get();
        const std::string from = fmt::format("<{}>", message.from);
        const std::unique_ptr<curl_slist, ListDelete> to{
            curl_slist_append(nullptr, fmt::format("<{}>", message.to).c_str())};
        Upload upload{message.text};
        SmtpTransfer transfer;
        set(handle, CURLOPT_MAIL_FROM, from.c_str());
        set(handle, CURLOPT_MAIL_RCPT, to.get());
        set(handle, CURLOPT_READDATA, &upload);
        Replies replies;
        set(handle, CURLOPT_HEADERDATA, &replies);
        set(handle, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
        transfer.curl_code = curl_easy_perform(handle);
        transfer.reply_code = static_cast<int>(info(handle, CURLINFO_RESPONSE_CODE));
        if (replies.detailed_code == std::to_string(transfer.reply_code))
            transfer.enhanced_code = replies.enhanced;
        if (transfer.curl_code == CURLE_OPERATION_TIMEDOUT) expect_no_answer();
        set(handle, CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
        // A server that closes an idle connection answers so whatever is asked first; later it is a deferral.
        return {std::move(transfer), replies.first_code == "421"};
    }

    static curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
        const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
        if (socket >= 0) static_cast<Connection*>(user)->sockets_.push_back(socket);
        return socket;
    }
    static int close_socket(void* user, curl_socket_t socket) {
        std::erase(static_cast<Connection*>(user)->sockets_, socket);
        return ::close(socket);
    }
    /// libcurl says goodbye before it closes a connection, and waits two minutes for a server that does not
    /// answer. With the reading side shut it takes note of the silence at once.
    void expect_no_answer() const {
        for (const auto socket : sockets_) ::shutdown(socket, SHUT_RD);
    }

    std::vector<curl_socket_t> sockets_;  // libcurl closes them: outlives the handle
    std::unique_ptr<CURL, HandleDelete> handle_;
};

/// The connections that nobody sends on.
class SmtpMailer::Pool {
public:
    std::unique_ptr<Connection> take() {
        const std::lock_guard lock{mutex_};
        if (idle_.empty()) return nullptr;
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    void give_back(std::unique_ptr<Connection> connection) {
        const std::lock_guard lock{mutex_};
        idle_.push_back(std::move(connection));
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
};

SmtpMailer::SmtpMailer(SmtpSettings settings, Sender sender, const samovar::Clock& clock)
    : settings_(std::move(settings)), sender_(std::move(sender)), clock_(clock), pool_(std::make_unique<Pool>()) {
    initialise_curl();
}

SmtpMailer::~SmtpMailer() = default;

SendOutcome SmtpMailer::send(const Email& email) {
    Message message;
    try {
        message = compose(email, sender_, clock_.now());
    } catch (const PermanentMailError& error) {
        return {SendOutcome::Kind::permanent, error.what(), 0};
    }
    auto connection = pool_->take();
    if (!connection) connection = std::make_unique<Connection>(settings_);
    const auto outcome = outcome_of(connection->send(message));
    pool_->give_back(std::move(connection));
    return outcome;
}

}  // namespace localtea::mail
