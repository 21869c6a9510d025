#include "api/profiles.hpp"

#include <memory>
#include <utility>

#include <web/api.hpp>

#include "api/errors.hpp"
#include "api/password_view.hpp"
#include "api/profile_view.hpp"
#include "api/session_cookies.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

class ProfileEndpoints {
public:
    explicit ProfileEndpoints(Context& context) : accounts_(context.accounts), limits_(context.limits) {}

    UserView own(web::Depends<domain::User> user) const { return view(*user); }

    asio::awaitable<PublicProfileView> of_anybody(web::Path<UserPath> path) const {
        auto profile = co_await answered(accounts_.profiles.public_profile(path->id));
        co_return PublicProfileView{std::move(profile.username), std::move(profile.avatar_url)};
    }

    asio::awaitable<MessageView> change(domain::User user, domain::ProfileChange change) const {
        co_await answered(accounts_.profiles.change(user.id, std::move(change)));
        co_return MessageView{"Изменения сохранены."};
    }

    asio::awaitable<MessageView> remove(web::RequestPtr request, web::Depends<domain::User> user,
                                        web::Body<PasswordBody> body) const {
        co_await limits_.admit(request, Policy::password, user->profile.email);
        co_await answered(accounts_.removal.remove(user->id, std::move(body->password)));
        clear_session_cookies(*request);
        co_return MessageView{"Учётная запись удалена."};
    }

private:
    services::AccountServices& accounts_;
    const RateLimits& limits_;
};

using SharedProfileEndpoints = std::shared_ptr<const ProfileEndpoints>;

template <class Body>
void add_change(web::Group& user, const SharedProfileEndpoints& endpoints, std::string_view path,
                std::string summary) {
    user.post(path,
              [endpoints](web::Depends<domain::User> customer, web::Body<Body> body) {
                  return endpoints->change(std::move(*customer), change_of(*body));
              },
              {.summary = std::move(summary), .errors = {{400, "Taken"}}});
}

void add_changes(web::Group& user, const SharedProfileEndpoints& endpoints) {
    add_change<UsernameBody>(user, endpoints, "/change-username", "Change the username");
    add_change<FirstnameBody>(user, endpoints, "/change-firstname", "Change the first name");
    add_change<LastnameBody>(user, endpoints, "/change-lastname", "Change the last name");
    add_change<MiddlenameBody>(user, endpoints, "/change-middlename", "Change the middle name");
    add_change<BirthdateBody>(user, endpoints, "/change-birthdate", "Change the date of birth");
    add_change<AddressBody>(user, endpoints, "/change-address", "Change the postal address");
    add_change<PostalCodeBody>(user, endpoints, "/change-postal-code", "Change the postal code");
    add_change<PhoneNumberBody>(user, endpoints, "/change-phone-number", "Change the phone number");
}

}  // namespace

void add_profile_endpoints(web::Api& api, Context& context) {
    const auto endpoints = std::make_shared<const ProfileEndpoints>(context);
    auto user = api.group("/api/v1/user", {.tags = {"user"}});
    user.get("/get-profile",
             [endpoints](web::Depends<domain::User> customer) { return endpoints->own(std::move(customer)); },
             {.summary = "Own account", .errors = {{401, "Not signed in"}}});
    user.get("/get-public-profile/{id}",
             [endpoints](web::Path<UserPath> path) { return endpoints->of_anybody(std::move(path)); },
             {.summary = "What everybody may see of an account", .errors = {{404, "Nobody"}}});
    user.delete_(
        "/account",
        [endpoints](web::RequestPtr request, web::Depends<domain::User> customer, web::Body<PasswordBody> body) {
            return endpoints->remove(std::move(request), std::move(customer), std::move(body));
        },
        {.summary = "Delete the account", .errors = {{400, "Wrong password"}}});
    add_changes(user, endpoints);
}

}  // namespace localtea::api
