// What all workers together do at most: one run at a time, so many a second, one call where one is enough.
//
//   $ 06_limits worker &
//   $ 06_limits call tea.count --kwargs '{"shelf": "black"}' --wait
//   "run 1 counted black"
//   $ 06_limits call tea.count --kwargs '{"shelf": "green"}' --wait
//   "run 2 counted green"
//   $ 06_limits call tea.weigh --kwargs '{"shelf": "black"}' --wait
//   "weighed black"
//   $ 06_limits call tea.reorder --kwargs '{"shelf": "green"}' --countdown 3600 --id order-1
//   order-1
//   $ 06_limits call tea.reorder --kwargs '{"shelf": "green"}'
//   order-1
//   $ 06_limits delayed cancel order-1
//   order-1 is cancelled
//   $ 06_limits call tea.reorder --kwargs '{"shelf": "green"}' --wait
//   "reordered green"
#include <cstdlib>

#include <boost/describe/class.hpp>
#include <samovar/samovar.hpp>

struct Shelf {
    std::string shelf;
};
BOOST_DESCRIBE_STRUCT(Shelf, (), (shelf))

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    samovar::App app{"tea", {.broker_url = url ? url : "redis://localhost:6379/0"}};
    // Two counts at a time would count each other's moves. The number grows with each run: a store that remembers
    // it refuses what a run writes that was taken for dead.
    app.task<Shelf>("tea.count",
                    [](samovar::Context& ctx, const Shelf& what) {
                        return "run " + std::to_string(ctx.fence()) + " counted " + what.shelf;
                    },
                    {.acks_late = true, .exclusive = samovar::Exclusive::wait});
    // There are two scales, and each needs its rest.
    app.task<Shelf>("tea.weigh", [](const Shelf& what) { return "weighed " + what.shelf; },
                    {.acks_late = true, .limit = {.at_once = 2, .rate = "10/s"}});
    // However often somebody notices that a shelf is empty.
    app.task<Shelf>("tea.reorder", [](const Shelf& what) { return "reordered " + what.shelf; },
                    {.acks_late = true, .unique = samovar::Unique{}});
    return samovar::cli(app, argc, argv);
}
