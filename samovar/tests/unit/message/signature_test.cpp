#include "message/signature.hpp"

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "message/body.hpp"
#include "message/envelope.hpp"
#include "support/vectors.hpp"

namespace samovar::message {
namespace {

using samovar::testing::load_vector;
using samovar::testing::load_vectors;
using samovar::testing::pushed_elements;

TEST(Signature, celerys_signatures_keep_every_byte) {
    std::size_t count = 0;
    for (const char* name :
         {"producer-52/chain3", "producer-56/chain3", "producer-56/chain_group_upgraded_to_chord",
          "producer-56/link_list", "producer-56/chord3", "producer-56/chain_immutable"}) {
        const Embed embed = decode_body(decode(pushed_elements(load_vector(name)).at(0))).embed;
        Array all;
        for (const Value* list : {&embed.chain, &embed.callbacks, &embed.errbacks}) {
            if (const Array* array = list->if_array()) all.insert(all.end(), array->begin(), array->end());
        }
        if (!embed.chord.is_null()) all.push_back(embed.chord);
        for (const Value& value : all) {
            EXPECT_EQ(json::dump(to_value(signature_from(value))), json::dump(value)) << name;
            ++count;
        }
    }
    EXPECT_EQ(count, 9U);
}

TEST(Signature, all_but_the_task_may_be_missing) {
    const Signature signature = signature_from(json::parse(R"({"task": "t", "options": null})"));
    EXPECT_EQ(signature, Signature{.task = "t"});
    EXPECT_EQ(
        json::dump(to_value(signature)),
        R"({"task": "t", "args": [], "kwargs": {}, "options": {}, "subtask_type": null, "immutable": false})");
}

TEST(Signature, a_wrong_member_is_named) {
    const std::vector<std::pair<const char*, const char*>> cases{
        {R"({})", "signature.task"},
        {R"(5)", "signature.task"},
        {R"({"task": 5})", "signature.task"},
        {R"({"task": "t", "args": {}})", "signature.args"},
        {R"({"task": "t", "kwargs": []})", "signature.kwargs"},
        {R"({"task": "t", "options": 5})", "signature.options"},
        {R"({"task": "t", "subtask_type": 5})", "signature.subtask_type"},
        {R"({"task": "t", "immutable": 1})", "signature.immutable"}};
    for (const auto& [text, field] : cases) {
        try {
            signature_from(json::parse(text));
            ADD_FAILURE() << text;
        } catch (const DecodeError& error) {
            EXPECT_EQ(error.field(), field);
        }
    }
}

}  // namespace
}  // namespace samovar::message
