#include "request_reader.hpp"

#include <gtest/gtest.h>

namespace {

using web::Bounds;
using web::Request;
using web::detail::RequestReader;
using Progress = RequestReader::Progress;

/// Feeds a reader as a connection does, and tells what came of it in a line.
class Feed {
public:
    explicit Feed(Bounds bounds = {}) : bounds_(bounds), reader_(bounds_) { next(); }

    void next() {
        request = std::make_shared<Request>();
        reader_.start(request);
    }

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto space = reader_.prepare();
            const std::size_t size = bytes.copy(space.data(), space.size());
            reader_.commit(size);
            bytes.remove_prefix(size);
        }
    }

    std::string advance() {
        switch (reader_.advance()) {
            case Progress::ready:
                return "ready";
            case Progress::need_more:
                return "more";
            case Progress::need_continue:
                return "continue";
            case Progress::refused:
                break;
        }
        return std::to_string(reader_.refusal().status);
    }

    std::string send(std::string_view bytes) {
        write(bytes);
        return advance();
    }

    RequestReader& reader() { return reader_; }
    web::RequestPtr request;

private:
    Bounds bounds_;
    RequestReader reader_;
};

TEST(RequestReader, fills_the_request) {
    Feed feed;
    ASSERT_EQ(
        feed.send("POST /a%20b?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX-A: 1\r\nx-a: 2\r\n\r\nhello"),
        "ready");
    EXPECT_EQ(feed.request->method, web::Method::post);
    EXPECT_EQ(feed.request->path, "/a b");
    EXPECT_EQ(feed.request->query, "x=1");
    EXPECT_EQ(feed.request->body, "hello");
    EXPECT_EQ(feed.request->headers.all("X-A"), (std::vector<std::string_view>{"1", "2"}));
    EXPECT_TRUE(feed.reader().keep_alive());
}

TEST(RequestReader, gives_the_same_request_however_the_bytes_are_cut) {
    const std::string text =
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;ext=1\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n";
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        Feed feed;
        EXPECT_EQ(feed.send(text.substr(0, cut)), "more") << cut;
        EXPECT_EQ(feed.send(text.substr(cut)), "ready") << cut;
        EXPECT_EQ(feed.request->body, "hello!") << cut;
    }
    Feed slow;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) ASSERT_EQ(slow.send(text.substr(i, 1)), "more") << i;
    EXPECT_EQ(slow.send("\n"), "ready");
}

TEST(RequestReader, takes_pipelined_requests_one_by_one) {
    Feed feed;
    const std::string get = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
    feed.write(get + "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi" + get + "GET /4");
    EXPECT_EQ(feed.advance(), "ready");
    EXPECT_EQ(feed.request->path, "/1");
    feed.next();
    EXPECT_EQ(feed.advance(), "ready");
    EXPECT_EQ(feed.request->body, "hi");
    feed.next();
    EXPECT_EQ(feed.advance(), "ready");
    feed.next();
    EXPECT_EQ(feed.advance(), "more");
    EXPECT_EQ(feed.reader().phase(), RequestReader::Phase::header);
}

TEST(RequestReader, knows_what_it_waits_for) {
    Feed feed;
    EXPECT_EQ(feed.advance(), "more");
    EXPECT_EQ(feed.reader().phase(), RequestReader::Phase::idle);
    feed.send("P");
    EXPECT_EQ(feed.reader().phase(), RequestReader::Phase::header);
    feed.send("OST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(feed.reader().phase(), RequestReader::Phase::body);
}

TEST(RequestReader, asks_for_the_body_once_when_the_client_waits_for_it) {
    Feed feed;
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
    EXPECT_EQ(feed.send(head), "continue");
    EXPECT_EQ(feed.advance(), "more");
    EXPECT_EQ(feed.send("hi"), "ready");
    Feed eager;
    EXPECT_EQ(eager.send(head + "hi"), "ready");
    Feed old;
    EXPECT_EQ(old.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"), "more");
}

TEST(RequestReader, knows_when_the_connection_stays) {
    const std::pair<const char*, bool> cases[] = {
        {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
    };
    for (const auto& [text, stays] : cases) {
        Feed feed;
        ASSERT_EQ(feed.send(text), "ready") << text;
        EXPECT_EQ(feed.reader().keep_alive(), stays) << text;
    }
}

TEST(RequestReader, does_not_take_trailers_for_headers) {
    Feed feed;
    ASSERT_EQ(feed.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: x\r\n"
                        "X-Forwarded-For: 1.2.3.4\r\n\r\n"),
              "ready");
    EXPECT_FALSE(feed.request->headers.find("Authorization"));
    EXPECT_FALSE(feed.request->headers.find("X-Forwarded-For"));
}

struct Malformed {
    const char* situation;
    std::string bytes;
    const char* answer;
};

std::string with(const std::string& fields, const std::string& body = {}) {
    return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}

TEST(RequestReader, refuses_what_two_parsers_could_read_differently) {
    const Malformed cases[] = {
        {"length and coding", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), "400"},
        {"coding and length", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), "400"},
        {"two lengths", with("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), "400"},
        {"the same length twice", with("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), "400"},
        {"a list of lengths", with("Content-Length: 5, 5\r\n", "hello"), "400"},
        {"a signed length", with("Content-Length: +5\r\n", "hello"), "400"},
        {"a negative length", with("Content-Length: -5\r\n"), "400"},
        {"a hexadecimal length", with("Content-Length: 0x5\r\n", "hello"), "400"},
        {"an empty length", with("Content-Length: \r\n"), "400"},
        {"an endless length", with("Content-Length: 99999999999999999999999\r\n"), "400"},
        {"two codings in two fields", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "400"},
        {"an unknown coding first", with("Transfer-Encoding: gzip, chunked\r\n"), "400"},
        {"chunked not last", with("Transfer-Encoding: chunked, gzip\r\n"), "400"},
        {"identity", with("Transfer-Encoding: identity\r\n"), "400"},
        {"chunked in quotes", with("Transfer-Encoding: \"chunked\"\r\n"), "400"},
        {"a hidden coding", with("Transfer-Encoding: xchunked\r\n"), "400"},
        {"a vertical tab before chunked",
         with("Transfer-Encoding: \x0b"
              "chunked\r\n"),
         "400"},
        {"coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"a space before the colon", with("Content-Length : 5\r\n", "hello"), "400"},
        {"a folded line", with("X-A: 1\r\n 2\r\n"), "400"},
        {"a folded coding", with("Transfer-Encoding:\r\n chunked\r\n"), "400"},
        {"a folded first line", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", "400"},
        {"bare LF after the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n", "400"},
        {"bare LF between fields", with("X-A: 1\nX-B: 2\r\n"), "400"},
        {"bare LF at the end", "GET / HTTP/1.1\r\nHost: h\n\n", "400"},
        {"bare CR in a value", with("X-A: 1\rX-B: 2\r\n"), "400"},
        {"NUL in a value", with(std::string("X-A: 1\0002\r\n", 10)), "400"},
        {"NUL in the target", std::string("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", 29), "400"},
        {"a field without a colon", with("X-A\r\n"), "400"},
        {"a field without a name", with(": x\r\n"), "400"},
        {"a chunk size with a sign", with("Transfer-Encoding: chunked\r\n", "+5\r\nhello\r\n0\r\n\r\n"), "400"},
        {"a chunk size in 0x", with("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n"), "400"},
        {"a chunk longer than said", with("Transfer-Encoding: chunked\r\n", "2\r\nhello\r\n0\r\n\r\n"), "400"},
        {"a chunk size beyond 64 bits", with("Transfer-Encoding: chunked\r\n", "11111111111111111\r\n"), "400"},
        {"bare LF after a chunk size", with("Transfer-Encoding: chunked\r\n", "5\nhello\r\n0\r\n\r\n"), "400"},
        {"no host", "GET / HTTP/1.1\r\n\r\n", "400"},
        {"two hosts", with("Host: other\r\n"), "400"},
        {"an unknown expectation", with("Expect: 200-ok\r\nContent-Length: 1\r\n"), "417"},
        {"version 2", "PRI * HTTP/2.0\r\n\r\n", "505"},
        {"version 1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", "505"},
        {"no version", "GET /\r\n\r\n", "400"},
        {"two spaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
        {"a tab for a space", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
        {"a TLS greeting", "\x16\x03\x01\x02\x01\x01\r\n\r\n", "400"},
        {"authority form", "CONNECT host:443 HTTP/1.1\r\nHost: host\r\n\r\n", "400"},
        {"dot segments", "GET /a/../b HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
        {"encoded slash", "GET /a%2fb HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
    };
    for (const Malformed& each : cases) {
        Feed feed;
        EXPECT_EQ(feed.send(each.bytes), each.answer) << each.situation;
    }
}

TEST(RequestReader, ignores_an_empty_line_before_a_request) {
    Feed feed;
    EXPECT_EQ(feed.send("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"), "ready");
}

TEST(RequestReader, refuses_bodies_over_the_limit_before_they_come) {
    const Bounds bounds{.body = 10};
    EXPECT_EQ(Feed{bounds}.send(with("Content-Length: 11\r\n")), "413");
    EXPECT_EQ(Feed{bounds}.send(with("Content-Length: 10\r\n", "0123456789")), "ready");
    EXPECT_EQ(Feed{bounds}.send(with("Expect: 100-continue\r\nContent-Length: 11\r\n")), "413");
    EXPECT_EQ(Feed{bounds}.send(with("Transfer-Encoding: chunked\r\n", "6\r\n012345\r\n5\r\n")), "413");
    EXPECT_EQ(Feed{bounds}.send(with("Transfer-Encoding: chunked\r\n", "ffffffff\r\n")), "413");
    EXPECT_EQ(Feed{bounds}.send(with("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n0\r\n\r\n")), "ready");
}

TEST(RequestReader, bounds_the_head) {
    const Bounds bounds{.header = 200, .header_fields = 5};
    const std::string line = "GET / HTTP/1.1\r\nHost: h\r\n";
    EXPECT_EQ(Feed{bounds}.send("GET /" + std::string(200, 'a')), "414");
    EXPECT_EQ(Feed{bounds}.send("GET /" + std::string(250, 'a') + " HTTP/1.1\r\n"), "414");
    EXPECT_EQ(Feed{bounds}.send(line + "X: " + std::string(200, 'a')), "431");
    EXPECT_EQ(Feed{bounds}.send(line + "X: " + std::string(200, 'a') + "\r\n\r\n"), "431");
    EXPECT_EQ(Feed{bounds}.send(line + "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n\r\n"), "ready");
    EXPECT_EQ(Feed{bounds}.send(line + "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\n"), "431");
}

TEST(RequestReader, bounds_chunk_extensions_and_trailers) {
    const std::string head = with("Transfer-Encoding: chunked\r\n");
    EXPECT_EQ(Feed{}.send(head + "5;" + std::string(40'000, 'x')), "400");
    EXPECT_EQ(Feed{}.send(head + "0\r\nX: " + std::string(40'000, 'x')), "400");
}

}  // namespace
