#include "task/claim.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <samovar/json.hpp>

namespace samovar::task {
namespace {

// Half of SHA-256 is more than enough to tell calls apart.
constexpr std::size_t digest_bytes = 16;

std::string digest(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    if (EVP_Digest(text.data(), text.size(), bytes.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not available");
    std::string hex;
    for (std::size_t i = 0; i < digest_bytes; ++i) hex += fmt::format("{:02x}", bytes.at(i));
    return hex;
}

std::string arguments_text(const Array& args, const Object& kwargs) {
    std::vector<std::pair<std::string, Value>> by_name{kwargs.begin(), kwargs.end()};
    std::ranges::sort(by_name, {}, &std::pair<std::string, Value>::first);
    Object sorted;
    for (auto& [name, value] : by_name) sorted.append(std::move(name), std::move(value));
    return json::dump(Value{Array{Value{args}, Value{std::move(sorted)}}});
}

}  // namespace

const Unique* unique_of(const CallOptions& call, const TaskOptions& task) {
    if (call.unique) return &*call.unique;
    return task.unique ? &*task.unique : nullptr;
}

std::optional<broker::Claim> claim_of(const Signature& call, const TaskOptions& options, std::string_view task,
                                      std::string_view application) {
    const auto* unique = unique_of(call.options, options);
    if (!unique) return std::nullopt;
    const auto key = unique->key.empty() ? digest(arguments_text(call.args, call.kwargs)) : unique->key;
    return broker::Claim{.key = fmt::format("{}:{}:{}", application, task, key), .life = unique->life};
}

}  // namespace samovar::task
