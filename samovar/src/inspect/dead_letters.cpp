#include <algorithm>
#include <iterator>

#include "inspect/inspector_impl.hpp"
#include "message/envelope.hpp"

namespace samovar {
namespace {

/// 0, which is served first, when the message cannot be read.
int step_of(const std::string& envelope) {
    try {
        return message::priority_step(message::decode(envelope).priority);
    } catch (const message::DecodeError&) {
        return 0;
    }
}

}  // namespace

asio::awaitable<std::vector<DeadLetter>> Inspector::Impl::dead_letters() {
    std::vector<DeadLetter> all;
    for (std::size_t offset = 0;; offset += broker::most_per_call) {
        auto page = co_await broker_->dead_letters(offset, broker::most_per_call);
        if (page.empty()) co_return all;
        std::ranges::move(page, std::back_inserter(all));
    }
}

asio::awaitable<std::vector<DeadLetter>> Inspector::Impl::find_dead(std::string id) {
    auto letters = co_await dead_letters();
    std::erase_if(letters, [&](const auto& letter) { return letter.id != id && letter.member != id; });
    co_return letters;
}

asio::awaitable<std::optional<std::string>> Inspector::Impl::content(DeadLetter letter) {
    return broker_->dead_envelope(std::move(letter.member));
}

asio::awaitable<bool> Inspector::Impl::retry(DeadLetter letter, std::string queue) {
    const auto envelope = co_await broker_->dead_envelope(letter.member);
    if (!envelope) co_return false;
    broker::Route to{.queue = queue.empty() ? letter.queue : std::move(queue), .step = step_of(*envelope)};
    co_return co_await broker_->retry_dead(std::move(letter.member), std::move(to));
}

asio::awaitable<bool> Inspector::Impl::drop(DeadLetter letter) {
    std::vector<std::string> members;
    members.push_back(std::move(letter.member));
    co_return co_await broker_->drop_dead(std::move(members)) == 1;
}

}  // namespace samovar
