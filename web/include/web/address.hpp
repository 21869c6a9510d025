// Who the client is when proxies stand in between.
#pragma once

#include <string_view>
#include <vector>

#include "base/network.hpp"

namespace web {

/// The address of the client: the peer's, or, when the peer is trusted, the rightmost untrusted entry of
/// X-Forwarded-For (its fields, in order). An entry that is no address ends the walk at the last hop that was
/// one; when every entry is trusted the leftmost is the client. The header of an untrusted peer means nothing.
samovar::net::Address client_address(const samovar::net::Address& peer,
                                     const std::vector<std::string_view>& forwarded_for,
                                     const samovar::net::Networks& trusted);

}  // namespace web
