// A worker's configuration under Celery's names. No I/O.
#pragma once

#include <samovar/value.hpp>

#include "control/node.hpp"

namespace samovar::control {

/// What differs from its default, or with `defaults` everything; the URLs always, without passwords. What Celery
/// has no setting for begins with "samovar_"; what we have no setting for is absent.
Object settings(const NodeFacts& facts, bool defaults);

/// Where the broker is and how it is used, without its password.
Object broker_settings(const NodeFacts& facts);

}  // namespace samovar::control
