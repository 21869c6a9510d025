#include "base/reason.hpp"

#include <algorithm>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace samovar {
namespace {

constexpr std::string_view cut_off = "...";

/// The end of the last whole character within `size` bytes.
std::size_t whole_characters(std::string_view text, std::size_t size) {
    const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; };
    while (size > 0 && continues(text[size])) --size;
    return size;
}

std::string message_of(const boost::system::error_code& code) {
    return code == boost::asio::error::eof ? "the other side closed the connection" : code.message();
}

}  // namespace

std::string one_clause(std::string_view text) {
    std::string clause{text};
    if (text.size() > longest_reason) {
        clause.resize(whole_characters(text, longest_reason - cut_off.size()));
        clause += cut_off;
    }
    std::replace_if(clause.begin(), clause.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
    return clause;
}

std::string text_of(const std::exception& error) {
    std::string what = error.what();
    const auto* system = dynamic_cast<const boost::system::system_error*>(&error);
    if (!system) return what;
    // "connect: Connection refused [system:111 at /usr/include/...]": what was done, and then the code at length.
    const std::string at_length = system->code().what();
    const bool known = what.ends_with(at_length);
    return (known ? what.substr(0, what.size() - at_length.size()) : "") + message_of(system->code());
}

std::string reason_of(const std::exception& error) { return one_clause(text_of(error)); }

}  // namespace samovar
