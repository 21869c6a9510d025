// Argon2id, off the event loops.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace localtea::services {

struct PasswordHasherOptions {
    /// A hash takes some 100 ms and `memory`; each thread does one at a time.
    unsigned threads = 1;
    /// Hashes that may wait for a thread.
    std::size_t queue = 64;
    /// What one hash costs; see docs/decisions/081-password-work.md. Memory in bytes, at least 8 KiB.
    unsigned passes = 3;
    std::size_t memory = std::size_t{64} << 20;
};

/// Threads: any number of callers; the work is done on threads of its own, the caller resumes on its executor.
/// Lifetime: calls under way must have ended before it is destroyed.
class PasswordHasher {
public:
    explicit PasswordHasher(PasswordHasherOptions options);
    ~PasswordHasher();
    PasswordHasher(const PasswordHasher&) = delete;
    PasswordHasher& operator=(const PasswordHasher&) = delete;

    /// The password's hash in its text form ($argon2id$...), salt included.
    /// Errors: Error{overloaded} when the queue is full.
    boost::asio::awaitable<std::string> hash(std::string password);

    /// Whether the password has that hash, one made by Python's argon2 libraries too. An empty hash stands for an
    /// account that does not exist: false, after the same time. Errors: Error{overloaded}.
    boost::asio::awaitable<bool> verify(std::string password, std::string hash);

    /// Hashes that run or wait for a thread. Threads: any.
    std::size_t waiting() const;

    /// Hashes that were made or checked since the start. Threads: any.
    std::size_t done() const;

    /// Whether the hash was made another way than hash() does now.
    bool outdated(std::string_view hash) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace localtea::services
