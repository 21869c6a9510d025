#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/log.hpp>

#include "base/process.hpp"

namespace samovar {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Standard error goes to `writer` while this lives.
class Redirected {
public:
    explicit Redirected(int writer) : before_(::dup(STDERR_FILENO)) { ::dup2(writer, STDERR_FILENO); }
    ~Redirected() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
    }
    Redirected(const Redirected&) = delete;
    Redirected& operator=(const Redirected&) = delete;

private:
    int before_;
};

/// Two ends of a pipe, or of what has two ends.
struct Ends {
    int reader = -1, writer = -1;
    ~Ends() {
        close_reader();
        ::close(writer);
    }
    void close_reader() {
        if (reader >= 0) ::close(std::exchange(reader, -1));
    }
    std::string read_all() const {
        std::string all, piece(1 << 16, '\0');
        ::fcntl(reader, F_SETFL, O_NONBLOCK);
        for (ssize_t count = 0; (count = ::read(reader, piece.data(), piece.size())) > 0;)
            all.append(piece.data(), static_cast<std::size_t>(count));
        return all;
    }
};

void make_pipe(Ends& ends) {
    int both[2];
    ASSERT_EQ(::pipe(both), 0);
    ends.reader = both[0];
    ends.writer = both[1];
}

void make_socket(Ends& ends) {
    int both[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, both), 0);
    ends.reader = both[0];
    ends.writer = both[1];
}

/// So many lines that no pipe holds them: whoever waits for their reader waits for ever.
constexpr int too_many = 20'000;

void log_too_many() {
    for (int i = 0; i < too_many; ++i) log::info("a line of forty characters, more or less", {{"number", i}});
}

class StandardErrorTest : public ::testing::TestWithParam<void (*)(Ends&)> {
protected:
    StandardErrorTest() { GetParam()(ends); }

    Ends ends;
};

TEST_P(StandardErrorTest, lines_that_nobody_reads_are_counted_and_their_number_is_told_when_there_is_room) {
    const Redirected here{ends.writer};
    log_too_many();
    const auto first = ends.read_all();
    log::info("after");
    const auto rest = ends.read_all();
    const auto all = first + rest;
    const auto written = std::count(all.begin(), all.end(), '\n') - 2;
    EXPECT_GT(written, 0);
    EXPECT_THAT(rest, HasSubstr(std::to_string(too_many - written) + " log lines were lost before this one"));
    EXPECT_TRUE(rest.ends_with(" after\n")) << rest;
    EXPECT_THAT(all, HasSubstr("number=0\n"));
    log::info("once");
    EXPECT_THAT(ends.read_all(), Not(HasSubstr("lost")));
}

TEST_P(StandardErrorTest, no_line_is_torn) {
    const Redirected here{ends.writer};
    std::string all;
    for (int i = 0; i < 60; ++i) {
        log::info(std::string(5'000, 'x'));
        if (i % 20 == 19) all += ends.read_all();
    }
    std::size_t begin = 0;
    for (auto end = all.find('\n'); end != all.npos; begin = end + 1, end = all.find('\n', begin)) {
        const auto line = all.substr(begin, end - begin);
        EXPECT_TRUE(line.ends_with(std::string(5'000, 'x')) || line.find("lost before") != line.npos);
    }
}

TEST_P(StandardErrorTest, a_reader_that_is_slower_than_the_writer_gets_every_line) {
    std::string all;
    {
        std::jthread reader{[&] {
            for (auto before = all.size(); all.find("the last line") == all.npos; before = all.size()) {
                all += ends.read_all();
                if (all.size() == before) std::this_thread::yield();
            }
        }};
        const Redirected here{ends.writer};
        log_too_many();
        log::info("the last line");
    }
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), too_many + 1);
}

TEST_P(StandardErrorTest, its_flags_stay_as_they_are_for_whoever_shares_it) {
    const Redirected here{ends.writer};
    const int before = ::fcntl(STDERR_FILENO, F_GETFL);
    log_too_many();
    EXPECT_EQ(::fcntl(STDERR_FILENO, F_GETFL), before);
}

TEST_P(StandardErrorTest, a_reader_that_is_gone_ends_nothing) {
    ignore_broken_pipes();
    const Redirected here{ends.writer};
    log::info("read");
    ends.close_reader();
    log::info("not read");
}

INSTANTIATE_TEST_SUITE_P(, StandardErrorTest, ::testing::Values(&make_pipe, &make_socket),
                         [](const auto& which) { return std::string{which.index == 0 ? "pipe" : "socket"}; });

TEST(Process, a_handler_of_broken_pipes_that_the_program_has_set_stays) {
    const auto before = std::signal(SIGPIPE, [](int) {});
    ignore_broken_pipes();
    const auto own = std::signal(SIGPIPE, SIG_DFL);
    EXPECT_NE(own, SIG_IGN);
    EXPECT_NE(own, SIG_DFL);
    ignore_broken_pipes();
    EXPECT_EQ(std::signal(SIGPIPE, before), SIG_IGN);
}

}  // namespace
}  // namespace samovar
