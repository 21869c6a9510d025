#include "services/password_hasher.hpp"

#include <atomic>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <sodium.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "services/error.hpp"

namespace localtea::services {
namespace {

namespace asio = boost::asio;

std::string argon2(const std::string& password, const PasswordHasherOptions& options) {
    char text[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(text, password.data(), password.size(), options.passes, options.memory) != 0)
        throw std::runtime_error("no memory for hashing a password");
    return text;
}

bool matches(const std::string& hash, const std::string& password) {
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace

struct PasswordHasher::Impl {
    explicit Impl(PasswordHasherOptions wanted) : options(wanted), pool(wanted.threads) {
        if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
        nobody = argon2("the password of an account that does not exist", options);
    }

    // Runs `work` on the pool, unless too much waits there already.
    template <class Work>
    auto run(Work work) -> asio::awaitable<decltype(work())> {
        if (waiting.fetch_add(1) >= options.threads + options.queue) {
            waiting.fetch_sub(1);
            throw Error{Errc::overloaded, "Сервис перегружен, попробуйте ещё раз через несколько секунд."};
        }
        auto job = [](Impl* self, Work owned) -> asio::awaitable<decltype(work())> {
            const std::shared_ptr<void> leave{nullptr, [self](void*) {
                                                  self->waiting.fetch_sub(1);
                                                  self->done.fetch_add(1);
                                              }};
            co_return owned();
        };
        co_return co_await asio::co_spawn(pool, job(this, std::move(work)), asio::use_awaitable);
    }

    const PasswordHasherOptions options;
    std::atomic<std::size_t> waiting{0};
    std::atomic<std::size_t> done{0};
    std::string nobody;
    asio::thread_pool pool;
};

PasswordHasher::PasswordHasher(PasswordHasherOptions options) : impl_(std::make_unique<Impl>(options)) {}
PasswordHasher::~PasswordHasher() { impl_->pool.join(); }

std::size_t PasswordHasher::waiting() const { return impl_->waiting; }

asio::awaitable<std::string> PasswordHasher::hash(std::string password) {
    return impl_->run(
        [password = std::move(password), options = impl_->options] { return argon2(password, options); });
}

asio::awaitable<bool> PasswordHasher::verify(std::string password, std::string hash) {
    return impl_->run([password = std::move(password), hash = std::move(hash), nobody = impl_->nobody] {
        const bool right = matches(hash.empty() ? nobody : hash, password);
        return right && !hash.empty();
    });
}

std::size_t PasswordHasher::done() const { return impl_->done; }

// Everything up to the salt is how it was made: the algorithm, its version, memory in KiB, passes and lanes, of
// which libsodium makes one.
bool PasswordHasher::outdated(std::string_view hash) const {
    return !hash.starts_with(
        fmt::format("$argon2id$v=19$m={},t={},p=1$", impl_->options.memory >> 10, impl_->options.passes));
}

}  // namespace localtea::services
