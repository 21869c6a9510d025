// The written mails, for the page that shows them.
#pragma once

#include "mail/mailbox.hpp"

namespace localtea::services {

using mail::Mailbox;

}  // namespace localtea::services
