#include "base/reason.hpp"

#include <stdexcept>
#include <system_error>

#include <gtest/gtest.h>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "base/utf8.hpp"

namespace samovar {
namespace {

using boost::system::error_code;
using boost::system::system_error;

error_code refused_somewhere() {
    BOOST_STATIC_CONSTEXPR boost::source_location here = BOOST_CURRENT_LOCATION;
    return {boost::asio::error::connection_refused, boost::system::system_category(), &here};
}

TEST(Reason, a_place_in_the_source_code_is_not_said) {
    EXPECT_EQ(reason_of(system_error{refused_somewhere()}), "Connection refused");
    EXPECT_EQ(reason_of(system_error{refused_somewhere(), "connect"}), "connect: Connection refused");
    EXPECT_EQ(reason_of(system_error{boost::asio::error::connection_refused, "connect"}),
              "connect: Connection refused");
}

TEST(Reason, an_end_of_file_is_said_in_words) {
    EXPECT_EQ(reason_of(system_error{boost::asio::error::eof}), "the other side closed the connection");
}

TEST(Reason, other_exceptions_say_what_they_say) {
    EXPECT_EQ(reason_of(std::runtime_error{"no tea"}), "no tea");
    EXPECT_EQ(reason_of(std::system_error{std::make_error_code(std::errc::no_space_on_device), "writing"}),
              "writing: No space left on device");
}

TEST(Reason, it_is_one_line) {
    EXPECT_EQ(reason_of(std::runtime_error{"one\ntwo\r\n\tthree"}), "one two   three");
}

TEST(Reason, it_is_bounded_and_cut_between_characters) {
    const std::string exact(longest_reason, 'x');
    EXPECT_EQ(one_clause(exact), exact);
    for (const std::string shift : {"", "x", "xx", "xxx"}) {
        std::string text = shift;
        while (text.size() <= longest_reason) text += "чай🍵";
        const auto cut = one_clause(text);
        EXPECT_LE(cut.size(), longest_reason);
        EXPECT_GE(cut.size(), longest_reason - 6);
        EXPECT_TRUE(cut.ends_with("..."));
        EXPECT_TRUE(utf8::valid(cut));
    }
}

TEST(Reason, the_text_of_an_exception_is_whole) {
    const std::string longer(longest_reason * 2, 'x');
    EXPECT_EQ(text_of(std::runtime_error{longer}), longer);
}

}  // namespace
}  // namespace samovar
