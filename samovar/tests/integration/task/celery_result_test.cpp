#include <gmock/gmock.h>
#include <boost/describe/class.hpp>
#include <samovar/app.hpp>
#include <samovar/error.hpp>

#include "support/celery_worker.hpp"
#include "support/redis_server.hpp"

namespace samovar {
namespace {

using namespace std::chrono_literals;
using testing::CeleryWorker;
using testing::RedisServer;

struct Sum {
    int x = 0;
    int y = 0;
};
BOOST_DESCRIBE_STRUCT(Sum, (), (x, y))

constexpr auto tasks = R"python(
@app.task(name='proj.add')
def add(x, y):
    return x + y

@app.task(name='proj.echo', bind=True)
def echo(self, *args, **kwargs):
    return {'args': args, 'kwargs': kwargs, 'id': self.request.id, 'root': self.request.root_id,
            'priority': self.request.delivery_info['priority'], 'trace': getattr(self.request, 'trace', None)}

@app.task(name='proj.fail')
def fail(text):
    raise ValueError(text, 42)

@app.task(name='proj.flaky', bind=True, max_retries=3)
def flaky(self):
    if self.request.retries < 2:
        raise self.retry(countdown=0, exc=ConnectionError('not yet'))
    return 'after %d' % self.request.retries
)python";

/// One worker for all of them: starting Celery takes a second.
class ByCelery : public ::testing::Test {
protected:
    struct World {
        RedisServer server;
        CeleryWorker worker{{.url = server.url(), .tasks = tasks}};
        App app{"shop", {.broker_url = server.url()}};
    };
    static void SetUpTestSuite() { world = std::make_unique<World>(); }
    static void TearDownTestSuite() { world.reset(); }

    static std::unique_ptr<World> world;
    App& app = world->app;
};
std::unique_ptr<ByCelery::World> ByCelery::world;

TEST_F(ByCelery, arguments_by_name_are_understood_and_the_result_comes_back) {
    EXPECT_EQ(app.remote<Sum>("proj.add").delay({.x = 2, .y = 40}).get<int>(20s), 42);
}

TEST_F(ByCelery, every_kind_of_value_survives_the_way_there_and_back) {
    const Array args{nullptr, true, -7, 18446744073709551615u, 0.1, "чай \"1\" \n", Array{1, Array{}}};
    const Object kwargs{{"nested", Object{{"k", Array{1.5}}}}, {"empty", Object{}}};
    const auto result = app.send("proj.echo", args, kwargs).get(20s);
    EXPECT_EQ(*result.find("args"), Value{args});
    EXPECT_EQ(*result.find("kwargs"), Value{kwargs});
}

TEST_F(ByCelery, options_of_the_call_reach_the_task) {
    const auto sent =
        app.send("proj.echo", {}, {}, {.id = "my-own-id", .priority = 3, .headers = {{"trace", "t-1"}}});
    const auto result = sent.get(20s);
    EXPECT_EQ(*result.find("id"), Value{"my-own-id"});
    EXPECT_EQ(*result.find("root"), Value{"my-own-id"});
    EXPECT_EQ(*result.find("priority"), Value{3});
    EXPECT_EQ(*result.find("trace"), Value{"t-1"});
}

TEST_F(ByCelery, a_countdown_delays_the_start) {
    const auto before = std::chrono::system_clock::now();
    app.send("proj.add", {1, 2}, {}, {.countdown = 1s}).get(20s);
    EXPECT_GE(std::chrono::system_clock::now() - before, 1s);
}

TEST_F(ByCelery, a_failure_is_thrown_with_its_class_arguments_and_traceback) {
    const auto sent = app.send("proj.fail", {"сломано"});
    try {
        sent.get(20s);
        FAIL() << "succeeded";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.task_id(), sent.id());
        EXPECT_EQ(error.failure().state, "FAILURE");
        EXPECT_EQ(error.exc_type(), "ValueError");
        EXPECT_EQ(error.failure().exc_module, "builtins");
        EXPECT_EQ(error.failure().exc_message, (Array{"сломано", 42}));
        EXPECT_THAT(error.failure().traceback, ::testing::HasSubstr("in fail"));
        EXPECT_THAT(error.what(), ::testing::HasSubstr("ValueError: сломано, 42"));
    }
    EXPECT_EQ(sent.state(), "FAILURE");
}

TEST_F(ByCelery, wrong_arguments_are_pythons_type_error) {
    try {
        app.send("proj.add", {1}).get(20s);
        FAIL() << "succeeded";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.exc_type(), "TypeError");
        EXPECT_EQ(error.failure().exc_message, (Array{"add() missing 1 required positional argument: 'y'"}));
    }
}

TEST_F(ByCelery, a_task_that_is_retried_is_waited_for_to_its_end) {
    EXPECT_EQ(app.send("proj.flaky").get<std::string>(20s), "after 2");
}

TEST_F(ByCelery, a_task_that_expired_is_revoked) {
    const auto sent = app.send("proj.add", {1, 2}, {}, {.expires = system_clock().now() - 1s});
    const auto result = sent.wait(20s);
    EXPECT_EQ(result.state, "REVOKED");
    ASSERT_TRUE(result.failure());
    EXPECT_EQ(result.failure()->exc_type, "TaskRevokedError");
    EXPECT_EQ(result.failure()->exc_message, (Array{"expired"}));
}

TEST_F(ByCelery, an_unknown_task_fails_as_not_registered) {
    try {
        app.send("proj.nobody").get(20s);
        FAIL() << "succeeded";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.exc_type(), "NotRegistered");
    }
}

TEST_F(ByCelery, a_result_of_another_type_is_told_apart_from_a_failure) {
    EXPECT_THROW(app.send("proj.add", {1, 2}).get<std::string>(20s), ResultTypeError);
}

TEST_F(ByCelery, nothing_is_known_of_a_result_that_was_forgotten) {
    const auto sent = app.send("proj.add", {1, 2});
    EXPECT_EQ(sent.get(20s), Value{3});
    EXPECT_EQ(sent.state(), "SUCCESS");
    EXPECT_TRUE(sent.peek().date_done);
    EXPECT_TRUE(sent.forget());
    EXPECT_EQ(sent.state(), "PENDING");
    EXPECT_FALSE(sent.forget());
    EXPECT_THROW(sent.get(1ms), TimeoutError);
}

}  // namespace
}  // namespace samovar
