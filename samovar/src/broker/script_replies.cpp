#include "broker/script_replies.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <samovar/json.hpp>

#include "broker/keys.hpp"
#include "redis/error.hpp"

namespace samovar::broker {
namespace {

[[noreturn]] void unexpected(std::string_view script) {
    throw redis::Error{redis::Errc::unexpected_reply, fmt::format("script {} answered in another shape", script)};
}

bool is_lost(const redis::Reply::Array& parts) { return !parts.empty() && parts.front().text() == "lost"; }

std::optional<WallTime> read_time(const redis::Reply& reply) {
    const auto& text = reply.text();
    if (text.empty()) return std::nullopt;
    // Scores come as Redis prints doubles: 1.79e+15 is possible, so integers alone would not do.
    double microseconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), microseconds);
    return WallTime{std::chrono::microseconds{static_cast<std::int64_t>(microseconds)}};
}

std::string text_member(const Value& object, std::string_view name) {
    const auto* value = object.find(name);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? *text : std::string{};
}

Refused read_refused(const std::string& task_id, const std::string& meta, const Route& route) {
    const auto letter = read_dead_letter("", meta);
    return {.task_id = task_id, .task = letter.task, .queue = route.queue, .reason = letter.reason};
}

// A repeated call may name other queues than the first one, whose answer it gets.
Route read_route(const redis::Reply& list, const ReserveOptions& options, const Keys& keys) {
    if (list.is_text()) return keys.route(list.text());
    const auto number = static_cast<std::size_t>(list.integer());
    if (number == 0 || number > options.routes.size()) unexpected("reserve");
    return options.routes[number - 1];
}

// What a worker says of itself is {"node", "pid"}.
std::string node_of(const std::string& about) {
    try {
        return text_member(json::parse(about), "node");
    } catch (const json::ParseError&) {
        return {};  // its lease or its description is gone: nothing is known of it
    }
}

std::string newer_layout(std::int64_t number) {
    return fmt::format("the store is in layout {} of a newer Samovar, and this one knows layouts up to {}", number,
                       layout_number);
}

Completed completed_of(std::int64_t answer) {
    switch (answer) {
        case 0:
            return Completed::gone;
        case 1:
            return Completed::done;
        case 2:
            return Completed::no_queue;
        default:
            unexpected("complete");
    }
}

constexpr std::int64_t not_suspect = -1;
constexpr std::int64_t refused = -2;
constexpr std::int64_t gone = -3;

}  // namespace

Reservation read_reservation(redis::Reply reply, const ReserveOptions& options, const Identity& who,
                             const Keys& keys) {
    auto& parts = reply.array();
    Reservation reservation;
    reservation.lost = is_lost(parts);
    if (reservation.lost) return reservation;
    if (parts.size() % 4 != 2) unexpected("reserve");
    reservation.store_time = read_time(parts[1]).value_or(WallTime{});
    std::size_t number = 0;
    for (std::size_t i = 2; i < parts.size(); i += 4) {
        const auto deaths = parts[i + 1].integer();
        if (deaths == refused) {
            reservation.refused.push_back(
                read_refused(parts[i + 2].text(), parts[i + 3].text(), read_route(parts[i], options, keys)));
            continue;
        }
        ++number;
        if (deaths == gone) continue;
        reservation.messages.push_back({
            .id = fmt::format("{}:{}:{}", who.incarnation, options.batch, number),
            .envelope = std::move(parts[i + 3].text()),
            .route = read_route(parts[i], options, keys),
            .place = place_of(options.batch, number),
            .suspect = deaths != not_suspect,
            .deaths = static_cast<int>(std::max<std::int64_t>(deaths, 0)),
            .fingerprint = std::move(parts[i + 2].text()),
        });
    }
    return reservation;
}

std::vector<Published> read_published(redis::Reply reply, std::vector<std::string> ids) {
    auto& parts = reply.array();
    if (parts.size() != ids.size()) unexpected("publish");
    std::vector<Published> published;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].is_text())
            published.push_back({.sent = false, .id = std::move(parts[i].text())});
        else
            published.push_back({.sent = parts[i].integer() == 1, .id = std::move(ids[i])});
    }
    return published;
}

Stepped read_step(const redis::Reply& reply, std::size_t completions) {
    const auto& parts = reply.array();
    if (parts.size() < completions) unexpected("complete");
    Stepped stepped;
    stepped.completed.reserve(completions);
    stepped.started.reserve(parts.size() - completions);
    for (std::size_t i = 0; i < completions; ++i) stepped.completed.push_back(completed_of(parts[i].integer()));
    for (std::size_t i = completions; i < parts.size(); ++i)
        stepped.started.push_back({parts[i].integer() == 1 ? Started::Answer::go : Started::Answer::gone});
    return stepped;
}

std::vector<Started> read_started(const redis::Reply& reply) {
    using enum Started::Answer;
    constexpr std::array answers{gone, go, taken, waits};
    const auto& parts = reply.array();
    if (parts.size() % 2 != 0) unexpected("start");
    std::vector<Started> started;
    for (std::size_t i = 0; i < parts.size(); i += 2) {
        const auto answer = static_cast<std::size_t>(parts[i].integer());
        if (answer >= answers.size()) unexpected("start");
        started.push_back({answers.at(answer), static_cast<std::uint64_t>(parts[i + 1].integer())});
    }
    return started;
}

Lease read_lease(const redis::Reply& reply) {
    const auto& parts = reply.array();
    Lease lease;
    lease.lost = is_lost(parts);
    if (lease.lost) return lease;
    if (parts.size() == 2 && parts[0].text() == "layout")
        lease.refusal = newer_layout(parts[1].integer());
    else if (parts.size() == 2 && parts[0].text() == "older")
        lease.refusal = fmt::format(
            "worker {} of a Samovar before reservations of its own is still running on this store; stop it first",
            node_of(parts[1].text()));
    if (!lease.refusal.empty()) return lease;
    if (parts.size() != 9) unexpected("renew");
    lease.store_time = read_time(parts[1]).value_or(WallTime{});
    lease.workers = static_cast<std::uint64_t>(parts[2].integer());
    lease.held = static_cast<std::uint64_t>(parts[3].integer());
    lease.promotes = parts[4].integer() == 1;
    lease.next_due = read_time(parts[5]);
    lease.put_back = static_cast<std::uint64_t>(parts[6].integer());
    lease.more = parts[7].integer() == 1;
    lease.dropped = static_cast<std::uint64_t>(parts[8].integer());
    return lease;
}

Promotion read_promotion(const redis::Reply& reply) {
    const auto& parts = reply.array();
    Promotion promotion;
    promotion.lost = is_lost(parts);
    if (parts.size() != 4) unexpected("promote");
    promotion.moved = static_cast<std::size_t>(parts[1].integer());
    promotion.next_due = read_time(parts[2]);
    promotion.store_time = read_time(parts[3]).value_or(WallTime{});
    return promotion;
}

Reaped read_reaped(redis::Reply reply) {
    auto& parts = reply.array();
    if (parts.size() < 8) unexpected("reap");
    Reaped reaped{.store_time = read_time(parts[0]).value_or(WallTime{}),
                  .incarnation = parts[2].text(),
                  .node = node_of(parts[3].text()),
                  .put_back = static_cast<std::size_t>(parts[4].integer()),
                  .set_aside = static_cast<std::size_t>(parts[5].integer()),
                  .given_up = static_cast<std::size_t>(parts[6].integer()),
                  .more = parts[7].integer() != 0,
                  .old_layout = parts[1].integer() == 1,
                  .newer_layout = parts[1].integer() == 2};
    for (std::size_t i = 8; i < parts.size(); ++i) reaped.unreported.push_back(std::move(parts[i].text()));
    return reaped;
}

Reaped read_taken_over(const redis::Reply& reply) {
    const auto& parts = reply.array();
    if (parts.size() != 4) unexpected("take_over");
    return {.incarnation = parts[0].text(),
            .put_back = static_cast<std::size_t>(parts[1].integer()),
            .set_aside = static_cast<std::size_t>(parts[2].integer()),
            .more = parts[3].integer() != 0};
}

Registered read_registered(const redis::Reply& reply) {
    const auto& parts = reply.array();
    if (parts.size() != 6) unexpected("registered");
    const auto layout = parts[1].integer();
    return {.refusal = layout > layout_number ? newer_layout(layout) : "",
            .store_time = read_time(parts[0]).value_or(WallTime{}),
            .workers = static_cast<std::size_t>(parts[2].integer()),
            .last_renewal = read_time(parts[3]).value_or(WallTime{}),
            .node = node_of(parts[5].text()),
            .longest_lease = std::chrono::milliseconds{parts[4].integer()}};
}

Rescued read_rescued(const redis::Reply& reply) {
    const auto& parts = reply.array();
    if (parts.size() == 2 && parts[0].text() == "alive")
        return {.refused = true, .node = node_of(parts[1].text())};
    if (parts.size() != 5) unexpected("rescue");
    return {.put_back = static_cast<std::size_t>(parts[1].integer()),
            .set_aside = static_cast<std::size_t>(parts[2].integer()),
            .buried = static_cast<std::size_t>(parts[3].integer()),
            .more = parts[4].integer() != 0};
}

Retired read_retired(const redis::Reply& reply) {
    const auto& parts = reply.array();
    if (is_lost(parts)) return {.lost = true};
    if (parts.size() != 5) unexpected("retire");
    return {.put_back = static_cast<std::size_t>(parts[2].integer()),
            .dropped = static_cast<std::size_t>(parts[3].integer()),
            .more = parts[4].integer() != 0};
}

bool read_last_worker(const redis::Reply& reply) {
    const auto& parts = reply.array();
    return parts.size() == 5 && parts[4].integer() == 2;
}

std::size_t read_delayed(redis::Reply reply, const Keys& keys, std::vector<DelayedMessage>& messages) {
    auto& parts = reply.array();
    if (parts.size() % 4 != 1) unexpected("delayed_list");
    for (std::size_t i = 1; i < parts.size(); i += 4)
        messages.push_back({.member = std::move(parts[i].text()),
                            .due = read_time(parts[i + 1]).value_or(WallTime{}),
                            .route = keys.route(parts[i + 2].text()),
                            .envelope = std::move(parts[i + 3].text())});
    return static_cast<std::size_t>(parts.front().integer());
}

std::size_t read_dead_letters(const redis::Reply& reply, std::vector<DeadLetter>& letters) {
    const auto& parts = reply.array();
    if (parts.size() % 2 != 1) unexpected("dead_list");
    for (std::size_t i = 1; i < parts.size(); i += 2)
        letters.push_back(read_dead_letter(parts[i].text(), parts[i + 1].text()));
    return static_cast<std::size_t>(parts.front().integer());
}

DeadLetter read_dead_letter(std::string_view member, std::string_view meta) {
    DeadLetter letter;
    letter.member = letter.id = member;
    try {
        const auto value = json::parse(meta);
        if (auto id = text_member(value, "id"); !id.empty()) letter.id = std::move(id);
        letter.task = text_member(value, "task");
        letter.queue = text_member(value, "queue");
        letter.reason = text_member(value, "reason");
        const auto* size = value.find("size");
        if (const auto* bytes = size ? size->if_int() : nullptr) letter.size = static_cast<std::uint64_t>(*bytes);
        const auto* at = value.find("at");
        if (const auto* seconds = at ? at->if_double() : nullptr)
            letter.at = WallTime{std::chrono::microseconds{std::llround(*seconds * 1e6)}};
    } catch (const json::ParseError&) {
        letter.reason = "its description is unreadable";
    }
    return letter;
}

std::string dead_envelope_of(std::string_view content) {
    const auto end = content.find('\n');
    return std::string{end == std::string_view::npos ? content : content.substr(end + 1)};
}

}  // namespace samovar::broker
