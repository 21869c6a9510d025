// Every key and channel that beat uses, once. An application's entries are its own: several may share a database.
//
// clang-format off
//   samovar:beat:<app>:leader    string  fencing token of the leader, "<term>:<incarnation>"; its lease: it expires
//   samovar:beat:<app>:term      string  leaderships so far
//   samovar:beat:<app>:watch     hash    since, last: microseconds; some beat was running all that time
//   samovar:beat:<app>:entries   hash    name -> definition: JSON, see entry_document.hpp
//   samovar:beat:<app>:code      set     names of entries that come from the program's code
//   samovar:beat:<app>:paused    set     names of entries whose slots pass
//   samovar:beat:<app>:due       zset    name -> its next slot in microseconds; none yet: the leader plans it
//   samovar:beat:<app>:last      hash    name -> JSON {slot, at, id}: what was sent last
//   channel samovar:beat:<app>:changed:<db>   a changed entry's name, or "leader": the place is free
// clang-format on
//
// A message goes to its queue's list, or to samovar:delayed, as broker/keys.hpp says.
#pragma once

#include <string>

#include "broker/keys.hpp"

namespace samovar::beat {

class Keys {
public:
    Keys(const broker::Keys& broker, const std::string& app);

    const std::string leader;
    const std::string term;
    const std::string watch;
    const std::string entries;
    const std::string code;
    const std::string paused;
    const std::string due;
    const std::string last;
    const std::string changed_channel;
};

}  // namespace samovar::beat
