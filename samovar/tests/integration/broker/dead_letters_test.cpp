#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class DeadLetters : public BrokerTest {
protected:
    Worker w = worker("w1");

    void bury(const std::string& id, const std::string& bytes) {
        run(client->publish({.route = {"celery", 3}, .envelope = bytes, .id = id}));
        const auto message = reserve(w, {.routes = {{"celery", 3}}}).messages.at(0);
        complete(
            w,
            {.reservation = message.id,
             .moves = {Bury{
                 .route = message.route, .id = id, .task = "proj.add", .reason = "unknown \"task\"\nof " + id}}});
    }
    std::vector<DeadLetter> list(std::size_t offset = 0, std::size_t count = 100) {
        return run(client->dead_letters(offset, count));
    }
};
INSTANTIATE_TEST_SUITE_P(On, DeadLetters, every_store, store_name);

TEST_P(DeadLetters, are_listed_with_their_label_oldest_first) {
    const auto before = world->now();
    bury("a", envelope("a"));
    bury("b", envelope("b"));
    const auto letters = list();
    ASSERT_EQ(letters.size(), 2u);
    EXPECT_EQ(letters[0].id, "a");
    EXPECT_EQ(letters[0].member, "w1:1:1");
    EXPECT_EQ(letters[0].task, "proj.add");
    EXPECT_EQ(letters[0].queue, "celery");
    EXPECT_EQ(letters[0].reason, "unknown \"task\"\nof a");
    EXPECT_EQ(letters[0].size, envelope("a").size());
    EXPECT_GE(letters[0].at, before - 1ms);
    EXPECT_LE(letters[0].at, world->now() + 1ms);
    EXPECT_EQ(letters[1].id, "b");
}

TEST_P(DeadLetters, are_listed_page_by_page) {
    for (const auto* id : {"a", "b", "c"}) bury(id, envelope(id));
    EXPECT_EQ(list(0, 2).size(), 2u);
    EXPECT_EQ(list(1, 1).at(0).id, "b");
    EXPECT_EQ(list(2, 5).size(), 1u);
    EXPECT_TRUE(list(3, 5).empty());
    EXPECT_TRUE(list(0, 0).empty());
    EXPECT_EQ(list(0, SIZE_MAX).size(), 3u);
}

TEST_P(DeadLetters, large_ones_are_listed_too) {
    const std::string large = "{" + std::string(3'000'000, ' ') + "}";
    for (const auto* id : {"a", "b", "c"}) bury(id, large);
    EXPECT_EQ(list().size(), 3u);
    EXPECT_EQ(list(1, 5).size(), 2u);
}

TEST_P(DeadLetters, give_their_bytes_as_they_came) {
    const std::string odd = "{\n\"a\": [], \"n\": 12345678901234567890, \"bytes\": \"\xff\xfe\"}";
    bury("a", odd);
    EXPECT_EQ(run(client->dead_envelope("w1:1:1")), odd);
    EXPECT_EQ(run(client->dead_envelope("nobody")), std::nullopt);
}

TEST_P(DeadLetters, are_retried_byte_for_byte) {
    const std::string odd = "{\n\"a\": [], \"n\": 12345678901234567890, \"bytes\": \"\xff\xfe\"}";
    bury("a", odd);
    publish({"earlier"}, {"other", 6});
    EXPECT_TRUE(run(client->retry_dead("w1:1:1", {"other", 6})));
    EXPECT_FALSE(run(client->retry_dead("w1:1:1", {"other", 6})));
    EXPECT_EQ(queue({"other", 6}), (std::vector<std::string>{envelope("earlier"), odd}));
    EXPECT_TRUE(list().empty());
}

TEST_P(DeadLetters, a_retried_poison_starts_with_a_clean_record) {
    auto reaper = worker("reaper");
    publish({"poison"});
    for (int death = 1; death <= 3; ++death) {
        auto victim = worker(fmt::format("victim-{}", death));
        start(victim, take(victim).at(0));
        // The first start names no suspect, so it is an early acknowledgement: put it back by hand.
        if (death == 1) {
            run(client->publish({.route = {"celery", 0}, .envelope = envelope("poison"), .id = "poison"}));
            take(victim);
        }
        die(victim, reaper);
    }
    auto last = worker("last");
    start(last, take(last).at(0));
    die(last, reaper);
    const auto letter = list().at(0);
    EXPECT_TRUE(run(client->retry_dead(letter.member, {"celery", 0})));
    EXPECT_FALSE(take(w).at(0).suspect);
}

TEST_P(DeadLetters, are_dropped) {
    for (const auto* id : {"a", "b", "c"}) bury(id, envelope(id));
    EXPECT_EQ(run(client->drop_dead({"w1:1:1", "nobody", "w1:3:1"})), 2u);
    ASSERT_EQ(list().size(), 1u);
    EXPECT_EQ(list()[0].id, "b");
    EXPECT_EQ(run(client->drop_dead({})), 0u);
}

TEST_P(DeadLetters, expire) {
    bury("old", envelope("old"));
    world->advance(2h);
    bury("new", envelope("new"));
    EXPECT_EQ(run(client->expire_dead(world->now() - 3h)), 0u);
    EXPECT_EQ(run(client->expire_dead(world->now() - 1h)), 1u);
    ASSERT_EQ(list().size(), 1u);
    EXPECT_EQ(list()[0].id, "new");
}

}  // namespace
}  // namespace samovar::broker
