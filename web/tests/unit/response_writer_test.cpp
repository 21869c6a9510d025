#include "response_writer.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono;
using web::Response;
using web::detail::Framing;
using web::detail::sends_body;

constexpr samovar::WallTime moment{sys_days{1994y / November / 6} + 8h + 49min + 37s};

std::string head(const Response& response, const Framing& framing) {
    std::string out;
    web::detail::write_head(out, response, framing, moment);
    return out;
}

TEST(WriteHead, frames_an_answer) {
    EXPECT_EQ(
        head(Response::text("hello"), {}),
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        "Content-Length: 5\r\n\r\n");
}

TEST(WriteHead, tells_whether_the_connection_stays) {
    EXPECT_NE(head(Response::empty(), {.keep_alive = false}).find("Connection: close\r\n"), std::string::npos);
    EXPECT_NE(head(Response::empty(), {.http_1_0 = true}).find("Connection: keep-alive\r\n"), std::string::npos);
    EXPECT_EQ(head(Response::empty(), {}).find("Connection"), std::string::npos);
}

TEST(WriteHead, does_not_let_a_handler_frame_the_message) {
    Response response = Response::text("hello");
    for (const char* name : {"Content-Length", "transfer-encoding", "CONNECTION", "Date"})
        response.headers.add(name, "x");
    const std::string text = head(response, {});
    EXPECT_EQ(text.find(": x\r\n"), std::string::npos) << text;
    EXPECT_NE(text.find("Content-Length: 5\r\n"), std::string::npos);
}

TEST(WriteHead, gives_no_length_where_there_can_be_no_body) {
    for (const int status : {204, 304}) {
        Response response = Response::text("ignored", status);
        EXPECT_EQ(head(response, {}).find("Content-Length"), std::string::npos) << status;
        EXPECT_FALSE(sends_body(response, {})) << status;
    }
    EXPECT_NE(head(Response{.status = 200}, {}).find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(WriteHead, keeps_the_length_for_head_and_sends_no_body) {
    const Response response = Response::text("hello");
    EXPECT_NE(head(response, {.head_only = true}).find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_FALSE(sends_body(response, {.head_only = true}));
    EXPECT_TRUE(sends_body(response, {}));
}

TEST(WriteHead, names_unknown_statuses_somehow) {
    EXPECT_TRUE(head(Response{.status = 299}, {}).starts_with("HTTP/1.1 299 Unknown\r\n"));
}

TEST(HttpDate, is_rfc_9110s) {
    EXPECT_EQ(web::detail::http_date(moment), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(
        web::detail::http_date(samovar::WallTime{sys_days{2024y / February / 29} + 23h + 59min + 59s + 999ms}),
        "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST(WriteHead, follows_the_clock_from_second_to_second) {
    std::string first, second;
    web::detail::write_head(first, Response::empty(), {}, moment);
    web::detail::write_head(second, Response::empty(), {}, moment + 1s);
    EXPECT_NE(first.find("08:49:37"), std::string::npos);
    EXPECT_NE(second.find("08:49:38"), std::string::npos);
}

}  // namespace
