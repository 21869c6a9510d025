#include <memory>
#include <utility>

#include <web/api.hpp>

#include "api/context.hpp"
#include "api/endpoints.hpp"
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

    template <class Body>
    asio::awaitable<MessageView> change(web::Depends<domain::User> user, web::Body<Body> body) const {
        co_await answered(accounts_.profiles.change(user->id, change_of(*body)));
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

}  // namespace

void add_profile_endpoints(web::Api& api, Context& context) {
    const auto endpoints = std::make_shared<const ProfileEndpoints>(context);
    auto user = api.group("/api/v1/user", {.tags = {"user"}});
    user.get("/get-profile", endpoints, &ProfileEndpoints::own,
             {.summary = "Own account", .errors = {{401, "Not signed in"}}});
    user.get("/get-public-profile/{id}", endpoints, &ProfileEndpoints::of_anybody,
             {.summary = "What everybody may see of an account", .errors = {{404, "Nobody"}}});
    user.delete_("/account", endpoints, &ProfileEndpoints::remove,
                 {.summary = "Delete the account", .errors = {{400, "Wrong password"}}});

    const std::map<int, std::string> taken{{400, "Taken"}};
    user.post("/change-username", endpoints, &ProfileEndpoints::change<UsernameBody>,
              {.summary = "Change the username", .errors = taken});
    user.post("/change-firstname", endpoints, &ProfileEndpoints::change<FirstnameBody>,
              {.summary = "Change the first name", .errors = taken});
    user.post("/change-lastname", endpoints, &ProfileEndpoints::change<LastnameBody>,
              {.summary = "Change the last name", .errors = taken});
    user.post("/change-middlename", endpoints, &ProfileEndpoints::change<MiddlenameBody>,
              {.summary = "Change the middle name", .errors = taken});
    user.post("/change-birthdate", endpoints, &ProfileEndpoints::change<BirthdateBody>,
              {.summary = "Change the date of birth", .errors = taken});
    user.post("/change-address", endpoints, &ProfileEndpoints::change<AddressBody>,
              {.summary = "Change the postal address", .errors = taken});
    user.post("/change-postal-code", endpoints, &ProfileEndpoints::change<PostalCodeBody>,
              {.summary = "Change the postal code", .errors = taken});
    user.post("/change-phone-number", endpoints, &ProfileEndpoints::change<PhoneNumberBody>,
              {.summary = "Change the phone number", .errors = taken});
}

}  // namespace localtea::api
