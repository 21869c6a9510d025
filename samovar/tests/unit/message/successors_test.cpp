#include "message/successors.hpp"

#include <gmock/gmock.h>
#include <samovar/json.hpp>

#include "base/base64.hpp"
#include "message/envelope.hpp"
#include "support/vectors.hpp"

namespace samovar::message {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Embed first_embed(const std::string& vector) {
    return decode_body(decode(samovar::testing::pushed_elements(samovar::testing::load_vector(vector)).at(0)))
        .embed;
}

TEST(Successors, are_named_in_what_celery_sends) {
    const std::vector<std::pair<std::string, std::string>> cases{{"plain", ""},
                                                                 {"protocol1", ""},
                                                                 {"group3", ""},
                                                                 {"link", "callbacks, errbacks"},
                                                                 {"link_list", "callbacks"},
                                                                 {"chain3", "chain"},
                                                                 {"chain_immutable", "chain"},
                                                                 {"chain_group_upgraded_to_chord", "chain"},
                                                                 {"chord3", "chord"},
                                                                 {"chord_single", "chord"},
                                                                 {"chord_of_chains", "chain"},
                                                                 {"group_of_chains", "chain"},
                                                                 {"chunks", ""},
                                                                 {"map", ""}};
    for (const auto& [vector, names] : cases)
        for (const std::string folder : {"producer-52/", "producer-56/"})
            EXPECT_EQ(successor_members(first_embed(folder + vector)), names) << folder << vector;
}

TEST(Successors, what_python_takes_for_false_names_none) {
    for (const char* text : {"null", "[]", "{}", "\"\"", "false", "0", "0.0"}) {
        const auto nothing = json::parse(text);
        EXPECT_EQ(successor_members({nothing, nothing, nothing, nothing}), "") << text;
    }
    for (const char* text : {"[null]", "{\"task\": \"t\"}", "\"t\"", "true", "1", "[[]]"}) {
        const auto something = json::parse(text);
        EXPECT_EQ(successor_members({.errbacks = something}), "errbacks") << text;
    }
}

TEST(Successors, of_protocol_1_and_the_mixed_form_are_named_too) {
    TaskMessage message;
    const auto body =
        base64::encode(R"({"args": [], "kwargs": {}, "callbacks": [{"task": "t"}], "chord": {"task": "c"}})");
    message.body.text = body;
    EXPECT_EQ(successor_members(decode_body(message).embed), "callbacks, chord");
}

TEST(Successors, every_step_and_member_that_a_client_waits_for_is_found_once) {
    // Two members with a copy of the body each, the header's group, and the body.
    EXPECT_THAT(successor_ids(first_embed("producer-56/chain_group_upgraded_to_chord")), SizeIs(4));
    EXPECT_THAT(successor_ids(first_embed("producer-56/chain3")), SizeIs(2));
    EXPECT_THAT(successor_ids(first_embed("producer-56/chord3")), SizeIs(1));
    EXPECT_THAT(successor_ids(first_embed("producer-56/plain")), IsEmpty());
}

TEST(Successors, arguments_are_not_taken_for_signatures) {
    const auto chain = json::parse(R"([{"task": "t", "args": [{"options": {"task_id": "an argument"}}],
        "kwargs": {"tasks": [{"options": {"task_id": "another"}}]},
        "options": {"task_id": "step", "link": [{"task": "l", "options": {"task_id": "linked"}}]},
        "subtask_type": null}, 5, null, "text"])");
    EXPECT_THAT(successor_ids({.chain = chain}), ElementsAre("step", "linked"));
}

TEST(Successors, of_a_huge_workflow_are_read_up_to_a_bound) {
    Array steps;
    for (int i = 0; i < 20'000; ++i) {
        Object options;
        options.append("task_id", std::to_string(i));
        Object step;
        step.append("options", std::move(options));
        steps.push_back(std::move(step));
    }
    EXPECT_THAT(successor_ids({.chain = std::move(steps)}), SizeIs(most_successor_ids));
}

}  // namespace
}  // namespace samovar::message
