#include "services/password_check.hpp"

#include <utility>

#include "db/users.hpp"
#include "services/error.hpp"

namespace localtea::services {

void refuse_password() { throw Error{Errc::wrong_password, "Неверный пароль."}; }

boost::asio::awaitable<std::string> require_password(db::Database* database, PasswordHasher* hasher,
                                                     std::int64_t user_id, std::string password) {
    auto hash = co_await database->read(
        [user_id](db::Session session) { return db::find_password_hash(std::move(session), user_id); });
    if (!co_await hasher->verify(std::move(password), hash)) refuse_password();
    co_return hash;
}

}  // namespace localtea::services
