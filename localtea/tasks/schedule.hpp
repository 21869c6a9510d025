// What the shop does again and again.
#pragma once

#include <samovar/app.hpp>

namespace localtea::tasks {

/// Makes the entries that beat sends. Whoever may run a beat calls it: the programs `beat` and `worker`.
void add_schedule(samovar::App& app);

}  // namespace localtea::tasks
