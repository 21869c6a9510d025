// The name of a request in logs, answers and the tasks it sends.
#pragma once

#include <string>
#include <string_view>

namespace web::detail {

/// 32 hexadecimal digits, random. Threads: any.
std::string make_request_id();

/// 1 to 64 of A-Z a-z 0-9 . _ -: nothing that could forge a log line.
bool is_request_id(std::string_view text);

}  // namespace web::detail
