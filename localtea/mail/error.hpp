// Why a mail can never be sent as it stands.
#pragma once

#include <stdexcept>

namespace localtea::mail {

/// Trying again will not help: a bad address, a header that would be split, a template that fails. The text
/// names what is wrong and never holds an address, a subject or a value of the template's context.
class PermanentMailError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace localtea::mail
