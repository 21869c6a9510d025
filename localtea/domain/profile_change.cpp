#include "domain/profile_change.hpp"

#include <stdexcept>

namespace localtea::domain {

std::string_view to_text(ProfileField field) {
    switch (field) {
        case ProfileField::username:
            return "username";
        case ProfileField::firstname:
            return "firstname";
        case ProfileField::lastname:
            return "lastname";
        case ProfileField::middlename:
            return "middlename";
        case ProfileField::birthdate:
            return "birthdate";
        case ProfileField::address:
            return "address";
        case ProfileField::postal_code:
            return "postal_code";
        case ProfileField::phone_number:
            return "phone_number";
    }
    throw std::logic_error("a profile field without a name");
}

}  // namespace localtea::domain
