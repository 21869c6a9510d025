#include "services/taken.hpp"

#include <string>
#include <string_view>

#include "db/error.hpp"

namespace localtea::services {

void refuse_taken(const db::Taken& taken) {
    std::string what;
    const auto add = [&](bool is_taken, std::string_view sentence) {
        if (is_taken) what += (what.empty() ? "" : " ") + std::string{sentence};
    };
    add(taken.email, "Этот адрес электронной почты уже зарегистрирован.");
    add(taken.username, "Это имя пользователя уже занято.");
    add(taken.phone_number, "Этот номер телефона уже зарегистрирован.");
    throw Error{Errc::taken, what};
}

void rethrow_taken(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const db::Error& error) {
        const db::Taken taken{.email = error.constraint() == "users_email_key",
                              .username = error.constraint() == "users_username_key",
                              .phone_number = error.constraint() == "users_phone_number_key"};
        if (error.kind() != db::Errc::unique_violation || !(taken.email || taken.username || taken.phone_number))
            throw;
        refuse_taken(taken);
    }
}

}  // namespace localtea::services
