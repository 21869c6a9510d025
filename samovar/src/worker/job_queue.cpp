#include "worker/job_queue.hpp"

#include <semaphore.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "worker/running_jobs.hpp"

namespace samovar::worker {
namespace {

// The system gave no thread. Nobody but other processes can change that.
constexpr std::chrono::seconds until_asked_again{10};

}  // namespace

// What one thread sleeps on. Not a condition variable: glibc before 2.41 can lose a wake-up of one that several
// threads wait for (its bug 25847), and libstdc++ 12 one of a std::counting_semaphore (PR 104928); the test in
// which threads race for jobs hung on either. A POSIX semaphore for each sleeper has neither problem, and lets the
// thread wake that slept last, whose cache is warm.
class JobQueue::Sleeper {
public:
    Sleeper() { sem_init(&semaphore_, 0, 0); }
    ~Sleeper() { sem_destroy(&semaphore_); }
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;

    void sleep() {
        while (sem_wait(&semaphore_) != 0 && errno == EINTR) {
        }
    }
    void wake() { sem_post(&semaphore_); }

private:
    sem_t semaphore_;
};

JobQueue::JobQueue(std::size_t concurrency, std::chrono::milliseconds probation, const Clock& clock)
    : concurrency_(concurrency), probation_(probation), clock_(clock) {}

bool JobQueue::has_turn(const Line& line, std::size_t promised) const {
    if (line.empty() || running_ >= concurrency_ + promised) return false;
    if (suspects_running_ == 0 && !line.front().suspect) return true;
    const auto now = clock_.steady();
    if (suspects_running_ > 0 && now - suspect_start_ < probation_) return false;
    if (!line.front().suspect) return true;
    return running_ == 0 || now - last_start_ >= probation_;
}

bool JobQueue::may_start(const Kind& kind) const {
    if (!kind.let.empty()) return true;
    return has_turn(kind.waiting) && !kind.waiting.front().has_to_ask(clock_.steady());
}

bool JobQueue::must_ask() const {
    const auto asks = [&](const Line& line) { return has_turn(line) && line.front().has_to_ask(clock_.steady()); };
    return !again_.empty() || asks(blocking_.waiting) || asks(coroutines_.waiting);
}

Job JobQueue::give_slot(Line& line) {
    Job job = std::move(line.front());
    line.pop_front();
    ++running_;
    ++taken_;
    last_start_ = clock_.steady();
    if (job.suspect) {
        ++suspects_running_;
        suspect_start_ = last_start_;
    }
    return job;
}

std::optional<Job> JobQueue::take(Kind& kind) {
    while (!kind.let.empty()) {
        Job job = std::move(kind.let.front());
        kind.let.pop_front();
        if (!job.in_doubt(clock_.steady())) return job;
        again_.push_back(std::move(job));
    }
    if (may_start(kind)) return give_slot(kind.waiting);
    return std::nullopt;
}

void JobQueue::call(std::unique_lock<std::mutex>& lock) {
    if (must_ask()) ask_();
    if (thread_called_ || !may_start(blocking_)) return;
    if (!sleepers_.empty()) {
        thread_called_ = true;
        sleepers_.back()->wake();
        sleepers_.pop_back();
    } else if (threads_ < concurrency_ && clock_.steady() >= no_thread_before_) {
        thread_called_ = true;
        ++threads_;
        lock.unlock();
        if (spawn_()) return;
        lock.lock();
        thread_called_ = false;
        --threads_;
        no_thread_before_ = clock_.steady() + until_asked_again;
    }
}

void JobQueue::push(std::vector<Job> jobs) {
    std::unique_lock lock{mutex_};
    for (auto& job : jobs) kind_of(job).waiting.push_back(std::move(job));
    call(lock);
}

std::optional<Job> JobQueue::take_blocking(bool first) {
    Sleeper sleeper;
    std::unique_lock lock{mutex_};
    if (first) thread_called_ = false;
    auto job = take(blocking_);
    while (!job) {
        if (stopped_) return std::nullopt;
        if (must_ask()) ask_();
        sleepers_.push_back(&sleeper);
        lock.unlock();
        sleeper.sleep();
        lock.lock();
        // Whoever wakes was called; when somebody else took the job meanwhile, the next one needs a new call.
        thread_called_ = false;
        job = take(blocking_);
    }
    call(lock);
    return job;
}

void JobQueue::stop() {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
    for (auto* sleeper : sleepers_) sleeper->wake();
    sleepers_.clear();
}

std::optional<Job> JobQueue::take_coroutine() {
    const std::lock_guard lock{mutex_};
    auto job = take(coroutines_);
    if (must_ask()) ask_();
    return job;
}

void JobQueue::release(const std::vector<Slot>& slots) {
    std::unique_lock lock{mutex_};
    running_ -= slots.size();
    for (const auto& slot : slots) suspects_running_ -= slot.suspect ? 1 : 0;
    call(lock);
}

void JobQueue::recheck() {
    std::unique_lock lock{mutex_};
    call(lock);
}

std::vector<Job> JobQueue::take_to_ask() {
    std::unique_lock lock{mutex_};
    auto jobs = std::exchange(again_, {});
    for (auto* kind : {&blocking_, &coroutines_})
        while (has_turn(kind->waiting) && kind->waiting.front().has_to_ask(clock_.steady()))
            jobs.push_back(give_slot(kind->waiting));
    // One that had to be asked for when this was called may start by itself now: the store has heard of its place.
    call(lock);
    return jobs;
}

std::vector<Job> JobQueue::take_riders(const std::shared_ptr<Epoch>& epoch, std::size_t slots) {
    const std::lock_guard lock{mutex_};
    std::vector<Job> jobs;
    for (auto* line : {&blocking_.waiting, &coroutines_.waiting})
        while (has_turn(*line, slots) && line->front().may_ride(epoch)) jobs.push_back(give_slot(*line));
    return jobs;
}

void JobQueue::let_start(std::vector<Job> jobs) {
    std::unique_lock lock{mutex_};
    for (auto& job : jobs) kind_of(job).let.push_back(std::move(job));
    call(lock);
}

void JobQueue::ask_again(std::vector<Job> jobs) {
    std::unique_lock lock{mutex_};
    for (auto& job : jobs) again_.push_back(std::move(job));
    call(lock);
}

void JobQueue::expect_brief(bool brief) {
    const std::lock_guard lock{mutex_};
    ahead_ = brief ? 2 * concurrency_ : 0;
}

std::size_t JobQueue::next_starts(std::size_t slots) const {
    const auto room = concurrency_ + slots;
    return room - std::min(running_, room) + ahead_;
}

std::size_t JobQueue::startable() const {
    const std::lock_guard lock{mutex_};
    const auto count = next_starts(0);
    return count - std::min(count, blocking_.waiting.size() + coroutines_.waiting.size());
}

std::uint64_t JobQueue::startable_place(const std::shared_ptr<Epoch>& epoch, std::size_t slots) const {
    const std::lock_guard lock{mutex_};
    const auto count = next_starts(slots);
    std::uint64_t place = 0;
    for (const auto* line : {&blocking_.waiting, &coroutines_.waiting}) {
        if (line->empty() || count == 0) continue;
        const auto& last = (*line)[std::min(count, line->size()) - 1];
        if (last.epoch == epoch) place = std::max(place, last.place);
    }
    return place;
}

std::vector<Job> JobQueue::withdraw(bool all) {
    const std::lock_guard lock{mutex_};
    std::vector<Job> back;
    for (auto* line : {&blocking_.waiting, &coroutines_.waiting}) {
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

std::size_t JobQueue::occupied() const {
    const std::lock_guard lock{mutex_};
    if (clock_.steady() >= no_thread_before_) return running_;
    // Without any thread one job is still asked for: with it comes the next try.
    return std::min(concurrency_, running_ + concurrency_ - std::max<std::size_t>(threads_, 1));
}

std::size_t JobQueue::unstarted() const {
    const std::lock_guard lock{mutex_};
    return blocking_.waiting.size() + coroutines_.waiting.size();
}

std::vector<control::TaskInfo> JobQueue::unstarted_tasks() const {
    std::vector<control::TaskInfo> tasks;
    const std::lock_guard lock{mutex_};
    for (const auto* kind : {&blocking_, &coroutines_})
        for (const auto* line : {&kind->let, &kind->waiting})
            for (const auto& job : *line) tasks.push_back(glance(job));
    return tasks;
}

std::uint64_t JobQueue::taken() const {
    const std::lock_guard lock{mutex_};
    return taken_;
}

bool JobQueue::waiting_for_probation() const {
    const std::lock_guard lock{mutex_};
    const auto& a = blocking_.waiting;
    const auto& b = coroutines_.waiting;
    const bool suspect_first = (!a.empty() && a.front().suspect) || (!b.empty() && b.front().suspect);
    return (suspect_first || suspects_running_ > 0) && a.size() + b.size() > 0;
}

}  // namespace samovar::worker
