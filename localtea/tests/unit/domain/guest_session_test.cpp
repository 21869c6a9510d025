#include "domain/guest_session.hpp"

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

TEST(GuestSessionTest, an_id_of_ours_opens_one_cart_and_no_other) {
    const auto id = make_session_id();
    EXPECT_NE(id, make_session_id());
    ASSERT_TRUE(guest_of(id));
    EXPECT_EQ(guest_of(id)->session_digest, guest_of(id)->session_digest);
    EXPECT_NE(guest_of(id)->session_digest, guest_of(make_session_id())->session_digest);
}

TEST(GuestSessionTest, what_is_kept_is_not_the_id) {
    const auto id = make_session_id();
    EXPECT_EQ(guest_of(id)->session_digest.find(id), std::string::npos);
}

TEST(GuestSessionTest, what_no_program_of_ours_made_is_refused) {
    const auto id = make_session_id();
    for (const std::string& other :
         {std::string{}, id + "A", id.substr(1), std::string(43, '='), std::string(43, '\0'),
          std::string{"6f1b1d1e-8a3c-4c37-9d58-0d4f6f3b7f10"}, id.substr(0, 42) + "\n", id.substr(0, 41) + "ё"})
        EXPECT_FALSE(guest_of(other)) << other;
}

}  // namespace
}  // namespace localtea::domain
