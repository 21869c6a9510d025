#include "worker/give_back.hpp"

#include <ranges>

namespace samovar::worker {

void return_unstarted(Completer& completer, std::vector<Job> jobs) {
    // Each goes to the consuming end, in front of the one before it: so the last comes first.
    for (auto& job : jobs | std::views::reverse) {
        broker::Completion completion;
        completion.reservation = std::move(job.reservation);
        completion.moves.push_back({.kind = broker::Move::Kind::front, .route = std::move(job.route)});
        completer.add(std::move(job.epoch), std::move(completion), std::nullopt);
    }
}

}  // namespace samovar::worker
