// Every key and channel that the broker uses, once.
//
// kombu's own (wire.md of Celery on Redis; all of them carry the broker's prefix, kombu's global_keyprefix):
//   <queue>, <queue> 06 16 <step>   list    messages; pushed left, taken right
//   _kombu.binding.<queue>          set     what Celery clients look at to see that a queue exists
//   unacked                         hash    reservation -> [envelope, "", queue]
//   unacked_index                   zset    reservation -> unix seconds; kombu sweeps what is older than its
//   timeout
// Ours:
//   samovar:workers                 zset    incarnation -> its last renewal in microseconds
//   samovar:worker:<incarnation>    string  the lease: JSON {node, pid}, expires
//   samovar:held:<incarnation>      hash    reservation -> mark and list: "r" reserved, "a" acknowledged early,
//                                           "s" and its fingerprint: a suspect that started alone;
//                                           field "about": as the lease, padded: see renew.lua;
//                                           field "batch": "<number>:<messages>" of the last reserve;
//                                           field "reaping": a reaper has taken a part of it back
//   samovar:suspects                hash    fingerprint (SHA-1 of the envelope) -> deaths blamed on it; expires
//   samovar:delayed                 zset    member -> due time in microseconds
//   samovar:delayed:payload         hash    member -> {length of the list's name}:{list}{envelope}
//   samovar:promoter                string  incarnation that moves delayed messages, expires
//   samovar:dead                    zset    member -> time of death in microseconds
//   samovar:dead:payload            hash    member -> JSON {id, task, queue, reason, at, size}, newline, original
//   bytes samovar:sent:<id>               string  marks an id that was published once; expires after 24 h channel
//   samovar:wake:<db>               the first delayed message became an earlier one
#pragma once

#include <string>
#include <string_view>

#include "broker/broker.hpp"

namespace samovar::broker {

class Keys {
public:
    /// kombu's, between a queue's name and its step, and between the parts of a binding.
    static constexpr std::string_view separator = "\x06\x16";

    /// `prefix` is put in front of every key and channel; kombu calls it global_keyprefix.
    /// `database` is part of channel names only: channels ignore databases.
    Keys(std::string prefix, int database);

    const std::string& prefix() const { return prefix_; }
    std::string list(const Route& route) const;
    /// The route of a list made by list().
    Route route(std::string_view list) const;
    std::string binding(std::string_view queue) const;
    /// The member that a client adds to binding(queue).
    static std::string binding_member(std::string_view queue);

    std::string unacked() const { return prefix_ + "unacked"; }
    std::string unacked_index() const { return prefix_ + "unacked_index"; }
    std::string workers() const { return prefix_ + "samovar:workers"; }
    std::string lease(std::string_view incarnation) const;
    std::string held(std::string_view incarnation) const;
    std::string suspects() const { return prefix_ + "samovar:suspects"; }
    std::string delayed() const { return prefix_ + "samovar:delayed"; }
    std::string delayed_payload() const { return prefix_ + "samovar:delayed:payload"; }
    std::string promoter() const { return prefix_ + "samovar:promoter"; }
    std::string dead() const { return prefix_ + "samovar:dead"; }
    std::string dead_payload() const { return prefix_ + "samovar:dead:payload"; }
    std::string sent(std::string_view id) const;
    const std::string& wake_channel() const { return wake_channel_; }

private:
    std::string prefix_;
    std::string wake_channel_;
};

}  // namespace samovar::broker
