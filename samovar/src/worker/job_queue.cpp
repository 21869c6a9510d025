#include "worker/job_queue.hpp"

#include <utility>

namespace samovar::worker {

JobQueue::JobQueue(std::size_t concurrency, std::chrono::milliseconds probation, const Clock& clock)
    : concurrency_(concurrency), probation_(probation), clock_(clock) {}

void JobQueue::push(std::vector<Job> jobs) {
    std::size_t blocking = 0;
    {
        const std::lock_guard lock{mutex_};
        for (auto& job : jobs) {
            blocking += job.is_coroutine() ? 0 : 1;
            (job.is_coroutine() ? coroutines_ : blocking_).push_back(std::move(job));
        }
    }
    if (blocking == 1)
        changed_.notify_one();
    else if (blocking > 1)
        changed_.notify_all();
}

bool JobQueue::may_start(const Job& job) const {
    if (running_ >= concurrency_) return false;
    const auto now = clock_.steady();
    if (suspects_running_ > 0 && now - suspect_start_ < probation_) return false;
    if (!job.suspect) return true;
    return running_ == 0 || now - last_start_ >= probation_;
}

Job JobQueue::take(Line& line) {
    Job job = std::move(line.front());
    line.pop_front();
    ++running_;
    if (!job.is_coroutine()) ++blocking_running_;
    ++taken_;
    last_start_ = clock_.steady();
    if (job.suspect) {
        ++suspects_running_;
        suspect_start_ = last_start_;
    }
    return job;
}

std::optional<Job> JobQueue::take_blocking(std::stop_token stop) {
    std::unique_lock lock{mutex_};
    const auto ready = [this] { return !blocking_.empty() && may_start(blocking_.front()); };
    if (!changed_.wait(lock, stop, ready)) return std::nullopt;
    return take(blocking_);
}

std::optional<Job> JobQueue::take_coroutine() {
    const std::lock_guard lock{mutex_};
    if (coroutines_.empty() || !may_start(coroutines_.front())) return std::nullopt;
    return take(coroutines_);
}

void JobQueue::finished(const Job& job) {
    const bool suspect = job.suspect;
    bool others_wait = false;
    {
        const std::lock_guard lock{mutex_};
        --running_;
        if (!job.is_coroutine()) --blocking_running_;
        if (suspect) --suspects_running_;
        // The thread that finished takes the next job itself; others were held back only by a suspect or by the
        // limit, which coroutine jobs share.
        others_wait = !blocking_.empty() && (suspect || blocking_.front().suspect || running_ + 1 >= concurrency_);
    }
    if (others_wait) changed_.notify_all();
}

void JobQueue::recheck() { changed_.notify_all(); }

std::vector<Job> JobQueue::withdraw(bool all) {
    const std::lock_guard lock{mutex_};
    std::vector<Job> back;
    for (auto* line : {&blocking_, &coroutines_}) {
        Line staying;
        for (auto& job : *line) {
            if (job.suspect && !all)
                staying.push_back(std::move(job));
            else
                back.push_back(std::move(job));
        }
        *line = std::move(staying);
    }
    return back;
}

std::size_t JobQueue::running() const {
    const std::lock_guard lock{mutex_};
    return running_;
}

std::size_t JobQueue::unstarted() const {
    const std::lock_guard lock{mutex_};
    return blocking_.size() + coroutines_.size();
}

std::size_t JobQueue::blocking_backlog() const {
    const std::lock_guard lock{mutex_};
    return blocking_.size() + blocking_running_;
}

std::uint64_t JobQueue::taken() const {
    const std::lock_guard lock{mutex_};
    return taken_;
}

bool JobQueue::waiting_for_probation() const {
    const std::lock_guard lock{mutex_};
    const bool suspect_first = (!blocking_.empty() && blocking_.front().suspect) ||
                               (!coroutines_.empty() && coroutines_.front().suspect);
    return (suspect_first || suspects_running_ > 0) && blocking_.size() + coroutines_.size() > 0;
}

}  // namespace samovar::worker
