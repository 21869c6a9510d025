// What may go wrong: tried again with growing pauses, tried again when the handler says so, given up for good.
//
//   $ 04_retries worker &
//   $ 04_retries call parcel.deliver --args '["Tula"]' --wait
//   "delivered at attempt 3"
//   $ 04_retries call parcel.deliver --args '["Atlantis"]' --id parcel-7 --wait
//   $ 04_retries dead retry parcel-7
//   parcel-7 is back in celery
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include <boost/describe/class.hpp>
#include <samovar/samovar.hpp>

using namespace std::chrono_literals;

struct Delivery {
    std::string city;
};
BOOST_DESCRIBE_STRUCT(Delivery, (), (city))

std::string deliver(samovar::Context& ctx, const Delivery& delivery) {
    // Nothing will mend this: no retry, and a dead letter for people to look at.
    if (delivery.city == "Atlantis") throw samovar::PermanentFailure{"there is no such city"};
    // Any other exception is tried again as the policy says.
    if (ctx.retries() == 0) throw std::runtime_error{"the van did not start"};
    // The handler knows better how long it takes.
    if (ctx.retries() == 1) ctx.retry(20ms, "the bridge is up");
    return "delivered at attempt " + std::to_string(ctx.retries() + 1);
}

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    samovar::App app{"parcel", {.broker_url = url ? url : "redis://localhost:6379/0"}};
    app.task<Delivery>(
        "parcel.deliver", deliver,
        {.acks_late = true, .retry = {.max = 5, .backoff = 20ms, .backoff_max = 1min, .jitter = 0.5}});
    return samovar::cli(app, argc, argv);
}
