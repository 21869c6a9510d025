// What the tests of the pipeline share.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "redis/pipeline.hpp"

namespace samovar::redis {

inline constexpr std::size_t plenty = 1u << 20;
inline constexpr SteadyTime start{};

class TestCall final : public Call {
public:
    TestCall(Request request, Answer answer, std::size_t expected, bool resend, SteadyTime deadline)
        : Call(std::move(request), answer, expected, resend, deadline) {}
    void succeed(std::vector<Reply>) override {}
    void fail(std::exception_ptr) override {}
};

class PipelineTest : public ::testing::Test {
protected:
    CallPtr call(std::initializer_list<std::string_view> commands, bool resend = false,
                 SteadyTime deadline = SteadyTime::max()) {
        Request request;
        for (const auto command : commands) request.add({command});
        return std::make_shared<TestCall>(request, Call::Answer::replies, request.commands(), resend, deadline);
    }
    CallPtr subscribe(std::size_t names) {
        return std::make_shared<TestCall>(Request{"SUBSCRIBE"}, Call::Answer::confirmations, names, true,
                                          SteadyTime::max());
    }
    CallPtr added(std::initializer_list<std::string_view> commands, bool resend = false,
                  SteadyTime deadline = SteadyTime::max()) {
        auto made = call(commands, resend, deadline);
        pipeline.add(made);
        return made;
    }
    std::string staged(std::size_t most = plenty) {
        std::string buffer = "left over";
        pipeline.stage(buffer, most);
        return buffer;
    }
    CallPtr reply(Reply value) {
        auto routed = pipeline.route({std::move(value), false});
        EXPECT_FALSE(routed.push);
        return routed.finished;
    }
    static std::string encoded(std::initializer_list<std::string_view> commands) {
        Request request;
        for (const auto command : commands) request.add({command});
        return request.bytes();
    }

    Pipeline pipeline;
};

}  // namespace samovar::redis
