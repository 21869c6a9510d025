#include "base/ids.hpp"

#include <regex>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.hpp"

namespace samovar {
namespace {

TEST(Ids, a_uuid_has_version_four_and_the_right_form) {
    const std::regex form{"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
    for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(std::regex_match(uuid4(), form));
}

TEST(Ids, no_two_are_alike_across_threads) {
    constexpr int count = 10'000;
    std::vector<std::vector<std::string>> made(4);
    std::vector<std::thread> threads;
    for (auto& ids : made) {
        threads.emplace_back([&ids] {
            for (int i = 0; i < count; ++i) ids.push_back(uuid4());
        });
    }
    for (auto& thread : threads) thread.join();
    std::set<std::string> all;
    for (const auto& ids : made) all.insert(ids.begin(), ids.end());
    EXPECT_EQ(all.size(), made.size() * count);
}

TEST(Ids, a_child_process_does_not_repeat_its_parents) {
    uuid4();  // the block of random bytes is in memory before the fork
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const std::string id = uuid4();
        _exit(write(pipe_ends[1], id.data(), id.size()) == 36 ? 0 : 1);
    }
    std::string theirs(36, '\0');
    ASSERT_EQ(read(pipe_ends[0], theirs.data(), theirs.size()), 36);
    int status = 1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_NE(theirs, uuid4());
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

TEST(Ids, an_incarnation_is_letters_and_digits) {
    EXPECT_TRUE(std::regex_match(new_incarnation(), std::regex{"[0-9A-Za-z]{22}"}));
    EXPECT_NE(new_incarnation(), new_incarnation());
}

TEST(Random, a_unit_number_lies_below_one) {
    for (int i = 0; i < 10'000; ++i) {
        const double number = random_unit();
        EXPECT_GE(number, 0.0);
        EXPECT_LT(number, 1.0);
    }
}

TEST(Random, more_bytes_than_a_block_are_all_filled) {
    std::vector<std::byte> bytes(100'000);
    random_bytes(bytes);
    std::set<std::byte> seen(bytes.end() - 10'000, bytes.end());
    EXPECT_EQ(seen.size(), 256U);
}

}  // namespace
}  // namespace samovar
