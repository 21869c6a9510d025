// Every key and channel that the broker uses, once.
//
// kombu's own (wire.md of Celery on Redis; all of them carry the broker's prefix, kombu's global_keyprefix):
//   <queue>, <queue> 06 16 <step>   list    messages; pushed left, taken right
//   _kombu.binding.<queue>          set     what Celery clients look at to see that a queue exists
//   unacked                         hash    what Python workers hold: tag -> [envelope, exchange, routing key]
//   unacked_index                   zset    tag -> unix seconds; kombu sweeps what is older than its timeout
// Ours:
//   samovar:layout                  string  the number of the layout of what follows; newer ones are refused
//   samovar:register                zset    incarnation -> its last renewal in microseconds
//   samovar:worker:<incarnation>    string  the lease: JSON {node, pid}, expires
//   samovar:held:<incarnation>      hash    reservation -> {length of the list's name}:{list}{envelope};
//                                           field "about": as the lease; field "lease": its milliseconds;
//                                           field "batch": "<number>:<messages>" of the last reserve;
//                                           field "reaping": a reaper has taken a part of it back
//   samovar:marks:<incarnation>     hash    reservation -> "a" acknowledged early, "s" and its fingerprint: a
//   suspect
//                                           that started alone
//   samovar:aside:<incarnation>     hash    what a dead worker had acknowledged, as in held; expires after a day
//   samovar:blamed:<incarnation>    hash    fingerprint -> "<deaths before>:<deaths>" when its worker was reaped;
//                                           deaths before is empty for what was no suspect; expires after a day
//   samovar:look:<who looks>        hash    field "at": when that process last looked for dead workers; expires
//   samovar:suspects                hash    fingerprint (SHA-1 of the envelope) -> deaths blamed on it; expires
//   samovar:delayed                 zset    member -> due time in microseconds
//   samovar:delayed:payload         hash    member -> {length of the list's name}:{list}{envelope}; "f" in front
//                                           of it: to the consuming end of the list
//   samovar:promoter                string  incarnation that moves delayed messages, expires
//   samovar:dead                    zset    member -> time of death in microseconds
//   samovar:dead:payload            hash    member -> JSON {id, task, queue, reason, at, size}, newline, original
//                                           bytes
//   samovar:sent:<id>               string  marks an id that was published once; expires after 24 h
//   samovar:unique:<app>:<key>      string  id of the task that has the claim; expires
//   samovar:exclusive:<app>:<task>  hash    a limit of one run at a time; as samovar:limit
//   samovar:limit:<app>:<name>      hash    reservation that holds a place -> its fencing number;
//                                           field "fence": the last number given; field "at_once": places;
//                                           field "next": the earliest next start in microseconds
//   <limit>:waiting                 zset    member of samovar:delayed -> since when it waits for a place
//   <limit>:booked                  zset    task's id -> when it may start, in microseconds; expires
//   samovar:limits                  set     limits that something waits for
// Celery's, for remote control:
//   _kombu.binding.<exchange>       set     whoever waits for answers: "<id> 06 16 06 16 <id>.<exchange>"
//   <id>.<exchange>                 list    answers; expires
// Of layout 1, read to take over what its dead workers left:
//   samovar:workers                 zset    as samovar:register; reservations stood in unacked, and their lists
//   and
//                                           marks in samovar:held:<incarnation>
// Channels:
//   /<db>.celery.pidbox             Celery's requests to all nodes
//   samovar:wake:<db>               the first delayed message became an earlier one
//   samovar:handover:<db>           the promoter left; its successor's incarnation
#pragma once

#include <string>
#include <string_view>

#include "broker/values.hpp"

namespace samovar::broker {

class Keys {
public:
    /// kombu's, between a queue's name and its step, and between the parts of a binding.
    static constexpr std::string_view separator = "\x06\x16";

    /// `prefix` is put in front of every key and channel; kombu calls it global_keyprefix.
    /// `database` is part of channel names only: channels ignore databases.
    Keys(std::string prefix, int database);

    const std::string& prefix() const { return prefix_; }
    int database() const { return database_; }
    std::string list(const Route& route) const;
    /// The route of a list made by list().
    Route route(std::string_view list) const;
    std::string binding(std::string_view queue) const;
    /// The member that a client adds to binding(queue).
    static std::string binding_member(std::string_view queue);

    /// The queue of whoever waits for answers under that key, and what it is bound with. Both are kombu's.
    static std::string reply_queue(std::string_view exchange, std::string_view routing_key);
    static std::string reply_member(std::string_view exchange, std::string_view routing_key);

    std::string unacked() const { return prefix_ + "unacked"; }
    std::string unacked_index() const { return prefix_ + "unacked_index"; }
    std::string layout() const { return prefix_ + "samovar:layout"; }
    std::string workers() const { return prefix_ + "samovar:register"; }
    std::string workers_before() const { return prefix_ + "samovar:workers"; }
    /// Each with an empty incarnation: what the others begin with.
    std::string lease(std::string_view incarnation) const;
    std::string held(std::string_view incarnation) const;
    std::string marks(std::string_view incarnation) const;
    std::string aside(std::string_view incarnation) const;
    std::string blamed(std::string_view incarnation) const;
    std::string look(std::string_view who_looks) const;
    std::string suspects() const { return prefix_ + "samovar:suspects"; }
    std::string delayed() const { return prefix_ + "samovar:delayed"; }
    std::string delayed_payload() const { return prefix_ + "samovar:delayed:payload"; }
    std::string promoter() const { return prefix_ + "samovar:promoter"; }
    std::string dead() const { return prefix_ + "samovar:dead"; }
    std::string dead_payload() const { return prefix_ + "samovar:dead:payload"; }
    std::string sent(std::string_view id) const;
    /// `name` as in Limit.
    std::string limit(std::string_view name) const;
    /// `key` as in Claim.
    std::string unique(std::string_view key) const;
    std::string limits() const { return prefix_ + "samovar:limits"; }
    std::string control_channel() const;
    const std::string& wake_channel() const { return wake_channel_; }
    const std::string& handover_channel() const { return handover_channel_; }

private:
    std::string prefix_;
    int database_;
    std::string wake_channel_;
    std::string handover_channel_;
};

}  // namespace samovar::broker
